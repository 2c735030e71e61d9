"""The tables beside the record, kept in step with it inside the transaction of each append.

Every function here works on an open transaction and leaves commit and roll-back to the journal.
"""

import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kiosk.fiscal.events import (
    REGISTER,
    JournalRestored,
    RegisterBegun,
    RegisterEvent,
    RegisterStarted,
)
from kiosk.journal.errors import JournalDamaged, OutOfStep
from kiosk.sale.events import (
    Event,
    ProvisionalGiven,
    SaleAborted,
    SaleClosed,
    SaleCompleted,
    SaleStarted,
    Series,
)

SERVICE_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
SERIES: Final[Mapping[Series, int]] = MappingProxyType(
    {
        Series.SALE: 0,
        Series.TRAINING: 1,
        Series.RETURN: 2,
        Series.COMBINED: 3,
        Series.PROVISIONAL: 4,
    }
)
"""What stands for a series in the table of receipts, whose column is still called "training"."""
LEFT_OUT: Final = "left out"
"""So begins, in the table of receipts, what stands for numbers that a restored record left out."""
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_continuity(db: sqlite3.Connection, sale_id: str, sale_seq: int, first: Event) -> None:
    """Refuse events that do not continue their sale, or the register's own stream.

    Raises:
        OutOfStep: a number was skipped or used, or the sale does not begin with its start.
    """
    query = "SELECT max(sale_seq) FROM event WHERE sale_id = ?"
    due = (db.execute(query, (sale_id,)).fetchone()[0] or 0) + 1
    if sale_seq != due:
        raise OutOfStep(f"sale {sale_id}: event number {sale_seq} was given, {due} is due")
    begins = (RegisterBegun, RegisterStarted) if sale_id == REGISTER else (SaleStarted,)
    starts = isinstance(first, begins)
    foreign = isinstance(first, RegisterEvent) != (sale_id == REGISTER)
    # A sale starts once; the register starts with every start of the program.
    out_of_place = not starts if due == 1 else starts and sale_id != REGISTER
    if foreign or out_of_place or (isinstance(first, SaleStarted) and first.sale_id != sale_id):
        raise OutOfStep(f"sale {sale_id}: {type(first).__name__} cannot be event {due}")


def note(db: sqlite3.Connection, sale_id: str, event: Event) -> None:
    """Take one written event into the lists of open sales and of receipts.

    Raises:
        OutOfStep: its receipt number is not the next of its series.
    """
    match event:
        case SaleStarted(training=training):
            db.execute("INSERT INTO open_sale VALUES (?, ?)", (sale_id, training))
        case SaleCompleted(receipt_number=number, series=series):
            query = "SELECT training FROM open_sale WHERE sale_id = ?"
            row = db.execute(query, (sale_id,)).fetchone()
            if row is None:
                raise OutOfStep(f"sale {sale_id} is completed but not open")
            _give_number(db, Series.TRAINING if row[0] else series, number, sale_id)
        case ProvisionalGiven(number=number):
            # A sale may have more than one, and its own receipt besides.
            _give_number(db, Series.PROVISIONAL, number, f"{sale_id} provisional {number}")
        case SaleClosed() | SaleAborted():
            db.execute("DELETE FROM open_sale WHERE sale_id = ?", (sale_id,))
        case JournalRestored():
            for series, last, reached in left_out_receipts(event):
                whose = f"{LEFT_OUT}: {series} {last + 1} to {reached}"
                db.execute("INSERT INTO receipt VALUES (?, ?, ?)", (SERIES[series], reached, whose))


def left_out_receipts(restored: JournalRestored) -> list[tuple[Series, int, int]]:
    """Return by series of receipts the last number that was given and the last one left out."""
    names = {str(series): series for series in SERIES}
    return [
        (names[one.series], one.last, one.next - 1)
        for one in restored.left_out
        if one.series in names and one.next > one.last + 1
    ]


def _give_number(db: sqlite3.Connection, series: Series, number: int, whose: str) -> None:
    due = last_number(db, series) + 1
    if number != due:
        raise OutOfStep(f"sale {whose}: {series} receipt number {number}, {due} is due")
    db.execute("INSERT INTO receipt VALUES (?, ?, ?)", (SERIES[series], number, whose))


def last_number(db: sqlite3.Connection, series: Series) -> int:
    """Return the newest number of a receipt series, 0 before the first."""
    query = "SELECT max(number) FROM receipt WHERE training = ?"
    return db.execute(query, (SERIES[series],)).fetchone()[0] or 0


def sales_to_capture(db: sqlite3.Connection) -> list[str]:
    """Return the sales with more captures requested than done, oldest first."""
    query = """SELECT sale_id FROM event
        WHERE kind IN ('CaptureRequested', 'PaymentCaptured')
        GROUP BY sale_id
        HAVING sum(kind = 'CaptureRequested') > sum(kind = 'PaymentCaptured')
        ORDER BY min(seq)"""
    return [str(sale_id) for (sale_id,) in db.execute(query)]


def next_service_number(db: sqlite3.Connection, path: Path) -> int:
    """Count one on and return it.

    Raises:
        JournalDamaged: the counter is gone; beginning it anew could repeat a number.
    """
    db.execute("UPDATE counter SET value = value + 1 WHERE name = 'service'")
    row = db.execute("SELECT value FROM counter WHERE name = 'service'").fetchone()
    if row is None:
        raise JournalDamaged(path, "the counter of terminal requests is missing")
    return int(row[0])


def first_number_of_a_new_counter(now: datetime) -> int:
    """Return the milliseconds since 2020: more than any counter before it has reached.

    Only where a new journal begins; from there on the counter counts, whatever the clock says.
    """
    return max((now - SERVICE_EPOCH) // timedelta(milliseconds=1), 1)


def base36(number: int) -> str:
    """Return a number from 0 in digits and capital letters."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits or "0"
