"""whose, and how long: what is purged by age is found by an index; who was told of being idle"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BY_AGE = (("seen", "at"), ("sent", "at"), ("parked", "at"), ("conversations", "active_at"))


def upgrade() -> None:
    op.add_column("conversations", sa.Column("warned_at", sa.DateTime(timezone=True)))
    for table, column in BY_AGE:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in BY_AGE:
        op.drop_index(f"ix_{table}_{column}", table)
    op.drop_column("conversations", "warned_at")
