"""The words and the picture of /progress: both from the same records, in both directions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.dialogue.effects import Record, SendChart
from bot.dialogue.facts import Kept
from bot.dialogue.progress import numbers
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal, shown

START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)


def exercise(ref: int, before: int, after: int) -> Kept:
    fields = {"name": "values", "before": before, "after": after}
    return Kept(record=Record.EXERCISE, ref=ref, at=START - timedelta(days=100 - ref), fields=fields)


def no(ref: int, stage: str) -> Kept:
    at = START - timedelta(days=100 - ref)
    return Kept(record=Record.REJECTION, ref=ref, at=at, fields={"stage": stage})


def win(ref: int) -> Kept:
    return Kept(record=Record.WIN, ref=ref, at=START - timedelta(days=100 - ref), fields={"text": "one"})


def progress(content: Content, kept: Sequence[Kept]) -> tuple[str, SendChart | None]:
    life = Rehearsal(content, now=START, zone="Europe/Berlin")
    life.kept = tuple(kept)
    effects = life.write("/progress")
    said = "\n".join(line for line in shown(effects) if line.startswith("Onward"))
    return said, next((each for each in effects if isinstance(each, SendChart)), None)


def test_with_nothing_kept_it_says_so_kindly_and_sends_no_picture(real: Content) -> None:
    said, chart = progress(real, ())
    assert chart is None
    assert re.search("nothing|too early", said.casefold())


@pytest.mark.parametrize("pairs", [1, 2])
def test_with_too_little_it_shows_what_there_is_and_reads_nothing_into_it(real: Content, pairs: int) -> None:
    said, chart = progress(real, [exercise(n, 2, 6) for n in range(1, pairs + 1)])
    assert chart is not None
    assert len(chart.chart.moods) == pairs
    assert "higher" not in said


@pytest.mark.parametrize(
    ("moods", "told"),
    [
        (
            [(2, 6), (3, 5), (4, 5), (1, 4), (2, 3), (5, 2)],
            r"higher afterwards 5 of 6 times|higher afterwards 5 times",
        ),
        ([(6, 2), (5, 3), (4, 5)], r"lower afterwards 2 of 3 times|lower afterwards 2 times"),
        (
            [(4, 5), (5, 4), (3, 3)],
            r"higher afterwards 1, lower 1, the same 1|higher afterwards 1 of 3 times, lower 1",
        ),
    ],
    ids=["up", "down", "even"],
)
def test_the_words_say_what_the_numbers_say(real: Content, moods: list[tuple[int, int]], told: str) -> None:
    kept = [exercise(n, *mood) for n, mood in enumerate(moods, 1)]
    said, chart = progress(real, kept)
    assert re.search(told, said)
    assert chart is not None
    assert [(each.before, each.after) for each in chart.chart.moods] == moods


@pytest.mark.parametrize("variant", range(4))
def test_no_variant_ever_says_helped(real: Content, variant: int) -> None:
    life = Rehearsal(real, now=START)
    life.kept = tuple(exercise(n, 2, 6) for n in range(1, 7))
    said = [" ".join(shown(life.write("/progress"))) for _ in range(variant + 1)]
    assert "help" not in said[-1].casefold()
    assert all(one != other for one, other in pairwise(said))


def test_sixty_entries_agree_in_words_and_picture(real: Content) -> None:
    stages = ["application"] * 12 + ["interview"] * 8
    kept = [exercise(n, n % 5, (n * 7) % 11) for n in range(1, 41)]
    kept += [no(50 + n, stage) for n, stage in enumerate(stages)] + [win(80 + n) for n in range(9)]
    said, sent = progress(real, kept)
    assert sent is not None
    chart = sent.chart
    higher = sum(each.after is not None and each.after > each.before for each in chart.moods)
    lower = sum(each.after is not None and each.after < each.before for each in chart.moods)
    counted = numbers(tuple(kept))
    assert (counted["higher"], counted["lower"], counted["pairs"]) == (higher, lower, 40)
    assert [(bar.label, bar.count) for bar in chart.stops] == [("Application", 12), ("Interviews", 8)]
    assert len(chart.wins) == counted["wins"] == 9
    assert "12 of 20 times" in said
    assert "9 wins" in said


@pytest.mark.parametrize(("wins", "told"), [(0, "empty|No wins"), (1, "one win|One win"), (2, "2 wins")])
def test_numbers_have_their_plurals(real: Content, wins: int, told: str) -> None:
    said, _ = progress(real, [no(1, "final"), *(win(n + 2) for n in range(wins))])
    assert re.search(told, said)
    assert re.search("[Oo]ne no", said)


def test_a_tie_names_no_place(real: Content) -> None:
    said, _ = progress(real, [no(1, "final"), no(2, "screen")])
    assert "Most often" not in said
    assert "stopped most," not in said


def test_a_single_mood_about_a_no_is_in_the_words_as_in_the_picture(real: Content) -> None:
    fields = {"stage": "final", "mood_after_vent": 6}
    said, sent = progress(real, [Kept(record=Record.REJECTION, ref=1, at=START, fields=fields)])
    assert sent is not None
    assert len(sent.chart.moods) == 1
    assert re.search("[Oo]ne mood", said)
