"""What is wrong with the content: coded findings with their place and remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_MAX_CHARS = 2_500


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Code(StrEnum):
    """Stable codes; `docs/diagnostics.md` has an entry for each."""

    YAML = "ON001"
    DUPLICATE_KEY = "ON002"
    SHAPE = "ON003"
    NO_CONTENT = "ON004"
    FLOW_NAME = "ON005"
    BAD_LANDING = "ON006"
    UNPUBLISHED = "ON007"
    UNKNOWN_TARGET = "ON010"
    NO_WAY_ON = "ON011"
    UNREACHABLE = "ON012"
    ENDLESS = "ON013"
    MISSING_ENGINE_STEP = "ON014"
    ENGINE_LINE_ASKS = "ON015"
    NO_WAY_OUT = "ON016"
    MUST_DIGRESS = "ON017"
    NO_ALARM = "ON018"
    STEP_GONE = "ON019"
    UNKNOWN_SAVE = "ON020"
    WRONG_TYPE = "ON021"
    UNKNOWN_NAME = "ON022"
    BAD_TEXT = "ON023"
    MAY_BE_MISSING = "ON024"
    UNKNOWN_INTENT = "ON025"
    TAKEN = "ON026"
    UNKNOWN_ADVICE = "ON027"
    UNKNOWN_TOPIC = "ON028"
    WORDS_IN_CONDITION = "ON029"
    TOO_LONG = "ON030"
    LABEL_TOO_LONG = "ON031"
    TOO_MANY_BUBBLES = "ON032"
    TWO_QUESTIONS = "ON033"
    HARD_TO_READ = "ON034"
    NO_BUTTONS = "ON035"
    TURN_TOO_LONG = "ON036"
    GUESS_UNASKED = "ON037"
    BANNED_PHRASE = "ON040"
    ADVICE_LOST = "ON041"
    PRAISE = "ON042"
    EXCLAIMS = "ON043"
    NO_LANDING = "ON044"
    STAGE_EXITS = "ON045"
    EXERCISE_FORGOTTEN = "ON046"
    UNDERSTANDING = "ON050"
    LETTER_FOLDER = "ON080"
    LETTER_LIMIT = "ON081"
    LETTER_READS_BADLY = "ON082"
    HELPLINE_SOURCE = "ON060"
    HELPLINE_AGE = "ON061"
    HELPLINE_NUMBER = "ON062"
    HELPLINE_VALUE = "ON063"
    HELPLINE_TWICE = "ON064"
    NO_CRISIS_LINE = "ON065"
    SAFETY_REVIEW = "ON066"
    TONGUE_MISSING = "ON070"
    TONGUE_TEXT = "ON071"
    PHRASES_UNUSED = "ON090"
    PHRASES_NO_EXAMPLE = "ON091"
    PHRASES_EXAMPLE = "ON092"
    PHRASES_NO_WORDS = "ON093"
    PHRASES_UNKNOWN = "ON094"
    UNTRANSLATED = "ON100"
    STALE_TRANSLATION = "ON101"
    NOTHING_TO_TRANSLATE = "ON102"
    PLACEHOLDERS = "ON103"
    PART_MISSING = "ON104"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Diagnostic:
    """One finding. `line` counts from 1; 0 means the file as a whole."""

    path: Path
    line: int
    code: Code
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __post_init__(self) -> None:
        for name in ("message", "remedy"):  # a whole file where a word belongs is quoted in part
            if len(words := getattr(self, name)) > _MAX_CHARS:
                object.__setattr__(self, name, words[:_MAX_CHARS] + "…")

    def __str__(self) -> str:
        line = self.line or 1  # editors know no line 0
        return f"{self.path}:{line}: {self.severity.value} {self.code.value}: {self.message} {self.remedy}"


class BrokenContent(Exception):
    """The content can't be used. `diagnostics` tells every fault found."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(map(str, diagnostics)))
