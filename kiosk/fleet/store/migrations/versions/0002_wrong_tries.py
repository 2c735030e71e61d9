"""Wrong tries to sign in outlive the server."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "wrong_try",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wrong_try")),
    )
    op.create_index(op.f("ix_wrong_try_at_us"), "wrong_try", ["at_us"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("wrong_try")
