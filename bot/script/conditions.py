"""When a piece of advice may be given: the catalogue's conditions, as sentences and as tests of what was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.dialogue.effects import Value
from bot.dialogue.reading import Feeling, Outcome, Stage

ANY_TIME = "at any time"
MANY = 5  # noes by their own count
SEVERAL = 3  # noes on record
_DOUBTS = frozenset({"unsure", "poor"})  # the keys of the answers that voice doubt
_MET = frozenset({Stage.SCREEN, Stage.INTERVIEW, Stage.FINAL, Stage.OFFER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a conversation holds as a piece is given: its variables, the answers' keys, the noes on record."""

    known: Mapping[str, Value]
    keys: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    noes: int = 0

    @property
    def stage(self) -> Value:
        return self.known.get("rejection.stage")

    @property
    def outcome(self) -> Value:
        return self.known.get("rejection.outcome")

    @property
    def unfair(self) -> bool:
        return bool(self.known.get("acknowledge.unfair"))

    def felt(self, feeling: Feeling) -> bool:
        feelings = self.known.get("rejection.feelings")
        return isinstance(feelings, tuple) and feeling in feelings

    def chose(self, *keys: str) -> bool:
        return bool(set(keys) & set(self.keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a piece may be given, in words for the page, and whether it may be here."""

    when: str
    holds: Callable[[Told], bool]


def _early(told: Told) -> bool:
    return told.stage in (Stage.APPLICATION, Stage.SCREEN)


def _run_of_noes(told: Told) -> bool:
    count = told.known.get("rejection.count")
    return isinstance(count, int) and count >= MANY


def _old_noes(told: Told) -> bool:
    return _run_of_noes(told) or told.noes >= SEVERAL


def _in_the_room(told: Told) -> bool:
    return not told.unfair and (
        told.stage in (Stage.INTERVIEW, Stage.FINAL) or told.known.get("rejection.kind") == "promotion"
    )


def _voiced_doubt(told: Told) -> bool:
    return told.felt(Feeling.RELIEF) or bool(_DOUBTS & set(told.keys))


def _money(told: Told) -> bool:
    lost = (
        told.outcome in (Outcome.LAID_OFF, Outcome.WITHDRAWN) or told.known.get("rejection.kind") == "layoff"
    )
    return lost or told.chose("money", "reference")


# A piece without an entry may be given at any time. Each entry is one the catalogue names, or follows from its "never".
CONDITIONS: Mapping[str, Condition] = {
    "happens-to-everyone": Condition(when="after an application or a first call", holds=_early),
    "not-personal": Condition(when="never where bias was reported", holds=lambda told: not told.unfair),
    "slump-is-normal": Condition(when="after five noes and more, by their own count", holds=_run_of_noes),
    "stay-present": Condition(when="where there are older noes", holds=_old_noes),
    "own-your-part": Condition(
        when="never after an employer's silence",
        holds=lambda told: told.outcome != Outcome.GHOSTED,
    ),
    "employers-view": Condition(
        when="after interviews, a last round or a promotion; never where bias was reported",
        holds=_in_the_room,
    ),
    "maybe-not-the-fit": Condition(when="only after they voice doubt or relief", holds=_voiced_doubt),
    "repeated-stage": Condition(
        when="when three of the last five stop at one place (applications: after fifteen)",
        holds=lambda told: told.known.get("pattern.place") is not None,
    ),
    "interview-is-a-win": Condition(when="after somebody met them", holds=lambda told: told.stage in _MET),
    "practice-is-a-win": Condition(
        when="after somebody met them, or a task",
        holds=lambda told: told.stage in _MET or told.stage == Stage.ASSESSMENT,
    ),
    "clarity-is-a-win": Condition(when="where there is relief", holds=lambda told: told.felt(Feeling.RELIEF)),
    "stretch-yourself": Condition(when="not in anger", holds=lambda told: not told.felt(Feeling.ANGER)),
    "money-first": Condition(when="after a layoff or an offer taken back, or when asked for", holds=_money),
    "watch-the-slide": Condition(
        when="when they say they've been low for weeks, or numbers stay low",
        holds=lambda told: told.chose("slide", "doctor"),
    ),
    "unfair-treatment": Condition(
        when="where bias was reported, an offer was taken back, or when asked for",
        holds=lambda told: (
            told.unfair
            or told.outcome == Outcome.WITHDRAWN
            or told.chose("unfair", "facts", "legal", "softer", "offer")
        ),
    ),
}
