"""Killed at any moment, the bot loses nothing, takes no step twice, and repeats only what was in flight.

The long version, a thousand kills: `make chaos`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from tests.crash.forking import Forge
from tests.crash.killing import Plan, kill_again_and_again
from tests.crash.verdict import faults_of

SEED = int(os.environ.get("ONWARD_SEED", "2026"))


@pytest.fixture(scope="module")
def forge() -> Iterator[Forge]:
    with Forge.running() as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_a_killed_bot_loses_nothing_and_repeats_only_what_was_in_flight(
    tmp_path: Path, by_webhook: bool, forge: Forge
) -> None:
    plan = Plan(seed=SEED, kills=6, updates=120, chats=20, by_webhook=by_webhook)
    assert faults_of(plan, await kill_again_and_again(plan, tmp_path, forge=forge)) == []


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("by_webhook", [False, True], ids=["polling", "webhook"])
async def test_the_same_holds_for_three_processes_on_postgresql(
    tmp_path: Path, postgres_url: URL, by_webhook: bool, forge: Forge
) -> None:
    plan = Plan(seed=SEED, kills=4, updates=80, chats=20, by_webhook=by_webhook, processes=3)
    assert faults_of(plan, await kill_again_and_again(plan, tmp_path, postgres_url, forge=forge)) == []
