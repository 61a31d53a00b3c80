"""check-ins"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "check_ins",
        sa.Column("id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("due", INSTANT, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_check_ins_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_ins"),
        sa.UniqueConstraint("conversation_id", "key", name="uq_check_ins_conversation_id_key"),
    )
    op.create_index("ix_check_ins_due", "check_ins", ["due"])
    op.add_column("inbox", sa.Column("check_in", sa.Text))
    op.add_column("outbox", sa.Column("check_in", sa.Text))
    op.add_column("outbox", sa.Column("valid_until", INSTANT))
    op.create_index(
        "ix_outbox_prompted",
        "outbox",
        ["conversation_id"],
        sqlite_where=sa.text("valid_until IS NULL"),
        postgresql_where=sa.text("valid_until IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_prompted", "outbox")
    for table, column in (("outbox", "valid_until"), ("outbox", "check_in"), ("inbox", "check_in")):
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table("check_ins")
