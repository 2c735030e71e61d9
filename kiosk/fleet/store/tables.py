"""The tables. Times are microseconds since 1970 (`_us`), money is minor units.

What kiosks report is kept so that the order in which it comes does not matter: rows of a journal
have a key of their own, states carry the time they speak of, and facts (a sale, an attempt to pay,
an intervention) are put together from whatever has come. So several workers may write at once, and
the same message may come twice.
"""

from typing import Any, Final

import sqlalchemy
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Json: Final = sqlalchemy.JSON(none_as_null=True)
Serial: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite numbers rows by itself only in an INTEGER column."""


def _kiosk_no(**options: Any) -> Column[int]:
    return Column("kiosk_no", ForeignKey("kiosk.no"), nullable=False, **options)


kiosk = Table(
    "kiosk",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("key", String(130), nullable=False, unique=True),
    Column("tenant", String(40), nullable=False),
    Column("store", String(40), nullable=False),
    Column("kiosk", String(40), nullable=False),
    Column("grp", String(40), nullable=False, server_default=""),
    Column("first_heard_us", BigInteger, nullable=False),
    Column("last_heard_us", BigInteger, nullable=False),
    Column("birth", Json),
    Column("birth_us", BigInteger, nullable=False, server_default="0"),
    Column("state", Json),
    Column("state_us", BigInteger, nullable=False, server_default="0"),
    Column("health", Json),
    Column("health_us", BigInteger, nullable=False, server_default="0"),
)
Index("ix_kiosk_place", kiosk.c.tenant, kiosk.c.store)

journal = Table(
    "journal",
    metadata,
    Column("no", Serial, primary_key=True),
    _kiosk_no(),
    Column("journal_id", String(80), nullable=False),
    Column("stored_through", BigInteger, nullable=False, server_default="0"),
    Column("first_us", BigInteger, nullable=False, server_default="0"),
    Column("last_us", BigInteger, nullable=False, server_default="0"),
    Column("forked_us", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("kiosk_no", "journal_id"),
)

event = Table(
    "event",
    metadata,
    Column("journal_no", ForeignKey("journal.no"), primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("sale_id", String(80), nullable=False),
    Column("sale_seq", BigInteger, nullable=False),
    Column("kind", String(80), nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
Index("ix_event_at_us", event.c.at_us)

journal_piece = Table(
    "journal_piece",
    metadata,
    Column("no", Serial, primary_key=True),
    Column("journal_no", ForeignKey("journal.no"), nullable=False),
    Column("first_seq", BigInteger, nullable=False),
    Column("last_seq", BigInteger, nullable=False),
    Column("first_us", BigInteger, nullable=False),
    Column("last_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
Index("ix_journal_piece_last", journal_piece.c.journal_no, journal_piece.c.last_seq)
Index("ix_journal_piece_last_us", journal_piece.c.last_us)

sale = Table(
    "sale",
    metadata,
    _kiosk_no(primary_key=True),
    Column("sale_id", String(80), primary_key=True),
    Column("started_us", BigInteger),
    Column("ended_us", BigInteger),
    Column("completed", Boolean),
    Column("training", Boolean),
    Column("total_minor", BigInteger),
    Column("currency", String(80)),
    Column("stored_us", BigInteger, nullable=False),
    Column("series", String(80)),
    Column("receipt_number", BigInteger),
    Column("returns_of", String(80)),
    sqlite_with_rowid=False,
)
Index("ix_sale_receipt", sale.c.kiosk_no, sale.c.series, sale.c.receipt_number)
Index(
    "ix_sale_returns_of",
    sale.c.returns_of,
    sqlite_where=sale.c.returns_of.is_not(None),
    postgresql_where=sale.c.returns_of.is_not(None),
)
Index("ix_sale_ended", sale.c.kiosk_no, sale.c.ended_us)
Index("ix_sale_ended_us", sale.c.ended_us)
Index("ix_sale_stored_us", sale.c.stored_us)

held_receipt = Table(
    "held_receipt",
    metadata,
    Column("tenant", String(40), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("sale_id", String(80), primary_key=True),
    _kiosk_no(),
    Column("into_sale_id", String(80), nullable=False),
    Column("at_us", BigInteger, nullable=False, index=True),
)

payment = Table(
    "payment",
    metadata,
    _kiosk_no(primary_key=True),
    Column("sale_id", String(80), primary_key=True),
    Column("attempt_id", String(80), primary_key=True),
    Column("method", String(80)),
    Column("outcome", String(80)),
    Column("amount_minor", BigInteger),
    Column("settled_us", BigInteger),
    sqlite_with_rowid=False,
)
Index("ix_payment_settled_us", payment.c.settled_us)

intervention = Table(
    "intervention",
    metadata,
    _kiosk_no(primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("sale_id", String(80)),
    Column("kind", String(80)),
    Column("policy", String(80)),
    Column("raised_us", BigInteger),
    Column("resolved_us", BigInteger),
    Column("approved", Boolean),
    Column("attendant_id", String(80)),
    Column("place", String(80)),
    Column("reason", String(500)),
    Column("message", Json),
    sqlite_with_rowid=False,
)
Index("ix_intervention_raised_us", intervention.c.raised_us)
Index(
    "ix_intervention_open",
    intervention.c.kiosk_no,
    sqlite_where=intervention.c.resolved_us.is_(None),
    postgresql_where=intervention.c.resolved_us.is_(None),
)

health_point = Table(
    "health_point",
    metadata,
    _kiosk_no(primary_key=True),
    Column("slot_us", BigInteger, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("temperature_c", Float),
    Column("disk_free_bytes", BigInteger),
    Column("rss_bytes", BigInteger),
    Column("clock_offset_ms", BigInteger),
    Column("outbox_waiting", BigInteger),
    Column("inbox_dropped", BigInteger),
    Column("journal_seq", BigInteger),
    sqlite_with_rowid=False,
)
Index("ix_health_point_slot_us", health_point.c.slot_us)

command = Table(
    "command",
    metadata,
    Column("id", String(64), primary_key=True),
    _kiosk_no(),
    Column("kind", String(40), nullable=False),
    Column("args", Json, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("issued_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False),
    Column("answered_us", BigInteger),
    Column("verdict", String(80), nullable=False, server_default=""),
    Column("detail", String(500), nullable=False, server_default=""),
    Column("data", Json),
)
Index("ix_command_kiosk", command.c.kiosk_no, command.c.issued_us)

attachment = Table(
    "attachment",
    metadata,
    _kiosk_no(primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("at_us", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

alert = Table(
    "alert",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("rule", String(40), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("store_key", String(90), nullable=False),
    Column("key", String(130), nullable=False, server_default=""),
    Column("subject", String(80), nullable=False, server_default=""),
    Column("detail", Json, nullable=False),
    Column("state", String(20), nullable=False),
    Column("opened_us", BigInteger, nullable=False),
    Column("acknowledged_us", BigInteger),
    Column("acknowledged_by", String(40), nullable=False, server_default=""),
    Column("closed_us", BigInteger),
    Column("closed_by", String(40), nullable=False, server_default=""),
    Column("told_us", BigInteger),
)
Index(
    "uq_alert_live",
    alert.c.rule,
    alert.c.store_key,
    alert.c.key,
    alert.c.subject,
    unique=True,
    sqlite_where=text("state <> 'closed'"),
    postgresql_where=text("state <> 'closed'"),
)
Index("ix_alert_closed_us", alert.c.closed_us)

person = Table(
    "person",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("display_name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("stores", Json, nullable=False),
    Column("of_age", Boolean, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("language", String(10), nullable=False),
    Column("password", String(200), nullable=False),
    Column("created_us", BigInteger, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary(32), primary_key=True),
    Column("name", ForeignKey("person.name"), nullable=False, index=True),
    Column("csrf_token", String(64), nullable=False),
    Column("created_us", BigInteger, nullable=False),
    Column("expires_us", BigInteger, nullable=False, index=True),
)

wrong_try = Table(
    "wrong_try",
    metadata,
    Column("key", LargeBinary(32), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until_us", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False, index=True),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at_us", BigInteger, nullable=False, index=True),
    Column("actor", String(40), nullable=False),
    Column("role", String(20), nullable=False),
    Column("action", String(40), nullable=False),
    Column("target", String(130), nullable=False),
    Column("detail", Json, nullable=False),
    Column("address", String(80), nullable=False),
)
Index("ix_audit_target", audit.c.target, audit.c.id)

aside = Table(
    "aside",
    metadata,
    Column("tenant", String(40), primary_key=True),
    Column("store", String(40), primary_key=True),
    Column("sale_id", String(64), primary_key=True),
    Column("code", String(6), nullable=False),
    Column("put_by", String(40), nullable=False),
    Column("put_us", BigInteger, nullable=False, index=True),
    Column("sale", LargeBinary),
    Column("taken_by", String(40), nullable=False),
    Column("claim_id", String(64), nullable=False),
    Column("taken_us", BigInteger),
)
"""Sales set aside, by store. Without `sale` it is a mark: its own kiosk went on before it came."""
Index("ix_aside_code", aside.c.tenant, aside.c.store, aside.c.code)

snapshot = Table(
    "snapshot",
    metadata,
    Column("kind", String(20), primary_key=True),
    Column("version", String(40), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("note", String(200), nullable=False),
    Column("uploaded_by", String(40), nullable=False),
    Column("uploaded_us", BigInteger, nullable=False),
)

delta = Table(
    "delta",
    metadata,
    Column("base_sha256", String(64), primary_key=True),
    Column("target_sha256", String(64), primary_key=True, index=True),
    Column("sha256", String(64), nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
)

rollout = Table(
    "rollout",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("version", String(40), nullable=False),
    Column("previous", String(40), nullable=False),
    Column("tenant", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(200), nullable=False, server_default=""),
    Column("stages", Json, nullable=False),
    Column("worse_percent_max", Integer, nullable=False),
    Column("soak_minutes", Integer, nullable=False),
    Column("started_by", String(40), nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("changed_us", BigInteger, nullable=False),
)
