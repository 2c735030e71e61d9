"""Rows for the tables, made from messages; and the journal's rows with the gap-free mark."""

from collections.abc import Iterable
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, select, text, tuple_, update

from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database, many
from kiosk.fleet.times import SECOND_US, us_of_text
from kiosk.telemetry.messages import Health, Intervention, Row

HEALTH_SLOT_US: Final = 300 * SECOND_US
"""One health point for each five minutes: 288 a day and kiosk."""
WALK_MAX: Final = 50_000
"""Rows that are looked through at once for the end of a gap."""


_COLUMNS: Final = {
    "journal_no": "bigint",
    "seq": "bigint",
    "sale_id": "text",
    "sale_seq": "bigint",
    "kind": "text",
    "version": "int",
    "body": "text",
    "at_us": "bigint",
    "hash": "text",
}
_INSERT_JSON: Final = text(
    f"INSERT INTO event ({', '.join(_COLUMNS)}) "  # noqa: S608 - our own names
    f"SELECT {', '.join(_COLUMNS).replace('hash', 'decode(hash, $$base64$$)')} "
    "FROM json_to_recordset(CAST(:rows AS json)) AS new ("
    + ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    + ") ON CONFLICT DO NOTHING"
)
"""All rows as one JSON text: PostgreSQL takes it apart faster than a driver puts rows together."""


def health_point_of(health: Health, kiosk_no: int, at_us: int) -> dict[str, Any]:
    """Return the point of the chart; the last one of its five minutes stays."""
    return {
        "kiosk_no": kiosk_no,
        "slot_us": at_us - at_us % HEALTH_SLOT_US,
        "at_us": at_us,
        "temperature_c": health.temperature_c,
        "disk_free_bytes": health.disk_free_bytes,
        "rss_bytes": health.rss_bytes,
        "clock_offset_ms": health.clock_offset_ms,
        "outbox_waiting": health.outbox_waiting,
        "inbox_dropped": health.inbox_dropped,
        "journal_seq": health.journal_seq,
    }


def intervention_of(message: Intervention) -> dict[str, Any]:
    """Return what a message says of its intervention; the sale in view is kept while it is open."""
    fact: dict[str, Any] = {
        "sale_id": message.sale_id,
        "kind": message.kind,
        "policy": message.policy,
        "raised_us": us_of_text(message.raised_at),
        "message": msgspec.to_builtins(message),
    }
    if message.settled is not None:
        fact |= {
            "resolved_us": us_of_text(message.settled.resolved_at),
            "approved": message.settled.approved,
            "attendant_id": message.settled.attendant_id,
            "place": message.settled.where,
            "reason": message.settled.reason,
        }
    return fact


def journal_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return the journal's rows for the table, all but the journal's number."""
    return [
        {
            "seq": row.seq,
            "sale_id": row.sale_id,
            "sale_seq": row.sale_seq,
            "kind": row.kind,
            "version": row.version,
            "body": bytes(row.body).decode(),
            "at_us": us_of_text(row.at_utc),
            "hash": bytes.fromhex(row.hash),
        }
        for row in rows
    ]


class EventRows:
    """Rows of several journals on their way into the database."""

    def __init__(self, db: Connection, database: Database) -> None:
        self._db = db
        self._database = database
        self._rows: dict[tuple[int, str], dict[int, dict[str, Any]]] = {}
        self.count = 0

    def add(self, kiosk_no: int, journal_id: str, rows: Iterable[dict[str, Any]]) -> None:
        """Take rows of one journal."""
        of_journal = self._rows.setdefault((kiosk_no, journal_id), {})
        for row in rows:
            of_journal[row["seq"]] = row

    def store(self) -> None:
        """Insert what is new and move the marks."""
        if not self._rows:
            return
        journals = self._journals()
        rows = [
            {**row, "journal_no": journals[which][0]}
            for which, of_journal in sorted(self._rows.items())
            for _, row in sorted(of_journal.items())
        ]
        self.count = len(rows)
        self._insert(rows)
        marks = []
        for which, of_journal in sorted(self._rows.items()):
            number, through = journals[which]
            reached = through
            while reached + 1 in of_journal:
                reached += 1
            if reached == through or max(of_journal) > reached:
                reached = end_of_run(self._db, number, reached)
            if reached > through:
                marks.append({"b_no": number, "b_through": reached})
        set_marks(self._db, marks)

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        if self._database.is_postgresql:
            self._db.execute(_INSERT_JSON, {"rows": msgspec.json.encode(rows).decode()})
        else:
            many(self._db, self._database.insert(t.event).on_conflict_do_nothing(), rows)

    def _journals(self) -> dict[tuple[int, str], tuple[int, int]]:
        wanted = sorted(self._rows)
        found = self._find(wanted)
        missing = [which for which in wanted if which not in found]
        if missing:
            new = [{"kiosk_no": kiosk_no, "journal_id": name} for kiosk_no, name in missing]
            many(self._db, self._database.insert(t.journal).on_conflict_do_nothing(), new)
            found |= self._find(missing)
        return found

    def _find(self, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], tuple[int, int]]:
        j = t.journal.c
        query = select(j.kiosk_no, j.journal_id, j.no, j.stored_through)
        rows = self._db.execute(query.where(tuple_(j.kiosk_no, j.journal_id).in_(wanted)))
        return {(row.kiosk_no, row.journal_id): (row.no, row.stored_through) for row in rows}


def end_of_run(db: Connection, journal_no: int, after: int) -> int:
    """Return the last seq that follows `after` without a gap."""
    e = t.event.c
    query = select(e.seq).where(e.journal_no == journal_no, e.seq > after).order_by(e.seq)
    for seq in db.execute(query.limit(WALK_MAX)).scalars():
        if seq != after + 1:
            break
        after = seq
    return after


def set_marks(db: Connection, marks: list[dict[str, int]]) -> None:
    """Move journals' gap-free marks on, never back."""
    if marks:
        statement = (
            update(t.journal)
            .where(t.journal.c.no == bindparam("b_no"))
            .where(t.journal.c.stored_through < bindparam("b_through"))
            .values(stored_through=bindparam("b_through"))
        )
        db.execute(statement, marks)
