"""Half a year of a regular: nothing is heard twice soon, nothing known is asked, the pattern is named when it holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

import pytest

from bot.dialogue.effects import Record, Say
from bot.dialogue.facts import Kept
from bot.dialogue.session import Turn
from tests.real_content import real_content
from tests.regular.living import KEPT, Life, Visit

pytestmark = pytest.mark.slow
CONTENT = real_content()
SOON = 5  # turns
KEPT_BACK = timedelta(days=30)
ROOM = ("interview", "final")
LOOKS = frozenset({"reflect/brief", "reflect/timeline"})
ASKED_FOR = ("rejection.company", "rejection.role", "rejection.stage", "person.zone", "person.name")


@dataclass(kw_only=True)
class Watched:
    """A visit, the turns it took, and the noes before and in it by where they stopped, newest first."""

    visit: Visit
    turns: list[Turn]
    stops: list[str] = field(default_factory=list)


class Watching(Life):
    """A life of which each visit's turns are kept apart."""

    def __init__(self) -> None:
        super().__init__(CONTENT)
        self.watched: list[Watched] = []
        self.stops: list[str] = []

    def _come(self, visit: Visit) -> None:
        before = len(self._rehearsal.turns)
        super()._come(visit)
        if visit.stopped:
            self.stops.insert(0, visit.stopped)
        self.watched.append(
            Watched(visit=visit, turns=self._rehearsal.turns[before:], stops=list(self.stops))
        )

    def kept_of(self, record: Record) -> list[Kept]:
        return [each for each in self._rehearsal.kept if each.record is record]

    @property
    def turns(self) -> list[Turn]:
        return self._rehearsal.turns


@cache
def lived() -> tuple[Watching, str]:
    life = Watching()
    return life, life.live()


def said(turn: Turn) -> list[str]:
    return [each.message.text.plain for each in turn.effects if isinstance(each, Say)]


def place_that_repeats(stops: list[str]) -> str | None:
    """The catalogue's rule, told anew: three of the last five at one place; an offer taken back counts nowhere."""
    places = ["room" if stop in ROOM else stop for stop in stops if stop != "offer"]
    place, times = Counter(places[:5]).most_common(1)[0] if places else ("", 0)
    if times < 3 or (place == "application" and set(places[:15]) != {"application"}):
        return None
    return place


def test_the_kept_transcript_is_this_life() -> None:
    assert lived()[1].count("\n> ") == KEPT.read_text(encoding="utf-8").count("\n> ")


def test_thirty_noes_in_half_a_year_at_different_stages_and_in_different_moods() -> None:
    life, _ = lived()
    noes = [each.visit for each in life.watched if each.visit.stopped]
    assert len(noes) == 30
    assert noes[-1].at - noes[0].at > timedelta(days=170)
    assert {each.stopped for each in noes} == {
        "application",
        "screen",
        "assessment",
        "interview",
        "final",
        "offer",
    }
    assert {each.mood for each in noes} >= {2, 3, 4, 5, 6}


def test_no_text_is_heard_twice_within_five_turns() -> None:
    life, _ = lived()
    lately: list[list[str]] = []
    for turn in life.turns:
        texts = said(turn)
        if not texts:
            continue
        soon = [text for texts_then in lately[-(SOON - 1) :] for text in texts_then]
        again = [text for text in texts if text in soon]
        assert not again, f"said again within {SOON} turns: {again}"
        lately.append(texts)
    assert len(lately) > 300


def test_nothing_known_is_asked_again() -> None:
    life, _ = lived()
    asking = {place for place, step in CONTENT.script.steps.items() if step.ask and step.save in ASKED_FOR}
    assert "reflect/how-far" in asking
    known_then: dict[str, object] = {}
    for turn in life.turns:
        for place in turn.visited:
            step = CONTENT.script.steps[place]
            if step.ask is not None and step.save in ASKED_FOR:
                assert known_then.get(str(step.save)) is None, f"{place} asks for what is known"
        known_then = {name: turn.session.variables.get(name) for name in ASKED_FOR}
    zones = sum(turn.visited.count("zone/needed") for turn in life.turns)
    assert zones == 1, "where they are is asked for once in half a year"


def test_the_pattern_is_named_when_and_only_when_it_holds() -> None:
    life, _ = lived()
    named_at: dict[str, datetime] = {}
    named = []
    for each in life.watched:
        visited = [place for turn in each.turns for place in turn.visited]
        holds = place_that_repeats(each.stops)
        looked = bool(LOOKS & set(visited))
        is_named = "patterns/named" in visited
        last = named_at.get(holds or "")
        fresh = holds is not None and (last is None or each.visit.at - last >= KEPT_BACK)
        assert is_named == (looked and fresh), (
            f"{each.visit.says} at {each.visit.at:%d %B}: {holds}, {visited}"
        )
        if is_named and holds is not None:
            named_at[holds] = each.visit.at
            named.append(holds)
            place = next(
                turn.session.variables["pattern.place"]
                for turn in each.turns
                if "patterns/named" in turn.visited
            )
            assert place == holds
    assert set(named) >= {"room", "screen"}, "this life has both"


def test_the_welcome_is_shorter_and_no_exercise_comes_back_within_two_weeks_unasked() -> None:
    life, _ = lived()
    offered = [
        each
        for each in life.watched
        if "exercises/as-before" in [place for turn in each.turns for place in turn.visited]
    ]
    done = [each.at for each in life.kept_of(Record.EXERCISE)]
    assert offered
    for each in offered:
        before = [at for at in done if at < each.visit.at]
        assert each.visit.at - max(before) >= timedelta(days=14)
