"""An employer's letter in the conversation: which rejection it is about, which phrases wait to be explained."""

from __future__ import annotations

from bot.dialogue.draft import Draft
from bot.dialogue.effects import Value
from bot.dialogue.just_said import fingerprint
from bot.dialogue.noticing import SUBJECTS, another_rejection, notice
from bot.dialogue.reading import Signal
from bot.dialogue.saying import PHRASES, QUOTES

# Places that lead to a letter, rather than being left for one.
PASSING = frozenset({"welcome", "acknowledge", "anytime", "safety", "read-email"})
MAIL, ABOUT = "read_email.mail", "read_email.about"
WRITER, ADDRESS = "read_email.writer", "read_email.address"
SIGNAL, REASON, OVER = "read_email.signal", "read_email.reason", "read_email.over"


def take_mail(draft: Draft, visit: int) -> None:
    """Put what was read of a letter where the steps that explain it find it; its facts go into the record."""
    reading = draft.reading
    found = reading.phrases
    if reading.rejection.pasted:
        if reading.rejection.outcome in SUBJECTS and _begins_another(draft):
            draft.begin("rejection", visit)
        notice(draft, reading)
        draft.set(MAIL, fingerprint(draft.text))
        draft.set(ABOUT, draft.refs.get("rejection"))
        draft.set(WRITER, reading.rejection.writer)
        draft.set(ADDRESS, reading.rejection.address)
        _lead_on(draft)
        waiting: tuple[tuple[str, str], ...] = ()
    else:
        found, waiting = found[:1], _waiting(draft)
    asked = [(phrase.family, phrase.quote if reading.rejection.pasted else "") for phrase in found]
    asked += [each for each in waiting if each[0] not in {family for family, _ in asked}]
    draft.set(PHRASES, tuple(family for family, _ in asked) or None)
    draft.set(QUOTES, tuple(quote for _, quote in asked) or None)
    draft.set(OVER, any(frame.flow not in PASSING for frame in draft.stack[:-1]) or None)


def writer_of(draft: Draft) -> dict[str, Value]:
    """Who wrote the letter about the open rejection, as a letter's fields."""
    if draft.variables.get(ABOUT) is None or draft.variables.get(ABOUT) != draft.refs.get("rejection"):
        return {}
    return {"recipient": draft.variables.get(WRITER), "address": draft.variables.get(ADDRESS)}


def _lead_on(draft: Draft) -> None:
    """The first thing in the letter that is more than stock, and the reason it names."""
    telling = next((phrase.signal for phrase in draft.reading.phrases if phrase.signal), None)
    reason = next((each.quote for each in draft.reading.phrases if each.signal is Signal.REASON), None)
    draft.set(SIGNAL, telling.value if telling else None)
    draft.set(REASON, reason)


def _begins_another(draft: Draft) -> bool:
    """A letter is about the open rejection, unless none is open, it names another, or that one has its letter."""
    if "rejection" not in draft.refs or another_rejection(draft):
        return True
    if draft.variables.get("letter.answer") == draft.text:
        return False  # it came back to a letter, and that was about this one
    has_one = draft.variables.get(MAIL) is not None and draft.variables.get(ABOUT) == draft.refs["rejection"]
    return has_one and draft.variables.get(MAIL) != fingerprint(draft.text)


def _waiting(draft: Draft) -> tuple[tuple[str, str], ...]:
    families, quotes = draft.variables.get(PHRASES), draft.variables.get(QUOTES)
    if not isinstance(families, tuple) or not isinstance(quotes, tuple):
        return ()
    return tuple(zip(families, quotes, strict=False))
