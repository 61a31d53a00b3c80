"""The tables. What a person said, and where they are reached, is sealed; ids, moments and counts are plain.

Every table declares whose its rows are (`THEIRS` or `NOBODYS`): erasing, exporting and their tests go by it. What
is a person's hangs on `conversations` by `conversation_id`.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from bot.dialogue.effects import Record
from bot.store.columns import Id, Instant, Sealed
from bot.store.owners import NOBODYS, THEIRS, is_theirs, kept_out

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _numbered() -> Column[int]:
    return Column("id", Id, primary_key=True, info=kept_out("a row's number"))


def _belongs(*, nullable: bool = False) -> Column[int]:
    to = ForeignKey("conversations.id", ondelete="CASCADE")
    return Column("conversation_id", Id, to, nullable=nullable, info=kept_out("a row's number"))


# AUTOINCREMENT below: a row's number must not come back after the row is gone, or a mark for the old one would
# hit the new one.
conversations = Table(
    "conversations",
    metadata,
    _numbered(),
    Column("source", Text, nullable=False),
    Column(  # keyed hash of source and address
        "lookup", LargeBinary, nullable=False, unique=True, info=kept_out("made of source and address")
    ),
    Column("address", Sealed, nullable=False),
    Column("locale", Text),  # the first one heard of; a choice of theirs is in `people`
    Column("session", Sealed),  # none: nothing happened yet, and there are no records
    # What the records say; none: to be read from them again.
    Column("facts", Sealed, info=kept_out("a copy of what the records hold")),
    Column("erased", Boolean, nullable=False, server_default=false()),  # goes with its last message
    Column("active_at", Instant, nullable=False, index=True),
    Column("warned_at", Instant),  # told that what is idle for so long will be erased
    sqlite_autoincrement=True,
    info=THEIRS,
)

inbox = Table(
    "inbox",
    metadata,
    _numbered(),
    _belongs(),
    Column(
        "from_within", Boolean, nullable=False, server_default=false()
    ),  # came from within, not from the channel
    Column("update_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("payload", Sealed, nullable=False),
    Column("check_in", Text),  # the key of the check-in that is due
    Index(None, "conversation_id", "update_id", "id"),
    sqlite_autoincrement=True,
    info=THEIRS,
)

# Names no person, and outlives the inbox row, so that an update that comes twice is known.
seen = Table(
    "seen",
    metadata,
    Column("source", Text, primary_key=True),
    Column("update_id", Id, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
    sqlite_with_rowid=False,
    info=NOBODYS,
)

outbox = Table(
    "outbox",
    metadata,
    _numbered(),
    _belongs(),
    Column("kind", Text, nullable=False),  # bot.store.outbox.Kind
    Column("key", Text),
    Column("payload", Sealed),
    Column("at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("unsure", Integer, nullable=False, server_default="0"),  # how often no answer came
    Column("not_before", Instant),
    Column("leased_by", Text, info=kept_out("which process is sending it")),
    Column("leased_until", Instant, info=kept_out("which process is sending it")),
    Column("check_in", Text),  # the key of the check-in it comes of
    Column("valid_until", Instant),  # none: a reply, which goes before what nobody asked for
    Index(None, "conversation_id", "id"),
    sqlite_autoincrement=True,
    info=THEIRS,
)
Index(
    "ix_outbox_prompted",
    outbox.c.conversation_id,
    sqlite_where=outbox.c.valid_until.is_(None),
    postgresql_where=outbox.c.valid_until.is_(None),
)

# What is promised. A due row becomes an inbox row; it is never in both.
check_ins = Table(
    "check_ins",
    metadata,
    _numbered(),
    _belongs(),
    Column("key", Text, nullable=False),
    Column("kind", Text, nullable=False),  # bot.dialogue.missed.Kind
    Column("due", Instant, nullable=False, index=True),
    Column("named", Boolean, nullable=False),
    Column("payload", Sealed, nullable=False),  # the whole of it, as the inbox will have it
    UniqueConstraint("conversation_id", "key"),
    info=THEIRS,
)

# Ids of messages, no text: for editing and deleting, as long as the platform allows it.
sent = Table(
    "sent",
    metadata,
    _numbered(),
    _belongs(),
    Column("key", Text),  # none: the person's own message
    Column("message_id", Text, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Index(None, "conversation_id", "key"),
    info=THEIRS,
)

# What may still be sent, where several processes send with one token (`bot.store.budget`). A row is a number for
# seconds: that of a conversation lately sent to, or 0 for all of them.
budgets = Table(
    "budgets",
    metadata,
    Column("source", Text, primary_key=True),
    Column("chat", Id, primary_key=True, autoincrement=False),
    Column("full_at", Instant, nullable=False),
    info=NOBODYS,
)

parked = Table(
    "parked",
    metadata,
    _numbered(),
    _belongs(nullable=True),
    Column("source", Text, nullable=False),
    Column("update_id", Id),
    Column("at", Instant, nullable=False, index=True),
    Column("reason", Text, nullable=False),  # an exception's type or a fixed word; never a text
    Column("payload", Sealed, nullable=False),
    Index(None, "conversation_id"),
    info=THEIRS,
)


def _record(name: str) -> Table:
    made: Table = Table(
        name,
        metadata,
        _numbered(),
        _belongs(),
        Column("ref", Id, nullable=False),
        Column("at", Instant, nullable=False),
        Column("data", Sealed, nullable=False),  # JSON: field -> value, fields as in bot.dialogue.targets
        UniqueConstraint("conversation_id", "ref"),
        info=THEIRS,
    )
    return made


records: dict[Record, Table] = {
    Record.PERSON: _record("people"),
    Record.REJECTION: _record("rejections"),
    Record.PLAN: _record("plans"),
    Record.WIN: _record("wins"),
    Record.LESSON: _record("lessons"),
    Record.JOURNAL: _record("journal"),
    Record.MOOD: _record("moods"),
    Record.EXERCISE: _record("exercises"),
    Record.LINE: _record("lines"),
    Record.LETTER: _record("letters"),
}

# How often the gate spoke, by day; whom it concerned is not known.
risk_counts = Table(
    "risk_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("about", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    info=NOBODYS,
)

# One sealed value: opening it shows that the key is right; inside is the secret of the address lookup.
known_value = Table(
    "known_value",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("value", Sealed, nullable=False),
    info=NOBODYS,
)


def personal_tables() -> list[Table]:
    """Return every table that holds rows of one conversation, apart from `conversations` itself."""
    return [table for table in metadata.sorted_tables if is_theirs(table) and table is not conversations]
