"""Receipts are found by number, returns by what they are of; held while goods come back."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Go one step on."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("sale", sa.Column("series", sa.String(length=80)))
    op.add_column("sale", sa.Column("receipt_number", sa.BigInteger()))
    op.add_column("sale", sa.Column("returns_of", sa.String(length=80)))
    op.create_index("ix_sale_receipt", "sale", ["kiosk_no", "series", "receipt_number"])
    op.create_index(
        "ix_sale_returns_of",
        "sale",
        ["returns_of"],
        sqlite_where=sa.text("returns_of IS NOT NULL"),
        postgresql_where=sa.text("returns_of IS NOT NULL"),
    )
    op.create_table(
        "held_receipt",
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("sale_id", sa.String(length=80), nullable=False),
        sa.Column("kiosk_no", serial, nullable=False),
        sa.Column("into_sale_id", sa.String(length=80), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_held_receipt_kiosk_no")),
        sa.PrimaryKeyConstraint("tenant", "store", "sale_id", name=op.f("pk_held_receipt")),
    )
    op.create_index(op.f("ix_held_receipt_at_us"), "held_receipt", ["at_us"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("held_receipt")
    op.drop_index("ix_sale_returns_of", "sale")
    op.drop_index("ix_sale_receipt", "sale")
    for name in ("returns_of", "receipt_number", "series"):
        op.drop_column("sale", name)
