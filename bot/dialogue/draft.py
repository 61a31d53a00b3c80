"""A turn while it is being made: what is said, kept and taken back, until it becomes a frozen `Turn`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.dialogue.buttons import Rows
from bot.dialogue.check_ins import CheckIn
from bot.dialogue.context import context_of
from bot.dialogue.danger import Danger, danger_context
from bot.dialogue.effects import (
    CancelCheckIn,
    CloseButtons,
    Edit,
    Effect,
    ForgetMessages,
    Record,
    SaveTo,
    Say,
    ScheduleCheckIn,
    Unsave,
    Value,
)
from bot.dialogue.facts import Facts
from bot.dialogue.flow import (
    DAY_SEVEN,
    DEFAULT_LOCALE,
    LOOK_IN,
    NEXT_DAY,
    ByLocale,
    Case,
    Choice,
    Line,
    Script,
    in_locale,
)
from bot.dialogue.helpline_words import lines_context
from bot.dialogue.languages import language_in, offered
from bot.dialogue.message import Message, Text
from bot.dialogue.patterns import OF_PATTERN, pattern_due
from bot.dialogue.quiet import quiet_hours
from bot.dialogue.reading import NOTHING_READ, Intent, Reading
from bot.dialogue.render import Template
from bot.dialogue.reviews import review_context
from bot.dialogue.session import Frame, Session, Turn, Undo
from bot.dialogue.targets import TARGETS, Target, fit
from bot.dialogue.tongues import Tongue, tongue_context

MAX_BUBBLES = 6
MAX_DEPTH = 6
MAX_UNDO = 20
MAX_HEARD = 400
MAX_COLLECTED_CHARS = 20_000
LETTERS = "letters"
KEPT_TEXT = "seen.kept_text"  # what they wrote on coming back, until they have said where to
PICKED_LANGUAGE = "language.picked"
TONGUE = "seen.tongue"  # the language danger was told in, while the safety flow is open
PHRASES, QUOTES = "read_email.phrases", "read_email.quotes"  # found in a letter and not yet explained
BEGAN = "@began"  # beside a variable of collected words: when the first of them came, UTC


class Draft:
    """One turn under construction. Pure bookkeeping: it decides nothing about where to go."""

    def __init__(
        self,
        script: Script,
        session: Session,
        facts: Facts,
        at: datetime,
        *,
        reading: Reading = NOTHING_READ,
        text: str = "",
    ) -> None:
        self.script, self.session, self.facts, self.at = script, session, facts, at
        self.reading, self.text = reading, text
        self.stack = list(session.stack)
        self.variables = dict(session.variables)
        self.refs = dict(session.refs)
        self.heard = dict(session.heard)
        self.undo = list(session.undo)
        self.effects: list[Effect] = []
        self.turn = session.turn + 1
        self.visit = session.visit
        self.misfits = session.misfits
        self.asks = session.asks if session.stack else 0  # of this conversation: after a rest it begins anew
        self.buttons, self.question = session.buttons, session.question
        self.letter = session.letter
        self.met, self.blocked = session.met, session.blocked
        self.last_tap = session.last_tap
        self.promises = {check_in.key: check_in for check_in in facts.check_ins}
        self.unasked_until: datetime | None = None
        self.said: list[Say] = []
        self.silence_declared = False
        self.looks_up = False  # this turn needs everything on record
        self.advised: list[str] = []
        self.steps = 0
        self.context = self._context()
        self._undoing: Undo | None = None
        self.show_lines()
        self.show_danger()
        self._see_pattern()
        self.context["review"] = review_context(script.reviews, self.locale)
        self.show_language()

    def _context(self) -> dict[str, object]:
        return context_of(
            self.script.blank,
            variables=self.variables,
            facts=self.facts,
            first_time=not self.session.met,
            asks=self.asks,
            reading=self.reading,
            text=self.text,
            at=self.at,
        )

    def show_quiet(self) -> None:
        """Put the person's quiet hours where texts can read them."""
        self.context["quiet"] = quiet_hours(self.variables.get("person.quiet") or self.facts.quiet).words

    def show_lines(self) -> None:
        """Put the helplines of the person's country, as far as it is known, where texts can read them."""
        directory = self.script.helplines
        if directory is None:
            return
        country = self.variables.get("person.country") or self.facts.country
        zone = self.variables.get("person.zone") or self.facts.zone
        country, zone = str(country) if country else None, str(zone) if zone else None
        self.context["lines"] = lines_context(directory, country, self.at, zone, locale=self.locale)
        if self.tongue is not None:
            self.context["tongue"] = tongue_context(self.tongue, directory, country, self.at, zone)

    @property
    def locale(self) -> str:
        """The language of the conversation: what was chosen here, or what the records say."""
        return str(self.variables.get("person.locale") or self.facts.locale)

    def speak_language(self, locale: str) -> None:
        """From here on everything is said in this language, and the choice is kept."""
        self.save("person.locale", locale, self.visit)
        self.show_lines()
        self.show_language()

    def show_language(self) -> None:
        """Put where texts can read it which language is spoken, which there are, and which was asked for."""
        languages = self.script.languages
        known = languages.get(self.locale)
        others = [each.name for each in offered(languages)]
        wanted = self.wanted_language
        self.context["language"] = {
            "now": known.name if known else self.locale,
            "names": ", ".join(others),
            "several": len(others) > 1,
            "asked": None if wanted is None else "this" if wanted == self.locale else "another",
        }

    @property
    def wanted_language(self) -> str | None:
        """The offered language they picked or named."""
        picked = self.variables.get(PICKED_LANGUAGE)
        if isinstance(picked, str):
            return picked
        if (code := self.text.strip().lower()) in self.script.locales:
            return code  # "/language es"
        asked = Intent.LANGUAGE in self.reading.intents
        return language_in(self.script.languages, self.text) if asked else None

    @property
    def tongue(self) -> Tongue | None:
        """The language beside which the safety flow is shown, where danger was told in another."""
        return self.script.tongues.get(str(self.variables.get(TONGUE)))

    def speak(self, tongue: Tongue | None) -> None:
        """From here on the safety flow is shown beside `tongue`."""
        self.set(TONGUE, tongue.locale if tongue else None)
        self.show_lines()

    def show_danger(self, shown: str | None = None) -> None:
        """Put how it stands with danger, and what is promised of it, where texts can read it."""
        promised = {
            "open": self.question_open,
            "look_in": LOOK_IN in self.promises,
            "follow_up": NEXT_DAY in self.promises,
            "last_follow_up": NEXT_DAY not in self.promises and DAY_SEVEN not in self.promises,
            "shown": shown,
        }
        self.context["danger"] = danger_context(self.variables, self.at) | promised

    @property
    def question_open(self) -> bool:
        """Whether the direct question about danger still stands, be it under a digression."""
        steps = (self.script.steps.get(frame.place) for frame in self.stack)
        return any(step is not None and step.danger is Danger.ASKED for step in steps)

    def _see_pattern(self) -> None:
        """Put where processes keep stopping, the current one included as it is known now, where texts can read it."""
        facts = self.context["facts"]
        assert isinstance(facts, dict)
        facts["pattern"] = pattern_due(
            self.facts.rejections, self.refs.get(Record.REJECTION), self.variables, self.at
        )

    # -- what is said ---------------------------------------------------------------------------------

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
        variants = in_locale(case.variants, locale or self.locale)
        return self._heard_longest_ago(variants).render(self._spoken_context())

    def _spoken_context(self) -> Mapping[str, object]:
        """The context as texts read it: what a step has set in English is said in the conversation's language."""
        if self.locale == DEFAULT_LOCALE or not self.script.set_words:
            return self.context
        return {
            space: {name: self._in_words(value) for name, value in fields.items()}
            if isinstance(fields, dict)
            else fields
            for space, fields in self.context.items()
        }

    def _in_words(self, value: object) -> object:
        phrase = self.script.set_words.get(value) if isinstance(value, str) else None
        variants = in_locale(phrase, self.locale) if phrase is not None else ()
        return variants[0].source if variants else value

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
        chosen = min(variants, key=lambda variant: self.heard.get(variant.hash, 0))
        if len(variants) > 1:
            self.heard.pop(chosen.hash, None)  # re-inserted last, so the oldest stand first
            self.heard[chosen.hash] = self.turn
        return chosen

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

    # -- what is kept ---------------------------------------------------------------------------------

    def set(self, name: str, value: Value) -> None:
        """Set a variable, remembering what it held for `back`."""
        if self._undoing is not None and name not in self._undoing.variables:
            self._undoing = replace(
                self._undoing, variables={**self._undoing.variables, name: self.variables.get(name)}
            )
        if value is None:
            self.variables.pop(name, None)
        else:
            self.variables[name] = value
        space, _, field = name.partition(".")
        fields = self.context.get(space)
        if isinstance(fields, dict):
            fields[field] = value
        if name in OF_PATTERN:
            self._see_pattern()

    def save(self, target_name: str, answer: Value, visit: int) -> Value:
        """Write `answer` to a record, as its target holds it, and return what was written."""
        target = TARGETS[target_name]
        words = self._in_words(answer)
        value = fit(target.holds, words if isinstance(words, str) else answer)
        if target.each_its_own:
            if value is not None:
                self._made(target.record, visit)
                self.write(target.record, visit, target.field, value)
                self._tie(target.record, visit)
            return value
        if target.record not in self.refs and target.record is not Record.PERSON:
            self.begin(target.record, visit)
        self.set(target.name, value)
        self.write(target.record, self.refs.get(target.record, 0), target.field, value)
        return value

    def collect(self, variable: str, words: str) -> bool:
        """Add a message to a variable that holds several. False when it is full and nothing was added."""
        before = self.variables.get(variable)
        kept = before if isinstance(before, tuple) else ()
        if sum(map(len, kept)) + len(words) > MAX_COLLECTED_CHARS:
            return False
        self.set(variable, (*kept, words))
        if not kept:
            self.set(f"{variable}{BEGAN}", self.at.isoformat())
        return True

    def begin(self, record: str, visit: int) -> None:
        """From here on, answers go to a new record of this kind; one begun in this very turn is new enough."""
        if self.refs.get(record, 0) > self.session.visit:
            return
        for name in [name for name in self.variables if name.startswith(f"{record}.")]:
            self.set(name, None)
        self._ref_before(record)
        self._made(Record(record), visit)
        self.refs[record] = visit

    def amend(self, target: Target, ref: int, value: Value, before: Value) -> None:
        """Correct one field of any record, remembering what it held for `back`."""
        if self._undoing is not None:
            earlier = (target.record.value, ref, target.field, before)
            self._undoing = replace(self._undoing, amended=(*self._undoing.amended, earlier))
        self.write(target.record, ref, target.field, value)
        if self.refs.get(target.record) == ref:
            self.set(target.name, value)

    def drop_record(self, record: str) -> None:
        """The current record of this kind is gone: nothing of it is known any more."""
        self.close_record(record)
        for name in [name for name in self.variables if name.startswith(f"{record}.")]:
            self.set(name, None)

    def close_record(self, record: str) -> None:
        """From here on no record of this kind is the current one."""
        self._ref_before(record)
        self.refs.pop(record, None)

    def _ref_before(self, record: str) -> None:
        if self._undoing is not None and record not in self._undoing.refs:
            before = {**self._undoing.refs, record: self.refs.get(record)}
            self._undoing = replace(self._undoing, refs=before)

    def reopen(self, record: Record, ref: int, fields: dict[str, Value]) -> None:
        """Make an earlier record the current one again; `fields` is what is known of it here."""
        for name in [name for name in self.variables if name.startswith(f"{record.value}.")]:
            self.set(name, None)
        for name, value in fields.items():
            self.set(f"{record.value}.{name}", value)
        self.refs[record.value] = ref

    def promise(self, check_in: CheckIn) -> None:
        self._promised_before(check_in.key)
        self.promises[check_in.key] = check_in

    def unpromise(self, key: str) -> None:
        self._promised_before(key)
        self.promises.pop(key, None)

    def _promised_before(self, key: str) -> None:
        if self._undoing is not None and key not in self._undoing.promises:
            before = {**self._undoing.promises, key: self.promises.get(key)}
            self._undoing = replace(self._undoing, promises=before)

    def _drop_left_words(self) -> None:
        """Collected words live as long as their flow is open: left without a choice, they are kept nowhere."""
        open_spaces = {frame.flow.replace("-", "_") for frame in self.stack}
        for name, kind in self.script.variables.items():
            if kind == "texts" and name in self.variables and name.partition(".")[0] not in open_spaces:
                self.set(name, None)
                self.set(f"{name}{BEGAN}", None)

    def _tie(self, record: Record, visit: int) -> None:
        """A lesson belongs to the rejection that taught it."""
        rejection = self.refs.get(Record.REJECTION)
        if record is Record.LESSON and rejection is not None:
            self.write(record, visit, "rejection", rejection)

    def _drop_opened(self) -> None:
        """What was opened from a list is held as long as the list is open."""
        opened = [name for name in self.variables if name.startswith(("entry.", "listed."))]
        if opened and not any(flow in self.script.lists for flow in (frame.flow for frame in self.stack)):
            for name in opened:
                self.set(name, None)

    def _made(self, record: Record, visit: int) -> None:
        if self._undoing is not None:
            self._undoing = replace(self._undoing, made=(*self._undoing.made, (record.value, visit)))

    def write(self, record: Record, ref: int, field: str, value: Value) -> None:
        self.effects.append(SaveTo(record=record, ref=ref, field=field, value=value, at=self.at))

    # -- what is taken back ---------------------------------------------------------------------------

    def remember(self) -> None:
        """Begin an answer that `back` can take back."""
        self._undoing = Undo(stack=tuple(self.stack))

    def take_back(self) -> bool:
        """Undo the last answer: its records, variables and place. False when there is none left."""
        if not self.undo:
            return False
        undo = self.undo.pop()
        for record, ref in undo.made:
            self.effects.append(Unsave(record=Record(record), ref=ref))
        for kind, earlier in undo.refs.items():
            if earlier is None:
                self.refs.pop(kind, None)
            else:
                self.refs[kind] = earlier
        for name, value in undo.variables.items():
            self.set(name, value)
            target = TARGETS.get(name)
            if target is not None and target.record in self.refs:
                self.write(target.record, self.refs[target.record], target.field, value)
        for kind, ref, name, value in undo.amended:
            self.write(Record(kind), ref, name, value)
        for key, check_in in undo.promises.items():
            if check_in is None:
                self.promises.pop(key, None)
                self.effects.append(CancelCheckIn(key=key))
            else:
                self.promises[key] = check_in
                self.effects.append(ScheduleCheckIn(check_in=check_in))
        self.stack = list(undo.stack)
        return True

    def barrier(self) -> None:
        """What happened before can't be taken back any more."""
        self.undo.clear()
        self._undoing = None

    def forget(self, variable: str) -> None:
        """Keep a variable's words nowhere, and delete the messages they came in."""
        began = self.variables.get(f"{variable}{BEGAN}")
        self.barrier()
        self.set(variable, None)
        self.set(f"{variable}{BEGAN}", None)
        if isinstance(began, str):
            self.effects.append(ForgetMessages(since=datetime.fromisoformat(began)))

    # -- the end --------------------------------------------------------------------------------------

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None

    def finish(self) -> Turn:
        self._drop_left_words()
        if all(frame.flow != "safety" for frame in self.stack):
            self.set(TONGUE, None)
        self._drop_opened()
        if self.top is None or self.top.flow != "anytime":
            self.set(KEPT_TEXT, None)  # it was for the place they were asked about, and no other
        if self._undoing is not None:
            self.undo.append(self._undoing)
        heard = dict(list(self.heard.items())[-MAX_HEARD:])
        session = replace(
            self.session,
            turn=self.turn,
            visit=self.visit,
            stack=tuple(self.stack[-MAX_DEPTH:]),
            variables=self.variables,
            refs=self.refs,
            heard=heard,
            undo=tuple(self.undo[-MAX_UNDO:]),
            misfits=self.misfits,
            asks=self.asks,
            buttons=self.buttons,
            question=self.question,
            letter=self.letter if any(frame.flow == LETTERS for frame in self.stack) else None,
            last_tap=self.last_tap,
            met=self.met,
            blocked=self.blocked,
            last_at=self.at,
        )
        return Turn(
            session=session,
            effects=tuple(self.effects),
            silent=self.silence_declared and not self.said,
            advice=tuple(dict.fromkeys(self.advised)),
        )


def _joined(before: Text, after: Text, by: str) -> Text:
    shift = len(before.plain) + len(by)
    spans = tuple(replace(span, start=span.start + shift) for span in after.spans)
    return Text(plain=before.plain + by + after.plain, spans=before.spans + spans)
