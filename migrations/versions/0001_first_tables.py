"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Spelled out here, not imported from bot: a migration must go on doing what it did when it was written.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SEALED = sa.LargeBinary
INSTANT = sa.DateTime(timezone=True)
RECORDS = ("people", "rejections", "plans", "wins", "lessons", "journal", "moods")


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("lookup", sa.LargeBinary, nullable=False),
        sa.Column("address", SEALED, nullable=False),
        sa.Column("locale", sa.Text),
        sa.Column("session", SEALED),
        sa.Column("facts", SEALED),
        sa.Column("erased", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("active_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversations"),
        sa.UniqueConstraint("lookup", name="uq_conversations_lookup"),
        sqlite_autoincrement=True,
    )
    of_a_person(
        "inbox",
        sa.Column("from_within", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("update_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer, server_default="0", nullable=False),
        sa.Column("payload", SEALED, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_inbox_conversation_id_update_id_id", "inbox", ["conversation_id", "update_id", "id"]
    )
    op.create_table(
        "seen",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("update_id", ID, autoincrement=False, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("source", "update_id", name="pk_seen"),
        sqlite_with_rowid=False,
    )
    of_a_person(
        "outbox",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text),
        sa.Column("payload", SEALED),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer, server_default="0", nullable=False),
        sa.Column("unsure", sa.Integer, server_default="0", nullable=False),
        sa.Column("not_before", INSTANT),
        sa.Column("leased_by", sa.Text),
        sa.Column("leased_until", INSTANT),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_conversation_id_id", "outbox", ["conversation_id", "id"])
    of_a_person(
        "sent",
        sa.Column("key", sa.Text),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_index("ix_sent_conversation_id_key", "sent", ["conversation_id", "key"])
    of_a_person(
        "parked",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("update_id", ID),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("payload", SEALED, nullable=False),
        nullable=True,
    )
    op.create_index("ix_parked_conversation_id", "parked", ["conversation_id"])
    for name in RECORDS:
        of_a_person(
            name,
            sa.Column("ref", ID, nullable=False),
            sa.Column("at", INSTANT, nullable=False),
            sa.Column("data", SEALED, nullable=False),
            sa.UniqueConstraint("conversation_id", "ref", name=f"uq_{name}_conversation_id_ref"),
        )
    op.create_table(
        "risk_counts",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("day", "level", "about", name="pk_risk_counts"),
    )
    op.create_table(
        "known_value",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("value", SEALED, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_known_value"),
    )


def downgrade() -> None:
    for name in ("inbox", "seen", "outbox", "sent", "parked", *RECORDS, "risk_counts", "known_value", "conversations"):
        op.drop_table(name)


def of_a_person(
    name: str, *columns: sa.schema.SchemaItem, nullable: bool = False, sqlite_autoincrement: bool = False
) -> None:
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=nullable),
        *columns,
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=f"fk_{name}_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sqlite_autoincrement=sqlite_autoincrement,
    )
