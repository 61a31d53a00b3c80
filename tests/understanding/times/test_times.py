from __future__ import annotations

import time as clock
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.schedule import Once, first
from bot.script.source import read_source
from bot.understanding.times.lexicon import compile_times
from bot.understanding.times.read import Impossible, Moment, Reason, read_time, readings_of
from tests.understanding.times.reader import lexicon, shown

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 2, 18, 10, tzinfo=BERLIN)


def _table(locale: str) -> list[tuple[str, str]]:
    source, _ = read_source(Path(__file__).with_name(f"{locale}.yaml"))
    assert isinstance(source.data, dict)
    assert (source.data["now"], source.data["zone"]) == (f"{NOW:%Y-%m-%d %H:%M}", BERLIN.key)
    return list(source.data["phrases"].items())


CASES = [(locale, said, meant) for locale in ("en", "es") for said, meant in _table(locale)]


def test_each_language_has_at_least_150_phrases() -> None:
    assert min(len(_table("en")), len(_table("es"))) >= 150


@pytest.mark.parametrize(("locale", "said", "meant"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_a_phrase_is_read_as_its_table_says(locale: str, said: str, meant: str) -> None:
    assert shown(read_time(said, NOW, BERLIN, lexicon(locale)), BERLIN) == meant


@pytest.mark.parametrize(("locale", "said", "meant"), CASES, ids=[f"{c[0]}: {c[1]}" for c in CASES])
def test_capitals_and_words_around_it_change_nothing(locale: str, said: str, meant: str) -> None:
    if said in ("eight", "9", "ocho"):
        return  # a bare number is an hour only when it is all there is
    assert shown(read_time(f"  {said.upper()}!", NOW, BERLIN, lexicon(locale)), BERLIN) == meant
    assert shown(read_time(f"Xyz: {said}. Qwrt", NOW, BERLIN, lexicon(locale)), BERLIN) == meant


WORDS = [
    ("en", "Could you write on Friday at 6pm? I have a call.", "Friday at 6pm"),
    ("en", "remind me in 20 min, please", "in 20 min"),
    ("es", "Escríbeme MAÑANA a las 9 de la mañana, por favor", "MAÑANA a las 9 de la mañana"),
]


@pytest.mark.parametrize(("locale", "text", "words"), WORDS)
def test_the_words_are_the_persons_own(locale: str, text: str, words: str) -> None:
    read = read_time(text, NOW, BERLIN, lexicon(locale))
    assert isinstance(read, Moment)
    assert read.words == words


AT_OTHER_TIMES = [
    ("friday at 6", "2026-03-06 10:00", "2026-03-06 18:00"),
    ("friday at 6", "2026-03-06 19:00", "2026-03-13 06:00 | 2026-03-13 18:00"),
    ("next friday at 6", "2026-03-02 10:00", "2026-03-06 18:00 | 2026-03-13 18:00"),
    ("friday", "2026-03-06 08:00", "2026-03-06 10:00 usual"),
    ("next friday", "2026-03-06 08:00", "2026-03-13 10:00 usual"),
    ("at 7", "2026-03-06 05:00", "2026-03-06 07:00 | 2026-03-06 19:00"),
    ("at 8", "2026-03-06 22:00", "2026-03-07 08:00 | 2026-03-07 20:00"),
    ("in 20 minutes", "2026-03-29 01:50", "2026-03-29 03:10"),
    ("tomorrow at 2:30am", "2026-03-28 12:00", "2026-03-29 03:30"),
    ("tomorrow at 10am", "2026-10-24 12:00", "2026-10-25 10:00"),
    ("the 31st", "2026-01-31 12:00", "2026-01-31 13:00 usual"),
    ("the 30th", "2026-01-31 12:00", "2026-03-30 10:00 usual"),
    ("in a month", "2026-01-31 12:00", "2026-02-28 10:00 usual"),
    ("31 december at noon", "2026-12-31 12:30", "impossible past"),
    ("29 february", "2027-06-01 12:00", "2028-02-29 10:00 usual"),
]


@pytest.mark.parametrize(("said", "now", "meant"), AT_OTHER_TIMES)
def test_at_other_times(said: str, now: str, meant: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert shown(read_time(said, at, BERLIN, lexicon("en")), BERLIN) == meant


def test_twenty_minutes_are_exact_in_a_repeated_hour() -> None:
    second = datetime(2026, 10, 25, 1, 5, tzinfo=UTC)  # 02:05 in Berlin, for the second time
    read = read_time("in 20 minutes", second, BERLIN, lexicon("en"))
    assert isinstance(read, Moment)
    assert read.due == second + timedelta(minutes=20)
    due = first(read.rule, BERLIN, second)
    assert due is not None, "by its rule alone it must not lie behind"


def test_the_usual_hour_and_the_furthest_day_are_the_callers() -> None:
    read = read_time("tomorrow", NOW, BERLIN, lexicon("en"), usual=time(17))
    assert isinstance(read, Moment)
    assert isinstance(read.rule, Once)
    assert read.rule.at == time(17)
    far = read_time("in 3 weeks", NOW, BERLIN, lexicon("en"), furthest=timedelta(days=14))
    assert far == Impossible(reason=Reason.TOO_FAR, words="in 3 weeks")


def _vocabulary(locale: str) -> st.SearchStrategy[str]:
    words = sorted({" ".join(p) for p in lexicon(locale).phrases})
    numbers = st.one_of(st.integers(0, 99).map(str), st.from_regex(r"\A[0-9]{1,11}[:/.\-h]?[0-9]{0,4}\Z"))
    return st.lists(st.one_of(st.sampled_from(words), numbers, st.text(max_size=4)), max_size=9).map(" ".join)


@pytest.mark.parametrize("locale", ["en", "es"])
@given(
    data=st.data(),
    now=st.integers(0, 7 * 365 * 86400).map(
        lambda s: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=s)
    ),
)
def test_any_words_in_any_order_are_read_without_raising(
    locale: str, data: st.DataObject, now: datetime
) -> None:
    text = data.draw(_vocabulary(locale))
    zone = data.draw(st.sampled_from([BERLIN, ZoneInfo("Africa/Cairo"), ZoneInfo("Pacific/Apia")]))
    read = read_time(text, now, zone, lexicon(locale))
    assert read == read_time(text, now, zone, lexicon(locale))
    for moment in readings_of(read):
        assert now < moment.due <= now + timedelta(days=403)
        assert moment.words in text


@given(st.text())
def test_any_text_at_all_is_read_without_raising(text: str) -> None:
    read_time(text, NOW, BERLIN, lexicon("en"))


@pytest.mark.parametrize("piece", ["friday ", "in 2 ", "1", "half past ", "a la ", "3/4/", "e ", "ñ́"])
def test_a_long_text_takes_no_longer_than_its_length(piece: str) -> None:
    started = clock.perf_counter()
    read_time(piece * 100_000, NOW, BERLIN, lexicon("es"))
    assert clock.perf_counter() - started < 0.5


def test_faults_of_a_document_are_reported_and_the_rest_is_used() -> None:
    raw = {
        "numbers": {"1": "one"},
        "weekdays": "monday",
        "spellings": {"tmrw": ["tomorrow"]},
        "leave": ["may"],
        "wrong": {},
        "parts": {"dawn": ["dawn"]},
        "settings": {"slash": "mdy"},
        "days": {"1": ["tomorrow"], "soon": ["soon"]},
        "exact": {"25:00": ["teatime"]},
    }
    compiled, faults = compile_times("xx", raw)
    assert {f.path for f in faults} == {
        ("xx", "numbers", "1"),
        ("xx", "weekdays"),
        ("xx", "spellings", "tmrw"),
        ("xx", "leave"),
        ("xx", "wrong"),
        ("xx", "days", "soon"),
        ("xx", "exact", "25:00"),
        ("xx", "part_hours", "dawn"),
        ("xx", "settings", "slash"),
    }
    assert isinstance(read_time("tomorrow", NOW, BERLIN, compiled), Moment)
    assert read_time("soon, at teatime", NOW, BERLIN, compiled) is None
    assert compile_times("xx", None)[1] == ()
    assert [f.path for f in compile_times("xx", {})[1]] == [("xx",)]
