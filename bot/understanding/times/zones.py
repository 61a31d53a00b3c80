"""A person's time zone from their own words, the time on their clock, or where they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from bot.understanding.times.atlas import MAX_NAME_WORDS, Atlas, City, words_in
from bot.understanding.times.clocks import hours_of
from bot.understanding.times.grammar import PartKind, parts_of
from bot.understanding.times.lexicon import Lexicon, Words
from bot.understanding.times.symbols import symbols_of

MAX_CANDIDATES = 4
_MAX_WORDS = 30
# A smaller namesake is offered from this share of the largest one's people on (Birmingham, Alabama: 17 %;
# London, Ontario: 5 %). A city known by that name only elsewhere or earlier counts for a tenth.
_WORTH_ASKING = 0.1
_OTHER_NAME = 0.1
# Where a word need not be a place at all, only what is called so by many counts.
_SURE_PEOPLE, _SURE_CHARS = 100_000, 4
_SLIP_SCORE = 86
_SLIP_PEOPLE = 100_000
_IANA = re.compile(r"\b[A-Za-z]+(?:/[A-Za-z0-9_+-]+){1,2}|\b(?:UTC|GMT)\b(?![+-]?\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A zone, and the place it was found by: English names; None where the zone itself was named."""

    zone: str
    city: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhichPlace:
    """One to four places to ask about, the likeliest first. A single one is a guess at a misspelt name."""

    places: tuple[Place, ...]


ZoneRead = Place | WhichPlace


def read_zone(text: str, now: datetime, atlas: Atlas, lexicon: Lexicon) -> ZoneRead | None:
    """Find the zone `text` tells of: an IANA name, a city or country, or the time it says it is.

    `now` is the present (aware). None if it tells of none. Never raises, whatever the text.
    """
    text = text[:400]
    for name in _IANA.findall(text):
        if zone := atlas.zone_called(name):
            return Place(zone=zone)
    if "/" in text and (zone := atlas.zone_called(text)):
        return Place(zone=zone)
    words = words_in(text)[:_MAX_WORDS]
    for tail in _tails(words, lexicon):
        if found := _place_in(tail, atlas, lexicon):
            return found
    return _by_clock(text, now, atlas, lexicon) or _misspelt(words, atlas, lexicon)


def zone_at(latitude: float, longitude: float, atlas: Atlas) -> Place | None:
    """Return the zone of the city nearest to a shared location, in degrees."""
    city = atlas.nearest(latitude, longitude)
    return _place(city, atlas) if city else None


def places_of(read: ZoneRead | None) -> tuple[Place, ...]:
    match read:
        case Place():
            return (read,)
        case WhichPlace():
            return read.places
        case None:
            return ()
        case _:
            assert_never(read)


@dataclass(frozen=True, slots=True)
class _Tail:
    """The words that may begin with a place, and how sure it is that they do."""

    words: Words
    lead: int  # how many words lead to it ("moved to": 2); 0 when it is the whole text


def _tails(words: Words, lexicon: Lexicon) -> list[_Tail]:
    after = [
        _Tail(words[i + len(lead) :], len(lead))
        for lead in sorted(lexicon.place_leads, key=lambda w: (-len(w), w))
        for i in range(len(words) - len(lead))
        if words[i : i + len(lead)] == lead
    ]
    return [_Tail(words, 0), *after] if len(words) <= MAX_NAME_WORDS else after


def _place_in(tail: _Tail, atlas: Atlas, lexicon: Lexicon) -> ZoneRead | None:
    """The place at the beginning of the tail, with whatever country or state follows."""
    words = tail.words
    start = next((i for i, w in enumerate(words) if w not in lexicon.place_fillers), len(words))
    for begin in dict.fromkeys((0, start)):
        for length in range(min(MAX_NAME_WORDS, len(words) - begin), 0, -1):
            name = words[begin : begin + length]
            rest = tuple(w for w in words[begin + length :] if w not in lexicon.place_fillers)
            if name[0][0].isdigit() or (length == 1 and name[0] in lexicon.place_fillers):
                continue
            if found := _named(name, rest, tail.lead, atlas, lexicon):
                return found
    return None


