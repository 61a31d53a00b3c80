"""Kill the real process, -9, while check-ins are due, and count afterwards what reached whom."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bot.dialogue.missed import Kind
from bot.script.engine_steps import CHECK_IN_STEPS, ENGINE_STEPS
from bot.store import check_ins as kept
from bot.store.database import open_store
from bot.store.migrate import migrate
from bot.store.tables import check_ins, conversations
from tests.botapi import BotApi
from tests.e2e.process import KEY, ROOT, Bot, environment, listens, start, until
from tests.service.stage import check_in

_DUE = "{% if check_in.words %}{{ check_in.words }}{% else %}Nothing{% endif %}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`kills`, each while the check-ins of `people` more are due. `latency` of the API in seconds."""

    seed: int
    kills: int
    people: int = 200
    latency: float = 0.02


@dataclass(slots=True, kw_only=True)
class Outcome:
    """`repeated`: how many messages in all were said once more, `unkilled` those with no kill in between."""

    wanted: int = 0
    lost: int = 0
    wrong: int = 0
    repeated: int = 0
    unkilled: int = 0
    amid_work: int = 0
    killed_at: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.wanted} check-ins: lost {self.lost}, to the wrong person {self.wrong}, said once more"
            f" {self.repeated} (without a kill {self.unkilled}); {self.amid_work} of {len(self.killed_at)} kills"
            " while some were still due"
        )


def content(folder: Path) -> Path:
    """Return a content of a few lines, where a check-in says its own words."""
    made = folder / "content"
    shutil.copytree(ROOT / "tests/crash/content", made)
    for flow in ("check-ins", "zone"):
        own = [name for name in ENGINE_STEPS + CHECK_IN_STEPS if name.startswith(f"{flow}/")]
        steps = {name.partition("/")[2]: {"say": f"Aside, {name}.", "go": "@end"} for name in own}
        if flow == "check-ins":
            steps["due"]["say"] = _DUE
        if steps:
            document = {"flow": flow, "digression": True, "steps": steps}
            if flow == "check-ins":
                document["variables"] = {"about": "text"}
            (made / f"flows/{flow}.yaml").write_text(json.dumps(document), encoding="utf-8")
    return made


async def kill_again_and_again(plan: Plan, folder: Path) -> Outcome:
    dice, outcome = random.Random(plan.seed), Outcome()
    url = f"sqlite:///{folder / 'onward.db'}"
    migrate(url)
    async with BotApi.running(latency=plan.latency) as api:
        settings = environment(folder, api.url, api.token, ONWARD_CONTENT_DIR=str(content(folder)))
        source = f"telegram:{api.token.partition(':')[0]}"
        for life in range(plan.kills + 1):
            last = life == plan.kills
            if not last:
                first = 1000 + life * plan.people
                await promise(url, source, range(first, first + plan.people), due=datetime.now(UTC))
                for chat in range(first, first + plan.people):
                    api.person(chat)
                outcome.wanted += plan.people
            bot = await _live(api, settings, folder)
            try:
                await (_finish(api, bot, outcome) if last else _kill(api, bot, plan, dice, outcome))
            finally:
                await bot.kill()
        _judge(api, outcome)
    return outcome


async def promise(url: str, source: str, chats: range, *, due: datetime) -> None:
    """Give each of these chats a check-in due at `due`, named by the chat."""
    async with open_store(url, [KEY]) as store, store.write() as connection:
        who = [
            {
                "source": source,
                "lookup": store.lookup.of(source, str(chat)),
                "address": str(chat).encode(),
                "active_at": due,
            }
            for chat in chats
        ]
        made = await connection.execute(
            conversations.insert().returning(conversations.c.id, sort_by_parameter_order=True), who
        )
        promised = [
            kept.as_row(of, check_in("k", due, kind=Kind.REMINDER, named=True, words=f"For {chat}."))
            for of, chat in zip(made.scalars(), chats, strict=True)
        ]
        await connection.execute(check_ins.insert(), promised)


async def _live(api: BotApi, settings: dict[str, str], folder: Path) -> Bot:
    before = len(api.calls())
    bot = await start(settings, folder)
    await until(lambda: listens(api, before), bot)
    return bot


def said(api: BotApi) -> Counter[tuple[int, str]]:
    """Return what reached whom, and how often."""
    sent = (call.arguments for call in api.calls("sendMessage") if call.status == 200)
    return Counter((each["chat_id"], each["text"]) for each in sent)


async def _kill(api: BotApi, bot: Bot, plan: Plan, dice: random.Random, outcome: Outcome) -> None:
    """After some of this life's messages: the first, the last, or any between."""
    before = len(api.calls("sendMessage"))
    some = dice.randrange(plan.people)
    await until(lambda: len(api.calls("sendMessage")) - before >= some, bot)
    await asyncio.sleep(dice.uniform(0, plan.latency))
    await bot.kill()
    outcome.killed_at.append(time.monotonic())
    await asyncio.sleep(3 * plan.latency)  # calls that had reached the API are done by it, killed or not
    outcome.amid_work += len(said(api)) < outcome.wanted


async def _finish(api: BotApi, bot: Bot, outcome: Outcome) -> None:
    await until(lambda: len(said(api)) >= outcome.wanted, bot, within=60)
    await asyncio.sleep(10 * 0.05)  # one too many would come now
    assert await bot.end() == 0, bot.said()
    assert "Traceback" not in bot.said(), bot.said()


def _judge(api: BotApi, outcome: Outcome) -> None:
    found = said(api)
    right = {(chat, f"For {chat}.") for chat, _ in found}
    outcome.wrong = len(found.keys() - right)
    outcome.lost = outcome.wanted - len(found.keys() & right)
    last: dict[int, float] = {}
    for call in api.calls("sendMessage"):
        chat = call.arguments["chat_id"]
        if chat in last:
            outcome.repeated += 1
            # Calls from before a kill may be looked at shortly after it.
            outcome.unkilled += not any(last[chat] - 0.1 <= kill <= call.at for kill in outcome.killed_at)
        last[chat] = call.at
