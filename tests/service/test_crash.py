"""A process that dies anywhere: the next one, all new over the same database, goes on where it was."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import URL

from bot.service import turns as turns_module
from bot.store import writing
from bot.store.database import open_store
from bot.store.tables import outbox
from tests.conftest import KEY
from tests.service.stage import Channel, Stage, stage, update


class Died(BaseException):
    """As a kill: nothing catches it, nothing after it runs."""


def die(*_: Any) -> Any:
    raise Died


async def leave_off(url: URL, channel: Channel, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Handle two updates in a process that dies at `where`."""
    async with open_store(url, [KEY]) as store:
        on = stage(store, channel=channel)
        with monkeypatch.context() as patched, pytest.raises(Died):
            await _run_into(on, patched, where)


async def _run_into(on: Stage, patched: pytest.MonkeyPatch, where: str) -> None:
    match where:
        case "before a turn is written":
            patched.setattr(writing, "write", die)
        case "before a turn is committed":
            _after(patched, writing, "write")
        case "after a turn is committed":
            patched.setattr(turns_module.Turns, "_rejoice", die)
        case "before a message is sent":
            patched.setattr("bot.store.outbox.letters", die)
        case "after a message is sent":
            patched.setattr("bot.service.delivery.mark", die)
        case "before a mark is committed":
            _after(patched, __import__("bot.service.delivery", fromlist=["x"]), "mark")
    await on.pipeline.receive([update(1, "one"), update(2, "two")])
    await on.pipeline.drain()


def _after(patched: pytest.MonkeyPatch, module: Any, name: str) -> None:
    real = getattr(module, name)

    async def then_die(*arguments: Any) -> None:
        await real(*arguments)
        raise Died

    patched.setattr(module, name, then_die)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("before a turn is written", ["0: one", "1: two"]),
        ("before a turn is committed", ["0: one", "1: two"]),
        ("after a turn is committed", ["0: one", "1: two"]),
        ("before a message is sent", ["0: one", "1: two"]),
        # Sent and not yet marked: the one message that may come twice.
        ("after a message is sent", ["0: one", "0: one", "1: two"]),
        ("before a mark is committed", ["0: one", "0: one", "1: two"]),
    ],
)
async def test_nothing_is_lost_and_no_step_taken_twice(
    any_url: URL, monkeypatch: pytest.MonkeyPatch, where: str, said: list[str]
) -> None:
    channel = Channel()
    await leave_off(any_url, channel, monkeypatch, where)
    async with open_store(any_url, [KEY]) as store:
        async with store.write() as connection:  # where several may send, the dead one's lease runs out first
            await connection.execute(outbox.update().values(leased_until=None))
        on = stage(store, channel=channel)
        await on.pipeline.receive(
            [update(1, "one"), update(2, "two")]
        )  # not acknowledged: the platform sends again
        await on.pipeline.drain()
        assert channel.said() == said
        assert on.pipeline.receiver.repeated == 2


async def test_a_conversation_restarted_before_every_message_is_word_for_word_the_same(any_url: URL) -> None:
    channel = Channel()
    for number in range(6):
        async with open_store(any_url, [KEY]) as store:
            await stage(store, channel=channel).hear(update(number, f"n{number}"))
    assert channel.said() == [f"{number}: n{number}" for number in range(6)]
