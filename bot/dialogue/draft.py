"""A turn while it is being made, until it becomes a frozen `Turn`."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.keeping import BEGAN
from bot.dialogue.saying import Saying
from bot.dialogue.session import Turn
from bot.dialogue.showing import TONGUE
from bot.dialogue.tongues import Tongue

MAX_DEPTH = 6
MAX_UNDO = 20
MAX_HEARD = 800  # lines whose wordings are taken in turn; a regular of half a year has met about half of them
LETTERS, CHECK_INS, SAFETY = "letters", "check-ins", "safety"
KEPT_TEXT = "seen.kept_text"  # what they wrote on coming back, until they have said where to
# What they are asked whether they meant, and the words it was guessed from, while that question is open.
GUESSED, GUESSED_FROM = "seen.guess", "seen.guessed_from"


class Draft(Saying):
    """One turn under construction. Pure bookkeeping: it decides nothing about where to go.

    `Showing` is what it knows, `Keeping` what it keeps, `Saying` what it says.
    """

    def speak_language(self, locale: str) -> None:
        """From here on everything is said in this language, and the choice is kept."""
        self.save("person.locale", locale, self.visit)
        self.show_lines()
        self.show_language()

    def speak(self, tongue: Tongue | None) -> None:
        """From here on the safety flow is shown beside `tongue`."""
        self.set(TONGUE, tongue.locale if tongue else None)
        self.show_lines()

    def finish(self) -> Turn:
        self._drop_left_words()
        if all(frame.flow != "safety" for frame in self.stack):
            self.set(TONGUE, None)
        self._drop_opened()
        if self.top is None or self.top.flow != "anytime":
            self.set(KEPT_TEXT, None)  # it was for the place they were asked about, and no other
            self.set(GUESSED, None)
            self.set(GUESSED_FROM, None)
        if self._undoing is not None:
            self.undo.append(self._undoing)
        heard = dict(list(self.heard.items())[-MAX_HEARD:])
        session = replace(
            self.session,
            turn=self.turn,
            visit=self.visit,
            stack=tuple(self.stack[-MAX_DEPTH:]),
            variables=self.variables,
            refs=self.refs,
            heard=heard,
            undo=tuple(self.undo[-MAX_UNDO:]),
            misfits=self.misfits,
            asks=self.asks,
            buttons=self.buttons,
            question=self.question,
            letter=self.letter if any(frame.flow == LETTERS for frame in self.stack) else None,
            last_tap=self.last_tap,
            met=self.met,
            blocked=self.blocked,
            last_at=self.at,
        )
        return Turn(
            session=session,
            effects=tuple(self.effects),
            silent=self.silence_declared and not self.said,
            advice=tuple(dict.fromkeys(self.advised)),
            visited=tuple(dict.fromkeys(self.visited)),
        )

    def _drop_left_words(self) -> None:
        """Collected words live as long as their flow is open: left without a choice, they are kept nowhere."""
        open_spaces = {frame.flow.replace("-", "_") for frame in self.stack}
        for name, kind in self.script.variables.items():
            if kind == "texts" and name in self.variables and name.partition(".")[0] not in open_spaces:
                self.set(name, None)
                self.set(f"{name}{BEGAN}", None)

    def _drop_opened(self) -> None:
        """What was opened from a list is held as long as the list is open."""
        opened = [name for name in self.variables if name.startswith(("entry.", "listed."))]
        if opened and not any(flow in self.script.lists for flow in (frame.flow for frame in self.stack)):
            for name in opened:
                self.set(name, None)
