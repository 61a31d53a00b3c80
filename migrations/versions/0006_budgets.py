"""budgets: what may still be sent, where several processes send"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("chat", ID, nullable=False),
        sa.Column("full_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "chat", name="pk_budgets"),
    )


def downgrade() -> None:
    op.drop_table("budgets")
