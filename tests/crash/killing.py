"""Kill the real process, -9, at random moments of its work, amid all other trouble; then count what became of every
update."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

from tests.botapi import BotApi
from tests.crash.forking import Forge
from tests.crash.judging import Outcome, Written, judge
from tests.crash.ledger import read_ledger
from tests.crash.trouble import Disk, Disorder, Faults, restart, small_disk
from tests.e2e.peek import Peek
from tests.e2e.process import Bot, environment, free_port, until, webhook

CONTENT = Path(__file__).parent / "content"
# The waits of the real thing are 15 and 60 seconds.
READ_SECONDS, LEASE_SECONDS = 2.0, 10.0
LONGEST_SECONDS = 400.0  # for a round; one takes half a minute where nothing else runs
CANT_START = 3  # as a container would, it is started again


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`kills` over `updates` of `chats` and so many `processes`; everything random comes from `seed`.

    `troubles`: whether API, updates, disk and database misbehave as well. `latency` in seconds.
    """

    seed: int
    kills: int
    updates: int
    chats: int
    by_webhook: bool
    processes: int = 1
    troubles: bool = True
    latency: float = 0.01


@dataclass(slots=True, kw_only=True)
class Round:
    """One plan being carried out, in `folder` and with that database, or an SQLite file in `folder`."""

    plan: Plan
    folder: Path
    database: URL | None
    forge: Forge
    api: BotApi
    updates: Disorder
    ports: list[int]
    disk: Disk | None
    dice: random.Random
    outcome: Outcome = field(default_factory=Outcome)
    killed_at: list[float] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    bots: list[Bot] = field(default_factory=list)
    found_out: list[Exception] = field(default_factory=list)  # by what runs beside the kills
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)  # one life at a time is ended and begun

    async def play(self) -> None:
        people = [self.api.person(1000 + number) for number in range(self.plan.chats)]
        for person in people:
            await person.write("/start")
        self.updates.loose_from = self.updates.next_id
        self.bots = [await self._start(number) for number in range(self.plan.processes)]
        troubles = [asyncio.create_task(each) for each in self._troubles()]
        minding = asyncio.create_task(self._mind())
        try:
            for number in range(self.plan.kills):
                share = self._share(number)
                feeding = asyncio.create_task(self._feed(people, share))
                await self._kill_one()
                await feeding
            for each in troubles:
                each.cancel()
            await asyncio.gather(*troubles, return_exceptions=True)
            self.api.faults.clear()
            self.updates.calm()
            await self._feed(people, self._share(self.plan.kills))
            await until(lambda: minding.done() or self._owed() == 0, within=LEASE_SECONDS + 80)
            await until(lambda: minding.done() or not self._waiting(), within=LEASE_SECONDS + 80)
        finally:
            for each in (minding, *troubles):
                each.cancel()
            ends = await asyncio.gather(minding, *troubles, return_exceptions=True)
            self.found_out = [each for each in ends if isinstance(each, Exception)]
        if self.found_out:
            raise self.found_out[0]
        for each in self.bots:
            # The last one may be told to end before it has begun to listen for that.
            assert await each.end() in (0, -signal.SIGTERM), each.said()[-3000:]

    async def _start(self, number: int) -> Bot:
        more = {"DATABASE_URL": self.database.render_as_string(hide_password=False)} if self.database else {}
        if self.plan.by_webhook:
            more |= webhook(self.ports[number])
        settings = environment(
            self.folder, self.api.url, self.api.token, ONWARD_CONTENT_DIR=str(CONTENT), **more
        )
        logs = self.folder.with_name(f"{self.folder.name}-logs")
        return await self.forge.start(settings, logs, read_seconds=READ_SECONDS, lease_seconds=LEASE_SECONDS)

    async def _mind(self) -> None:
        """Start again what could not start, as whoever runs it would; anything else that ends ends the round."""
        while True:
            await asyncio.sleep(0.05)
            for number, bot in enumerate(self.bots):
                code = bot.process.returncode
                if code == CANT_START:
                    async with self.changing:
                        if self.bots[number] is bot:
                            self.outcome.could_not_start += 1
                            self.bots[number] = await self._start(number)
                elif code is not None and code >= 0:
                    raise AssertionError(f"a bot ended with {code}:\n{bot.said()[-3000:]}")

    def _share(self, number: int) -> list[tuple[int, str]]:
        lives, per = self.plan.kills + 1, self.plan.updates
        mine = range(number * per // lives, (number + 1) * per // lives)
        return [(self.dice.randrange(self.plan.chats), f"update {each}") for each in mine]

    async def _feed(self, people: list, share: list[tuple[int, str]]) -> None:
        """Write half of them at once, so that something waits when a process starts, and the others by and by."""
        for place, (chat, text) in enumerate(share):
            number = self.api.updates.next_id
            await people[chat].write(text)
            self.written.append(Written(chat=people[chat].chat.id, number=number, text=text))
            if place > len(share) // 2:
                await asyncio.sleep(self.dice.uniform(0, 0.01))

    async def _kill_one(self) -> None:
        """Most kills come soon after a message was sent, when the work is thickest; one in eight in the start."""
        victim, before = self.dice.randrange(self.plan.processes), len(self.api.calls_made)
        if self.dice.random() < 1 / 8:
            await asyncio.sleep(self.dice.uniform(0, 0.3))
            self.outcome.starting += 1
        else:
            wanted = self.dice.choice(("sendMessage", "sendMessage", ""))
            pause = self.dice.uniform(0.01, 0.3)
            with suppress(AssertionError):  # an outage may last longer: then it is killed in that
                await until(lambda: self._called(wanted, before), within=6)
            await asyncio.sleep(pause)
        async with self.changing:
            await self.bots[victim].kill()
            self.outcome.kills += 1
            self.outcome.amid_work += self._owed() > 0
            # Calls that had reached the API are done by it, killed or not. Only then is it noted: a call of the old
            # life that is answered after it died would else look like one of the new.
            await asyncio.sleep(3 * self.plan.latency)
            self.killed_at.append(time.monotonic())
            self.bots[victim] = await self._start(victim)

    def _called(self, wanted: str, before: int) -> bool:
        calls = self.api.calls_made
        return any(wanted in calls[number].method for number in range(before, len(calls)))

    def _troubles(self) -> list:
        if not self.plan.troubles:
            return []
        faults = Faults(api=self.api, dice=self.dice, counted=self.outcome.faults)
        return [faults.go_on(0.25), self._full_disks() if self.database is None else self._restarts()]

    async def _full_disks(self) -> None:
        while self.disk is not None:
            await asyncio.sleep(self.dice.uniform(2, 8))
            await self.disk.full_for(self.dice.uniform(0.2, 1.2))
            self.outcome.full_disks += 1

    async def _restarts(self) -> None:
        assert self.database is not None
        while True:
            await asyncio.sleep(self.dice.uniform(4, 12))
            await asyncio.to_thread(restart, self.database)
            self.outcome.restarts += 1

    def _owed(self) -> int:
        wanted = {(each.chat, f"{each.text}, first") for each in self.written}
        said = {
            (chat.id, posted.text)
            for chat in self.api.methods.chats.values()
            for posted in chat.messages.values()
            if posted.by_bot
        }
        return len(wanted - said)

    def _waiting(self) -> int:
        return Peek.at(self.database or self.folder / "onward.db").waiting()


async def kill_again_and_again(
    plan: Plan, folder: Path, database: URL | None = None, *, forge: Forge
) -> Outcome:
    """Carry out `plan` with that database, or with an SQLite file on a small disk mounted in `folder`.

    A round that ends before its time is judged as it stands: `ended_early` says why, and what is owed counts as lost.
    """
    async with _set_up(plan, folder, database, forge) as playing:
        outcome = playing.outcome
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await playing.play()
        except Exception as error:  # noqa: BLE001 - whatever it is: it is told, and must not hide what happened before
            why = playing.found_out[0] if playing.found_out else error
            outcome.ended_early = f"{type(why).__name__}: {why}"[:2000]
        finally:
            for each in playing.bots:
                await each.kill()
        outcome.updates, outcome.twice = len(playing.written), playing.updates.twice
        outcome.swapped = playing.updates.swapped
        judge(
            playing.api,
            playing.written,
            playing.updates,
            playing.killed_at,
            outcome,
            read_seconds=READ_SECONDS,
        )
        outcome.ledger = read_ledger(database or playing.folder / "onward.db")
        said = playing.bots[0].said() if playing.bots else ""
        if "Traceback" in said:
            outcome.traceback = said[said.index("Traceback") - 500 :][:4000]
        return outcome


@asynccontextmanager
async def _set_up(plan: Plan, folder: Path, database: URL | None, forge: Forge) -> AsyncIterator[Round]:
    async with small_disk(folder / "disk") as disk, BotApi.running(latency=plan.latency) as api:
        dice, ports = random.Random(plan.seed), [free_port() for _ in range(plan.processes)]
        api.updates = updates = Disorder(dice, ports, lively=plan.troubles)
        yield Round(
            plan=plan, folder=folder / "disk", database=database, forge=forge, api=api, updates=updates,
            ports=ports, disk=disk, dice=dice,
        )  # fmt: skip
