"""Statistical honesty, on simulated people who come at their lowest, whose moods recover by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import exp
from random import Random
from unittest.mock import patch

import pytest

from bot.dialogue import comparing
from bot.dialogue.comparing import LOOKS, Session, preferred
from bot.dialogue.exercises import Exercise

START = datetime(2026, 1, 1, 18, tzinfo=UTC)
DAYS = 182
PEOPLE = 1_000
SEED = 20260302


def a_half_year(random: Random, *, favourite: Exercise | None = None, gain: float = 0.0) -> list[Session]:
    """Return one person's sessions of six months.

    Their mood follows its own course from day to day (autocorrelated, with falls after rejections), each person about
    a mean of their own. They come mostly when it is low, so it rises afterwards whatever is done: regression to the
    mean. Which exercise they take hangs on how low they are and on their taste. Numbers are rounded, noisy, and
    clipped to 0 to 10. `gain` points are truly added by the `favourite`, which is done about twice a month.
    """
    usual, mood = random.gauss(5.5, 1.2), 5.0
    inertia, unrest, lift = random.uniform(0.7, 0.92), random.uniform(0.6, 1.2), random.uniform(0.1, 0.45)
    taste = {each: random.uniform(0.2, 1.0) for each in Exercise}
    heavy = set(random.sample(list(Exercise), 3))  # what they reach for when it is darkest
    sessions = []
    for day in range(DAYS):
        mood = usual + inertia * (mood - usual) + random.gauss(0, unrest)
        mood -= random.uniform(1, 4) if random.random() < 0.12 else 0.0
        mood = min(max(mood, -1.0), 11.0)
        if random.random() > 0.9 / (1 + exp(mood - usual + 1)):
            continue
        weights = [taste[each] * (3.0 if (each in heavy) == (mood < usual - 2) else 1.0) for each in Exercise]
        chosen: Exercise | None = (
            random.choices(list(Exercise), weights)[0] if random.random() < 0.5 else None
        )
        if favourite is not None:
            chosen = favourite if random.random() < 0.35 else chosen if chosen != favourite else None
        after = mood + lift * (usual - mood) + random.gauss(0, 1.0) + (gain if chosen == favourite else 0.0)
        at = START + timedelta(days=day)
        sessions.append(
            Session(at=at, exercise=chosen, before=_told(random, mood), after=_told(random, after))
        )
    return sessions


def _told(random: Random, mood: float) -> int:
    return min(10, max(0, round(mood + random.gauss(0, 0.5))))


def ever_preferred(sessions: list[Session]) -> set[str]:
    """Return every exercise that was preferred at any moment on the way. What many moments share is reckoned once."""
    gains: dict[tuple[int, str, float], float | None] = {}
    gain = comparing._gain

    def once(known: Sequence[Session], name: str, *, error: float) -> float | None:
        key = (len(known), name, error)  # known are always the first of the same sessions
        if key not in gains:
            gains[key] = gain(known, name, error=error)
        return gains[key]

    with patch.object(comparing, "_gain", once):
        moments = (preferred(sessions[:end], of=len(Exercise)) for end in range(1, len(sessions) + 1))
        return {name for name in moments if name is not None}


def until_used(sessions: list[Session], exercise: Exercise, times: int) -> list[Session] | None:
    """Return the sessions up to the exercise's `times`-th use, or None when it wasn't used so often."""
    places = [place for place, each in enumerate(sessions, 1) if each.exercise == exercise]
    return sessions[: places[times - 1]] if len(places) >= times else None


def test_the_simulated_people_come_low_and_rise_by_themselves() -> None:
    random = Random(SEED)
    sessions = [each for _ in range(200) for each in a_half_year(random)]
    rises = sum(each.after - each.before for each in sessions) / len(sessions)
    higher = sum(each.after > each.before for each in sessions) / len(sessions)
    assert rises > 0.4
    assert higher > 0.45


@pytest.mark.slow
@pytest.mark.parametrize("used_much", [False, True], ids=["as-it-comes", "one-used-much"])
def test_where_moods_only_recover_by_themselves_hardly_anyone_is_told_of_an_exercise(
    *, used_much: bool
) -> None:
    random = Random(SEED)
    favourite = Exercise.VALUES if used_much else None
    lives = [a_half_year(random, favourite=favourite) for _ in range(PEOPLE)]
    told = sum(bool(ever_preferred(life)) for life in lives)
    print(f"preferred without cause: {told} of {PEOPLE}")
    assert told / PEOPLE < 0.05


@pytest.mark.slow
def test_where_one_truly_adds_two_points_twelve_uses_mostly_find_it() -> None:
    random = Random(SEED)
    lives: list[list[Session]] = []
    while len(lives) < PEOPLE:
        life = until_used(a_half_year(random, favourite=Exercise.VALUES, gain=2.0), Exercise.VALUES, 12)
        lives += [life] if life is not None else []
    found = sum(preferred(life, of=len(Exercise)) == Exercise.VALUES for life in lives)
    print(f"found: {found} of {PEOPLE}")
    assert found / PEOPLE >= 0.70


def test_a_few_lucky_uses_prefer_nothing() -> None:
    few = LOOKS[0][0] - 1
    lucky = [
        Session(
            at=START + timedelta(days=n),
            exercise="values" if n % 3 == 0 else None,
            before=3,
            after=3 + 5 * (n % 3 == 0),
        )
        for n in range(3 * few)
    ]
    assert preferred(lucky, of=len(Exercise)) is None


def test_what_rises_no_more_than_other_times_from_as_low_is_not_preferred() -> None:
    # Always done at the lowest, so it always rises most; yet from there everything rises as much.
    life = [
        Session(
            at=START + timedelta(days=n),
            exercise="values" if n % 4 == 0 else None,
            before=(low := 1 + (n % 2)),
            after=low + (5, 3)[n % 2] + n % 3 - 1,
        )
        for n in range(80)
    ]
    assert preferred(life, of=len(Exercise)) is None
