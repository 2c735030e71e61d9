"""Deltas between versions; journals that two machines tell under one name."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "delta",
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("target_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("base_sha256", "target_sha256", name=op.f("pk_delta")),
    )
    op.create_index(op.f("ix_delta_target_sha256"), "delta", ["target_sha256"])
    for name in ("first_us", "last_us", "forked_us"):
        column = sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")
        op.add_column("journal", column)


def downgrade() -> None:
    """Go one step back."""
    for name in ("first_us", "last_us", "forked_us"):
        op.drop_column("journal", name)
    op.drop_table("delta")
