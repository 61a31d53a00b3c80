"""exercises, and lines to oneself"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    for name in ("exercises", "lines"):
        op.create_table(
            name,
            sa.Column("id", ID, nullable=False),
            sa.Column("conversation_id", ID, nullable=False),
            sa.Column("ref", ID, nullable=False),
            sa.Column("at", INSTANT, nullable=False),
            sa.Column("data", sa.LargeBinary, nullable=False),
            sa.ForeignKeyConstraint(
                ["conversation_id"], ["conversations.id"], name=f"fk_{name}_conversation_id", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
            sa.UniqueConstraint("conversation_id", "ref", name=f"uq_{name}_conversation_id_ref"),
        )


def downgrade() -> None:
    for name in ("lines", "exercises"):
        op.drop_table(name)
