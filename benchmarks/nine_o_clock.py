"""Ten thousand check-ins are due at nine, and people go on writing: who waits how long, on a simulated clock."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.dialogue.message import Message
from bot.service.pace import Limits
from bot.store import check_ins as kept
from bot.store.database import open_store
from bot.store.migrate import migrate
from bot.store.ports import Outcome
from bot.store.tables import check_ins, conversations
from tests.e2e.process import KEY
from tests.service.promising import promising
from tests.service.stage import SOURCE, Channel, Clock, check_in, stage, update

NINE = datetime(2026, 3, 3, 9, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)
WRITE_EVERY = 4.77 * A_SECOND


@dataclass(slots=True)
class Watched(Channel):
    """Notes when what was sent: check-ins, and answers by their text."""

    clock: Clock = field(default_factory=Clock)
    at: list[datetime] = field(default_factory=list)
    answered: dict[str, datetime] = field(default_factory=dict)

    async def say(self, address: str, message: Message) -> Outcome:
        if message.text.plain.startswith("k"):
            self.at.append(self.clock.at)
        else:
            self.answered[message.text.plain] = self.clock.at
        return await Channel.say(self, address, message)


async def drain_at_nine(many: int) -> str:
    """Return what came of it, as a line."""
    with tempfile.TemporaryDirectory(prefix="onward-bench-", ignore_cleanup_errors=True) as name:
        url = f"sqlite:///{Path(name) / 'nine.db'}"
        migrate(url)
        async with open_store(url, [KEY]) as store:
            await _promise(store, many)
            channel = Watched()
            on = stage(store, promising, limits=Limits(), channel=channel)
            on.clock.at, channel.clock = NINE, on.clock
            began = time.perf_counter()
            asked = await _until_all_sent(on, channel, many)
            took = time.perf_counter() - began
    waits = sorted((channel.answered[text] - at).total_seconds() for text, at in asked.items())
    whole = max(1.0, (max(channel.at) - NINE).total_seconds())
    return (
        f"{many:,} due at nine: {len(channel.at):,} sent within {whole:.0f} s of simulated time, {many / whole:.1f} a"
        f" second beside {len(waits)} answers, which waited {waits[len(waits) // 2]:.3f} s (median),"
        f" {waits[-1]:.3f} s (longest); {took:.0f} s of real time"
    )


async def _until_all_sent(on, channel: Watched, many: int) -> dict[str, datetime]:  # type: ignore[no-untyped-def]
    asked: dict[str, datetime] = {}
    write_at = NINE + A_SECOND
    while len(channel.at) < many or len(channel.answered) < len(asked):
        due = await on.pipeline.drain()
        if len(channel.at) < many and (due is None or write_at <= due):
            on.clock.at = max(on.clock.at, write_at)
            text = f"answer {len(asked)}"
            asked[text] = on.clock.at
            await on.pipeline.receive([update(len(asked), text, to=f"writer {len(asked)}")])
            write_at += WRITE_EVERY
        elif due is not None:
            on.clock.at = due
    return asked


async def _promise(store, many: int) -> None:  # type: ignore[no-untyped-def]
    who = [
        {"source": SOURCE, "lookup": f"l{n}".encode(), "address": f"c{n}".encode(), "active_at": NINE}
        for n in range(many)
    ]
    async with store.write() as connection:
        await connection.execute(conversations.insert(), who)
        promised = [kept.as_row(n + 1, check_in(f"k{n}", NINE)) for n in range(many)]
        await connection.execute(check_ins.insert(), promised)
