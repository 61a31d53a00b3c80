"""Typed words as answers: whatever a button can say, a person can write, badly typed or by its number."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.dialogue.buttons import DONE, SKIP, decode
from bot.dialogue.draft import Draft
from bot.dialogue.effects import Value
from bot.dialogue.flow import Ask, Choice, Go, Picks, TextAsk
from bot.dialogue.languages import language_in
from bot.dialogue.picking import pickable
from bot.dialogue.reading import Intent, Reading
from bot.dialogue.walk import offered

ALIKE = 0.82  # of `SequenceMatcher`: one slip in a five-letter word still counts
SHORT_CHARS = 30
# A bare "ok" beside buttons answers nothing that was asked; a bare "no" is a skip.
_NO_ANSWER = frozenset({Intent.YES, Intent.OK, Intent.NO, Intent.DONE, Intent.THANKS, Intent.GREETING})
_CLAUSE = re.compile(r"[.,;:!?\n]")
_ARTICLE = re.compile(r"^(?:the|a|an|my) ")
_APART = re.compile(r"[,;/&+\n]|\band\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`label` is the button that says the same, if one does; `go` empty means: where the step leads.

    `picked`: `value` names one of a list (`Ask.picks`).
    """

    value: Value
    go: Go = ()
    choice: Choice | None = None
    label: str | None = None
    skipped: bool = False
    picked: bool = False


def typed(draft: Draft, ask: Ask, picked: tuple[str, ...]) -> Answer | None:
    """Return the answer in the text just written, or None if it answers nothing that was asked."""
    text, reading = draft.text, draft.reading
    if ask.several:
        return _several(draft, ask, picked)
    if ask.scale:
        return _on_scale(ask, text, reading)
    if ask.listens:
        return _ended(draft, ask)
    if ask.picks and (of_list := _pick_named(draft, ask, text)) is not None:
        return of_list
    beside_text = ask.text is not TextAsk.NONE
    # A whole wish ("help me write an email asking for feedback") names its button, however long it is.
    if not beside_text or len(text) <= SHORT_CHARS or reading.control is not None:
        choice = _named(draft, ask, text, reading, strictly=beside_text)
        if choice is not None:
            return chosen(draft, choice)
    unclear = ask.plainly and reading.control is Intent.OK
    if ask.choices and reading.control in _NO_ANSWER and not unclear:
        return Answer(value=None, go=ask.skip, skipped=True) if reading.control is Intent.NO else None
    if beside_text and text.strip():
        return Answer(value=text.strip(), go=ask.typed)
    return None


def tapped(draft: Draft, ask: Ask, key: str, picked: tuple[str, ...]) -> Answer | None:
    """Return the answer a button's key stands for, or None if this question has no such button now."""
    if key == SKIP and ask.scale:
        return Answer(value=None, go=ask.skip, skipped=True)
    if key == DONE and ask.done is not None:
        return _finished(draft, ask.done, picked, several=ask.several)
    labels = dict(pickable(draft, ask))
    if key in labels:
        return Answer(value=key, label=labels[key], picked=True)
    if ask.scale:
        return Answer(value=int(key), label=key) if key in {str(n) for n in range(11)} else None
    # What was shown counts: a condition on the message before may not hold any more.
    shown_keys = _shown(draft) or {choice.key for choice in offered(draft, ask)}
    choice = next((choice for choice in ask.choices if choice.key == key and key in shown_keys), None)
    return chosen(draft, choice) if choice is not None else None


def _pick_named(draft: Draft, ask: Ask, text: str) -> Answer | None:
    """Find the one of the list that its number, or what its button says, names."""
    wanted = plain(text)
    for number, (key, label) in enumerate(pickable(draft, ask), start=1):
        if wanted == plain(label) or (ask.picks is Picks.CHECK_INS and wanted == str(number)):
            return Answer(value=key, label=label, picked=True)
    if ask.picks is Picks.LANGUAGES and (named := language_in(draft.script.languages, text)) is not None:
        return Answer(value=named, label=draft.script.languages[named].name, picked=True)
    return None


def _shown(draft: Draft) -> frozenset[str]:
    rows = draft.question.rows if draft.question else ()
    taps = [decode(button.data) for row in rows for button in row if button.data]
    return frozenset(tap.choice for tap in taps if tap is not None)


def chosen(draft: Draft, choice: Choice) -> Answer:
    value: Value = draft.words(choice.value) if choice.value else choice.key
    return Answer(value=value, go=choice.go, choice=choice, label=draft.label(choice))


def plain(text: str) -> str:
    """Return `text` for comparing: no case, accents, emoji or punctuation."""
    folded = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    kept = "".join(c if c.isalnum() else "" if c == "'" or unicodedata.combining(c) else " " for c in folded)
    return " ".join(kept.split())


