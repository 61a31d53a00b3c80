"""What is kept: listed, opened, corrected, removed. Played on the real content, so that both are held to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.dialogue.effects import CancelCheckIn, Record, SaveTo
from bot.dialogue.engine import advance
from bot.dialogue.events import Commanded
from bot.dialogue.facts import Kept
from bot.dialogue.kept import applied, facts_of, newest_first
from bot.dialogue.reading import NOTHING_READ
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal, shown

START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)


def a_life(content: Content, *kept: Kept) -> Rehearsal:
    life = Rehearsal(content, now=START, zone="Europe/Berlin")
    life.kept = kept
    return life


def no(ref: int, days_ago: int = 0, **fields: str) -> Kept:
    return Kept(record=Record.REJECTION, ref=ref, at=START - timedelta(days=days_ago), fields=fields)


def said(life: Rehearsal, text: str) -> str:
    return "\n".join(shown(life.write(text)))


def test_a_turn_that_looks_something_up_asks_for_it_and_does_nothing_else(real: Content) -> None:
    life = a_life(real, no(1, company="Acme"))
    event = Commanded(at=START, command="log", argument="", reading=NOTHING_READ)
    turn = advance(real.script, life.session, event, life.facts)
    assert turn.looks_up
    assert (turn.session, turn.effects) == (life.session, ())


def test_a_turn_that_looks_nothing_up_never_asks_for_it(real: Content) -> None:
    life = a_life(real, no(1, company="Acme"))
    event = Commanded(at=START, command="help", argument="", reading=NOTHING_READ)
    assert not advance(real.script, life.session, event, life.facts).looks_up


def test_the_log_is_paged_newest_first(real: Content) -> None:
    life = a_life(real, *(no(n, days_ago=30 - n, company=f"Firm {n}") for n in range(1, 13)))
    first = said(life, "/log")
    assert "Your log has 12" in first
    assert [f"Firm {n} " in first for n in (12, 8, 7)] == [True, True, False]
    life.tap("Further back")
    last = "\n".join(shown(life.tap("Further back")))
    assert "Firm 1 " in last
    assert "Firm 3 " not in last
    assert "[Newer ones]" in last
    assert "[Further back]" not in last


def test_a_number_of_the_list_opens_that_entry(real: Content) -> None:
    life = a_life(real, no(1, days_ago=3, company="Acme"), no(2, company="Globex", stage="final"))
    said(life, "/log")
    assert "Acme" in said(life, "2")


@pytest.mark.parametrize(
    ("part", "answer", "field", "value"),
    [
        ("Company", "Initech", "company", "Initech"),
        ("Role", "analyst", "role", "analyst"),
        ("How far it got", "interview", "stage", "interview"),
        ("What it was", "An internship", "kind", "internship"),
        ("The day", "yesterday", "day", "2026-03-01"),
        ("The day", "20 february", "day", "2026-02-20"),
        ("The day", "2025-11-30", "day", "2025-11-30"),
    ],
)
def test_every_part_of_an_entry_can_be_corrected(
    real: Content, part: str, answer: str, field: str, value: str
) -> None:
    life = a_life(real, no(1, company="Acme"))
    for line in ("/log", "1", "correct it", part):
        life.write(line)
    life.write(answer)
    assert life.records[Record.REJECTION, 1][field] == value
    life.write("/back")
    assert life.records[Record.REJECTION, 1].get(field) == ("Acme" if field == "company" else None)


def test_what_is_no_day_changes_nothing(real: Content) -> None:
    life = a_life(real, no(1, company="Acme", day="2026-02-20"))
    for line in ("/log", "1", "correct it", "The day", "soonish"):
        life.write(line)
    assert life.records[Record.REJECTION, 1]["day"] == "2026-02-20"


def test_leave_it_corrects_nothing(real: Content) -> None:
    life = a_life(real, no(1, company="Acme"))
    for line in ("/log", "1", "correct it", "company", "leave it"):
        life.write(line)
    assert life.records[Record.REJECTION, 1]["company"] == "Acme"


def test_what_they_said_stays_with_the_entry_and_so_does_its_lesson(real: Content) -> None:
    lesson = Kept(record=Record.LESSON, ref=7, at=START, fields={"text": "ask sooner", "rejection": 1})
    life = a_life(real, no(1, company="Acme"), no(2, days_ago=3, company="Globex"), lesson)
    for line in ("/log", "1", "what they told me"):
        life.write(line)
    entry = said(life, "more sql please")
    assert "more sql please" in entry
    assert "ask sooner" in entry
    life.write("/log")
    assert "ask sooner" not in said(life, "2")


def test_a_lesson_is_tied_to_the_rejection_that_taught_it(real: Content) -> None:
    life = a_life(real)
    life.write("they rejected me after the final round at Acme")
    life.write("/lessons")
    life.write("ask about the brief first")
    lesson = next(each for each in life.kept if each.record is Record.LESSON)
    assert lesson.fields["rejection"] == next(e.ref for e in life.kept if e.record is Record.REJECTION)


def test_removing_asks_first_and_then_takes_all_of_it(real: Content) -> None:
    life = a_life(real)
    life.write("they rejected me after the final round at Acme")
    life.tap("Leave it")
    life.tap("Yes")
    assert len(life.check_ins) == 4
    for line in ("/log", "1", "take it out"):
        life.write(line)
    assert newest_first(life.kept, Record.REJECTION)
    effects = life.tap("Take it out")
    assert not newest_first(life.kept, Record.REJECTION)
    assert sum(isinstance(each, CancelCheckIn) for each in effects) == 4
    assert not any(name.startswith("rejection.") for name in life.session.variables)
    life.write("/back")
    assert not newest_first(life.kept, Record.REJECTION)


def test_what_was_opened_is_held_only_while_the_list_is_open(real: Content) -> None:
    page = Kept(record=Record.JOURNAL, ref=3, at=START, fields={"text": "a page of mine"})
    life = a_life(real, page)
    life.write("/journal")
    assert "a page of mine" in said(life, "1")
    assert "a page of mine" in str(life.session)
    life.write("/skip")
    assert "a page of mine" not in str(life.session.variables)


def test_a_win_goes_in_with_one_message(real: Content) -> None:
    life = a_life(real)
    life.write("/wins I rang them")
    assert life.facts.last_win == "I rang them"


def test_a_plan_keeps_what_became_of_it(real: Content) -> None:
    life = a_life(real, Kept(record=Record.PLAN, ref=3, at=START, fields={"what": "call Kim"}))
    for line in ("/plans", "1", "how it stands", "not yet"):
        life.write(line)
    assert life.records[Record.PLAN, 3]["outcome"] == "not_yet"
    assert "not yet" in said(life, "/plans")


def test_facts_are_the_same_whether_changes_come_one_by_one_or_at_once() -> None:
    changes = [
        SaveTo(record=Record.WIN, ref=1, field="text", value="one", at=START),
        SaveTo(record=Record.WIN, ref=1, field="text", value="two", at=START + timedelta(hours=1)),
    ]
    one_by_one = applied(applied((), changes[:1]), changes[1:])
    assert facts_of(one_by_one, locale="en") == facts_of(applied((), changes), locale="en")
    assert one_by_one[0].at == START
