"""What a turn says: lines in their variants, as bubbles, and the buttons under them."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from bot.dialogue.buttons import Rows
from bot.dialogue.effects import CloseButtons, Edit, Say
from bot.dialogue.flow import ByLocale, Case, Choice, Line, in_locale
from bot.dialogue.keeping import Keeping
from bot.dialogue.message import Message, Text
from bot.dialogue.render import Template

MAX_BUBBLES = 6
PHRASES, QUOTES = "read_email.phrases", "read_email.quotes"  # found in a letter and not yet explained


class Saying(Keeping):
    """Lines become messages here, each in the words heard longest ago."""

    def say(self, lines: tuple[Line, ...], locale: str | None = None) -> None:
        """Say every line whose condition holds, each in the variant heard longest ago."""
        for line in lines:
            if line.explains and (line.when is None or line.when.holds(self.context)):
                self._explain(line.explains)
                continue
            text = self._worded(line, locale)
            if text is None:
                continue
            if line.joined and self.said:
                self._join(text)
            elif text.plain and len(self.said) < MAX_BUBBLES:
                self.bubble(Message(text=text))

    def worded(self, lines: tuple[Line, ...]) -> list[Text]:
        """Return the lines whose condition holds, in the words they have this time."""
        return [text for text in map(self._worded, lines) if text is not None]

    def _worded(self, line: Line, locale: str | None = None) -> Text | None:
        case = self._case(line)
        if case is None:
            return None
        self.advised += [*line.advice, *case.advice]
        self.visited.append(line.place)
        variants = in_locale(case.variants, locale or self.locale)
        return self._heard_longest_ago(variants).render(self._spoken_context())

    def bubble(self, message: Message) -> None:
        if self.unasked_until is not None and self.said:
            self._join(
                message.text, "\n\n"
            )  # one message, so that its first line is what a lock screen shows
            return
        key = f"{self.turn}.{len(self.said)}"
        said = Say(key=key, message=message, valid_until=self.unasked_until)
        self.said.append(said)
        self.effects.append(said)

    def _explain(self, count: int) -> None:
        """Say what the next phrases of a letter mean, the most telling first, each under its own words."""
        families, quotes = self.variables.get(PHRASES), self.variables.get(QUOTES)
        if self.script.phrases is None or not isinstance(families, tuple) or not isinstance(quotes, tuple):
            return
        for family, quote in list(zip(families, quotes, strict=False))[:count]:
            words = in_locale(self.script.phrases.families.get(family, {}), self.locale)
            if words:
                text = self._heard_longest_ago(words).render(self.context)
                self.bubble(Message(text=self._under_quote(quote, text)))
        self.set(PHRASES, families[count:] or None)
        self.set(QUOTES, quotes[count:] or None)

    def _under_quote(self, quote: str, text: Text) -> Text:
        if not quote or self.script.phrases is None:
            return text
        quoted = in_locale(self.script.phrases.quoted, self.locale)[0]
        above = quoted.render(self.context | {"phrase": {"quote": quote}}).plain + "\n"
        spans = tuple(replace(span, start=span.start + len(above)) for span in text.spans)
        return Text(plain=above + text.plain, spans=spans)

    def words(self, texts: ByLocale) -> str:
        """Return a label or title, which has one wording."""
        variants = in_locale(texts, self.locale)
        return variants[0].render(self._spoken_context()).plain if variants else ""

    def label(self, choice: Choice) -> str:
        """Return what stands on a choice's button."""
        words = self.words(choice.label)
        return self.tongue.label(words) if self.tongue is not None else words

    def offer(self, rows: Rows) -> None:
        """Put buttons under the last thing said; they are the open ones from now on."""
        if not rows:
            self.question = self.said[-1].message if self.said else self.question
            return
        if self.said:
            asked = self._replace_last(replace(self.said[-1].message, rows=rows))
            self.buttons, self.question = asked.key, asked.message

    def put(self, message: Message, *, key: str | None) -> None:
        """Say a message that stays open; with a `key`, the one known by it becomes this instead."""
        if key is None:
            self.bubble(message)
            self.letter = self.said[-1].key
        else:
            self.leave_buttons(key)
            self.effects.append(Edit(key=key, message=message))
        self.buttons, self.question = self.letter, message

    def leave_buttons(self, key: str) -> None:
        """Think better of closing the buttons of a message that is about to change or go."""
        closing = [each for each in self.effects if isinstance(each, CloseButtons) and each.key == key]
        for each in closing:
            self.effects.remove(each)

    def close_buttons(self, chosen: str | None = None) -> None:
        """Take the open buttons away, or leave only what was chosen."""
        if self.buttons is not None:
            self.effects.append(CloseButtons(key=self.buttons, chosen=chosen))
        self.buttons = self.question = None

    def _case(self, line: Line) -> Case | None:
        if line.when is not None and not line.when.holds(self.context):
            return None
        return next((case for case in line.cases if case.when is None or case.when.holds(self.context)), None)

    def _heard_longest_ago(self, variants: tuple[Template, ...]) -> Template:
        """Take the wordings of one line in turn: the next is always the one heard longest ago."""
        if len(variants) == 1:
            return variants[0]
        key = wordings_key(variants)
        times = self.heard.pop(key, None)  # re-inserted last, so the oldest stand first
        if times is None:
            times = self._first_wording(variants)
        self.heard[key] = times + 1
        return variants[times % len(variants)]

    def _first_wording(self, variants: tuple[Template, ...]) -> int:
        """Sessions of before the wordings were counted know the turn of each by its own hash."""
        return min(range(len(variants)), key=lambda n: self.heard.get(variants[n].hash, 0))

    def _join(self, text: Text, by: str = " ") -> None:
        if not text.plain:
            return
        last = self.said[-1].message
        self._replace_last(replace(last, text=_joined(last.text, text, by)))

    def join_first(self, most: int) -> None:
        """Make the first two bubbles one where there are more than `most`."""
        if len(self.said) <= most:
            return
        first, second = self.said[0], self.said[1].message
        self.effects.remove(first)
        del self.said[0]
        joined = _joined(first.message.text, second.text, "\n\n")
        self._replace(0, replace(second, text=joined))

    def _replace_last(self, message: Message) -> Say:
        return self._replace(len(self.said) - 1, message)

    def _replace(self, n: int, message: Message) -> Say:
        old = self.said[n]
        new = replace(old, message=message)
        self.said[n] = self.effects[self.effects.index(old)] = new
        return new


def wordings_key(variants: tuple[Template, ...]) -> str:
    """Return what `Session.heard` knows a line's wordings by; a line that was reworded is a new one."""
    return hashlib.blake2b("".join(each.hash for each in variants).encode(), digest_size=6).hexdigest()


def _joined(before: Text, after: Text, by: str) -> Text:
    shift = len(before.plain) + len(by)
    spans = tuple(replace(span, start=span.start + shift) for span in after.spans)
    return Text(plain=before.plain + by + after.plain, spans=before.spans + spans)
