"""Sales set aside at one kiosk, to go on at any of the store."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Go one step on."""
    op.create_table(
        "aside",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("sale_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("put_by", sa.String(length=40), nullable=False),
        sa.Column("put_us", sa.BigInteger(), nullable=False),
        sa.Column("sale", sa.LargeBinary(), nullable=True),
        sa.Column("taken_by", sa.String(length=40), nullable=False),
        sa.Column("claim_id", sa.String(length=64), nullable=False),
        sa.Column("taken_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "store", "sale_id", name=op.f("pk_aside")),
    )
    op.create_index("ix_aside_code", "aside", ["tenant", "store", "code"])
    op.create_index(op.f("ix_aside_put_us"), "aside", ["put_us"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("aside")
