"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go one step on."""
    _alert()
    _audit()
    _kiosk()
    _person()
    _rollout()
    _snapshot()
    _attachment()
    _command()
    _health_point()
    _intervention()
    _journal()
    _payment()
    _sale()
    _session()
    _event()


def downgrade() -> None:
    """Go one step back: everything is gone."""
    for table in (
        "event",
        "session",
        "sale",
        "payment",
        "journal",
        "intervention",
        "health_point",
        "command",
        "attachment",
        "snapshot",
        "rollout",
        "person",
        "kiosk",
        "audit",
        "alert",
    ):
        op.drop_table(table)


def _alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("store_key", sa.String(length=90), nullable=False),
        sa.Column("key", sa.String(length=130), server_default="", nullable=False),
        sa.Column("subject", sa.String(length=80), server_default="", nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_us", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_us", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), server_default="", nullable=False),
        sa.Column("closed_us", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=40), server_default="", nullable=False),
        sa.Column("told_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index("ix_alert_closed_us", ["closed_us"], unique=False)
        batch_op.create_index(
            "uq_alert_live",
            ["rule", "store_key", "key", "subject"],
            unique=True,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=130), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_at_us"), ["at_us"], unique=False)
        batch_op.create_index("ix_audit_target", ["target", "id"], unique=False)


def _kiosk() -> None:
    op.create_table(
        "kiosk",
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=130), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("store", sa.String(length=40), nullable=False),
        sa.Column("kiosk", sa.String(length=40), nullable=False),
        sa.Column("grp", sa.String(length=40), server_default="", nullable=False),
        sa.Column("first_heard_us", sa.BigInteger(), nullable=False),
        sa.Column("last_heard_us", sa.BigInteger(), nullable=False),
        sa.Column("birth", sa.JSON(), nullable=True),
        sa.Column("birth_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.JSON(), nullable=True),
        sa.Column("state_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("health", sa.JSON(), nullable=True),
        sa.Column("health_us", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("key", name=op.f("uq_kiosk_key")),
    )
    with op.batch_alter_table("kiosk", schema=None) as batch_op:
        batch_op.create_index("ix_kiosk_place", ["tenant", "store"], unique=False)


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("display_name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("stores", sa.JSON(), nullable=False),
        sa.Column("of_age", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_person")),
    )


def _rollout() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("previous", sa.String(length=40), nullable=False),
        sa.Column("tenant", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("worse_percent_max", sa.Integer(), nullable=False),
        sa.Column("soak_minutes", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=40), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=False),
        sa.Column("changed_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollout")),
    )


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by", sa.String(length=40), nullable=False),
        sa.Column("uploaded_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_snapshot")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_snapshot_sha256"), ["sha256"], unique=False)


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_attachment_kiosk_no")),
        sa.PrimaryKeyConstraint("kiosk_no", "kind", name=op.f("pk_attachment")),
    )


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("issued_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.Column("answered_us", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(length=80), server_default="", nullable=False),
        sa.Column("detail", sa.String(length=500), server_default="", nullable=False),
        sa.Column("data", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_command_kiosk_no")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
    )
    with op.batch_alter_table("command", schema=None) as batch_op:
        batch_op.create_index("ix_command_kiosk", ["kiosk_no", "issued_us"], unique=False)


def _health_point() -> None:
    op.create_table(
        "health_point",
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slot_us", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("temperature_c", sa.Float(), nullable=True),
        sa.Column("disk_free_bytes", sa.BigInteger(), nullable=True),
        sa.Column("rss_bytes", sa.BigInteger(), nullable=True),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=True),
        sa.Column("outbox_waiting", sa.BigInteger(), nullable=True),
        sa.Column("inbox_dropped", sa.BigInteger(), nullable=True),
        sa.Column("journal_seq", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_health_point_kiosk_no")),
        sa.PrimaryKeyConstraint("kiosk_no", "slot_us", name=op.f("pk_health_point")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("health_point", schema=None) as batch_op:
        batch_op.create_index("ix_health_point_slot_us", ["slot_us"], unique=False)


def _intervention() -> None:
    op.create_table(
        "intervention",
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("sale_id", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=80), nullable=True),
        sa.Column("policy", sa.String(length=80), nullable=True),
        sa.Column("raised_us", sa.BigInteger(), nullable=True),
        sa.Column("resolved_us", sa.BigInteger(), nullable=True),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.Column("attendant_id", sa.String(length=80), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("message", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_intervention_kiosk_no")),
        sa.PrimaryKeyConstraint("kiosk_no", "id", name=op.f("pk_intervention")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("intervention", schema=None) as batch_op:
        batch_op.create_index(
            "ix_intervention_open",
            ["kiosk_no"],
            unique=False,
            sqlite_where=sa.text("resolved_us IS NULL"),
            postgresql_where=sa.text("resolved_us IS NULL"),
        )
        batch_op.create_index("ix_intervention_raised_us", ["raised_us"], unique=False)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("journal_id", sa.String(length=80), nullable=False),
        sa.Column("stored_through", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_journal_kiosk_no")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_journal")),
        sa.UniqueConstraint("kiosk_no", "journal_id", name=op.f("uq_journal_kiosk_no_journal_id")),
    )


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sale_id", sa.String(length=80), nullable=False),
        sa.Column("attempt_id", sa.String(length=80), nullable=False),
        sa.Column("method", sa.String(length=80), nullable=True),
        sa.Column("outcome", sa.String(length=80), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("settled_us", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_payment_kiosk_no")),
        sa.PrimaryKeyConstraint("kiosk_no", "sale_id", "attempt_id", name=op.f("pk_payment")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("payment", schema=None) as batch_op:
        batch_op.create_index("ix_payment_settled_us", ["settled_us"], unique=False)


def _sale() -> None:
    op.create_table(
        "sale",
        sa.Column("kiosk_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sale_id", sa.String(length=80), nullable=False),
        sa.Column("started_us", sa.BigInteger(), nullable=True),
        sa.Column("ended_us", sa.BigInteger(), nullable=True),
        sa.Column("completed", sa.Boolean(), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=True),
        sa.Column("total_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=80), nullable=True),
        sa.Column("stored_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_no"], ["kiosk.no"], name=op.f("fk_sale_kiosk_no")),
        sa.PrimaryKeyConstraint("kiosk_no", "sale_id", name=op.f("pk_sale")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.create_index("ix_sale_ended", ["kiosk_no", "ended_us"], unique=False)
        batch_op.create_index("ix_sale_ended_us", ["ended_us"], unique=False)
        batch_op.create_index("ix_sale_stored_us", ["stored_us"], unique=False)


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_us", sa.BigInteger(), nullable=False),
        sa.Column("expires_us", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["person.name"], name=op.f("fk_session_name")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_expires_us"), ["expires_us"], unique=False)
        batch_op.create_index(batch_op.f("ix_session_name"), ["name"], unique=False)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column(
            "journal_no", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sale_id", sa.String(length=80), nullable=False),
        sa.Column("sale_seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["journal_no"], ["journal.no"], name=op.f("fk_event_journal_no")),
        sa.PrimaryKeyConstraint("journal_no", "seq", name=op.f("pk_event")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_at_us", ["at_us"], unique=False)
