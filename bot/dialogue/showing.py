"""A turn while it is being made, at its base: where it stands, and what texts can read of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.dialogue.context import context_of
from bot.dialogue.danger import Danger, danger_context
from bot.dialogue.effects import Effect, Record, Say
from bot.dialogue.facts import Facts
from bot.dialogue.flow import DAY_SEVEN, DEFAULT_LOCALE, LOOK_IN, NEXT_DAY, Script, in_locale
from bot.dialogue.helpline_words import lines_context
from bot.dialogue.languages import language_in, offered
from bot.dialogue.patterns import pattern_due
from bot.dialogue.quiet import quiet_hours
from bot.dialogue.reading import NOTHING_READ, Intent, Reading
from bot.dialogue.reviews import review_context
from bot.dialogue.session import Frame, Session, Undo
from bot.dialogue.tongues import Tongue, tongue_context

PICKED_LANGUAGE = "language.picked"
TONGUE = "seen.tongue"  # the language danger was told in, while the safety flow is open


class Showing:
    """What a turn knows, put where conditions and texts can read it."""

    def __init__(
        self,
        script: Script,
        session: Session,
        facts: Facts,
        at: datetime,
        *,
        reading: Reading = NOTHING_READ,
        text: str = "",
    ) -> None:
        self.script, self.session, self.facts, self.at = script, session, facts, at
        self.reading, self.text = reading, text
        self.stack = list(session.stack)
        self.variables = dict(session.variables)
        self.refs = dict(session.refs)
        self.heard = dict(session.heard)
        self.undo = list(session.undo)
        self.effects: list[Effect] = []
        self.turn = session.turn + 1
        self.visit = session.visit
        self.misfits = session.misfits
        self.asks = session.asks if session.stack else 0  # of this conversation: after a rest it begins anew
        self.buttons, self.question = session.buttons, session.question
        self.letter = session.letter
        self.met, self.blocked = session.met, session.blocked
        self.last_tap = session.last_tap
        self.promises = {check_in.key: check_in for check_in in facts.check_ins}
        self.unasked_until: datetime | None = None
        self.said: list[Say] = []
        self.silence_declared = False
        self.looks_up = False  # this turn needs everything on record
        self.offers_language: str | None = None  # a button for it stands under this turn's question
        self.advised: list[str] = []
        self.visited: list[str] = []
        self.steps = 0
        self.context = self._context()
        self._undoing: Undo | None = None
        self.show_lines()
        self.show_danger()
        self._see_pattern()
        self.context["review"] = review_context(script.reviews, self.locale)
        self.show_language()

    def _context(self) -> dict[str, object]:
        return context_of(
            self.script.blank,
            variables=self.variables,
            facts=self.facts,
            first_time=not self.session.met,
            asks=self.asks,
            reading=self.reading,
            text=self.text,
            at=self.at,
        )

    def show_quiet(self) -> None:
        """Put the person's quiet hours where texts can read them."""
        self.context["quiet"] = quiet_hours(self.variables.get("person.quiet") or self.facts.quiet).words

    def show_lines(self) -> None:
        """Put the helplines of the person's country, as far as it is known, where texts can read them."""
        directory = self.script.helplines
        if directory is None:
            return
        country = self.variables.get("person.country") or self.facts.country
        zone = self.variables.get("person.zone") or self.facts.zone
        country, zone = str(country) if country else None, str(zone) if zone else None
        self.context["lines"] = lines_context(
            directory, country, self.at, zone, locale=self.locale, said=self.text
        )
        if self.tongue is not None:
            self.context["tongue"] = tongue_context(self.tongue, directory, country, self.at, zone)

    @property
    def locale(self) -> str:
        """The language of the conversation: what was chosen here, or what the records say."""
        return str(self.variables.get("person.locale") or self.facts.locale)

    def show_language(self) -> None:
        """Put where texts can read it which language is spoken, which there are, and which was asked for."""
        languages = self.script.languages
        known = languages.get(self.locale)
        others = [each.name for each in offered(languages)]
        wanted = self.wanted_language
        self.context["language"] = {
            "now": known.name if known else self.locale,
            "names": ", ".join(others),
            "several": len(others) > 1,
            "asked": None if wanted is None else "this" if wanted == self.locale else "another",
        }

    @property
    def wanted_language(self) -> str | None:
        """The offered language they picked or named."""
        picked = self.variables.get(PICKED_LANGUAGE)
        if isinstance(picked, str):
            return picked
        if (code := self.text.strip().lower()) in self.script.locales:
            return code  # "/language es"
        asked = Intent.LANGUAGE in self.reading.intents
        return language_in(self.script.languages, self.text) if asked else None

    @property
    def tongue(self) -> Tongue | None:
        """The language beside which the safety flow is shown, where danger was told in another."""
        return self.script.tongues.get(str(self.variables.get(TONGUE)))

    def show_danger(self, shown: str | None = None) -> None:
        """Put how it stands with danger, and what is promised of it, where texts can read it."""
        promised = {
            "open": self.question_open,
            "look_in": LOOK_IN in self.promises,
            "follow_up": NEXT_DAY in self.promises,
            "last_follow_up": NEXT_DAY not in self.promises and DAY_SEVEN not in self.promises,
            "shown": shown,
        }
        self.context["danger"] = danger_context(self.variables, self.at) | promised

    @property
    def question_open(self) -> bool:
        """Whether the direct question about danger still stands, be it under a digression."""
        steps = (self.script.steps.get(frame.place) for frame in self.stack)
        return any(step is not None and step.danger is Danger.ASKED for step in steps)

    def _see_pattern(self) -> None:
        """Put where processes keep stopping, the current one included as it is known now, where texts can read it."""
        facts = self.context["facts"]
        assert isinstance(facts, dict)
        facts["pattern"] = pattern_due(
            self.facts.rejections, self.refs.get(Record.REJECTION), self.variables, self.at
        )

    def _spoken_context(self) -> Mapping[str, object]:
        """The context as texts read it: what a step has set in English is said in the conversation's language."""
        if self.locale == DEFAULT_LOCALE or not self.script.set_words:
            return self.context
        return {
            space: {name: self._in_words(value) for name, value in fields.items()}
            if isinstance(fields, dict)
            else fields
            for space, fields in self.context.items()
        }

    def _in_words(self, value: object) -> object:
        phrase = self.script.set_words.get(value) if isinstance(value, str) else None
        variants = in_locale(phrase, self.locale) if phrase is not None else ()
        return variants[0].source if variants else value

    @property
    def top(self) -> Frame | None:
        return self.stack[-1] if self.stack else None
