"""A year of 60 people: what comes is what an account of its own says should come, to the minute.

Of 200 people: `ONWARD_LONG=1 pytest -s tests/check_ins`.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.flow import Script
from tests.check_ins.a_life import Life, wrongs
from tests.check_ins.bare_content import script

PEOPLE = 200 if os.environ.get("ONWARD_LONG") else 60
DAYS, START = 365, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Script:
    return script(tmp_path_factory.mktemp("year"))


def test_in_a_year_of_many_people_what_comes_is_exactly_what_was_promised(made: Script) -> None:
    lives = [Life(made, seed, start=START, days=DAYS) for seed in range(PEOPLE)]
    figures: Counter[str] = Counter()
    for seed, life in enumerate(lives):
        life.live()
        expected, came = sorted(life.ledger.came), sorted(life.engine.came)
        assert came == expected, _first_difference(seed, life)
        assert wrongs(life) == []
        figures += life.counts + _figures(life)
    print("\n" + ", ".join(f"{name} {count}" for name, count in sorted(figures.items())))
    for rare in (
        "pauses",
        "joined",
        "late",
        "dropped",
        "put off",
        "snoozes",
        "clock",
        "blocked",
        "times down",
    ):
        assert figures[rare] >= 20, f"too few {rare} in this year to say anything about them"


def _figures(life: Life) -> Counter[str]:
    ledger = life.ledger
    return Counter({
        "came": len(ledger.came),
        "pauses": sum(kind == "pause" for _, kind in ledger.came),
        "joined": ledger.joined,
        "late": ledger.late,
        "dropped": ledger.dropped,
        "put off": ledger.put_off,
        "events, each after a restart": life.engine.events,
    })  # fmt: skip


def _first_difference(seed: int, life: Life) -> str:
    expected, came = Counter(life.ledger.came), Counter(life.engine.came)
    missing, extra = sorted((expected - came).elements()), sorted((came - expected).elements())
    around = min([at for at, _ in missing[:1] + extra[:1]])
    near = [
        f"{at:%m-%d %H:%M} {kind}" for at, kind in life.engine.came if abs(at - around) < timedelta(days=4)
    ]
    return f"person {seed}: not come {missing[:3]}, not expected {extra[:3]}; around it came {near}"
