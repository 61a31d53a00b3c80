"""Simulated people: each acts, waits for the next question, and acts again; the waits are what is measured."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.botapi import Person
from tests.e2e.walk import OPENING, choice, is_listening

WRITTEN = "They went with someone else after the final round, and I had prepared for weeks."
# As far as a question always follows: then everything begins anew.
REAL_ACTS = 9

Buttons = tuple[tuple[str, str], ...]  # label and data
Question = tuple[int, Buttons]
# Does what one person does next, their `number`th act, and returns how many updates that was.
Act = Callable[[Person, Buttons, int], Awaitable[int]]
Rest = Callable[[], Awaitable[None]]


@dataclass(slots=True, kw_only=True)
class Waits:
    """`seconds` from an act to the next question, for acts that ended while `open`; `stalled` ones had none."""

    patience_seconds: float
    begun: int = 0
    open: bool = False
    seconds: list[float] = field(default_factory=list)
    turns: int = 0
    stalled: int = 0


async def live(person: Person, act: Act, waits: Waits, rest: Rest | None = None) -> None:
    """Act and wait, until cancelled; `rest` before every act, which isn't counted."""
    await person.write("/start")
    question = await _question_after(None, person, waits)
    waits.begun += 1
    for number in range(1_000_000):
        if rest is not None:
            await rest()
        began = time.perf_counter()
        turns = await act(person, question[1] if question else (), number)
        question = await _question_after(question, person, waits)
        if question is not None and waits.open:
            waits.seconds.append(time.perf_counter() - began)
            waits.turns += turns


async def write_or_tap(person: Person, buttons: Buttons, number: int) -> int:
    """Answer every other question in words, the others by their button."""
    if number % 2 and buttons:
        await person.tap_data(buttons[0][1], person.chat.last_id)
    else:
        await person.write(WRITTEN)
    return 1


async def walk_for_real(person: Person, buttons: Buttons, number: int) -> int:
    """Take the usual route into the real script, again and again."""
    labels = [label for label, _ in buttons]
    match number % REAL_ACTS:
        case 0:
            await person.write("/restart")
        case 1:
            await person.write(OPENING)
        case _ if not labels:
            await person.write("/restart")
        case _ if is_listening(labels):
            await person.write(WRITTEN)
            await person.tap(labels[0])
            return 2
        case _:
            await person.tap("5" if "5" in labels else choice(labels))
    return 1


async def _question_after(before: Question | None, person: Person, waits: Waits) -> Question | None:
    """Wait for a question other than the one `before`; None, and counted, when the patience ends."""
    try:
        async with asyncio.timeout(waits.patience_seconds):
            while (found := _newest_question(person)) is None or found == before:
                await person.chat.wait(person.chat.bot_acts, waits.patience_seconds)
    except TimeoutError:
        waits.stalled += 1
        return None
    return found


def _newest_question(person: Person) -> Question | None:
    """Return the last message if it has buttons that can be tapped, and not one that shows what was chosen."""
    posted = next((each for each in reversed(person.chat.messages.values()) if each.by_bot), None)
    if posted is None:
        return None
    buttons = tuple(
        (button["text"], button["callback_data"])
        for button in posted.buttons
        if button.get("callback_data", "0") != "0"
    )
    return (posted.id, buttons) if buttons else None


def once_a_second(first: float) -> Rest:
    """Let somebody act once a second, at the moment `first` (0 to 1) of each.

    Who was answered too late lets a second pass. Acting at once instead would gather people into crowds that act
    together, and what each waits for would then be the crowd.
    """
    due = [time.perf_counter() + first]

    async def rest() -> None:
        while due[0] < time.perf_counter():
            due[0] += 1.0
        await asyncio.sleep(due[0] - time.perf_counter())

    return rest
