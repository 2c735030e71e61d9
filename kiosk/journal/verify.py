"""Is the record what was written? A quick look at start, and everything on request.

At start the newest `START_ROWS` events are checked with their chain, and a file of up to
`START_BYTES` is checked page by page, so that the kiosk is ready to scan at once in a journal of
years. Older events are checked whenever they are read, and all of them by `verify`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.fiscal.events import (
    REGISTER,
    SIGNATURE_SERIES,
    Z_SERIES,
    JournalRestored,
    SaleSigned,
    ZReportMade,
    next_after,
)
from kiosk.journal.chain import Row, fault_between, fault_in, first_hash
from kiosk.journal.codec import CodecError, decode
from kiosk.journal.errors import JournalDamaged
from kiosk.journal.repeats import LEFT_OUT, SERIES, left_out_receipts
from kiosk.sale.events import (
    ProvisionalGiven,
    SaleAborted,
    SaleClosed,
    SaleCompleted,
    SaleStarted,
    Series,
)

START_ROWS: Final = 20_000
"""Events checked at start: 0.1 s of hashing, some 1,000 sales."""
START_BYTES: Final = 32 * 1024 * 1024
"""Largest file whose every page is checked at start."""
FAULTS_MAX: Final = 100
"""A report lists this many faults; a broken disk makes no longer ones more useful."""
PROGRESS_ROWS: Final = 5_000

ROW_SQL: Final = (
    "SELECT seq, sale_id, sale_seq, kind, version, body, at_utc, prev_hash, hash FROM event"
)

Progress = Callable[[int, int], None]
"""Called with events done and events in all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, and where."""

    where: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """What a complete check found."""

    path: Path
    events: int = 0
    sales: int = 0
    receipts: int = 0
    """The last number of the series of real sales."""
    left_out: int = 0
    """Numbers of that series that a restored record left out, as it states itself."""
    open_sales: tuple[str, ...] = ()
    first_at: str = ""
    last_at: str = ""
    last_hash: str = ""
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether all is as it was written."""
        return not self.faults

    def in_words(self) -> str:
        """Return the report as a few lines for a person."""
        lines = [
            f"{self.path}: {self.events} events of {self.sales} sales"
            + (f", {self.first_at} to {self.last_at}" if self.events else "")
        ]
        if self.ok:
            lines.append("Whole: every event is as it was written and follows the one before it.")
            lines.append(self._receipts_in_words())
        else:
            lines.append(f"DAMAGED, faults: {len(self.faults)}. Nothing was changed.")
            lines += [f"  {fault.where}: {fault.what}" for fault in self.faults]
        if self.open_sales:
            lines.append(f"Not ended: {', '.join(self.open_sales)}")
        lines.append(f"Hash of the last event: {self.last_hash}" if self.last_hash else "")
        return "\n".join(line for line in lines if line)

    def _receipts_in_words(self) -> str:
        if not self.receipts:
            return ""
        if not self.left_out:
            return f"Receipts 1 to {self.receipts} without a gap."
        return (
            f"Receipts 1 to {self.receipts}, without {self.left_out} numbers that were left out "
            "when the record was restored, as it states."
        )


def check_at_start(db: sqlite3.Connection, path: Path, journal_id: str) -> tuple[int, bytes]:
    """Check what can be checked at once and return seq and hash of the newest event.

    Raises:
        JournalDamaged: with the first fault found.
    """
    if path.stat().st_size <= START_BYTES:
        answer = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if answer != "ok":
            raise JournalDamaged(path, "its pages are not whole", answer)
    head_seq, head_hash = _head(db, path)
    seq = max(head_seq - START_ROWS, 0)
    last_hash = first_hash(journal_id)
    if seq:
        row = db.execute("SELECT hash FROM event WHERE seq = ?", (seq,)).fetchone()
        if row is None:
            raise JournalDamaged(path, f"event {seq} is missing", f"event {seq}")
        last_hash = row[0]
    for row in map(Row._make, db.execute(f"{ROW_SQL} WHERE seq > ? ORDER BY seq", (seq,))):
        fault = fault_between(row, seq, last_hash) or fault_in(row)
        if fault:
            raise JournalDamaged(path, fault, f"event {row.seq}, sale {row.sale_id}")
        seq, last_hash = row.seq, row.hash
    if (seq, last_hash) != (head_seq, head_hash):
        raise JournalDamaged(path, "the newest events are missing", f"{seq} of {head_seq} are left")
    return seq, last_hash


def _head(db: sqlite3.Connection, path: Path) -> tuple[int, bytes]:
    row = db.execute("SELECT seq, hash FROM head").fetchone()
    if row is None:
        raise JournalDamaged(path, "the note of its newest event is missing")
    return row[0], row[1]


