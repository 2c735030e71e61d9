"""A journal made anew from rows that were kept elsewhere, so that a kiosk can go on with it.

The store's server hears every row with its hash. Rows that follow from the journal's id, one after
the other, are the record as it was written: nobody can put one in, and none can be missing but the
newest. Those a lost disk may have written, and never told. Whether it did, nobody knows; so unless
the end is proven, numbers are left out, enough for all that can have been sold meanwhile, and the
record says which. No number is given twice, and each gap is stated where it is.
"""

import math
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.fiscal.events import (
    REGISTER,
    SIGNATURE_SERIES,
    Z_SERIES,
    JournalRestored,
    LeftOut,
    SaleSigned,
    ZReportMade,
)
from kiosk.journal import schema
from kiosk.journal.chain import Row, fault_between, fault_in, row_hash
from kiosk.journal.codec import CodecError, decode, encode
from kiosk.journal.copies import CopyRefused, Head, checked, copy_journal, put_in_place, remove
from kiosk.journal.errors import JournalError
from kiosk.journal.register import newest
from kiosk.journal.repeats import first_number_of_a_new_counter, last_number, note
from kiosk.journal.verify import VerifyReport
from kiosk.sale.events import Event, Series

SALES_A_DAY_MAX: Final = 2_000
"""One each 43 s around the clock: more than any kiosk sells."""
COMMIT_ROWS: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which record is made anew, and from where."""

    journal_id: str
    kiosk_id: str
    source: str = "store"
    copy: Path | None = None
    """A copy to begin with; the rows are those after it."""


def rebuild(
    journal: Path,
    origin: Origin,
    rows_after: Callable[[int], Iterable[Row]],
    *,
    end: Head | None = None,
    now: datetime | None = None,
    progress: Callable[[int], None] | None = None,
) -> VerifyReport:
    """Make the journal that a kiosk goes on with, out of rows in their order.

    Args:
        journal: Where it will stand; nothing may be there.
        origin: Whose record it is.
        rows_after: Gives the rows after a number, oldest first. Their `prev_hash` is not looked
            at: what it must be follows from the row before.
        end: The end of the record, where it is proven; then no number is left out.
        now: The time, for what is left out and when it was restored.
        progress: Called with the number of the newest row, now and then.

    Raises:
        CopyRefused: a journal is there, a row is missing or is not what was written, or the rows
            do not reach the proven end. Nothing was changed.
        OSError, sqlite3.Error: it cannot be read, or written.
    """
    now = now or datetime.now(UTC)
    draft = journal.with_name(journal.name + ".restored")
    with put_in_place(draft, journal, origin.journal_id):
        _begin(draft, origin, now)
        with closing(sqlite3.connect(draft, isolation_level=None)) as db:
            take = _Taker(db)
            for row in rows_after(take.seq):
                take.row(row)
                if row.seq % COMMIT_ROWS == 0 and progress:
                    progress(row.seq)
            if end is not None and (take.seq, take.hash.hex()) != (end.seq, end.hash.lower()):
                raise CopyRefused(
                    f"What was kept ends with event {take.seq}, and the record with {end.seq}."
                )
            take.event(_restored(db, origin, take.at_utc, now, is_whole=end is not None))
            db.execute(
                "UPDATE counter SET value = max(value, ?) WHERE name = 'service'",
                (first_number_of_a_new_counter(now),),
            )
            take.commit()
            # One file without a log beside it, to be moved. A writer turns it back.
            db.execute("PRAGMA journal_mode = DELETE")
        return checked(draft)


def _begin(draft: Path, origin: Origin, now: datetime) -> None:
    if origin.copy is not None:
        copy_journal(origin.copy, draft)
        return
    remove(draft)
    schema.create(
        draft,
        kiosk_id=origin.kiosk_id,
        first_service_number=1,
        created_at=now.isoformat(timespec="microseconds"),
        journal_id=origin.journal_id,
    )


class _Taker:
    """Writes rows behind those that are there, each held against the one before it."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self.seq, self.hash = db.execute("SELECT seq, hash FROM head").fetchone()
        newest_row = db.execute("SELECT at_utc FROM event WHERE seq = ?", (self.seq,)).fetchone()
        self.at_utc: str = newest_row[0] if newest_row else ""
        db.execute("BEGIN")

    def row(self, kept: Row) -> None:
        """Write a row that was kept."""
        row = kept._replace(prev_hash=self.hash)
        if row.seq != self.seq + 1:
            fault = f"event {self.seq + 1} is missing"
        else:
            fault = fault_between(row, self.seq, self.hash) or fault_in(row)
        if fault:
            raise CopyRefused(
                f"What was kept is not the record: event {row.seq}, {fault}. "
                f"It is whole up to event {self.seq}."
            )
        try:
            event = decode(row.kind, row.version, row.body)
        except CodecError as error:
            raise CopyRefused(
                f"Event {row.seq}: {error}. Install the program that the kiosk had."
            ) from error
        self._write(row, event)

    def event(self, event: Event) -> None:
        """Write an event of today's behind them all, in the register's own stream."""
        kind, version, body = encode(event)
        query = "SELECT max(sale_seq) FROM event WHERE sale_id = ?"
        sale_seq = (self._db.execute(query, (REGISTER,)).fetchone()[0] or 0) + 1
        fields = (self.seq + 1, REGISTER, sale_seq, kind, version, body, event.at_utc)
        row = Row(*fields, prev_hash=self.hash, hash=row_hash(self.hash, *fields))
        self._write(row, event)

    def _write(self, row: Row, event: Event) -> None:
        self._db.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        try:
            note(self._db, row.sale_id, event)
        except JournalError as error:
            raise CopyRefused(f"Event {row.seq}: {error}") from error
        self.seq, self.hash, self.at_utc = row.seq, row.hash, row.at_utc
        if self.seq % COMMIT_ROWS == 0:
            self.commit()
            self._db.execute("BEGIN")

    def commit(self) -> None:
        """Make durable what was written."""
        self._db.execute("UPDATE head SET seq = ?, hash = ?", (self.seq, self.hash))
        self._db.execute("COMMIT")


def _restored(
    db: sqlite3.Connection, origin: Origin, last_at_utc: str, now: datetime, *, is_whole: bool
) -> JournalRestored:
    left_out: tuple[LeftOut, ...] = ()
    if not is_whole:
        last = datetime.fromisoformat(last_at_utc) if last_at_utc else now
        days = max(math.ceil((now - last) / timedelta(days=1)), 1)
        z, signed = newest(db, ZReportMade.__name__), newest(db, SaleSigned.__name__)
        numbers = {str(series): last_number(db, series) for series in Series}
        numbers[SIGNATURE_SERIES] = signed.number if isinstance(signed, SaleSigned) else 0
        left_out = (
            *(_left_out(name, last, days * SALES_A_DAY_MAX) for name, last in numbers.items()),
            # One Z a day, and one more for the day that had begun.
            _left_out(Z_SERIES, z.report.number if isinstance(z, ZReportMade) else 0, days + 1),
        )
    return JournalRestored(
        at_utc=now.isoformat(timespec="microseconds"),
        source=origin.source,
        last_at_utc=last_at_utc,
        left_out=left_out,
    )


def _left_out(series: str, last: int, at_most: int) -> LeftOut:
    return LeftOut(series=series, last=last, next=last + at_most + 1)
