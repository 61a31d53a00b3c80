"""Lists with a button for each: what can be picked, and what picking it brings up."""

from __future__ import annotations

from bot.dialogue.check_ins import CheckIn
from bot.dialogue.draft import Draft
from bot.dialogue.drafting import past_letters, reopen_letter
from bot.dialogue.flow import Ask, Picks, Step
from bot.dialogue.languages import offered
from bot.dialogue.missed import Kind
from bot.dialogue.moments import listed, picked_by, shown
from bot.dialogue.shelf import entries, open_entry
from bot.dialogue.showing import PICKED_LANGUAGE

FLOW, LISTED_IN = "check-ins", ("check-ins", "zone")
MAX_PICKS = 8
MAX_PICK_CHARS = 32


def pickable(draft: Draft, ask: Ask) -> tuple[tuple[str, str], ...]:
    """Return what a button for each carries, and its label."""
    match ask.picks:
        case None:
            return ()
        case Picks.CHECK_INS:
            return tuple((each.key, _fitted(shown(draft, each))) for each in listed(draft)[:MAX_PICKS])
        case Picks.LANGUAGES:
            return tuple((each.locale, each.name) for each in offered(draft.script.languages))
        case Picks.LETTERS:
            return tuple((key, _fitted(title)) for key, title in past_letters(draft)[:MAX_PICKS])
        case _:
            return entries(draft)


def pick(draft: Draft, picks: Picks, key: str) -> None:
    match picks:
        case Picks.CHECK_INS:
            picked_by(draft, key)
        case Picks.LANGUAGES:
            draft.set(PICKED_LANGUAGE, key)
        case Picks.LETTERS:
            reopen_letter(draft, int(key[1:]))
        case _:
            open_entry(draft, picks, key)


def take_language(draft: Draft) -> None:
    """Go on in the language they picked or named; it stays theirs until they ask for another."""
    wanted = draft.wanted_language
    draft.set(PICKED_LANGUAGE, None)
    if wanted is not None:
        draft.speak_language(wanted)


def _fitted(label: str) -> str:
    return label if len(label) <= MAX_PICK_CHARS else label[: MAX_PICK_CHARS - 1] + "…"


def show_promises(draft: Draft, step: Step) -> None:
    """Put what is promised into words, where a step may speak of it."""
    if step.flow not in LISTED_IN:
        return
    promises = listed(draft)
    lines = [f"{shown(draft, each)}{_about(draft, each)}" for each in promises]
    draft.set("promised.shown", "\n".join(lines) or None)
    draft.set("promised.next", shown(draft, promises[0]) if promises else None)


def _about(draft: Draft, each: CheckIn) -> str:
    """What it is for: the person's own words, else the kind's name; a series' words are the company, best left out."""
    if each.kind in (Kind.PLAN, Kind.REMINDER) and each.words:
        return f": {each.words}"
    name = draft.words(draft.script.flows[FLOW].labels.get(f"for-{each.kind.value}", {}))
    if each.kind is Kind.LETTER and name and each.words:
        name = f"{name} ({each.words})"
    return f": {name}" if name else ""
