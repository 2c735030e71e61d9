"""The journal: every event of every sale, durable when `append` returns, never changed after.

One writer for each file; any number of read-only openings beside it. An opened journal may be
handed to another thread, but only one thread uses it at a time.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from kiosk.journal import late, schema
from kiosk.journal.chain import Row, fault_in, row_hash
from kiosk.journal.codec import CodecError, UnknownVersion, decode, encode
from kiosk.journal.edge import is_uncertain, journal_errors
from kiosk.journal.errors import JournalDamaged, JournalTooNew, JournalUnwritable
from kiosk.journal.lock import WriterLock
from kiosk.journal.register import check_register, of_kind
from kiosk.journal.repeats import (
    LEFT_OUT,
    SERIES,
    base36,
    check_continuity,
    first_number_of_a_new_counter,
    last_number,
    next_service_number,
    note,
    sales_to_capture,
)
from kiosk.journal.verify import ROW_SQL, Progress, VerifyReport, check_at_start, verify
from kiosk.journal.wal import fault_in_wal, make_room
from kiosk.sale.events import Event, SaleClosed, Series
from kiosk.sale.invariant import require

LOOKED_BACK: Final = 20_000
"""Events among which `latest_time` looks: a busy kiosk's week."""
SERVICE_ID_CHARS: Final = 10
"""nexo Retailer: ServiceID has 1 to 10 characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event with its place in the journal, as an outbox reader gets it."""

    seq: int
    sale_id: str
    sale_seq: int
    event: Event


