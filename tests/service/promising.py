"""A script that promises: `promise KEY MINUTES`, `cancel KEY`, `list`; what is due is said by its key."""

from __future__ import annotations

from datetime import timedelta

from bot.dialogue.effects import CancelCheckIn, Effect, EraseEverything, Say, ScheduleCheckIn
from bot.dialogue.events import CheckInDue, Event, Expired, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from tests.service.stage import START, check_in, echo, message

VALID_FOR = timedelta(minutes=30)


def promising(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    match event:
        case CheckInDue(check_in=due):
            late = round((event.at - due.due).total_seconds() / 60)
            text = message(f"{due.key}{due.words}" + (f", {late} late" if late else ""))
            return (Say(key=f"k{session.turn}", message=text, valid_until=event.at + VALID_FOR),)
        case Expired(key=key):
            return (Say(key=f"k{session.turn}", message=message(f"{key} went stale")),)
        case Wrote(text=text):
            return tuple(each for part in text.split("; ") for each in _asked(part, session, event, facts))
        case _:
            return echo(session, event, facts)


def _asked(text: str, session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    match text.split(" "):
        case ["promise", key, minutes, *words]:
            due = START + timedelta(minutes=int(minutes))
            return (ScheduleCheckIn(check_in=check_in(key, due, words=" ".join(words))),)
        case ["cancel", key]:
            return (CancelCheckIn(key=key),)
        case ["list"]:
            return (
                Say(key="list", message=message(" ".join(each.key for each in facts.check_ins) or "none")),
            )
        case ["erase"]:
            return (EraseEverything(last=message("All gone.")),)
        case ["wait"]:
            return ()
        case _:
            return (Say(key=f"k{session.turn}", message=message(text)),)
