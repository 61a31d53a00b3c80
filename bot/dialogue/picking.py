"""Lists with a button for each: what can be picked, and what picking it brings up."""

from __future__ import annotations

from bot.dialogue.draft import Draft
from bot.dialogue.drafting import past_letters, reopen_letter
from bot.dialogue.flow import Ask, Picks
from bot.dialogue.promises import listed, picked_by, shown
from bot.dialogue.shelf import entries, open_entry

MAX_PICKS = 8
MAX_PICK_CHARS = 32


def pickable(draft: Draft, ask: Ask) -> tuple[tuple[str, str], ...]:
    """Return what a button for each carries, and its label."""
    if ask.picks is None:
        return ()
    if ask.picks is Picks.CHECK_INS:
        return tuple((each.key, _fitted(shown(draft, each))) for each in listed(draft)[:MAX_PICKS])
    if ask.picks is Picks.LETTERS:
        return tuple((key, _fitted(title)) for key, title in past_letters(draft)[:MAX_PICKS])
    return entries(draft)


def pick(draft: Draft, picks: Picks, key: str) -> None:
    if picks is Picks.CHECK_INS:
        picked_by(draft, key)
    elif picks is Picks.LETTERS:
        reopen_letter(draft, int(key[1:]))
    else:
        open_entry(draft, picks, key)


def _fitted(label: str) -> str:
    return label if len(label) <= MAX_PICK_CHARS else label[: MAX_PICK_CHARS - 1] + "…"
