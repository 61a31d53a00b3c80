from __future__ import annotations

import html
import json
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.dialogue.effects import Effect, EraseEverything, Record, SaveTo, SendExport
from bot.dialogue.events import Event, Wrote
from bot.dialogue.facts import Facts
from bot.dialogue.session import Session
from bot.service.export import as_data, as_page
from bot.service.person import export
from bot.store.database import Store
from bot.store.owners import exported
from bot.store.ports import Outcome, TryLater
from bot.store.tables import conversations, personal_tables
from tests.real_content import real_content
from tests.service.stage import START, Channel, message, save_text, stage, update
from tests.store.filling import SOURCE, Filler

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "export.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    """The words of the page, as the content has them."""
    labels = real_content().script.flows["export"].labels
    return {name: texts["en"][0].source for name, texts in labels.items()}


async def test_an_export_of_every_table_and_column_fits_the_schema_and_reads_whole(
    store: Store, words: dict[str, str]
) -> None:
    async with store.write() as connection:
        await Filler("Zaphodine <b>&", "100", count(1)).fill(connection, store.lookup)
    kept = await export(store, SOURCE, "100")
    assert kept is not None
    made = json.loads(as_data(kept, START))
    Draft202012Validator(SCHEMA).validate(made)
    assert made["kept"] == kept
    page = html.unescape(as_page(kept, words, START).decode())
    for table in (conversations, *personal_tables()):
        for column in exported(table):
            value = kept[table.name][0][column.name]
            said = value["words"] if isinstance(value, dict) else value
            if isinstance(said, str) and said.startswith("Zaphodine"):
                assert said in page, f"{table.name}.{column.name}"


async def test_nothing_a_person_wrote_becomes_markup(store: Store, words: dict[str, str]) -> None:
    async with store.write() as connection:
        await Filler("<script>alert(1)</script>", "100", count(1)).fill(connection, store.lookup)
    kept = await export(store, SOURCE, "100")
    assert kept is not None
    assert b"<script" not in as_page(kept, words, START)


def exporting(session: Session, event: Event, _facts: Facts) -> tuple[Effect, ...]:
    match event:
        case Wrote(text="export"):
            return (SendExport(key="1.export", file_name="me", words=WORDS),)
        case Wrote(text="erase"):
            return (EraseEverything(last=message("All gone.")),)
        case Wrote(text=text):
            return (save_text(session.visit, text), _zone(event))
    return ()


def _zone(event: Event) -> SaveTo:
    return SaveTo(record=Record.PERSON, ref=0, field="zone", value="Europe/Berlin", at=event.at)


WORDS = dict.fromkeys(
    ("language", "title", "made", "intro", "rest", "rest-why", "rest-open", "yes", "no"), "x"
)


class Keeping(Channel):
    """Keeps the files."""

    async def send_file(self, address: str, name: str, mime: str, content: bytes, caption: str) -> Outcome:
        outcome = await Channel.send_file(self, address, name, mime, content, caption)
        self.files: dict[str, Any] = {**getattr(self, "files", {}), name: content.decode()}
        return outcome


async def test_an_export_is_what_is_kept_at_the_moment_it_is_sent(store: Store) -> None:
    channel = Keeping()
    on = stage(store, exporting, channel=channel)
    await on.hear(update(1, "first win"))
    channel.outcomes = [TryLater(after=timedelta(minutes=1))]
    await on.hear(update(2, "export"))
    await on.hear(update(3, "second win"))
    on.clock.move(timedelta(minutes=2))
    await on.pipeline.drain()
    assert list(channel.files) == ["me.html", "me.json"]
    made = json.loads(channel.files["me.json"])
    Draft202012Validator(SCHEMA).validate(made)
    assert [row["data"]["text"] for row in made["kept"]["wins"]] == ["first win", "second win"]
    assert made["kept"]["outbox"] == []
    assert "19:10 CET" in channel.files["me.html"]
    assert channel.files["me.html"].count("win</dd>") == 2


async def test_an_export_that_waits_is_not_sent_after_erasing(store: Store) -> None:
    on = stage(store, exporting)
    await on.hear(update(1, "a win"))
    on.channel.outcomes = [TryLater(after=timedelta(minutes=1))]
    await on.hear(update(2, "export"))
    on.channel.calls.clear()
    await on.hear(update(3, "erase"))
    on.clock.move(timedelta(minutes=2))
    await on.pipeline.drain()
    assert on.channel.calls == [("say", "100", "All gone.")]
