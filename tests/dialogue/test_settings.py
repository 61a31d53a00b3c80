"""Settings: what one sentence sets, and that quiet hours and tempo are kept to afterwards."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.dialogue.effects import Record, Say
from bot.dialogue.quiet import QuietHours, as_text, quiet_hours
from bot.dialogue.settings import clocks, nightly
from bot.script.load import Content
from bot.script.rehearsal import Rehearsal
from tests.real_content import real_content

START = datetime(2026, 3, 2, 18, 10, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def content() -> Content:
    return real_content()


@pytest.fixture
def chat(content: Content) -> Rehearsal:
    return Rehearsal(content, now=START, zone="Europe/Berlin")


def person(chat: Rehearsal) -> dict[str, object]:
    return {name: value for name, value in chat.records.get((Record.PERSON, 0), {}).items() if value}


@pytest.mark.parametrize(
    ("said", "field", "kept"),
    [
        ("call me Sam", "name", "Sam"),
        ("please call me Anna Lena, thanks", "name", "Anna Lena"),
        ("my name is Sam. thanks", "name", "Sam"),
        ("change my name to Jo", "name", "Jo"),
        ("quiet from 10 to 7", "quiet", "22:00-07:00"),
        ("quiet hours 22:30 to 8", "quiet", "22:30-08:00"),
        ("don't text me after 10pm", "quiet", "22:00-08:00"),
        ("no messages before 9", "quiet", "21:00-09:00"),
        ("my trusted contact is my sister", "trusted", "my sister"),
        ("my country is Portugal", "country", "PT"),
        ("I moved to Lisbon", "zone", "Europe/Lisbon"),
        ("set my time zone to New York", "zone", "America/New_York"),
        ("fewer messages", "tempo", "fewer"),
    ],
)
def test_one_sentence_sets_it(chat: Rehearsal, said: str, field: str, kept: str) -> None:
    chat.write("they said no")
    chat.write(said)
    assert person(chat).get(field) == kept


@pytest.mark.parametrize(
    "said",
    ["change my time zone", "they never call me", "nobody will call me back", "no messages after 3 weeks"],
)
def test_what_only_sounds_like_a_setting_sets_nothing(chat: Rehearsal, said: str) -> None:
    chat.write("they said no")
    chat.write(said)
    assert person(chat) == {}


def test_in_a_vent_a_name_is_listened_to_and_not_set(chat: Rehearsal) -> None:
    chat.write("they said no")
    chat.tap("Say it")
    chat.write("my name is mud")
    assert person(chat) == {}


def test_a_name_is_forgotten_when_told_to(chat: Rehearsal) -> None:
    chat.write("call me Sam")
    chat.write("forget my name")
    assert person(chat) == {}


@pytest.mark.parametrize(
    ("label", "field", "kept"),
    [("20:00 to 09:00", "quiet", "20:00-09:00"), ("21:00 to 08:00", "quiet", "21:00-08:00")],
)
def test_one_tap_sets_quiet_hours(chat: Rehearsal, label: str, field: str, kept: str) -> None:
    chat.write("settings")
    chat.tap("Quiet hours")
    chat.tap(label)
    assert person(chat)[field] == kept


def local(at: datetime) -> time:
    return at.astimezone(BERLIN).time()


def test_the_series_is_proposed_outside_their_own_quiet_hours(chat: Rehearsal) -> None:
    chat.write("they said no")
    chat.write("quiet from 9pm to 11am")
    chat.tap("Leave it")
    chat.tap("Yes")
    dues = [each.due for each in chat.check_ins.values()]
    assert dues
    assert all(local(due) >= time(11) for due in dues)


def test_what_was_promised_moves_out_of_new_quiet_hours_and_no_moment_named_by_them_does(
    chat: Rehearsal,
) -> None:
    chat.write("they said no")
    chat.tap("Leave it")
    chat.tap("Yes")
    chat.write("remind me tomorrow at 10:00 to call mum")
    for label in ("Yes", "Yes, do"):
        if label in [button.label for button in chat.buttons]:
            chat.tap(label)
    named = [each for each in chat.check_ins.values() if each.named]
    proposed = [each for each in chat.check_ins.values() if not each.named]
    assert named
    assert all(local(each.due) < time(11) for each in proposed)
    chat.write("quiet from 9pm to 11am")
    after = chat.check_ins
    assert [after[each.key].due for each in named] == [each.due for each in named]
    assert {local(after[each.key].due) for each in proposed} == {time(11)}


def test_nothing_unasked_is_said_in_their_quiet_hours_for_two_weeks(chat: Rehearsal) -> None:
    chat.write("they said no")
    chat.tap("Leave it")
    chat.tap("Yes")
    chat.write("quiet from 20:00 to 12:00")
    came = chat.wait(timedelta(days=14))
    said = [at for at, effects in came if any(isinstance(each, Say) for each in effects)]
    assert said
    assert all(time(12) <= local(at) < time(20) for at in said)


def test_who_wants_fewer_gets_a_series_without_its_middle(chat: Rehearsal) -> None:
    chat.write("fewer messages")
    chat.write("they said no")
    chat.tap("Leave it")
    chat.tap("Yes")
    assert sorted(chat.check_ins) == ["series.next_day", "series.one_week", "series.ten_weeks"]


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("10 to 7", (time(22), time(7))),
        ("from 9 till 6", (time(21), time(6))),
        ("22:00-08:00", (time(22), time(8))),
        ("10pm - 7am", (time(22), time(7))),
        ("11.30 p.m. to 6.15 a.m.", (time(23, 30), time(6, 15))),
        ("12 to 8", (time(0), time(8))),
        ("10p to 7a", (time(22), time(7))),
        ("de 10 a 7", (time(22), time(7))),  # in Spanish "a" is a word
        ("de las 9 p. m. a las 8 a. m.", (time(21), time(8))),
        ("13 to 15", (time(13), time(15))),
        ("09:00 to 17:00", (time(9), time(17))),
    ],
)
def test_hours_are_read_as_a_person_means_them(text: str, hours: tuple[time, time]) -> None:
    start, end = clocks(text)
    assert nightly(start, end) == hours


def test_quiet_hours_survive_being_kept_and_anything_else_means_the_usual() -> None:
    assert quiet_hours(as_text(time(22, 30), time(7))) == QuietHours(start=time(22, 30), end=time(7))
    for broken in (None, "", "22:00", "25:00-07:00", "a-b", 7):
        assert quiet_hours(broken) == QuietHours()