def _named(draft: Draft, ask: Ask, text: str, reading: Reading, *, strictly: bool) -> Choice | None:
    """Find the choice that `text` names: exactly, by its number, by what was understood, nearly."""
    choices, wanted = offered(draft, ask), plain(text)
    names = {choice.key: tuple(names_of(draft, choice)) for choice in choices}
    # "search. just so tired" names a button and goes on; so does "the second one" without its article.
    for name in (wanted, plain(_CLAUSE.split(text.strip(), maxsplit=1)[0])):
        by_name = next((choice for choice in choices if name and name in names[choice.key]), None)
        if by_name is not None:
            return by_name
    if not strictly and wanted.isdecimal() and 1 <= int(wanted[:3]) <= len(choices):
        return choices[int(wanted[:3]) - 1]
    if reading.control is not None:
        meant = {reading.control} | (
            {Intent.YES} if reading.control is Intent.OK and not ask.plainly else set()
        )
        by_intent = next((choice for choice in choices if meant & set(choice.intents)), None)
        if by_intent is not None:
            return by_intent
    understood = next((choice for choice in choices if choice.key in set(_understood(reading))), None)
    if understood is not None and not strictly:
        return understood
    # A wish is no slip of a label: "saltar" (skip) is not "soltar" (let go).
    near = _nearly(choices, names, wanted) if reading.control is None else None
    return near or (None if strictly else _led_by(choices, names, wanted))


def names_of(draft: Draft, choice: Choice) -> Iterator[str]:
    words = draft.words(choice.label)
    own = (draft.tongue.labels.get(words, ""),) if draft.tongue is not None else ()
    for name in map(plain, (words, choice.key, *choice.also, *own)):
        yield name
        yield _ARTICLE.sub("", name)


def _understood(reading: Reading) -> Iterator[str]:
    rejection = reading.rejection
    for found in (rejection.stage, rejection.outcome, rejection.kind):
        if found is not None:
            yield found.value.replace("_", "-")
            yield found.value
    if len(reading.feelings) == 1:
        yield reading.feelings[0].value


def _nearly(choices: tuple[Choice, ...], names: dict[str, tuple[str, ...]], wanted: str) -> Choice | None:
    if not 4 <= len(wanted) <= SHORT_CHARS:
        return None
    alike = [(_likeness(wanted, name), n) for n, c in enumerate(choices) for name in names[c.key]]
    best, n = max(alike, default=(0.0, 0))
    return choices[n] if best >= ALIKE else None


def _likeness(wanted: str, name: str) -> float:
    """How alike two names are, from 0 to 1; 0 wherever a quick look says that it's less than `ALIKE`."""
    match = SequenceMatcher(None, wanted, name)
    if match.real_quick_ratio() < ALIKE or match.quick_ratio() < ALIKE:
        return 0.0
    return match.ratio()


def _led_by(choices: tuple[Choice, ...], names: dict[str, tuple[str, ...]], wanted: str) -> Choice | None:
    """ "say it. 5 interviews!!" begins with a label, and goes on."""
    return next(
        (
            c
            for c in choices
            if any(len(name) >= 5 and wanted.startswith(f"{name} ") for name in names[c.key])
        ),
        None,
    )


def _on_scale(ask: Ask, text: str, reading: Reading) -> Answer | None:
    if reading.control in (Intent.NO, Intent.DONE, Intent.YES, Intent.OK, Intent.SKIP):
        return Answer(value=None, go=ask.skip, skipped=True)  # "ok" to the breath, and no number
    found = re.fullmatch(r"\s*(\d{1,2})(?:\s*/\s*10)?\s*[.!]*\s*", text)
    value = int(found[1]) if found else reading.mood
    return Answer(value=value, label=str(value)) if value is not None and 0 <= value <= 10 else None


def _ended(draft: Draft, ask: Ask) -> Answer | None:
    assert ask.done is not None
    says_done = draft.reading.control is Intent.DONE or plain(draft.text) in set(names_of(draft, ask.done))
    if says_done:
        return _finished(draft, ask.done, (), several=False)
    for choice in offered(draft, ask):
        if plain(draft.text) in set(names_of(draft, choice)):
            return chosen(draft, choice)
    return None


def _several(draft: Draft, ask: Ask, picked: tuple[str, ...]) -> Answer | None:
    assert ask.done is not None
    if draft.reading.control in (Intent.DONE, Intent.NO) or plain(draft.text) in set(
        names_of(draft, ask.done)
    ):
        return _finished(draft, ask.done, picked, several=True)
    keys = [choice.key for choice in offered(draft, ask)]
    found = {feeling.value for feeling in draft.reading.feelings} & set(keys)
    for part in _APART.split(draft.text):
        choice = (
            _named(draft, ask, part, Reading(), strictly=not part.strip().isdecimal())
            if part.strip()
            else None
        )
        found |= {choice.key} if choice else set()
    if found:
        return _finished(
            draft, ask.done, tuple(key for key in keys if key in found or key in picked), several=True
        )
    if ask.text is TextAsk.ONE and draft.text.strip():
        return _finished(draft, ask.done, (*picked, draft.text.strip()), several=True)
    return None


def _finished(draft: Draft, done: Choice, picked: tuple[str, ...], *, several: bool) -> Answer:
    label = draft.words(done.label)
    # Ending without having ticked anything is a skip; ending a silence is its answer.
    return Answer(value=picked or None, go=done.go, choice=done, label=label, skipped=several and not picked)
