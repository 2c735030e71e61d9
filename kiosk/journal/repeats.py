"""The tables beside the record, kept in step with it inside the transaction of each append.

Every function here works on an open transaction and leaves commit and roll-back to the journal.
"""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kiosk.fiscal.events import REGISTER, RegisterEvent, RegisterStarted
from kiosk.journal.errors import JournalDamaged, OutOfStep
from kiosk.sale.events import Event, SaleAborted, SaleClosed, SaleCompleted, SaleStarted

SERVICE_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
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
    starts = isinstance(first, RegisterStarted if sale_id == REGISTER else SaleStarted)
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
        case SaleCompleted(receipt_number=number):
            query = "SELECT training FROM open_sale WHERE sale_id = ?"
            row = db.execute(query, (sale_id,)).fetchone()
            if row is None:
                raise OutOfStep(f"sale {sale_id} is completed but not open")
            due = last_receipt_number(db, training=bool(row[0])) + 1
            if number != due:
                raise OutOfStep(f"sale {sale_id}: receipt number {number}, {due} is due")
            db.execute("INSERT INTO receipt VALUES (?, ?, ?)", (row[0], number, sale_id))
        case SaleClosed() | SaleAborted():
            db.execute("DELETE FROM open_sale WHERE sale_id = ?", (sale_id,))


def last_receipt_number(db: sqlite3.Connection, *, training: bool) -> int:
    """Return the newest number of a receipt series, 0 before the first."""
    query = "SELECT max(number) FROM receipt WHERE training = ?"
    return db.execute(query, (training,)).fetchone()[0] or 0


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
