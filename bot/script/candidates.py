"""The values worth trying for a name that texts and conditions read: there and missing, of every kind it can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.dialogue.context import COUNTED
from bot.dialogue.exercises import Exercise
from bot.dialogue.letters import ASKED_FOR
from bot.dialogue.patterns import Place
from bot.dialogue.reading import Concern, Feeling, Intent, Risk, Stage, Temper
from bot.dialogue.targets import TARGETS, OneOf, SeveralOf, WholeNumber

Values = Sequence[object]
ANYTHING: Values = (None, "some words", 5)


def candidates(name: str, types: Mapping[str, str]) -> Values:
    """Return what `name` can be; `types` are those of the flows' variables."""
    if name == "place":
        return (None, "this place")
    if name in TARGETS:
        return _of_target(name)
    if name in types:
        return _of_type(types[name])
    return _GIVEN.get(name, (None, "some words"))


def _of_target(name: str) -> Values:
    match TARGETS[name].holds:
        case OneOf(values=values):
            return (None, *sorted(values))
        case SeveralOf(values=values):
            return (None, *((value,) for value in sorted(values)))
        case WholeNumber(low=low, high=high):
            return (None, low, 3, min(high, 10))
        case _:
            return (None, "some words")


def _of_type(kind: str) -> Values:
    fixed: Mapping[str, Values] = {
        "text": (None, "some words"),
        "texts": (None, ("some", "words")),
        "flag": (None, True),
        "number": (None, 0, 3),
    }
    return fixed.get(kind, (None, *kind.split("|")))


_COUNTS: Values = (0, 1, 3)
_GIVEN: Mapping[str, Values] = {
    "heard.feelings": ((), *((feeling.value,) for feeling in Feeling)),
    "heard.count": (None, 40),
    "heard.outcome": (None, "rejected", "ghosted", "withdrawn", "laid_off", "invited", "offered"),
    "heard.stage": (None, "application", "final"),
    "heard.pasted": (False, True),
    "heard.company": (None, "some words"),
    "heard.phrases": ((), ("wishes",)),
    "heard.mail": (None, "0123456789abcdef"),
    "heard.risk": tuple(Risk),
    "heard.about": ("self", "other", "past", "news"),
    "heard.concern": (None, *Concern),
    "heard.temper": (None, *Temper),
    "heard.intent": tuple(Intent),
    "heard.topics": ((), ("something",)),
    "heard.ordinary": (False, True),
    "heard.text": ("", "some words"),
    "heard.deed": ("", "some words"),
    "heard.when": (None, "tomorrow at 10"),
    "facts.first_time": (False, True),
    "local.night": (None, False, True),
    "seen.distress": (False, True),
    "seen.asks": (0, 3, 12),
    "seen.guess": (None, *Intent),
    "quiet.from": ("21:00",),
    "quiet.until": ("08:00",),
    "setting.status": (None, "taken", "none"),
    "danger.times": (0, 1, 2, 3),
    **{f"danger.{name}": (False, True) for name in ("unsafe", "today", "recent", "ever", "open", "look_in")},
    "danger.follow_up": (False, True),
    "danger.last_follow_up": (False, True),
    "drafted.gap": (None, *ASKED_FOR),
    "drafted.problem": (None, "too_long", "no_address"),
    "drafted.wordings": (None, False, True),
    "drafted.note": (None, False, True),
    "drafted.left_out": (None, False, True),
    "language.now": ("English",),
    "language.names": ("English, Español",),
    "language.several": (False, True),
    "language.asked": (None, "this", "another"),
    "lines.emergency": ("112 or 911",),
    "lines.finder": ("findahelpline.com",),
    "lines.all_closed": (False, True),
    "facts.recent_exercises": ((), tuple(Exercise)),
    "facts.often": (None, *Exercise),
    "facts.again": (None, *Exercise),
    "facts.preferred": (None, *Exercise),
    "facts.pattern": (None, *Place),
    "pattern.place": (None, *Place),
    "progress.stop": (None, *Stage),
    "listed.shown": ("1. some words",),
    "listed.older": (False, True),
    "listed.newer": (False, True),
    "entry.day": (None, "3 March"),
} | dict.fromkeys(COUNTED, _COUNTS)
