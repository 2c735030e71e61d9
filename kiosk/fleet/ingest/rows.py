"""Rows for the tables, made from messages; and the journal's rows with the gap-free mark."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, select, text, tuple_, update

from kiosk.fleet.ingest.forks import Journal, Which, apart, merged_runs
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
        self._runs: dict[Which, list[list[dict[str, Any]]]] = {}
        self._heard_us: dict[Which, int] = {}
        self.count = 0

    def add(
        self, kiosk_no: int, journal_id: str, rows: Iterable[dict[str, Any]], at_us: int
    ) -> None:
        """Take the rows of one message; `at_us` is when it came."""
        which = kiosk_no, journal_id
        self._runs.setdefault(which, []).append(list(rows))
        self._heard_us[which] = max(at_us, self._heard_us.get(which, 0))

    def store(self) -> None:
        """Insert what is new and move the marks.

        A row whose number is there with another hash is not this journal's: two machines tell one.
        Then, and for such a journal from then on, each message is put to the rows it follows.
        """
        if not self._runs:
            return
        self.count = sum(len(run) for runs in self._runs.values() for run in runs)
        journals = self._journals()
        plain = {which for which in self._runs if not journals[which].forked_us}
        with self._db.begin_nested() as trial:
            merged = {which: merged_runs(self._runs[which]) for which in plain}
            clash = any(rows is None for rows in merged.values())
            if not clash:
                rows = _numbered({w: one for w, one in merged.items() if one}, journals)
                clash = self._insert(rows) < len(rows)
            if clash:
                trial.rollback()
        routed: dict[Which, dict[int, dict[str, Any]]] = {}
        for which, runs in sorted(self._runs.items()):
            if clash or which not in plain:
                found = apart(self._db, self._database, journals[which], runs)
                routed |= {(which[0], name): rows for name, rows in found.items()}
        if routed:
            journals |= self._find(sorted(routed))
            self._insert(_numbered(routed, journals))
        careful = {which for which in self._runs if clash or which not in plain} | routed.keys()
        stored = {w: one for w, one in merged.items() if one and w not in careful}
        self._move_marks(stored, careful, journals)

    def _move_marks(
        self,
        stored: Mapping[Which, Mapping[int, dict[str, Any]]],
        careful: Collection[Which],
        journals: Mapping[Which, Journal],
    ) -> None:
        """Move the marks; those of `careful` journals are walked, the others mostly reckoned."""
        marks = []
        for which in sorted({*stored, *careful}):
            journal, of_journal = journals[which], stored.get(which, {})
            reached = journal.stored_through
            while reached + 1 in of_journal:
                reached += 1
            if reached == journal.stored_through or max(of_journal) > reached:
                reached = end_of_run(self._db, journal.no, reached)
            heard_us = max(self._heard_us.get(which, 0), journal.last_us)
            marks.append({"b_no": journal.no, "b_through": reached, "b_us": heard_us})
        set_marks(self._db, marks)

    def _insert(self, rows: list[dict[str, Any]]) -> int:
        """Insert rows and return how many were not there."""
        if not rows:
            return 0
        if self._database.is_postgresql:
            encoded = {"rows": msgspec.json.encode(rows).decode()}
            return self._db.execute(_INSERT_JSON, encoded).rowcount
        new = self._database.insert(t.event).on_conflict_do_nothing()
        return self._db.execute(new, rows).rowcount

    def _journals(self) -> dict[Which, Journal]:
        wanted = sorted(self._runs)
        found = self._find(wanted)
        missing = [which for which in wanted if which not in found]
        if missing:
            new = [
                {"kiosk_no": which[0], "journal_id": which[1], "first_us": self._heard_us[which]}
                for which in missing
            ]
            many(self._db, self._database.insert(t.journal).on_conflict_do_nothing(), new)
            found |= self._find(missing)
        return found

    def _find(self, wanted: list[Which]) -> dict[Which, Journal]:
        j = t.journal.c
        query = select(*(j[name] for name in Journal._fields)).where(
            tuple_(j.kiosk_no, j.journal_id).in_(wanted)
        )
        rows = [Journal(*row) for row in self._db.execute(query)]
        return {(one.kiosk_no, one.journal_id): one for one in rows}


def _numbered(
    rows: Mapping[Which, Mapping[int, dict[str, Any]]], journals: Mapping[Which, Journal]
) -> list[dict[str, Any]]:
    """Return rows as the table has them, in one order everywhere."""
    return [
        {**row, "journal_no": journals[which].no}
        for which, of_journal in sorted(rows.items())
        for _, row in sorted(of_journal.items())
    ]


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
            .where(t.journal.c.stored_through <= bindparam("b_through"))
            .values(stored_through=bindparam("b_through"), last_us=bindparam("b_us"))
        )
        db.execute(statement, marks)
