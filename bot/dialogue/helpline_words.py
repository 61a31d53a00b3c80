"""How lines with people read: numbers, hours and caveats in a locale's words. The patterns are content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.countries import only_country_in, suggested_country
from bot.dialogue.flow import DEFAULT_LOCALE
from bot.dialogue.helplines import MAX_LINES, Directory, Line, Offer, Offered, lines_for

MAX_CHARS = 600  # of everything `in_words` returns together
UNKNOWN_HOURS = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class InWords:
    """An offer as plain text, to print. `listed` is one line of text a service, None when there is none."""

    country: str | None
    emergency: str
    listed: str | None
    finder: str
    all_closed: bool


def in_words(offer: Offer, directory: Directory, locale: str) -> InWords:
    """Write an offer in a locale's words, or in English; too long, it leaves out details, then lines."""
    say = directory.words.get(locale) or directory.words[DEFAULT_LOCALE]
    entry = offer.country
    name = _local(directory.shown_as.get(entry.code, {}), locale) if entry else None
    emergency = (_local(entry.emergency_show, locale) if entry else None) or say["or"].join(offer.emergency)
    room = MAX_CHARS - len(emergency) - len(offer.finder) - len(name or "")
    listed = ""
    for lines, fully in [(offer.lines, True)] + [(offer.lines[:n], False) for n in range(MAX_LINES, 0, -1)]:
        listed = "\n".join(_line(each, directory, locale, say, fully=fully) for each in lines)
        if len(listed) <= room:
            break
    return InWords(
        country=name,
        emergency=emergency,
        listed=listed or None,
        finder=offer.finder,
        all_closed=offer.all_closed,
    )


def lines_context(
    directory: Directory,
    country: str | None,
    at: datetime,
    zone: str | None,
    *,
    locale: str,
    said: str = "",
) -> dict[str, object]:
    """Return what texts read as `lines.…`. `suggested` is the country the zone lies in, to be asked about.

    `named` is the country that what was just `said` names, where it says little else.
    """
    words = in_words(lines_for(directory, country, at, zone), directory, locale)
    suggested = directory.shown_as.get(suggested_country(directory, zone) or "", {})
    named = directory.shown_as.get(only_country_in(directory, said) or "", {})
    return {
        "country": words.country,
        "emergency": words.emergency,
        "listed": words.listed,
        "finder": words.finder,
        "all_closed": words.all_closed,
        "suggested": _local(suggested, locale),
        "named": _local(named, locale),
    }


def _line(each: Offered, directory: Directory, locale: str, say: Mapping[str, str], *, fully: bool) -> str:
    line, comma = each.line, say["comma"]
    written = say["line"].format(
        name=line.name,
        ways=comma.join(_ways(line, say, fully=fully)),
        details=say["end"].join(_details(each, directory, locale, say)),
    )
    note = _local(line.show, locale)
    return say["line_note"].format(line=written, note=note) if note and fully else written


def _ways(line: Line, say: Mapping[str, str], *, fully: bool) -> Iterable[str]:
    if line.call:
        numbers = say["or"].join((line.call, *line.call_alt))
        number = say["menu"].format(number=numbers, menu=line.menu) if line.menu else numbers
        yield say["call"].format(number=number)
    if line.text and line.keyword:
        yield say["keyword"].format(number=line.text, keyword=line.keyword)
    elif line.text:
        yield say["text"].format(number=line.text)
    if line.whatsapp:
        yield say["whatsapp"].format(number=line.whatsapp)
    if line.chat and (fully or not line.call):
        yield say["chat"].format(address=line.chat)


def _details(each: Offered, directory: Directory, locale: str, say: Mapping[str, str]) -> Iterable[str]:
    line = each.line
    hours = hours_in(line.hours.written, directory.in_hours.get(locale, {}))
    if line.hours.written == UNKNOWN_HOURS:
        yield say["unknown"]
    elif each.open is None or line.hours.always:
        yield say["hours"].format(hours=hours)
    else:
        yield say["open" if each.open else "closed"].format(hours=hours)
    if line.free is not None:
        yield say["free" if line.free else "charged"]
    if region := _local(line.region, locale):
        yield region
    if line.languages != (locale,):
        names = directory.languages.get(locale) or directory.languages[DEFAULT_LOCALE]
        yield say["comma"].join(names[code] for code in line.languages)


def hours_in(written: str, words: Mapping[str, str]) -> str:
    """Return hours with every word that a locale has another for put into it, the longest first."""
    if not words:
        return written
    known = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(rf"\b(?:{known})\b", lambda found: words[found[0]], written)


def _local(texts: Mapping[str, str], locale: str) -> str | None:
    return texts.get(locale) or texts.get(DEFAULT_LOCALE)
