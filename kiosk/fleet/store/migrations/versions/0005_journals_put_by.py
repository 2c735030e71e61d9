"""Old rows of journals are put by in pieces, so that a journal can be made anew for years."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Go one step on."""
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "journal_piece",
        sa.Column("no", serial, nullable=False),
        sa.Column("journal_no", serial, nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("first_us", sa.BigInteger(), nullable=False),
        sa.Column("last_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["journal_no"], ["journal.no"], name=op.f("fk_journal_piece_journal_no")
        ),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_journal_piece")),
    )
    op.create_index("ix_journal_piece_last", "journal_piece", ["journal_no", "last_seq"])
    op.create_index("ix_journal_piece_last_us", "journal_piece", ["last_us"])


def downgrade() -> None:
    """Go one step back."""
    op.drop_table("journal_piece")
