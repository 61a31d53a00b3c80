"""The script: the compiled content, as values. Made by `bot.script`, walked by the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.dialogue.danger import Danger
from bot.dialogue.effects import Value
from bot.dialogue.helplines import Directory
from bot.dialogue.languages import Language, offered
from bot.dialogue.letters import LetterWords
from bot.dialogue.proposals import Readers
from bot.dialogue.reading import Intent
from bot.dialogue.render import Condition, Template
from bot.dialogue.reviews import Reviews
from bot.dialogue.tongues import Tongue

DEFAULT_LOCALE = "en"
# The keys of the promises that follow danger.
LOOK_IN, NEXT_DAY, DAY_SEVEN = "safety.look_in", "safety.next_day", "safety.day_seven"


class Special(StrEnum):
    """Targets that name no step."""

    END = "@end"
    RETURN = "@return"
    ROUTE = "@route"
    GUESSED = "@guessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """`to` is "flow/step" or a `Special`."""

    to: str
    when: Condition | None = None


Go = tuple[Branch, ...]
ByLocale = Mapping[str, tuple[Template, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    key: str
    variants: ByLocale
    when: Condition | None = None
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing said: the first of `cases` that holds, in the variant heard longest ago.

    With `explains`, that many of the phrases found in a pasted letter are explained instead.
    """

    key: str
    cases: tuple[Case, ...]
    when: Condition | None = None
    joined: bool = False
    explains: int = 0
    advice: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The step that says it."""
        flow, step, *_ = self.key.split("/")
        return f"{flow}/{step}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """`also` and `intents` are other ways to give this answer in words; `value` is saved instead of the key."""

    key: str
    label: ByLocale
    go: Go
    when: Condition | None = None
    also: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    value: ByLocale = field(default_factory=dict)
    sets: Mapping[str, Value] = field(default_factory=dict)


class TextAsk(StrEnum):
    NONE = "none"
    ONE = "one"
    MANY = "many"


class Reads(StrEnum):
    TIME = "time"
    ZONE = "zone"
    COUNTRY = "country"
    DAY = "day"  # one that has been
    NAME = "name"  # of somebody or something: what wants anything else is no answer


class Picks(StrEnum):
    """What there can be a button for, each."""

    CHECK_INS = "check-ins"
    REJECTIONS = "rejections"
    WINS = "wins"
    LESSONS = "lessons"
    JOURNAL = "journal"
    PLANS = "plans"
    LETTERS = "letters"
    LANGUAGES = "languages"


class Page(StrEnum):
    """Where to turn to in a list of what is kept."""

    FIRST = "first"
    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question. `done` ends one that takes several answers; `skip` is always a way out.

    `reads` says what a text is understood as; `picks` that there is a button for each of something;
    `plainly` that a yes has to be said: an "ok" is none.
    """

    choices: tuple[Choice, ...] = ()
    text: TextAsk = TextAsk.NONE
    typed: Go = ()
    several: bool = False
    scale: bool = False
    done: Choice | None = None
    skip: Go = ()
    reads: Reads | None = None
    picks: Picks | None = None
    plainly: bool = False

    @property
    def listens(self) -> bool:
        return self.text is TextAsk.MANY


class Deed(StrEnum):
    """What a step can do besides talking."""

    STOP_MESSAGES = "stop-messages"
    WITHDRAW_UNSENT = "withdraw-unsent"
    ERASE_EVERYTHING = "erase-everything"
    TAKE_ZONE = "take-zone"
    TAKE_SUGGESTED_COUNTRY = "take-suggested-country"
    FEWER = "fewer"
    SEND_CALENDAR = "send-calendar"
    SEND_EXPORT = "send-export"
    READ_TIME = "read-time"
    READ_ZONE = "read-zone"
    READ_MAIL = "read-mail"
    READ_NAME = "read-name"
    READ_CONTACT = "read-contact"
    READ_QUIET = "read-quiet"
    READ_COUNTRY = "read-country"
    TAKE_QUIET = "take-quiet"
    REMOVE_OPENED = "remove-opened"
    SUM_UP = "sum-up"
    SEND_CHART = "send-chart"
    NAME_PATTERN = "name-pattern"
    RETURN_LINE = "return-line"
    TAKE_FIELD = "take-field"
    LEAVE_OUT = "leave-out"
    LEAVE_ALL_OUT = "leave-all-out"
    REWORD = "reword"
    SEND_LETTER = "send-letter"
    REOPEN_SENT = "reopen-sent"
    TAKE_LANGUAGE = "take-language"


