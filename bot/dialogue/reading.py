"""What was understood from one text. Made by `bot.understanding`, used by the engine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Risk(StrEnum):
    """How much danger a text speaks of; `CHECK` and `CRISIS` open the safety flow."""

    NONE = "none"
    DISTRESS = "distress"
    CHECK = "check"
    CRISIS = "crisis"

    @property
    def alarms(self) -> bool:
        return self in (Risk.CHECK, Risk.CRISIS)


class About(StrEnum):
    """Whom the danger concerns; meaningful only when the risk is not `NONE`."""

    SELF = "self"
    OTHER = "other"
    PAST = "past"
    NEWS = "news"


class Concern(StrEnum):
    """Which answer of the safety flow a danger calls for; `None` where the usual one fits."""

    ALREADY_DONE = "already_done"
    PAST_ATTEMPT = "past_attempt"
    BEREAVED = "bereaved"
    SOMEONE_ELSE = "someone_else"
    SELF_HARM = "self_harm"
    THREAT = "threat"
    ABUSE = "abuse"


class Intent(StrEnum):
    """What a text wants. The first group is what `onward understand` reports."""

    REJECTION = "rejection"
    VENT = "vent"
    FEEDBACK_EMAIL = "feedback_email"
    CHECKIN = "checkin"
    WIN = "win"
    PROGRESS = "progress"
    GOOD_NEWS = "good_news"
    HUMAN = "human"
    HELP = "help"
    PRIVACY = "privacy"
    SETTINGS = "settings"
    EXPORT = "export"
    DELETE = "delete"
    STOP = "stop"
    BACK = "back"
    CANCEL = "cancel"
    RESTART = "restart"
    OTHER = "other"

    # Moves inside a conversation; reported as `other` outside.
    SKIP = "skip"
    REPEAT = "repeat"
    PAUSE = "pause"
    RESUME = "resume"
    DONE = "done"
    YES = "yes"
    OK = "ok"  # agrees to what is proposed; to a plain question it is no yes
    NO = "no"
    CORRECTION = "correction"
    THANKS = "thanks"
    GREETING = "greeting"
    REFLECT = "reflect"
    CELEBRATE = "celebrate"
    NEXT_STEPS = "next_steps"
    READ_EMAIL = "read_email"
    UNDERAGE = "underage"
    CARD = "card"  # the personal card for bad hours
    MOVED = "moved"  # to another place, so that the clock changes; reported as `settings`
    WHAT_ARE_YOU = "what_are_you"
    PHRASE = "phrase"  # what a line in such a mail means
    LANGUAGE = "language"  # the conversation in another language; reported as `settings`


class Feeling(StrEnum):
    ANGER = "anger"
    SADNESS = "sadness"
    SHAME = "shame"
    ANXIETY = "anxiety"
    NUMBNESS = "numbness"
    RELIEF = "relief"
    DISAPPOINTMENT = "disappointment"
    HOPE = "hope"


class Stage(StrEnum):
    """How far the process had come when it ended."""

    APPLICATION = "application"
    SCREEN = "screen"
    ASSESSMENT = "assessment"
    INTERVIEW = "interview"
    FINAL = "final"
    OFFER = "offer"


class Outcome(StrEnum):
    """What came of it. `REJECTED`, `GHOSTED`, `WITHDRAWN` and `LAID_OFF` are what this bot is for."""

    REJECTED = "rejected"
    GHOSTED = "ghosted"
    WITHDRAWN = "withdrawn"
    LAID_OFF = "laid_off"
    INVITED = "invited"
    OFFERED = "offered"
    RECEIVED = "received"


class Stock(StrEnum):
    """How common a wording is as ready-made text, the rarest first."""

    SELDOM = "seldom"
    OFTEN = "often"
    NEARLY_ALWAYS = "nearly-always"


class Signal(StrEnum):
    """What in an employer's no is more than stock, and leads on."""

    CLOSE = "close"
    FEEDBACK = "feedback"
    OTHER_ROLE = "other-role"
    CONTACT = "contact"
    KEEP_IN_TOUCH = "keep-in-touch"
    APPLY_AGAIN = "apply-again"
    REASON = "reason"


class Kind(StrEnum):
    """What was hoped for, or lost."""

    JOB = "job"
    PROMOTION = "promotion"
    INTERNSHIP = "internship"
    SCHOOL = "school"
    GRANT = "grant"
    CONTRACT = "contract"
    LAYOFF = "layoff"
    LOVE = "love"
    OTHER = "other"


class Temper(StrEnum):
    """What in a letter's words would better sleep a night: anger, begging, threats of the law."""

    HARSH = "harsh"
    PLEADING = "pleading"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionRead:
    """What a text says of a rejection; `None` where it says nothing, never a guess."""

    company: str | None = None
    role: str | None = None
    stage: Stage | None = None
    outcome: Outcome | None = None
    kind: Kind | None = None
    count: int | None = None  # "number 40": how many noes by the person's own count
    writer: str | None = None  # who signed a pasted letter
    address: str | None = None  # and from where
    pasted: bool = False  # an employer's own letter, pasted or forwarded

    @property
    def says_something(self) -> bool:
        return any((self.company, self.role, self.stage, self.outcome, self.kind, self.count))


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseRead:
    """One line of an employer's letter: its family in the table of phrases, and the words as they stand there."""

    family: str
    quote: str
    signal: Signal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One text, understood.

    `intents` are best first and never empty (`OTHER` when nothing fits). `control` is set when the
    text as a whole is nothing but that wish ("go back please"), so it may be obeyed even where free
    text is expected. `rules` names what spoke, for authors; it holds ids, never the person's words.
    """

    risk: Risk = Risk.NONE
    about: About = About.SELF
    concern: Concern | None = None
    intents: tuple[Intent, ...] = (Intent.OTHER,)
    control: Intent | None = None
    rejection: RejectionRead = RejectionRead()
    feelings: tuple[Feeling, ...] = ()
    temper: Temper | None = None
    mood: int | None = None  # 0-10, only when the text as a whole gives a number on that scale
    phrases: tuple[
        PhraseRead, ...
    ] = ()  # of a pasted letter, or of a line asked about; the most telling first
    topics: tuple[str, ...] = ()  # what only the content asks about, by the names its documents give
    when: str | None = None  # the words that name a time, as written; resolved elsewhere
    tongue: str | None = None  # the language it is written in, where that is sure and another than read in
    ordinary: bool = False  # a few ordinary words written small: nobody's name stands in them
    guess: Intent | None = None  # what it may ask for, where no rule saw a wish: to be asked about
    rules: tuple[str, ...] = ()

    @property
    def intent(self) -> Intent:
        return self.intents[0]


NOTHING_READ = Reading()
