"""The register's own stream in the journal: its numbers, which must never have a gap.

Works on an open transaction and leaves commit and roll-back to the journal.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import TypeVar

from kiosk.fiscal.events import (
    REGISTER,
    SIGNATURE_SERIES,
    Z_SERIES,
    JournalRestored,
    RegisterEvent,
    SaleSigned,
    ZReportMade,
    next_after,
)
from kiosk.journal.codec import decode
from kiosk.journal.errors import OutOfStep
from kiosk.sale.events import Event

T = TypeVar("T", bound=Event)


def check_register(db: sqlite3.Connection, sale_id: str, events: Sequence[Event]) -> None:
    """Refuse register events out of place, and numbers of Z and signatures that leave a gap.

    Called before the events are written.

    Raises:
        OutOfStep: with what is due; or a Z while a sale is open.
    """
    if any(isinstance(event, RegisterEvent) != (sale_id == REGISTER) for event in events):
        raise OutOfStep(f"sale {sale_id}: events of the register stand in its own stream")
    if not any(isinstance(event, ZReportMade | SaleSigned) for event in events):
        return
    restored = newest(db, JournalRestored.__name__)
    for z_before, z in _numbered(db, events, ZReportMade):
        due = next_after(z_before.report.number if z_before else 0, Z_SERIES, restored)
        if z.report.number != due:
            raise OutOfStep(f"Z report number {z.report.number}, {due} is due")
        if row := db.execute("SELECT sale_id FROM open_sale LIMIT 1").fetchone():
            raise OutOfStep(f"a Z report while sale {row[0]} is open")
    for before, signed in _numbered(db, events, SaleSigned):
        due = next_after(before.number if before else 0, SIGNATURE_SERIES, restored)
        if signed.number != due:
            raise OutOfStep(f"signature number {signed.number}, {due} is due")
        if before and signed.completed_seq <= before.completed_seq:
            raise OutOfStep(f"sale {signed.sale_id} is signed after a later one")


def of_kind(sale_id: str, kind: str) -> tuple[str, tuple[str, ...]]:
    """Return the condition, and its values, for the events of a kind in one stream."""
    if sale_id == REGISTER:
        # Written out, so that SQLite finds the index of that one stream, which never ends.
        return f"sale_id = '{REGISTER}' AND kind = ?", (kind,)
    return "sale_id = ? AND kind = ?", (sale_id, kind)


def newest(db: sqlite3.Connection, kind: str) -> Event | None:
    """Return the register's newest event of a kind."""
    where, values = of_kind(REGISTER, kind)
    query = f"SELECT version, body FROM event WHERE {where} ORDER BY sale_seq DESC LIMIT 1"  # noqa: S608 - our own words
    row = db.execute(query, values).fetchone()
    return None if row is None else decode(kind, row[0], row[1])


def _numbered(
    db: sqlite3.Connection, events: Sequence[Event], kind: type[T]
) -> Iterator[tuple[T | None, T]]:
    """Yield each new event of a kind with the one before it."""
    last: T | None = None
    for event in events:
        if not isinstance(event, kind):
            continue
        if last is None:
            written = newest(db, kind.__name__)
            last = written if isinstance(written, kind) else None
        yield last, event
        last = event
