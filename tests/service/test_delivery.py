from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.dialogue.effects import CloseButtons, Delete, Edit, Effect, ForgetMessages, Say, WithdrawUnsent
from bot.dialogue.events import Blocked, Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service import delivery
from bot.service.pace import Limits
from bot.store import heads
from bot.store.database import Store
from bot.store.errors import StoreError
from bot.store.ports import Gone, Moved, Refused, TryLater, Unsure
from bot.store.tables import outbox, sent
from tests.service.stage import SOURCE, START, Channel, message, stage, update


def three(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    """Three messages a turn."""
    if not isinstance(event, Wrote):
        return ()
    return tuple(Say(key=f"{event.text}{n}", message=message(f"{event.text}{n}")) for n in (1, 2, 3))


def scripted(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    """What is written is what is done."""
    if not isinstance(event, Wrote):
        return ()
    what, _, rest = event.text.partition(" ")
    said: dict[str, Effect] = {
        "say": Say(key="k", message=message(rest)),
        "edit": Edit(key="k", message=message(rest)),
        "close": CloseButtons(key="k", chosen=rest or None),
        "delete": Delete(key="k"),
        "forget": ForgetMessages(since=START),
        "withdraw": WithdrawUnsent(),
    }
    return (
        (said[what],)
        if what != "withdraw"
        else (said["say"], said["withdraw"], Say(key="c", message=message("alone")))
    )


def closing(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    """The last message's buttons taken away, then the next message."""
    if not isinstance(event, Wrote):
        return ()
    return CloseButtons(key="k", chosen=None), Say(key="k", message=message(event.text))


async def test_messages_of_a_chat_go_in_order_each_marked_before_the_next(store: Store) -> None:
    waiting: list[int] = []

    async def left() -> int:
        async with store.read() as connection:
            return len((await connection.execute(select(outbox.c.id))).all())

    class Watching(Channel):
        async def say(self, address, message):  # type: ignore[no-untyped-def]
            waiting.append(await left())
            return await Channel.say(self, address, message)

    on = stage(store, three, channel=Watching())
    await on.hear(update(1, "a"))
    assert on.channel.said() == ["a1", "a2", "a3"]
    assert waiting == [3, 2, 1]


async def test_old_buttons_go_with_the_next_message_of_their_own_chat(store: Store) -> None:
    on = stage(store, closing)
    for number in (1, 2, 3):
        await on.pipeline.receive(
            [update(10 * number + each, f"{number}", to=name) for each, name in enumerate("abc")]
        )
        await (on.pipeline.drain() if number == 1 else on.pipeline.turns.drain())
    async with store.read() as connection:
        first = await heads.page(connection, [SOURCE], replies=True, most=9)
        rows = await connection.execute(select(outbox.c.id, outbox.c.conversation_id))
        whose = {row.id: row.conversation_id for row in rows}
    assert len(first) == 3
    assert [whose[head.follower or 0] for head in first] == [head.conversation_id for head in first]
    await on.pipeline.drain()
    for name in "abc":
        assert on.channel.said(name) == ["1", "2", "3"]
        assert [call[0] for call in on.channel.calls if call[1] == name] == [
            "say",
            "close",
            "say",
            "close",
            "say",
        ]


async def test_what_follows_old_buttons_waits_when_those_must_wait(store: Store) -> None:
    on = stage(store, closing)
    await on.hear(update(1, "1"))
    on.channel.outcomes = [TryLater(after=timedelta(seconds=9))]
    await on.hear(update(2, "2"))
    assert on.channel.said() == ["1"]
    on.clock.move(timedelta(seconds=9))
    await on.pipeline.drain()
    assert (on.channel.said(), on.pipeline.delivery.retried) == (["1", "2"], 1)


async def test_a_wait_holds_back_its_own_chat_alone(store: Store) -> None:
    on = stage(store, three, channel=Channel(outcomes=[TryLater(after=timedelta(seconds=22.5))]))
    await on.pipeline.receive([update(1, "a", to="a"), update(2, "b", to="b")])
    due = await on.pipeline.drain()
    assert due == START + timedelta(seconds=22.5)
    assert (on.channel.said("a"), on.channel.said("b")) == (["a1"], ["b1", "b2", "b3"])
    on.clock.move(timedelta(seconds=22.4))
    await on.pipeline.drain()
    assert on.channel.said("a") == ["a1"]
    on.clock.move(timedelta(seconds=0.1))
    await on.pipeline.drain()
    assert on.channel.said("a") == ["a1", "a1", "a2", "a3"]


async def test_an_api_out_of_reach_halts_everything_longer_and_longer(store: Store) -> None:
    on = stage(store, three, channel=Channel(outcomes=[TryLater(whole=True)] * 6))
    await on.pipeline.receive([update(1, "a", to="a"), update(2, "b", to="b")])
    dues = []
    for _ in range(3):
        due = await on.pipeline.drain()
        assert due is not None
        dues.append((due - on.clock.at).total_seconds())
        assert await on.pipeline.drain() == due
        on.clock.at = due
    assert dues == [1, 2, 4]
    await on.pipeline.drain()
    assert on.channel.said("b")[-3:] == ["b1", "b2", "b3"]


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        pytest.param([Unsure()], ["a1", "a1", "a2", "a3"], id="unsure-is-sent-once-more"),
        pytest.param([Unsure()] * 5, ["a1"] * 5 + ["a2", "a3"], id="and-at-most-four-times-more"),
        pytest.param([RuntimeError("bug")], ["a1", "a1", "a2", "a3"], id="a-sender-that-raises-is-unsure"),
        pytest.param([Refused(reason="no")], ["a1", "a2", "a3"], id="refused-is-dropped"),
        pytest.param([TryLater()], ["a1", "a1", "a2", "a3"], id="later-is-sent-again"),
        pytest.param([TryLater()] * 9, ["a1"] * 10 + ["a2", "a3"], id="later-is-never-given-up"),
    ],
)
async def test_a_faulty_delivery_ends_well(store: Store, outcomes: list[object], said: list[str]) -> None:
    on = stage(store, three, channel=Channel(outcomes=list(outcomes)))  # type: ignore[arg-type]
    await on.pipeline.receive([update(1, "a")])
    while (due := await on.pipeline.drain()) is not None:
        on.clock.at = due
    assert on.channel.said() == said


async def test_when_the_person_is_gone_nothing_more_is_sent_and_the_engine_hears_of_it(store: Store) -> None:
    events: list[Event] = []

    def noting(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
        events.append(event)
        return three(session, event, facts)

    on = stage(store, noting, channel=Channel(outcomes=[Gone()]))
    await on.hear(update(1, "a"))
    assert on.channel.said() == ["a1"]
    assert events[1:] == [Blocked(at=START)]
    await on.hear(update(2, "b"))
    assert on.channel.said() == ["a1", "b1", "b2", "b3"]


async def test_a_chat_that_moved_is_reached_at_its_new_address(store: Store) -> None:
    on = stage(store, three, channel=Channel(outcomes=[Moved(to="-100")]))
    await on.hear(update(1, "a"))
    assert on.channel.said("-100") == ["a1", "a2", "a3"]
    await on.hear(update(2, "b", to="-100"))
    assert on.channel.said("-100")[3:] == ["b1", "b2", "b3"]


async def test_a_chat_that_moved_to_where_it_is_known_already_is_left_there(store: Store) -> None:
    on = stage(store, three)
    await on.hear(update(1, "a", to="-100"))
    on.channel.outcomes = [Moved(to="-100")] * 50
    await on.hear(update(2, "b"))
    assert on.channel.said() == ["b1"]
    on.channel.outcomes = []
    await on.hear(update(3, "c", to="-100"))
    assert on.channel.said("-100")[3:] == ["c1", "c2", "c3"]


async def test_the_news_of_a_move_changes_the_address(store: Store) -> None:
    on = stage(store, three)
    await on.hear(update(1, "a"), update(2, "", kind="moved", moved_to="-100"), update(3, "b"))
    assert on.channel.said("-100")[-3:] == ["b1", "b2", "b3"]


async def test_messages_are_edited_closed_and_deleted_by_their_key(store: Store) -> None:
    on = stage(store, scripted)
    await on.hear(
        *(update(n, text) for n, text in enumerate(["say one", "edit two", "close Yes", "close", "delete"]))
    )
    assert on.channel.calls == [
        ("say", "100", "one"),
        ("edit", "100", "1", "two"),
        ("close", "100", "1", "Yes"),
        ("close", "100", "1", "-"),
        ("delete", "100", "1"),
    ]
    await on.hear(update(9, "close x"), update(10, "delete"), update(11, "edit three"))
    assert on.channel.calls[5:] == [("say", "100", "three")]


async def test_an_edit_that_is_refused_is_said_anew(store: Store) -> None:
    on = stage(store, scripted, channel=Channel())
    await on.hear(update(1, "say one"))
    on.channel.outcomes = [Refused(reason="message to edit not found")]
    await on.hear(update(2, "edit two"), update(3, "edit three"))
    assert on.channel.calls[1:] == [
        ("edit", "100", "1", "two"),
        ("say", "100", "two"),
        ("edit", "100", "2", "three"),
    ]


async def test_their_own_messages_are_forgotten_a_hundred_at_a_time(store: Store) -> None:
    on = stage(store, scripted)
    await on.hear(update(0, "say x"))
    theirs = [{"conversation_id": 1, "message_id": f"m{n}", "at": START} for n in range(1, 130)]
    old = {"conversation_id": 1, "message_id": "too old to be deleted", "at": START - timedelta(hours=1)}
    async with store.write() as connection:
        await connection.execute(sent.insert(), [*theirs, old])
    on.channel.calls.clear()
    await on.hear(update(200, "forget"))
    kinds = [(call[0], len(call) - 2) for call in on.channel.calls]
    assert kinds == [("delete", 100), ("delete", 31)]
    assert {each for call in on.channel.calls for each in call[2:]} == {f"m{n}" for n in [*range(130), 200]}
    async with store.read() as connection:
        left = (
            (await connection.execute(select(sent.c.message_id).where(sent.c.key.is_(None)))).scalars().all()
        )
    assert left == ["too old to be deleted"]


async def test_what_waits_is_withdrawn_before_a_crisis_answer(store: Store) -> None:
    on = stage(store, scripted, channel=Channel(outcomes=[TryLater(after=timedelta(hours=1))]))
    await on.hear(update(1, "say one"), update(2, "say two"))
    await on.hear(update(3, "withdraw"))
    assert on.channel.said() == ["one", "alone"]


async def test_what_waits_is_withdrawn_when_they_block_the_bot(store: Store) -> None:
    on = stage(store, three, channel=Channel(outcomes=[TryLater(after=timedelta(hours=1))]))
    await on.hear(update(1, "a"))
    await on.hear(update(2, "", kind="blocked"))
    on.clock.move(timedelta(hours=2))
    await on.pipeline.drain()
    assert on.channel.said() == ["a1"]


async def test_a_message_withdrawn_before_its_send_is_not_sent(store: Store) -> None:
    on = stage(store, three, limits=Limits(per_chat=1, chat_burst=1))
    await on.hear(update(1, "a"))
    async with store.write() as connection:
        await connection.execute(outbox.delete())
    on.clock.move(timedelta(minutes=1))
    await on.pipeline.drain()
    assert on.channel.said() == ["a1"]


async def test_a_chat_is_sent_to_no_faster_than_its_limit(store: Store) -> None:
    on = stage(store, three, limits=Limits(per_chat=1, chat_burst=2))
    await on.pipeline.receive([update(1, "a", to="a"), update(2, "b", to="b")])
    moments: list[float] = []
    on.channel.on_send = lambda: moments.append(round((on.clock.at - START).total_seconds(), 3))
    while (due := await on.pipeline.drain()) is not None:
        on.clock.at = due
    assert moments == [0, 0, 0, 0, 1, 1]
    assert on.channel.said("a") == ["a1", "a2", "a3"]


async def test_a_send_that_could_not_be_marked_is_marked_later_and_not_sent_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    on = stage(store, three)
    await on.pipeline.receive([update(1, "a")])
    await on.pipeline.turns.drain()

    async def failing(*_: object) -> None:
        raise OperationalError("DELETE", {}, Exception("database is locked"))

    with monkeypatch.context() as patched:
        patched.setattr(delivery, "mark", failing)
        for _ in range(3):
            with pytest.raises(StoreError, match="locked"):
                await on.pipeline.delivery.drain()
    assert on.channel.said() == ["a1"]
    await on.pipeline.delivery.drain()
    assert on.channel.said() == ["a1", "a2", "a3"]
