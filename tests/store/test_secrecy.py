"""What lies on the disk holds none of a person's words, however it is looked at."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import URL, select

from bot.dialogue.effects import Effect, Record, Say
from bot.dialogue.events import Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service.person import erase
from bot.store.address import sqlite_file
from bot.store.database import Store, open_store
from bot.store.tables import metadata
from tests.conftest import KEY
from tests.service.promising import promising
from tests.service.stage import SOURCE, START, echo, message, save_text, stage, update

WORDS = ("Zaphodine", "Vogsphere", "9007199254")
SEALED = re.compile(rb"gAAAA[\w-]{20,}")


def telling(session: Session, event: Event, facts: Facts) -> tuple[Effect, ...]:
    """Save what is written wherever it can be saved, and say it back."""
    if not isinstance(event, Wrote) or "boom" in event.text:
        return echo(session, event, facts)
    saved = [save_text(session.visit * 10 + n, event.text, record) for n, record in enumerate(Record)]
    return (*saved, Say(key="k", message=message(event.text)))


def as_found(raw: bytes) -> Iterator[bytes]:
    """The bytes as they are, and every stretch that could be base64 decoded at each of its four offsets."""
    yield raw
    for stretch in re.findall(rb"[A-Za-z0-9+/_-]{16,}", raw):
        for offset in range(4):
            part = stretch[offset:]
            yield base64.urlsafe_b64decode(part[: len(part) // 4 * 4].replace(b"+", b"-").replace(b"/", b"_"))


def found_in(raw: bytes) -> set[str]:
    spellings = {
        word: [word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()] for word in WORDS
    }
    return {
        word for seen in as_found(raw) for word, ways in spellings.items() if any(way in seen for way in ways)
    }


def files_of(url: URL) -> bytes:
    path = sqlite_file(url)
    return b"".join(each.read_bytes() for each in path.parent.glob(path.name + "*"))


async def test_no_words_and_no_address_stand_in_the_file_or_its_journal(
    sqlite_url: URL, capfd: pytest.CaptureFixture[str]
) -> None:
    said = f"{WORDS[0]} of {WORDS[1]} said no"
    async with open_store(sqlite_url, [KEY]) as store:
        on = stage(store, telling)
        await on.pipeline.receive([update(1, said, to=WORDS[2]), update(2, "boom " + said, to=WORDS[2])])
        while_waiting = files_of(sqlite_url)
        await on.pipeline.turns.drain()
        while_unsent = files_of(sqlite_url)
        await on.pipeline.drain()
        await store.empty_journal()
        assert [found_in(raw) for raw in (while_waiting, while_unsent, files_of(sqlite_url))] == [
            set(),
            set(),
            set(),
        ]
    out = capfd.readouterr()
    assert not any(word in out.out + out.err for word in WORDS)


def test_the_search_itself_finds_words() -> None:
    word = WORDS[0].encode()
    assert found_in(b"x" + word) == {WORDS[0]}
    assert found_in(b"AAA" + base64.b64encode(b"some text of " + word + b" and so on")) == {WORDS[0]}
    assert found_in(word.hex().encode()) == {WORDS[0]}


async def test_what_is_handled_is_not_even_left_sealed(sqlite_url: URL) -> None:
    """Free pages and the journal hold no sealed payload of what was received and sent."""
    async with open_store(sqlite_url, [KEY]) as store:
        on = stage(store)
        await on.pipeline.receive([update(n, f"number {n}") for n in range(50)])
        await on.pipeline.turns.drain()
        await on.pipeline.receive([update(50, "number 50")])  # what is on record is read, and cached
        await on.pipeline.turns.drain()
        on.channel.calls.clear()
        await on.pipeline.drain()
        await store.empty_journal()
        known = await _tokens(store)
    assert len(known) == 4  # the key's known value, the address, the session, the facts
    assert strangers(sqlite_url, known) == []


async def test_after_erasing_not_even_sealed_words_are_left(sqlite_url: URL) -> None:
    async with open_store(sqlite_url, [KEY]) as store:
        on = stage(store, telling)
        await on.hear(*(update(n, f"number {n}") for n in range(20)))
        await erase(store, SOURCE, "100")
        known = await _tokens(store)
    assert len(known) == 1
    assert strangers(sqlite_url, known) == []


def strangers(url: URL, known: set[bytes]) -> list[bytes]:
    """Return sealed values on the disk that are in no row."""
    raw = files_of(url)
    for token in known:
        raw = raw.replace(token, b"|")
    return SEALED.findall(raw)


async def _tokens(store: Store) -> set[bytes]:
    """Every sealed value that a query still finds."""
    found: set[bytes] = set()
    async with store.read() as connection:
        for table in metadata.sorted_tables:
            for row in await connection.execute(select(table)):
                found |= {each.token for each in row if hasattr(each, "token")}
    return found


async def test_the_key_is_not_in_the_database(sqlite_url: URL) -> None:
    async with open_store(sqlite_url, [KEY]):
        pass
    raw = files_of(sqlite_url)
    assert KEY.encode() not in raw
    assert base64.urlsafe_b64decode(KEY) not in raw


async def test_what_was_promised_stands_sealed_and_once_said_is_gone(sqlite_url: URL) -> None:
    async with open_store(sqlite_url, [KEY]) as store:
        on = stage(store, promising)
        await on.hear(update(1, f"promise a 60 {WORDS[0]}"))
        while_pending = files_of(sqlite_url)
        on.clock.at = START + timedelta(hours=1)
        await on.pipeline.check_ins.drain()
        while_due = files_of(sqlite_url)
        await on.pipeline.turns.drain()
        while_unsent = files_of(sqlite_url)
        await on.pipeline.drain()
        await store.empty_journal()
        assert on.channel.said() == [f"a{WORDS[0]}"]
        assert [found_in(raw) for raw in (while_pending, while_due, while_unsent)] == [set()] * 3
        known = await _tokens(store)
    assert strangers(sqlite_url, known) == []
