"""How it stands with danger: kept in the session beside what was seen, so that it outlives /start and starting over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from bot.dialogue.effects import Value


class Danger(StrEnum):
    """What arriving at a step of the safety flow means."""

    ASKED = "asked"  # the question stands open; one look-in is announced
    UNSAFE = "unsafe"  # they said yes, or not sure, or have done something
    BELIEVED = "believed"  # they said no: asked once more, later
    OVER = "over"  # a follow-up or the second asking was answered


STANDS, SINCE = "seen.danger", "seen.danger_since"
# The first signal of each time, UTC, and the latest of all.
SIGNALS, LATEST = "seen.danger_signals", "seen.danger_latest"
LOOK_IN = "seen.look_in"  # sent or refused: there is one each time
ASK_AGAIN_FROM, ASK_AGAIN_TURN = "seen.ask_again_from", "seen.ask_again_turn"
HELD_UNTIL = "seen.held_until"

WEEK = timedelta(days=7)
# "Today": until the next morning, wherever they are.
TODAY = timedelta(hours=20)
HELD = timedelta(hours=24)
# A follow-up without an answer has run out after this long.
RUNS_OUT = timedelta(hours=48)
ASK_AGAIN_AFTER, ASK_AGAIN_TURNS = timedelta(hours=1), 8
# Back after so long, somebody who said yes is asked how it is now before anything goes on.
LEFT = timedelta(hours=8)
MAX_SIGNALS = 12


def moment(variables: Mapping[str, Value], name: str) -> datetime | None:
    kept = variables.get(name)
    return datetime.fromisoformat(kept) if isinstance(kept, str) else None


def within(variables: Mapping[str, Value], name: str, span: timedelta, at: datetime) -> bool:
    kept = moment(variables, name)
    return kept is not None and at - kept < span


def signals(variables: Mapping[str, Value], at: datetime) -> tuple[str, ...]:
    """Return when danger spoke within a week before `at`, once for each time."""
    kept = variables.get(SIGNALS)
    times = kept if isinstance(kept, tuple) else ()
    return tuple(each for each in times if at - datetime.fromisoformat(each) < WEEK)


def stands(variables: Mapping[str, Value]) -> Danger | None:
    kept = variables.get(STANDS)
    return Danger(kept) if isinstance(kept, str) else None


def held(variables: Mapping[str, Value], at: datetime) -> bool:
    """Tell whether ordinary check-ins wait: until a follow-up was answered, or has run out."""
    until = moment(variables, HELD_UNTIL)
    return until is not None and at < until


def asks_again(variables: Mapping[str, Value], at: datetime, turn: int) -> bool:
    """Tell whether the one gentle re-check is due."""
    since, turns = moment(variables, ASK_AGAIN_FROM), variables.get(ASK_AGAIN_TURN)
    if since is None or not isinstance(turns, int):
        return False
    return at - since >= ASK_AGAIN_AFTER or turn - turns >= ASK_AGAIN_TURNS


def left_unsafe(variables: Mapping[str, Value], at: datetime) -> bool:
    """Tell whether a "yes" or "not sure" of hours ago was never followed by another word about it."""
    since = moment(variables, SINCE)
    return stands(variables) is Danger.UNSAFE and since is not None and at - since >= LEFT


def danger_context(variables: Mapping[str, Value], at: datetime) -> dict[str, object]:
    """Return what texts read as `danger.…`; the engine adds what this turn promises."""
    now = stands(variables)
    open_or_unsafe = now in (Danger.ASKED, Danger.UNSAFE)
    return {
        "times": len(signals(variables, at)),
        "unsafe": now is Danger.UNSAFE,
        "today": open_or_unsafe and within(variables, SINCE, TODAY, at),
        "recent": within(variables, LATEST, HELD, at)
        or (open_or_unsafe and within(variables, SINCE, HELD, at)),
        "ever": moment(variables, SINCE) is not None or bool(variables.get("seen.distress")),
    }
