"""From "they said no" to a planned next step, on the real content, over real HTTP, with the real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.script.load import load_content
from tests.botapi import BotApi
from tests.crash.forking import Forge
from tests.e2e.peek import Peek
from tests.e2e.process import Starts, environment, free_port, serving, start, webhook
from tests.e2e.walk import Walk, walk_to_a_plan
from tests.real_content import KEPT

pytestmark = pytest.mark.slow
both_ways = pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
FIRST_STAGE = ("welcome", "acknowledge", "read-email")


async def walked(
    folder: Path, content: Path, *, by_webhook: bool, restarting: bool = False, starts: Starts = start
) -> tuple[Walk, str]:
    """Return a finished walk and the chat as the person sees it; `restarting` ends the process after every turn."""
    async with BotApi.running() as api:
        more = webhook(free_port()) if by_webhook else {}
        settings = environment(folder, api.url, api.token, ONWARD_CONTENT_DIR=str(content), **more)
        walk = Walk(api=api, person=api.person(77), peek=Peek.at(folder / "onward.db"))
        if restarting:
            for _ in range(30):
                async with serving(settings, folder, api, starts=starts) as bot:
                    await walk.turn(bot)
                if walk.planned:
                    break
        else:
            async with serving(settings, folder, api, starts=starts) as bot:
                await walk_to_a_plan(walk, bot)
        return walk, walk.person.chat.transcript()


@both_ways
async def test_a_no_leads_through_five_stages_to_a_plan_and_nothing_said_is_asked_again(
    tmp_path: Path, real_content: Path, by_webhook: bool
) -> None:
    walk, chat = await walked(tmp_path, real_content, by_webhook=by_webhook)
    print(chat)
    records = walk.peek.records()
    rejection = records["rejections"][-1]
    known = {"company": "Acme", "role": "data analyst", "stage": "final", "outcome": "rejected"}
    assert {key: rejection.get(key) for key in known} == known
    assert "mood_after_vent" in rejection, "the vent left no trace"
    assert rejection.get("in_my_hands") or records["lessons"], "the look back left no trace"
    assert records["wins"], "the celebration left no trace"
    assert records["plans"][-1].get("what"), "the next step left no trace"
    assert "Acme" in walk.said
    assert "data analyst" in walk.said
    assert "final" in walk.said.casefold()
    assert not asking_for_what_is_known(real_content) & set(walk.places)
    assert walk.asks[-1] <= 12, list(zip(walk.places, walk.asks, strict=True))
    in_first = [n for n, place in zip(walk.asks, walk.places, strict=True) if place.startswith(FIRST_STAGE)]
    assert max(in_first, default=0) <= 2


async def test_a_restart_between_every_two_turns_changes_no_word(
    tmp_path: Path, real_content: Path, forge: Forge
) -> None:
    _, whole = await walked(tmp_path / "whole", real_content, by_webhook=False, starts=forge.start)
    _, restarted = await walked(
        tmp_path / "restarted", real_content, by_webhook=True, restarting=True, starts=forge.start
    )
    assert restarted == whole


def asking_for_what_is_known(content: Path) -> set[str]:
    script = load_content(content, kept=KEPT).script
    known = {"rejection.company", "rejection.role", "rejection.stage"}
    return {place for place, step in script.steps.items() if step.save in known and step.ask is not None}
