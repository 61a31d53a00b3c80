"""PRIVACY.md, the schema and what the bot itself says must tell the same."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Column, Integer, MetaData, Table

from bot.config import Settings
from bot.dialogue.targets import TARGETS, OneOf, SeveralOf
from bot.service.export_schema import export_schema
from bot.service.housekeeping import PARKED_FOR, SEEN_FOR
from bot.service.retention import NOTICE
from bot.store.columns import Sealed
from bot.store.owners import NOBODYS, THEIRS, exported, is_theirs
from bot.store.tables import conversations, known_value, metadata, personal_tables, records
from bot.store.writing import DELETABLE
from tests.real_content import real_content

TABLES = metadata.sorted_tables
ROOT = Path(__file__).parents[1]
SCHEMA = (ROOT / "docs" / "export.schema.json").read_text(encoding="utf-8")
PAGE = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
ROWS = {
    name: line
    for line in PAGE.splitlines()
    if line.startswith("|")
    for name in re.findall(r"`(\w+)`", line.rsplit("|", 2)[1])
}


def test_the_page_names_every_table_and_no_other() -> None:
    assert set(ROWS) == set(metadata.tables)


def test_the_page_quotes_what_the_bot_says_word_for_word() -> None:
    step = real_content().script.steps["privacy/keeps"]
    said = [template.source for line in step.say for case in line.cases for template in case.variants["en"]]
    quoted = [line.removeprefix("> ") for line in PAGE.splitlines() if line.startswith("> ")]
    assert said == quoted


def test_the_page_says_how_long_as_the_code_does_it() -> None:
    months = Settings.model_fields["retention_months"].default
    assert f"After {months} months without a word" in PAGE
    assert (months, NOTICE // timedelta(weeks=1)) == (12, 2), (
        "“a year” and “two weeks” in content/flows/privacy.yaml"
    )
    assert f"{DELETABLE // timedelta(hours=1)} hours" in ROWS["sent"]
    assert f"{PARKED_FOR.days} days" in ROWS["parked"]
    assert f"{SEEN_FOR.days} days" in ROWS["seen"]


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_every_table_says_whose_its_rows_are(table: Table) -> None:
    assert dict(table.info) in (dict(THEIRS), dict(NOBODYS)), (
        f"`{table.name}` needs `info=THEIRS` or `info=NOBODYS`: see CONTRIBUTING.md, A new table"
    )


@pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])
def test_what_is_a_persons_hangs_on_their_conversation_and_what_is_nobodys_holds_no_words(
    table: Table,
) -> None:
    sealed = [column.name for column in table.c if isinstance(column.type, Sealed)]
    to = {(key.column.table.name, key.ondelete) for key in table.foreign_keys}
    if table is conversations:
        assert not to
    elif is_theirs(table):
        assert to == {("conversations", "CASCADE")}
        assert "conversation_id" in table.c
    else:
        assert not to
        assert table is known_value or not sealed


def test_a_table_without_a_rule_fails_wherever_the_rule_is_asked_for() -> None:
    table = Table("diaries", MetaData(), Column("id", Integer, primary_key=True))
    with pytest.raises(LookupError, match="diaries doesn't say whose its rows are"):
        is_theirs(table)


def test_nothing_a_person_wrote_is_kept_out_of_their_export() -> None:
    kept_out = {
        f"{table.name}.{column.name}"
        for table in (conversations, *personal_tables())
        for column in table.c
        if column not in exported(table) and isinstance(column.type, Sealed)
    }
    assert kept_out == {"conversations.facts"}, "a cache of other rows; nothing else sealed may be kept out"


def test_the_published_schema_is_the_one_the_program_writes_by() -> None:
    assert export_schema() == json.loads(SCHEMA), (
        "write it anew: onward person schema > docs/export.schema.json"
    )
    Draft202012Validator.check_schema(export_schema())


def test_every_record_field_and_value_has_words_on_the_page() -> None:
    words = real_content().script.flows["export"].labels
    wanted = {f"t-{table.name}" for table in records.values()}
    for target in TARGETS.values():
        wanted.add(f"f-{target.field}")
        if isinstance(target.holds, OneOf | SeveralOf):
            wanted |= {f"v-{value}" for value in target.holds.values}
    assert sorted(wanted - set(words)) == [], "give each its words in content/flows/export.yaml"
