"""What is weighed with in each language, read from content/weighing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.understanding.choosing import NAMES, Choosing, read_choosing
from bot.understanding.faults import Faults
from bot.understanding.gauging import GAUGE, Gauge, read_gauge
from bot.understanding.guessing import WISHES, Guesses, read_guesses
from bot.understanding.linear import Linear
from bot.understanding.message_names import MESSAGES, MessageNames, read_message_names
from bot.understanding.stages import STAGES, read_stages
from bot.understanding.weighing import FITTED, Scales, read_scales

SOURCE_LOCALE = "en"


@dataclass(frozen=True, slots=True)
class Weighing:
    """Mails are weighed in the source locale alone: in others they go by the table of phrases."""

    scales: Scales | None = None
    choosing: Choosing | None = None  # the names in mails
    gauges: Mapping[str, Gauge] = field(default_factory=dict)
    guesses: Mapping[str, Guesses] = field(default_factory=dict)
    stages: Mapping[str, Linear] = field(default_factory=dict)
    naming: Mapping[str, MessageNames] = field(default_factory=dict)  # the names in messages


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
        guesses={
            locale: read_guesses(
                locale + WISHES, weighing.get(locale + WISHES, {}), weighing[locale + WISHES + FITTED], faults
            )
            for locale in locales
            if locale + WISHES + FITTED in weighing
        },
        stages={
            locale: read_stages(locale + STAGES, weighing[locale + STAGES + FITTED], faults)
            for locale in locales
            if locale + STAGES + FITTED in weighing
        },
        naming={
            locale: read_message_names(locale + MESSAGES, weighing[locale + MESSAGES + FITTED], faults)
            for locale in locales
            if locale + MESSAGES + FITTED in weighing
        },
    )


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
