"""What is weighed with in each language, read from content/weighing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from bot.understanding.choosing import NAMES, Choosing, read_choosing
from bot.understanding.faults import Faults
from bot.understanding.gauging import GAUGE, Gauge, read_gauge
from bot.understanding.guessing import WISHES, Guesses, read_guesses
from bot.understanding.linear import Linear
from bot.understanding.stages import STAGES, read_stages
from bot.understanding.weighing import FITTED, Scales, read_scales

SOURCE_LOCALE = "en"

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Weighing:
    """Mails are weighed in the source locale alone: in others they go by the table of phrases."""

    scales: Scales | None = None
    choosing: Choosing | None = None  # the names in mails
    gauges: Mapping[str, Gauge] = field(default_factory=dict)
    guesses: Mapping[str, Guesses] = field(default_factory=dict)
    stages: Mapping[str, Linear] = field(default_factory=dict)


def read_weighing(locales: Iterable[str], weighing: Mapping[str, object], faults: Faults) -> Weighing:
    """Read what is weighed by, in those of the locales that have it."""
    locales = tuple(locales)
    return Weighing(
        scales=_scales(weighing, faults),
        choosing=_choosing(weighing, faults),
        gauges={
            locale: read_gauge(
                locale, weighing[locale + GAUGE], weighing.get(locale + GAUGE + FITTED, {}), faults
            )
            for locale in locales
            if locale + GAUGE in weighing
        },
        guesses=_fitted(locales, WISHES, weighing, read_guesses, faults),
        stages=_fitted(locales, STAGES, weighing, read_stages, faults),
    )


def _fitted(
    locales: Iterable[str],
    ending: str,
    weighing: Mapping[str, object],
    read: Callable[[str, object, Faults], _Read],
    faults: Faults,
) -> dict[str, _Read]:
    """What needs nothing but what was fitted, by locale."""
    return {
        locale: read(locale + ending, weighing[locale + ending + FITTED], faults)
        for locale in locales
        if locale + ending + FITTED in weighing
    }


def _scales(weighing: Mapping[str, object], faults: Faults) -> Scales | None:
    if SOURCE_LOCALE not in weighing:
        return None
    fitted = weighing.get(SOURCE_LOCALE + FITTED, {})
    return read_scales(SOURCE_LOCALE, weighing[SOURCE_LOCALE], fitted, faults)


def _choosing(weighing: Mapping[str, object], faults: Faults) -> Choosing | None:
    name = SOURCE_LOCALE + NAMES
    if name not in weighing:
        return None
    return read_choosing(SOURCE_LOCALE, weighing[name], weighing.get(name + FITTED, {}), faults)
