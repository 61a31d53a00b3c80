"""Lines with people: which are shown, in which order, and exactly as they are dialled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.dialogue.countries import country_in, suggested_country
from bot.dialogue.helpline_words import MAX_CHARS, InWords, in_words, lines_context
from bot.dialogue.helplines import (
    Audience,
    Confidence,
    Country,
    Directory,
    Line,
    Offer,
    Topic,
    lines_for,
    read_hours,
)
from bot.dialogue.render import Template
from bot.script.helplines import read_helplines

FILE = Path(__file__).parents[2] / "content" / "helplines.yaml"
RAW: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), yaml.CBaseLoader)
ENTRIES = {each["country"]: each for each in RAW["countries"]}
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.fixture(scope="module")
def directory() -> Directory:
    read, found = read_helplines(FILE)
    assert read is not None, found
    return read


def line(name: str, **changes: Any) -> Line:
    usual: dict[str, Any] = {
        "hours": read_hours("24/7"),
        "languages": ("en",),
        "topic": Topic.CRISIS,
        "confidence": Confidence.HIGH,
        "seen": date(2026, 11, 21),
        "call": "116 123",
    }
    return Line(name=name, **{**usual, **changes})


def with_lines(directory: Directory, *lines: Line, hours_zone: str | None = "Europe/London") -> Directory:
    country = Country(code="GB", emergency=("999", "112"), lines=lines, hours_zone=hours_zone)
    return replace(directory, countries={"GB": country})


def names(offer: Offer) -> list[str]:
    return [each.line.name for each in offer.lines]


def said(words: InWords) -> str:
    return "\n".join(part for part in (words.emergency, words.listed, words.finder) if part)


# -- the whole directory ----------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", ["en", "es"])
@pytest.mark.parametrize("code", ENTRIES)
def test_every_country_is_answered_at_every_hour_of_a_week(
    code: str, locale: str, directory: Directory
) -> None:
    for hour in range(7 * 24):
        offer = lines_for(directory, code, MONDAY + timedelta(hours=hour, minutes=30), None)
        words = in_words(offer, directory, locale)
        assert 1 <= len(offer.lines) <= 3
        assert offer.emergency == tuple(ENTRIES[code]["emergency"])
        assert all(re.search(rf"\b{number}\b", words.emergency) for number in offer.emergency)
        assert words.finder == "findahelpline.com"
        assert words.country == RAW["names"][code][locale]
        assert len(said(words)) + len(words.country) <= MAX_CHARS


@pytest.mark.parametrize("code", ENTRIES)
def test_numbers_are_said_exactly_as_they_stand_in_the_data(code: str, directory: Directory) -> None:
    shown = lines_for(directory, code, MONDAY, None)
    listed = in_words(shown, directory, "en").listed
    assert listed is not None
    entries = {each["name"]: each for each in ENTRIES[code]["lines"]}
    for each, written in zip(shown.lines, listed.split("\n"), strict=True):
        raw = entries[each.line.name]
        alternatives = [raw["call"], *raw.get("call_alt", [])] if "call" in raw else []
        texting = raw.get("text", {})
        ways = [f"call {' or '.join(alternatives)}"] if alternatives else []
        ways[-1:] = [f"{way}, then {raw['menu']}" if "menu" in raw else way for way in ways[-1:]]
        if texting:
            keyword = f"{texting['keyword']} to " if "keyword" in texting else ""
            ways.append(f"text {keyword}{texting['number']}")
        ways += [f"WhatsApp {raw['whatsapp']}"] if "whatsapp" in raw else []
        ways += [f"chat {raw['chat']}"] if "chat" in raw else []
        assert written.startswith(f"{raw['name']}: {', '.join(ways)} (")
        assert raw.get("show", {}).get("en", "") in written
        assert ("free" in re.split(r"\W+", written)) is (
            raw["free"] == "yes" or "free" in raw.get("show", {}).get("en", "")
        )
        assert ("ordinary call charge" in written) is (raw["free"] == "no")


def test_whatever_stands_in_the_file_is_in_the_directory(directory: Directory) -> None:
    assert len(directory.countries) == len(ENTRIES)
    lines = sum(len(each["lines"]) for each in ENTRIES.values())
    assert sum(len(each.lines) for each in directory.countries.values()) == lines
    confirmed = sum("confirmed" in each for country in ENTRIES.values() for each in country["lines"])
    assert directory.unconfirmed == lines - confirmed


@pytest.mark.parametrize("code", [None, "IS", "XX", "", "pt"], ids=repr)
def test_an_unknown_country_gets_the_directory_and_both_numbers(
    code: str | None, directory: Directory
) -> None:
    words = in_words(lines_for(directory, code, MONDAY, "Europe/Lisbon"), directory, "en")
    assert (words.country, words.emergency, words.listed) == (None, "112 or 911", None)
    assert words.finder == "findahelpline.com"


# -- which, and in which order ------------------------------------------------------------------------------

NIGHT = read_hours("22:00-06:00 daily")
ORDERS = {
    "high-confidence-first": ([line("b", confidence=Confidence.MEDIUM), line("a")], ["a", "b"]),
    "low-confidence-last": (
        [line("b", confidence=Confidence.LOW), line("a", topic=Topic.SUPPORT, hours=NIGHT)],
        ["a", "b"],
    ),
    "crisis-before-support": ([line("b", topic=Topic.SUPPORT), line("a")], ["a", "b"]),
    "national-before-regional": ([line("b", region={"en": "Wales"}), line("a")], ["a", "b"]),
    "open-before-closed": ([line("b", hours=NIGHT), line("a", topic=Topic.SUPPORT)], ["a", "b"]),
    "known-hours-before-unknown": ([line("b", hours=read_hours("24/7 as listed")), line("a")], ["a", "b"]),
    "unknown-hours-before-closed": (
        [line("b", hours=NIGHT), line("a", hours=read_hours("call and see"))],
        ["a", "b"],
    ),
    "as-in-the-file": ([line("a"), line("b")], ["a", "b"]),
    "three-at-most": ([line(name) for name in "abcd"], ["a", "b", "c"]),
    "not-for-others": (
        [line("y", audience=Audience.YOUTH), line("v", audience=Audience.VETERANS), line("a")],
        ["a"],
    ),
    "nor-for-the-bereaved-unasked": ([line("b", audience=Audience.BEREAVED), line("a")], ["a"]),
}


@pytest.mark.parametrize(("lines", "expected"), ORDERS.values(), ids=ORDERS)
def test_the_best_line_comes_first(lines: list[Line], expected: list[str], directory: Directory) -> None:
    noon = MONDAY + timedelta(hours=12)
    assert names(lines_for(with_lines(directory, *lines), "GB", noon, None)) == expected


def test_lines_for_an_audience_come_first_for_it(directory: Directory) -> None:
    lines = with_lines(
        directory, line("a"), line("b", audience=Audience.BEREAVED), line("w", audience=Audience.WOMEN)
    )
    offer = lines_for(lines, "GB", MONDAY, None, audience=Audience.BEREAVED)
    assert names(offer) == ["b", "a"]


def test_somebody_sad_is_shown_support_before_crisis(directory: Directory) -> None:
    lines = with_lines(directory, line("a"), line("b", topic=Topic.SUPPORT))
    assert names(lines_for(lines, "GB", MONDAY, None, topic=Topic.SUPPORT)) == ["b", "a"]


def test_a_closed_line_says_its_hours_and_an_open_one_that_it_is_open(directory: Directory) -> None:
    lines = with_lines(directory, line("a", hours=NIGHT))
    closed = lines_for(lines, "GB", MONDAY + timedelta(hours=12), None)
    assert in_words(closed, lines, "en").listed == "a: call 116 123 (closed now, open 22:00-06:00 daily)"
    assert in_words(closed, lines, "en").all_closed
    is_open = lines_for(lines, "GB", MONDAY + timedelta(hours=23), None)
    assert in_words(is_open, lines, "en").listed == "a: call 116 123 (open now, 22:00-06:00 daily)"
    assert not in_words(is_open, lines, "en").all_closed


def test_without_a_clock_hours_are_told_and_nothing_counts_as_closed(directory: Directory) -> None:
    lines = with_lines(directory, line("a", hours=NIGHT), hours_zone=None)
    for zone in (None, "Europe/Lisbon", "Mars/Olympus", ""):
        offer = lines_for(lines, "GB", MONDAY + timedelta(hours=12), zone)
        assert in_words(offer, lines, "en").listed == "a: call 116 123 (22:00-06:00 daily)"


def test_the_clock_is_the_countrys_and_only_then_the_persons(directory: Directory) -> None:
    at = datetime(2026, 11, 23, 21, 30, tzinfo=UTC)
    own = with_lines(directory, line("a", hours=NIGHT), hours_zone="Europe/Berlin")
    assert lines_for(own, "GB", at, "Europe/London").lines[0].open is True
    theirs = with_lines(directory, line("a", hours=NIGHT), hours_zone=None)
    assert lines_for(theirs, "GB", at, "Europe/London").lines[0].open is False


def test_a_country_with_one_clock_needs_no_zone_of_the_person(directory: Directory) -> None:
    at = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 05:30 in Copenhagen
    for zone in (None, "America/New_York"):
        assert [each.open for each in lines_for(directory, "DK", at, zone).lines] == [False]
        assert [each.open for each in lines_for(directory, "DK", at - timedelta(hours=1), zone).lines] == [
            True
        ]


def test_portuguese_hours_are_lisbons_also_on_the_azores(directory: Directory) -> None:
    at = datetime(2026, 11, 23, 0, 15, tzinfo=UTC)  # 00:15 in Lisbon, 23:15 on the Azores
    offer = lines_for(directory, "PT", at, "Atlantic/Azores")
    voz = next(each for each in offer.lines if each.line.name == "SOS Voz Amiga")
    assert voz.open is True
    assert lines_for(directory, "PT", at + timedelta(minutes=20), "Atlantic/Azores").lines[-1].open is False


def test_what_grows_too_long_leaves_out_notes_then_chats_then_lines(directory: Directory) -> None:
    long = [line(n * 90, show={"en": "x" * 200}, chat="https://chat.example/" + n) for n in "abc"]
    words = in_words(lines_for(with_lines(directory, *long), "GB", MONDAY, None), directory, "en")
    assert words.listed is not None
    assert len(words.listed.split("\n")) == 3
    assert "xxx" not in words.listed
    longer = [line(n * 250) for n in "abc"]
    words = in_words(lines_for(with_lines(directory, *longer), "GB", MONDAY, None), directory, "en")
    assert words.listed is not None
    assert words.listed.count("116 123") == 2
    assert len(said(words)) <= MAX_CHARS


def test_another_locale_says_its_own_words(directory: Directory) -> None:
    spanish = {**directory.words["en"], "call": "llama al {number}", "or": " o ", "free": "gratis"}
    two = replace(
        with_lines(directory, line("a", free=True, show={"en": "At night.", "es": "De noche."})),
        words={"en": directory.words["en"], "es": spanish},
        languages={**directory.languages, "es": {"en": "inglés"}},
    )
    words = in_words(lines_for(two, "GB", MONDAY, None), two, "es")
    assert words.listed == "a: llama al 116 123 (24/7; gratis; inglés). De noche."
    assert words.country == "Reino Unido"
    assert words.emergency == "999 o 112"
    assert (
        in_words(lines_for(two, "GB", MONDAY, None), two, "fr").listed
        == "a: call 116 123 (24/7; free; English). At night."
    )


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("uruguay", "Uruguay"),
        ("I live in Portugal", "Portugal"),
        ("Portugal or Uruguay", None),
        ("they turned me down again in Portugal", None),
        ("", None),
    ],
)
def test_a_country_is_told_by_a_text_that_says_little_else(
    said: str, named: str | None, directory: Directory
) -> None:
    assert lines_context(directory, None, MONDAY, None, locale="en", said=said)["named"] == named


def test_texts_read_lines_by_name(directory: Directory) -> None:
    unknown = lines_context(directory, None, MONDAY, "Atlantic/Madeira", locale="en")
    assert unknown == {
        "country": None,
        "emergency": "112 or 911",
        "listed": None,
        "finder": "findahelpline.com",
        "all_closed": False,
        "suggested": "Portugal",
        "named": None,
    }
    uruguay = lines_context(directory, "UY", MONDAY, None, locale="en")
    assert uruguay["country"] == "Uruguay"
    assert uruguay["suggested"] is None
    # Marks of a number are not marks of the text.
    text = Template("{{ lines.listed }}").render({"lines": uruguay})
    assert "call 0800 0767 or *0767 (" in text.plain
    assert text.spans == ()


# -- hours ----------------------------------------------------------------------------------------------------

OPEN = {
    "always": ("24/7", "Mon 00:00", True),
    "from": ("08:00-20:00 daily", "Sun 08:00", True),
    "before": ("08:00-20:00 daily", "Sun 07:59", False),
    "until": ("08:00-20:00 daily", "Sun 20:00", False),
    "over-midnight": ("15:00-03:00 daily", "Tue 02:59", True),
    "over-midnight-into-monday": ("15:00-03:00 daily", "Mon 02:59", True),
    "after-midnight": ("15:00-03:00 daily", "Mon 03:00", False),
    "to-midnight": ("Sun-Thu 16:00-24:00, Sat 18:00-24:00", "Sun 23:59", True),
    "a-day-off": ("Sun-Thu 16:00-24:00, Sat 18:00-24:00", "Fri 17:00", False),
    "a-day-later": ("Sun-Thu 16:00-24:00, Sat 18:00-24:00", "Sat 17:00", False),
    "longer-on-two-days": ("Sun-Thu 11:00-23:00, Fri-Sat 11:00-03:00", "Sun 02:00", True),
    "and-not-on-the-next": ("Sun-Thu 11:00-23:00, Fri-Sat 11:00-03:00", "Mon 02:00", False),
    "two-spans": ("Wed 13:00-16:00 and 17:00-21:00", "Wed 16:30", False),
    "the-second-span": ("Wed 13:00-16:00 and 17:00-21:00", "Wed 17:00", True),
}


@pytest.mark.parametrize(("written", "when", "expected"), OPEN.values(), ids=OPEN)
def test_hours_that_are_written_exactly_are_reckoned_with(written: str, when: str, expected: bool) -> None:
    day, clock = when.split(" ")
    local = datetime.strptime(clock, "%H:%M").replace(tzinfo=UTC)
    local = datetime.combine(
        MONDAY.date() + timedelta(days="Mon Tue Wed Thu Fri Sat Sun".split().index(day)), local.time(), UTC
    )
    assert read_hours(written).open_at(local) is expected


@pytest.mark.parametrize(
    "written",
    [
        "unknown", "24/7 as listed", "24/7 except Eid, as listed", "at least 09:00-24:00 daily", "24 hours", "",
        "only Friday to Sunday nights", "Mon-Tue 11:00-15:00 (as listed)", "25:00-26:00 daily", "09:00-17:75 daily",
        "Mon-Foo 09:00-17:00", "09:00-17:00", "about 09:00-23:00 daily",
    ],
)  # fmt: skip
def test_any_other_hours_stay_words(written: str, directory: Directory) -> None:
    assert read_hours(written).spans is None
    lines = with_lines(directory, line("a", hours=read_hours(written)))
    assert all(
        lines_for(lines, "GB", MONDAY + timedelta(hours=hour), None).lines[0].open is None
        for hour in range(168)
    )


# -- countries ------------------------------------------------------------------------------------------------

NAMED = {
    "I'm in Portugal": "PT",
    "uk": "GB",
    "UK": "GB",
    "in the uk now": "GB",
    "USA": "US",
    "u.s.a.": "US",
    "us": "US",
    "I live in the US": "US",
    "they rejected us": None,
    "THEY REJECTED US": None,
    "Deutschland": "DE",
    "scotland": "GB",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "GB",
    "🇵🇹": "PT",
    "🇵🇹 or 🇪🇸": None,
    "🇮🇸": None,
    "northern ireland": "GB",
    "ireland": "IE",
    "New South Wales": "AU",
    "british columbia, canada": "CA",
    "New Mexico": "US",
    "south korea": "KR",
    "north korea": None,
    "한국에 살아요": "KR",
    "日本です": "JP",
    "estoy en España": "ES",
    "espana": "ES",
    "EE.UU.": "US",
    "Côte d'Azur, France": "FR",
    "österreich": "AT",
    "Osterreich": "AT",
    "Ich komme aus Deutschland": "DE",
    "from Germany, living in Spain": None,
    "Papua New Guinea": None,
    "Niger": None,
    "मैं भारत में हूँ": "IN",
    "Україна": "UA",
    "no": None,
    "it": None,
    "": None,
    "a" * 20_000: None,
}


@pytest.mark.parametrize(("text", "code"), NAMED.items(), ids=[text[:20] for text in NAMED])
def test_a_country_is_taken_from_a_persons_words(text: str, code: str | None, directory: Directory) -> None:
    assert country_in(directory, text) == code


@pytest.mark.parametrize("code", RAW["names"])
def test_every_name_of_a_country_means_it(code: str, directory: Directory) -> None:
    forms = RAW["names"][code]
    for name in (forms["en"], forms["es"], *forms["also"]):
        assert country_in(directory, name) == code, name


ZONES = {
    "Europe/Lisbon": "PT",
    "Atlantic/Azores": "PT",
    "Asia/Calcutta": "IN",
    "US/Eastern": "US",
    "Europe/Amsterdam": "NL",
    "Atlantic/Reykjavik": "IS",
    "UTC": None,
    "Etc/GMT+3": None,
    "Nowhere": None,
    None: None,
}


@pytest.mark.parametrize(("zone", "code"), ZONES.items(), ids=map(str, ZONES))
def test_a_zone_suggests_its_country(zone: str | None, code: str | None, directory: Directory) -> None:
    assert suggested_country(directory, zone) == code


def test_a_zone_is_never_taken_for_the_country(directory: Directory) -> None:
    assert lines_for(directory, None, MONDAY, "Europe/Lisbon").country is None


def test_hours_caveats_and_regions_are_told_in_the_language(directory: Directory) -> None:
    uk = in_words(lines_for(directory, "GB", MONDAY, None), directory, "es")
    assert "Samaritans: llama al 116 123 (24/7; gratis; inglés)" in str(uk.listed)
    assert "Inglaterra; parecido en Escocia y Gales; no en Irlanda del Norte" in str(uk.listed)
    luxembourg = in_words(lines_for(directory, "LU", MONDAY + timedelta(hours=20), None), directory, "es")
    assert "dom-jue 11:00-23:00, vie-sáb 11:00-03:00" in str(luxembourg.listed)
    assert str(luxembourg.listed).endswith("Fuera de ese horario, llama al 112.")
    assert luxembourg.emergency == "112 ambulancia y bomberos, 113 policía"
