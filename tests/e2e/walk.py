"""A person who takes the usual route through the five stages, whatever the buttons are called this week."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.botapi import BotApi, Person, Shown
from tests.e2e.peek import Peek
from tests.e2e.process import Bot, until

OPENING = "just got the email from Acme, they went with someone else for the data analyst role after the final round"
# Where several fit, the first: the labels' beginnings along the route, then what leads on anywhere.
_PREFERRED = (
    "say it",
    "keep",
    "look back",
    "now, gently",
    "that i tried",
    "i get into the room",
    "i kept going",
    "ask them for feedback",
    "after breakfast",
    "at home",
    "nothing will",
)
_WORDS = (
    "Three weeks of preparing for Quixotely and the whole panel smiled at me",
    "and then a template mail that gets my name wrong",
)
PRIVATE = ("Acme", "data analyst", "Quixotely", "template mail")
_MOOD = "5"


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk and what was seen on it: `places` (flow/step) and `asks` after every turn."""

    api: BotApi
    person: Person
    peek: Peek
    places: list[str] = field(default_factory=list)
    asks: list[int] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    vented: int = 0

    @property
    def planned(self) -> bool:
        """Tell whether a next step with its moment is on record and nothing is open any more."""
        plans = self.peek.records()["plans"]
        return bool(plans and plans[-1].get("when")) and not self.peek.session()["stack"]

    @property
    def said(self) -> str:
        return "\n".join(shown.text for shown in self.shown)

    async def turn(self, bot: Bot) -> None:
        """Do what the newest question asks for, and wait until all that follows from it has arrived."""
        await self._act()
        await until(lambda: not self.api.updates.pending and not self.peek.waiting(), bot)
        self.shown += await self.person.replies(0)
        session = self.peek.session()
        self.asks.append(session["asks"])
        top = session["stack"][-1] if session["stack"] else None
        self.places.append(f"{top['flow']}/{top['step']}" if top else "at rest")

    async def _act(self) -> None:
        labels = self._open_labels()
        if not self.places:
            await self.person.write(OPENING)
        elif _MOOD in labels:
            await self.person.tap(_MOOD)
        elif is_listening(labels) and self.vented < len(_WORDS):
            self.vented += 1
            await self.person.write(_WORDS[self.vented - 1])
        else:
            assert labels, f"nothing to tap:\n{self.person.chat.transcript()}"
            await self.person.tap(choice(labels))

    def _open_labels(self) -> list[str]:
        messages = [
            posted for posted in self.person.chat.messages.values() if posted.by_bot and not posted.deleted
        ]
        asking = [posted for posted in messages if any(_taps(button) for button in posted.buttons)]
        return [button["text"] for button in asking[-1].buttons if _taps(button)] if asking else []


async def walk_to_a_plan(walk: Walk, bot: Bot, *, most_turns: int = 30) -> None:
    for _ in range(most_turns):
        await walk.turn(bot)
        if walk.planned:
            return
    raise AssertionError(f"no plan after {most_turns} turns: {walk.places}\n{walk.person.chat.transcript()}")


def _taps(button: dict) -> bool:
    """An open question's button: not one that shows what was chosen, nor one that copies or opens something."""
    return "|" in button.get("callback_data", "")


def is_listening(labels: list[str]) -> bool:
    return any(re.match(r"(i'm )?done\b|that's all\b", label.casefold()) for label in labels)


def choice(labels: list[str]) -> str:
    if any(label.startswith("✓") for label in labels):
        return labels[-1]
    for wanted in _PREFERRED:
        for label in labels:
            if label.casefold().startswith(wanted):
                return label
    return labels[0]
