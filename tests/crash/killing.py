"""Kill the real process, -9, at random moments of its work, and count afterwards what became of every update."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from tests.botapi import BotApi
from tests.crash.ledger import Ledger, read_ledger
from tests.e2e.process import Bot, environment, free_port, start, until, webhook

CONTENT = Path(__file__).parent / "content"
# Where several processes may share a database, what a killed one had in hand is free after its lease.
LONGEST_LEASE_SECONDS = 60
BEGINNING = ("Begun.", "Ready", "Go on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`kills` over `updates` of `chats`; everything random comes from `seed`. `latency` in seconds."""

    seed: int
    kills: int
    updates: int
    chats: int
    by_webhook: bool
    latency: float = 0.01


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What the chats and the database say afterwards. `repeats` by chat and kill; `amid_work` counts the kills
    that came while an answer was owed; `starts` are seconds from the start of the process to its first call."""

    lost: int = 0
    out_of_order: int = 0
    repeats: Counter[tuple[int, int]] = field(default_factory=Counter)
    repeated_unkilled: int = 0
    most_copies: int = 1
    amid_work: int = 0
    starting: int = 0
    starts: list[float] = field(default_factory=list)
    ledger: Ledger | None = None

    def __str__(self) -> str:
        middle = sorted(self.starts)[len(self.starts) // 2] if self.starts else 0
        twice = None if self.ledger is None else self.ledger.taken_twice
        return (
            f"lost {self.lost}, advanced twice {twice}, chats out of order {self.out_of_order}, repeated"
            f" {sum(self.repeats.values())} (most copies of one message {self.most_copies}, most per chat and kill"
            f" {max(self.repeats.values(), default=0)}, without a kill {self.repeated_unkilled}); {self.amid_work}"
            f" kills while answers were owed, {self.starting} during the start; a start takes {middle:.2f} s"
        )


async def kill_again_and_again(plan: Plan, folder: Path, database: URL | None = None) -> Outcome:
    """Carry out `plan` with that database, or with an SQLite file in `folder`."""
    dice, outcome, killed_at = random.Random(plan.seed), Outcome(), []
    async with BotApi.running(latency=plan.latency) as api:
        more = webhook(free_port()) if plan.by_webhook else {}
        if database is not None:
            more["DATABASE_URL"] = database.render_as_string(hide_password=False)
        settings = environment(folder, api.url, api.token, ONWARD_CONTENT_DIR=str(CONTENT), **more)
        people = [api.person(1000 + number) for number in range(plan.chats)]
        for person in people:
            await person.write("/start")
        written = _shares(plan, dice)
        for number, share in enumerate(written):
            began, before = time.monotonic(), len(api.calls())
            bot = await start(settings, folder)
            try:
                feeding = asyncio.create_task(_feed(people, share, dice))
                if number < plan.kills:
                    await _kill(bot, api, dice, outcome, plan)
                    killed_at.append(time.monotonic())
                await feeding
                if _first_call(api, before) is not None:
                    outcome.starts.append(_first_call(api, before) - began)
                if number == plan.kills:
                    await until(
                        lambda: _answers_owed(api, plan.updates, plan.chats) == 0,
                        bot,
                        within=LONGEST_LEASE_SECONDS + 30,
                    )
                    assert await bot.end() == 0, bot.said()
            finally:
                await bot.kill()
        _judge(api, _by_chat(people, written), killed_at, outcome)
        outcome.ledger = read_ledger(database or folder / "onward.db")
        assert "Traceback" not in bot.said(), bot.said()
    return outcome


def _shares(plan: Plan, dice: random.Random) -> list[list[tuple[int, str]]]:
    """Deal the updates, each numbered, to random chats and to the lives of the process: [(chat, text), …] a life."""
    lives: list[list[tuple[int, str]]] = [[] for _ in range(plan.kills + 1)]
    for number in range(plan.updates):
        lives[number * len(lives) // plan.updates].append((dice.randrange(plan.chats), f"update {number}"))
    return lives


async def _feed(people: list, share: list[tuple[int, str]], dice: random.Random) -> None:
    """Write half of them at once, so that something waits when the process starts, and the others by and by."""
    for number, (chat, text) in enumerate(share):
        await people[chat].write(text)
        if number > len(share) // 2:
            await asyncio.sleep(dice.uniform(0, 0.01))


async def _kill(bot: Bot, api: BotApi, dice: random.Random, outcome: Outcome, plan: Plan) -> None:
    """Most kills come up to 0.4 s after the first call, when the work is thickest; one in eight in the start."""
    if dice.random() < 1 / 8 and outcome.starts:
        await asyncio.sleep(dice.uniform(0, min(outcome.starts)))
        outcome.starting += 1
    else:
        pause, before = dice.uniform(0, 0.4), len(api.calls())
        await until(lambda: _first_call(api, before) is not None, bot)
        await asyncio.sleep(pause)
    await bot.kill()
    # Calls that had reached the API are done by it, killed or not.
    await asyncio.sleep(2 * plan.latency)
    chats = api.methods.chats.values()
    wanted = sum(not posted.by_bot for chat in chats for posted in chat.messages.values())
    outcome.amid_work += _answers_owed(api, wanted - plan.chats, plan.chats) > 0


def _first_call(api: BotApi, before: int) -> float | None:
    calls = api.calls_made
    return calls[before].at if len(calls) > before else None


def _answers_owed(api: BotApi, updates: int, chats: int) -> int:
    wanted = 2 * updates + len(BEGINNING) * chats
    said = {
        (chat.id, posted.text)
        for chat in api.methods.chats.values()
        for posted in chat.messages.values()
        if posted.by_bot
    }
    return wanted - len(said)


def _by_chat(people: list, written: list[list[tuple[int, str]]]) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {person.chat.id: [] for person in people}
    for share in written:
        for chat, text in share:
            texts[people[chat].chat.id].append(text)
    return texts


def _judge(api: BotApi, texts: dict[int, list[str]], killed_at: list[float], outcome: Outcome) -> None:
    """Compare every chat with what must stand in it; a repetition is put down to the kill it came after."""
    for chat, own in texts.items():
        answers = [(f"{text}, first", f"{text}, {before} before it") for before, text in enumerate(own)]
        wanted = [*BEGINNING, *(line for pair in answers for line in pair)]
        sent = [
            (call.arguments["text"], call.at)
            for call in api.calls("sendMessage")
            if call.arguments["chat_id"] == chat and call.status == 200
        ]
        once = list(dict.fromkeys(text for text, _ in sent))
        outcome.lost += len(set(wanted) - set(once))
        outcome.out_of_order += once != wanted or not _repeats_stand_beside([text for text, _ in sent])
        copies = Counter(text for text, _ in sent)
        outcome.most_copies = max(outcome.most_copies, *copies.values())
        _count_repeats(chat, sent, killed_at, outcome)


def _repeats_stand_beside(sent: list[str]) -> bool:
    """A message may be said again directly after itself, and nowhere else."""
    runs = [text for number, text in enumerate(sent) if number == 0 or sent[number - 1] != text]
    return len(runs) == len(set(runs))


def _count_repeats(
    chat: int, sent: list[tuple[str, float]], killed_at: list[float], outcome: Outcome
) -> None:
    last: dict[str, float] = {}
    for text, at in sent:
        if text in last:
            between = [number for number, kill in enumerate(killed_at) if last[text] <= kill <= at]
            if between:
                outcome.repeats[chat, between[0]] += 1
            else:
                outcome.repeated_unkilled += 1
        last[text] = at