class _Walk:
    """One pass over all events, gathering what the other tables must agree with."""

    def __init__(self, journal_id: str) -> None:
        self.seq = 0
        self.hash = first_hash(journal_id)
        self.sale_seqs: dict[str, int] = {}
        self.open: dict[str, bool] = {}
        self.receipts: dict[Series, int] = dict.fromkeys(Series, 0)
        self.left_out: dict[Series, int] = dict.fromkeys(Series, 0)
        self.restored: JournalRestored | None = None
        self.z_reports = self.signatures = 0
        self.first_at = self.last_at = ""

    def faults_of(self, row: Row) -> Iterator[str]:
        """Take in the next row; yield what is wrong with it."""
        if fault := fault_between(row, self.seq, self.hash):
            yield fault
        if fault := fault_in(row):
            yield fault
        self.seq, self.hash = row.seq, row.hash
        self.first_at = self.first_at or row.at_utc
        self.last_at = row.at_utc
        expected = self.sale_seqs.get(row.sale_id, 0) + 1
        if row.sale_seq != expected:
            yield f"is number {row.sale_seq} of its sale, and {expected} was due"
        self.sale_seqs[row.sale_id] = row.sale_seq
        try:
            event = decode(row.kind, row.version, row.body)
        except CodecError as error:
            yield str(error)
            return
        match event:
            case SaleStarted(training=training):
                self.open[row.sale_id] = training
            case SaleCompleted(receipt_number=number, series=series):
                training = self.open.get(row.sale_id, False)
                yield from self._numbered(Series.TRAINING if training else series, number)
            case ProvisionalGiven(number=number):
                yield from self._numbered(Series.PROVISIONAL, number)
            case SaleClosed() | SaleAborted():
                self.open.pop(row.sale_id, None)
            case ZReportMade(report=report):
                due = next_after(self.z_reports, Z_SERIES, self.restored)
                if report.number != due:
                    yield f"Z report number {report.number}, and {due} was due"
                self.z_reports = report.number
            case SaleSigned(number=number):
                due = next_after(self.signatures, SIGNATURE_SERIES, self.restored)
                if number != due:
                    yield f"signature number {number}, and {due} was due"
                self.signatures = number
            case JournalRestored():
                yield from self._restored(event)

    def _restored(self, event: JournalRestored) -> Iterator[str]:
        self.restored = event
        for series, last, reached in left_out_receipts(event):
            if last != self.receipts[series]:
                yield f"leaves out {series} receipts after {last}, and {self.receipts[series]} came"
            self.left_out[series] += reached - last
            self.receipts[series] = reached

    def _numbered(self, series: Series, number: int) -> Iterator[str]:
        due = self.receipts[series] + 1
        if number != due:
            yield f"{series} receipt number {number}, and {due} was due"
        self.receipts[series] = number


def verify(
    db: sqlite3.Connection, path: Path, journal_id: str, progress: Progress | None = None
) -> VerifyReport:
    """Check everything: pages, chain, events, numbers, and the tables that repeat them."""
    faults: list[Fault] = []
    walk = _Walk(journal_id)
    rows = 0
    try:
        for (answer,) in db.execute(f"PRAGMA integrity_check({FAULTS_MAX})"):
            if answer != "ok":
                faults.append(Fault(where="pages", what=answer))
        head_seq, head_hash = _head(db, path)
        for row in map(Row._make, db.execute(f"{ROW_SQL} ORDER BY seq")):
            rows += 1
            where = f"event {row.seq}, sale {row.sale_id}"
            faults += (Fault(where=where, what=what) for what in walk.faults_of(row))
            if progress and rows % PROGRESS_ROWS == 0:
                progress(rows, max(head_seq, rows))
        faults += _disagreements(db, walk, head_seq, head_hash)
    except (sqlite3.Error, JournalDamaged) as error:
        faults.append(Fault(where=f"after event {walk.seq}", what=f"cannot be read: {error}"))
    if progress:
        progress(rows, rows)
    return VerifyReport(
        path=path,
        events=rows,
        sales=len(walk.sale_seqs.keys() - {REGISTER}),
        receipts=walk.receipts[Series.SALE],
        left_out=walk.left_out[Series.SALE],
        open_sales=tuple(walk.open),
        first_at=walk.first_at,
        last_at=walk.last_at,
        last_hash=walk.hash.hex() if rows and isinstance(walk.hash, bytes) else "",
        faults=tuple(faults[:FAULTS_MAX]),
    )


def _disagreements(
    db: sqlite3.Connection, walk: _Walk, head_seq: int, head_hash: bytes
) -> Iterator[Fault]:
    if (walk.seq, walk.hash) != (head_seq, head_hash):
        yield Fault(where="end", what=f"the newest events are missing: {walk.seq} of {head_seq}")
    noted = {sale_id for (sale_id,) in db.execute("SELECT sale_id FROM open_sale")}
    if noted != set(walk.open):
        odd = ", ".join(sorted(noted ^ set(walk.open)))
        yield Fault(where="list of open sales", what=f"does not agree with the events on {odd}")
    for series, last in walk.receipts.items():
        query = "SELECT sum(sale_id NOT LIKE ?), max(number) FROM receipt WHERE training = ?"
        found = db.execute(query, (f"{LEFT_OUT}%", SERIES[series])).fetchone()
        if found != ((last - walk.left_out[series], last) if last else (None, None)):
            yield Fault(where="list of receipts", what="does not agree with the events")