class Journal:
    """The record of one kiosk. Use `Journal.open`, and `close` or `with`."""

    def __init__(
        self, path: Path, db: sqlite3.Connection, lock: WriterLock | None, service_prefix: str
    ) -> None:
        self.path = path
        self._db = db
        self._lock = lock
        self._prefix = service_prefix
        self._uncertain = False
        """An append failed in such a way that only the disk knows whether it is there."""
        meta = dict(db.execute("SELECT name, value FROM meta"))
        self.journal_id: str = meta.get("journal_id", "")
        self.kiosk_id: str = meta.get("kiosk_id", "")
        self._head_seq = 0
        self._head_hash = b""

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        read_only: bool = False,
        kiosk_id: str = "",
        service_prefix: str = "",
        first_service_number: int | None = None,
    ) -> Self:
        """Open the journal at `path`; a writer makes it when there never was one here.

        Args:
            path: The database. Beside it stand its `-wal`, `-shm` and `.lock`.
            read_only: For readers beside the kiosk; takes no lock and checks nothing but the file.
            kiosk_id: Whose journal this is; refused when the journal is another kiosk's.
            service_prefix: Up to two characters before the counter in `next_service_id`.
            first_service_number: Where a new journal's counter starts. By default the
                milliseconds since 2020, so that a journal begun anew repeats no earlier number.

        Raises:
            JournalDamaged: the record is not what was written, or is gone.
            JournalBusy: another program writes it.
            JournalTooNew: a newer program wrote it.
            JournalUnwritable: the disk does not take it, or durability is not confirmed.
        """
        path = Path(path)
        require(len(service_prefix) <= 2, f"service prefix {service_prefix!r} is too long")
        with journal_errors(path):
            if read_only:
                if not path.exists():
                    raise JournalDamaged(path, "the file does not exist")
                schema.recognise(path)
                return cls(path, schema.connect(path, read_only=True), None, service_prefix)
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = WriterLock(path)
            try:
                _make_if_new(path, lock, kiosk_id, first_service_number)
                schema.recognise(path)
                if fault := fault_in_wal(_wal_of(path)):
                    raise JournalDamaged(path, fault)
                db = schema.connect(path, read_only=False)
                schema.add_indexes(db)
                return cls(path, db, lock, service_prefix)._checked(kiosk_id)
            except BaseException:
                lock.release()
                raise

    def _checked(self, kiosk_id: str) -> Self:
        try:
            noted = self._lock.journal_id if self._lock else ""
            if self._lock and not noted:
                self._lock.note(self.journal_id)
            elif noted != self.journal_id:
                raise JournalDamaged(
                    self.path, "another journal stands in its place", f"{noted} was here"
                )
            if kiosk_id and self.kiosk_id and kiosk_id != self.kiosk_id:
                raise JournalDamaged(
                    self.path, f"it is kiosk {self.kiosk_id}'s and this is kiosk {kiosk_id}"
                )
            self._head_seq, self._head_hash = check_at_start(self._db, self.path, self.journal_id)
            make_room(_wal_of(self.path))
        except BaseException:
            self._db.close()
            raise
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and let another writer in. May be called twice."""
        self._db.close()
        if self._lock:
            self._lock.release()

    def append(self, sale_id: str, sale_seq: int, events: Sequence[Event]) -> None:
        """Add the events of one command, all or none, durable on return.

        Args:
            sale_id: The sale they belong to, or `REGISTER` for events of the register itself.
            sale_seq: The number of the first of them in its sale. A sale's first event, which is
                its SaleStarted, has number 1; so this is one more than the events it has.
            events: What `decide` gave, in order; at least one.

        Raises:
            OutOfStep: the numbers do not continue the record; nothing was written.
            JournalUnwritable: not durable. Nothing was written; only after a failed fsync it may
                have been: read the sale again with `events_of` before going on.
        """
        require(bool(events), "an append needs at least one event")
        encoded = [encode(event) for event in events]
        with self._transaction() as db:
            check_continuity(db, sale_id, sale_seq, events[0])
            check_register(db, sale_id, events)
            seq, last_hash = self._head_seq, self._head_hash
            rows = []
            for offset, (event, (kind, version, body)) in enumerate(
                zip(events, encoded, strict=True)
            ):
                seq += 1
                fields = (seq, sale_id, sale_seq + offset, kind, version, body, event.at_utc)
                new_hash = row_hash(last_hash, *fields)
                rows.append((*fields, last_hash, new_hash))
                last_hash = new_hash
            db.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            db.execute("UPDATE head SET seq = ?, hash = ?", (seq, last_hash))
            for event in events:
                note(db, sale_id, event)
        self._head_seq, self._head_hash = seq, last_hash
        if isinstance(events[-1], SaleClosed):
            self._tidy()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, durable at the end; foreign errors translated."""
        if self._lock is None:
            raise JournalUnwritable(f"The journal {self.path} was opened for reading only.")
        if self._uncertain:
            self._open_anew()
        try:
            with journal_errors(self.path):
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
        except BaseException as error:
            self._give_up(error)
            raise

    def _give_up(self, error: BaseException) -> None:
        self._uncertain = is_uncertain(error.__cause__)
        try:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
        except sqlite3.Error:
            self._uncertain = True

    def _open_anew(self) -> None:
        """Read from the disk what an append left whose end is not known, before the next one.

        Its events are all there or none; the caller reads them with `events_of`.
        """
        with journal_errors(self.path):
            self._db.close()
            self._db = schema.connect(self.path, read_only=False)
            self._head_seq, self._head_hash = check_at_start(self._db, self.path, self.journal_id)
            make_room(_wal_of(self.path))
        self._uncertain = False

    def _tidy(self) -> None:
        """Move finished events from the log into the file, between two shoppers.

        A failure is no failure of the append, which is durable already; the next one tries again.
        """
        try:
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)")
        except sqlite3.Error:
            return

    def next_service_id(self) -> str:
        """Return an id for a terminal request that no request has had, durable before return.

        Base 36 after the prefix, at most 10 characters. A number may be skipped, never repeated.
        """
        with self._transaction() as db:
            number = next_service_number(db, self.path)
        service_id = self._prefix + base36(number)
        require(len(service_id) <= SERVICE_ID_CHARS, f"service id {service_id} is too long")
        return service_id

    def last_number(self, series: Series) -> int:
        """Return the newest number of a receipt series, 0 before the first; none has a gap."""
        with journal_errors(self.path):
            return last_number(self._db, series)

    def sale_of_receipt(self, number: int, series: Series = Series.SALE) -> str | None:
        """Return the id of the sale that has this number in a series."""
        query = "SELECT sale_id FROM receipt WHERE training = ? AND number = ?"
        with journal_errors(self.path):
            row = self._db.execute(query, (SERIES[series], number)).fetchone()
        return None if row is None or row[0].startswith(LEFT_OUT) else str(row[0])

    def events_of(self, sale_id: str) -> list[Event]:
        """Return all events of a sale in order; empty when there is no such sale.

        Raises:
            JournalDamaged: if one of them is not what was written.
        """
        return [record.event for record in self._records("sale_id = ?", (sale_id,), "sale_seq", -1)]

    def length_of(self, sale_id: str) -> int:
        """Return how many events a sale, or the register, has."""
        query = "SELECT max(sale_seq) FROM event WHERE sale_id = ?"
        with journal_errors(self.path):
            return self._db.execute(query, (sale_id,)).fetchone()[0] or 0

    def newest_of(self, sale_id: str, kind: str) -> Record | None:
        """Return the newest event of a kind, e.g. "ZReportMade", of a sale or the register."""
        found = self._records(*of_kind(sale_id, kind), "sale_seq DESC", 1)
        return found[0] if found else None

    def all_of(self, sale_id: str, kind: str) -> list[Record]:
        """Return all events of a kind, of a sale or the register, oldest first."""
        return self._records(*of_kind(sale_id, kind), "sale_seq", -1)

    def seqs_between(self, from_utc: str, to_utc: str) -> tuple[int, int]:
        """Return the numbers of the first and the last event of a time, (0, 0) without any.

        Times are written as in events; `to_utc` itself does not belong. When the clock was set
        back in between, events of another time stand between the two.
        """
        query = "SELECT min(seq), max(seq) FROM event WHERE at_utc >= ? AND at_utc < ?"
        with journal_errors(self.path):
            first, last = self._db.execute(query, (from_utc, to_utc)).fetchone()
        return (first or 0, last or 0)

    def latest_time(self, from_seq: int = 0) -> str:
        """Return the latest `at_utc` of the newest `LOOKED_BACK` events, from `from_seq` on.

        Empty when there is none. Not of all events: a journal holds years, and this is asked at
        each start.
        """
        with journal_errors(self.path):
            query = "SELECT max(at_utc) FROM event WHERE seq >= ? AND seq > ?"
            found = self._db.execute(query, (from_seq, self._newest_seq() - LOOKED_BACK))
            return str(found.fetchone()[0] or "")

    def _newest_seq(self) -> int:
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM event").fetchone()[0])

    def open_sales(self) -> list[str]:
        """Return the sales that have neither SaleClosed nor SaleAborted, oldest first."""
        with journal_errors(self.path):
            return [
                str(sale_id)
                for (sale_id,) in self._db.execute("SELECT sale_id FROM open_sale ORDER BY rowid")
            ]

    def sales_to_capture(self) -> list[str]:
        """Return the sales with reserved money that has not been taken yet, oldest first."""
        with journal_errors(self.path):
            return sales_to_capture(self._db)

    def sale_of_attempt(self, attempt_id: str) -> str | None:
        """Return the sale in which an attempt to pay was asked for, if that was not long ago."""
        with journal_errors(self.path):
            return late.sale_of_attempt(self._db, attempt_id)

    def sales_with_late_money(self) -> list[str]:
        """Return sales whose money may still have to go back, or to be asked about."""
        with journal_errors(self.path):
            return late.sales_with_late_money(self._db)

    def after(self, seq: int, limit: int) -> list[Record]:
        """Return up to `limit` events after `seq`, oldest first: the outbox reader's step."""
        return self._records("seq > ?", (seq,), "seq", limit)

    def rows_after(self, seq: int, limit: int) -> list[Row]:
        """Return up to `limit` events after `seq` as they are stored, each checked by its hash.

        Unlike `after` it also gives what a newer program wrote, since nothing is read into it.

        Raises:
            JournalDamaged: if one of them is not what was written.
        """
        sql = f"{ROW_SQL} WHERE seq > ? ORDER BY seq LIMIT ?"
        with journal_errors(self.path):
            rows = [Row._make(row) for row in self._db.execute(sql, (seq, limit))]
        for row in rows:
            if fault := fault_in(row):
                raise JournalDamaged(self.path, fault, f"event {row.seq}, sale {row.sale_id}")
        return rows

    def count(self) -> int:
        """Return how many events the journal holds."""
        with journal_errors(self.path):
            return self._db.execute("SELECT max(seq) FROM event").fetchone()[0] or 0

    def verify(self, progress: Progress | None = None) -> VerifyReport:
        """Check every event of the journal; takes some 10 s for a million."""
        with journal_errors(self.path):
            return verify(self._db, self.path, self.journal_id, progress)

    def _records(
        self, where: str, values: tuple[object, ...], order: str, limit: int
    ) -> list[Record]:
        sql = f"{ROW_SQL} WHERE {where} ORDER BY {order} LIMIT ?"
        with journal_errors(self.path):
            rows = self._db.execute(sql, (*values, limit)).fetchall()
        return [self._record(Row._make(row)) for row in rows]

    def _record(self, row: Row) -> Record:
        if fault := fault_in(row):
            raise JournalDamaged(self.path, fault, f"event {row.seq}, sale {row.sale_id}")
        try:
            event = decode(row.kind, row.version, row.body)
        except UnknownVersion as error:
            raise JournalTooNew(f"{self.path}, event {row.seq}: {error}") from error
        except CodecError as error:
            raise JournalDamaged(self.path, str(error), f"event {row.seq}") from error
        return Record(seq=row.seq, sale_id=row.sale_id, sale_seq=row.sale_seq, event=event)


def _wal_of(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _make_if_new(
    path: Path, lock: WriterLock, kiosk_id: str, first_service_number: int | None
) -> None:
    if path.exists():
        return
    if lock.journal_id:
        raise JournalDamaged(path, "the file is gone", f"journal {lock.journal_id} was here")
    now = datetime.now(UTC)
    if first_service_number is None:
        first_service_number = first_number_of_a_new_counter(now)
    lock.note(
        schema.create(
            path,
            kiosk_id=kiosk_id,
            first_service_number=first_service_number,
            created_at=now.isoformat(timespec="microseconds"),
        )
    )