class Promise(StrEnum):
    """What a step can schedule."""

    SERIES = "series"
    PLAN = "plan"
    REMINDER = "reminder"
    REGULAR = "regular"
    TIME_BOX = "time-box"
    LETTER = "letter"
    LETTER_TOMORROW = "letter-tomorrow"
    WRITE_5 = "write-5"
    WRITE_10 = "write-10"
    WRITE_15 = "write-15"
    FOLLOW_UP = "follow-up"


class Snooze(StrEnum):
    LATER = "later"
    TOMORROW = "tomorrow"
    PROPOSAL = "proposal"


class Cancel(StrEnum):
    THIS = "this"
    PICKED = "picked"
    SERIES = "series"
    REGULAR = "regular"
    REMINDERS = "reminders"
    TIMED_WRITE = "timed-write"
    LOOK_IN = "look-in"
    FOLLOW_UP = "follow-up"
    LETTER = "letter"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    place: str
    say: tuple[Line, ...] = ()
    again: tuple[Line, ...] = ()
    ask: Ask | None = None
    go: Go = ()
    save: str | None = None
    keep_as: str | None = None
    begin: str | None = None
    sets: Mapping[str, Value] = field(default_factory=dict)
    saves: Mapping[str, str] = field(default_factory=dict)
    forget: tuple[str, ...] = ()
    do: tuple[Deed, ...] = ()
    schedule: Promise | None = None
    snooze: Snooze | None = None
    moves_picked: bool = False
    lists: Picks | None = None
    page: Page | None = None
    amend: str | None = None
    cancel: tuple[Cancel, ...] = ()
    on_alarm: str | None = None
    danger: Danger | None = None
    shows_letter: bool = False  # the question stands under the letter, in one message that is edited
    advice: tuple[str, ...] = ()
    offers: bool = False  # it only asks whether to: nobody has got there who stands here

    @property
    def flow(self) -> str:
        return self.place.partition("/")[0]

    @property
    def name(self) -> str:
        return self.place.partition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    id: str
    first: str
    digression: bool = False
    stage: str | None = None
    title: ByLocale = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    intents: tuple[Intent, ...] = ()
    menu: Mapping[str, ByLocale] = field(default_factory=dict)
    labels: Mapping[str, ByLocale] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What is said of the phrases of employers' letters, by family; `quoted` is how a letter's own words are shown."""

    families: Mapping[str, ByLocale]
    quoted: ByLocale


@dataclass(
    frozen=True, slots=True, kw_only=True, repr=False
)  # written out, it would fill a failing test's memory
class Script:
    """All flows and steps. `blank` holds every variable a text may name, empty; `variables` their types.

    `words` are whole texts that lead somewhere as a command does, as `answers.plain` writes them. `was` tells what
    steps and flows of earlier versions are called now, `instead_of` the step that took over from what is gone.
    """

    flows: Mapping[str, Flow]
    steps: Mapping[str, Step]
    commands: Mapping[str, str]
    intents: Mapping[Intent, str]
    words: Mapping[str, str]
    blank: Mapping[str, Mapping[str, Value]]
    variables: Mapping[str, str]
    languages: Mapping[str, Language] = field(default_factory=dict)
    set_words: Mapping[str, ByLocale] = field(default_factory=dict)  # words that steps set, by their English
    was: Mapping[str, str] = field(default_factory=dict)
    instead_of: Mapping[str, str] = field(default_factory=dict)
    readers: Readers | None = None
    helplines: Directory | None = None
    reviews: Reviews = field(default_factory=Reviews)
    tongues: Mapping[str, Tongue] = field(default_factory=dict)
    phrases: Phrases | None = None
    letters: Mapping[str, LetterWords] = field(default_factory=dict)

    @property
    def lists(self) -> frozenset[str]:
        """Return the flows that list what is kept."""
        return frozenset(step.flow for step in self.steps.values() if step.lists is not None)

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages people can have, the script's own first."""
        return tuple(language.locale for language in offered(self.languages)) or (DEFAULT_LOCALE,)


def in_locale(texts: ByLocale, locale: str) -> tuple[Template, ...]:
    """Return the texts in `locale`, or in English where it has none."""
    return texts.get(locale) or texts.get(DEFAULT_LOCALE, ())


def space_of(flow: str) -> str:
    """Return the namespace of a flow's own variables."""
    return flow.replace("-", "_")