def _named(name: Words, rest: Words, lead: int, atlas: Atlas, lexicon: Lexicon) -> ZoneRead | None:
    cities = atlas.named(name)
    wide = atlas.in_country(name, lexicon.countries.get(name))
    if wide and not (lead == 0 and rest) and not any(words_in(c.name) == name for c in cities):
        return _one_or_ask(wide, atlas)
    weighed = [(c.people * (1 if words_in(c.name) == name else _OTHER_NAME), c) for c in cities]
    inside = [w for w in weighed if rest and _lies_in(w[1], rest, atlas, lexicon)]
    if inside:
        return _chosen(inside, atlas, worth=_WORTH_ASKING)
    if (lead == 0 and rest) or lead == 1:
        # "No idea" is no city in Ghana, and "to die" none in Madagascar.
        weighed = [w for w in weighed if w[0] >= _SURE_PEOPLE and sum(map(len, name)) >= _SURE_CHARS]
    found = _chosen(weighed, atlas, worth=_WORTH_ASKING if lead or not rest else _WORTH_ASKING / 5)
    # London and something unknown may be any London.
    return WhichPlace(places=(found,)) if isinstance(found, Place) and rest and not lead else found


def _lies_in(city: City, rest: Words, atlas: Atlas, lexicon: Lexicon) -> bool:
    starts = [rest[:length] for length in range(1, 4)]
    return any(lexicon.countries.get(w) == city.country or atlas.is_in(city, w) for w in starts)


def _chosen(weighed: Sequence[tuple[float, City]], atlas: Atlas, *, worth: float) -> ZoneRead | None:
    """The largest city of each zone, leaving out those hardly anybody means."""
    by_size = sorted(weighed, key=lambda w: (-w[0], w[1].zone, w[1].name))
    largest: dict[str, City] = {}
    for weight, city in by_size:
        if weight >= worth * by_size[0][0]:
            largest.setdefault(city.zone, city)
    return _one_or_ask(largest.values(), atlas)


def _one_or_ask(cities: Iterable[City], atlas: Atlas) -> ZoneRead | None:
    places = tuple(_place(c, atlas) for c in cities)[:MAX_CANDIDATES]
    if len(places) > 1:
        return WhichPlace(places=places)
    return places[0] if places else None


def _by_clock(text: str, now: datetime, atlas: Atlas, lexicon: Lexicon) -> ZoneRead | None:
    """Zones where it is the time the text says, the one with the largest city first."""
    parts = parts_of(symbols_of(text, lexicon))
    clocks = [p for p in parts if p.kind in (PartKind.CLOCK, PartKind.BARE)]
    named = [v for p in parts if p.kind is PartKind.PART for v in p.values("R")]
    hours = hours_of(clocks[0], lexicon.parts.get(named[0]) if named else None) if clocks else None
    ahead: set[timedelta] = set()
    utc = now.astimezone(UTC)
    for hour in hours or ():
        minutes = hour.at.hour * 60 + hour.at.minute - utc.hour * 60 - utc.minute
        # Clocks differ a little, offsets come in quarters; UTC-12 to UTC+14 overlap by two hours.
        quarter = round(minutes / 15) * 15 % (24 * 60)
        ahead |= {timedelta(minutes=quarter), timedelta(minutes=quarter - 24 * 60)}
    cities = atlas.largest_of_zones if ahead else ()
    return _one_or_ask((c for c in cities if _offset(atlas.zones[c.zone], now) in ahead), atlas)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _misspelt(words: Words, atlas: Atlas, lexicon: Lexicon) -> WhichPlace | None:
    tails = _tails(words, lexicon)
    said = " ".join(w for w in (tails[-1].words if tails else ()) if w not in lexicon.place_fillers)
    if not 5 <= len(said) <= 40:
        return None
    names = {i: " ".join(words_in(c.name)) for i, c in enumerate(atlas.cities) if c.people >= _SLIP_PEOPLE}
    found = process.extract(said, names, scorer=fuzz.ratio, score_cutoff=_SLIP_SCORE, limit=MAX_CANDIDATES)
    cities = {atlas.cities[i].zone: atlas.cities[i] for _, _, i in reversed(found)}
    best = sorted(cities.values(), key=lambda c: (-fuzz.ratio(said, " ".join(words_in(c.name))), -c.people))
    return WhichPlace(places=tuple(_place(c, atlas) for c in best)) if best else None


def _place(city: City, atlas: Atlas) -> Place:
    return Place(
        zone=city.zone,
        city=city.name,
        region=atlas.region_name(city),
        country=atlas.country_name(city.country),
    )
