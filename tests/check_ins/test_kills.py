"""Killed while check-ins are due, the bot loses none and repeats only what was in flight.

The long version, 20 kills: `ONWARD_LONG=1 pytest -s tests/check_ins`.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.service.delivery import AT_ONCE
from bot.store.migrate import migrate
from tests.botapi import BotApi
from tests.check_ins.killing import Plan, content, kill_again_and_again, promise, said
from tests.e2e.process import environment, serving, until

LONG = bool(os.environ.get("ONWARD_LONG"))
SEED = int(os.environ.get("ONWARD_SEED", "2026"))
KILLS = 20 if LONG else 3


@pytest.mark.slow
async def test_a_bot_killed_while_200_are_due_loses_none_and_repeats_only_what_was_in_flight(
    tmp_path: Path,
) -> None:
    found = await kill_again_and_again(Plan(seed=SEED, kills=KILLS), tmp_path)
    print(f"\n{found}")
    assert (found.lost, found.wrong) == (0, 0)
    # Once more a kill at most, and only what was in flight then.
    assert found.unkilled == 0
    assert found.repeated <= KILLS * AT_ONCE
    assert found.amid_work >= KILLS // 2, "the kills came when all was done: they show nothing"


@pytest.mark.slow
async def test_the_process_wakes_at_the_moment_and_not_at_its_next_look(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'onward.db'}"
    migrate(url)
    async with BotApi.running() as api:
        source = f"telegram:{api.token.partition(':')[0]}"
        api.person(1000)
        due = datetime.now(UTC) + timedelta(seconds=4)
        await promise(url, source, range(1000, 1001), due=due)
        settings = environment(tmp_path, api.url, api.token, ONWARD_CONTENT_DIR=str(content(tmp_path)))
        async with serving(settings, tmp_path, api) as bot:
            await until(lambda: bool(said(api)), bot)
            late = datetime.now(UTC) - due
    print(f"\n{late.total_seconds():.3f} s late")
    assert timedelta(0) <= late < timedelta(seconds=1)
