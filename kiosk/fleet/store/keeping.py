"""Rows of journals that are too old for the table of events, put by in pieces for five years.

The law wants the accounts for five years; lists and charts want months. So rows go from the table
into packed pieces instead of away, in the transaction that deletes them: a journal can be made anew
from both together, as it was, to the last byte (`kiosk.fleet.registers`).
"""

import zlib
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, delete, func, insert, or_, select

from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.telemetry.messages import Row

PIECE_ROWS: Final = 1_000
STAYS: Final = "RegisterStarted"
"""Who sells stands only there, and a kiosk may run for months without another start: such a row is
put by like the others, and stays in the table too."""
ROW_COLUMNS: Final = tuple(
    t.event.c[name] for name in ("seq", "sale_id", "sale_seq", "kind", "version", "body", "hash")
)
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(list[Row]).decode


class _Body(msgspec.Struct):
    at_utc: str


_time_of = msgspec.json.Decoder(_Body).decode


def put_by(database: Database, before_us: int, pieces: int) -> int:
    """Put by at most `pieces` pieces of rows from before a time; return how many rows went.

    Raises:
        DatabaseDown: the piece under way is in the table still, and whole.
    """
    gone = 0
    for _ in range(pieces):
        with database.write() as db:
            count = _piece(db, before_us)
        if not count:
            break
        gone += count
    return gone


def _piece(db: Connection, before_us: int) -> int:
    e, p = t.event.c, t.journal_piece.c
    old = select(e.journal_no).where(e.at_us < before_us, e.kind != STAYS).limit(1)
    journal_no = db.execute(old).scalar()
    if journal_no is None:
        return 0
    through = select(func.max(p.last_seq)).where(p.journal_no == journal_no)
    kept = db.execute(through).scalar() or 0
    rows = db.execute(
        select(*ROW_COLUMNS, e.at_us)
        .where(e.journal_no == journal_no, e.at_us < before_us)
        .where(or_(e.kind != STAYS, e.seq > kept))
        .order_by(e.seq)
        .limit(PIECE_ROWS)
    ).all()
    piece = {
        "journal_no": journal_no,
        "first_seq": rows[0].seq,
        "last_seq": rows[-1].seq,
        "first_us": min(row.at_us for row in rows),
        "last_us": max(row.at_us for row in rows),
        "body": zlib.compress(_encode([row_of(row) for row in rows]), 6),
    }
    db.execute(insert(t.journal_piece), [piece])
    going = [row.seq for row in rows if row.kind != STAYS]
    db.execute(delete(t.event).where(e.journal_no == journal_no, e.seq.in_(going)))
    return len(going)


def rows_put_by(db: Connection, journal_no: int, first: int, last: int) -> dict[int, Row]:
    """Return the rows put by whose numbers lie between, both included."""
    p = t.journal_piece.c
    query = select(p.body).where(p.journal_no == journal_no, p.last_seq >= first)
    bodies = db.execute(query.where(p.first_seq <= last)).scalars()
    return {
        row.seq: row
        for body in bodies
        for row in _decode(zlib.decompress(body))
        if first <= row.seq <= last
    }


def rows_of_sale_put_by(
    db: Connection, kiosk_no: int, sale_id: str, since_us: int, until_us: int
) -> dict[int, Row]:
    """Return the rows of a sale that were put by, by their number in the sale."""
    p, j = t.journal_piece.c, t.journal.c
    query = (
        select(p.body)
        .join(t.journal, j.no == p.journal_no)
        .where(j.kiosk_no == kiosk_no, p.last_us >= since_us, p.first_us <= until_us)
    )
    return {
        row.sale_seq: row
        for body in db.execute(query).scalars()
        for row in _decode(zlib.decompress(body))
        if row.sale_id == sale_id
    }


def row_of(stored: Any) -> Row:
    """Return a row of `ROW_COLUMNS` as the kiosk told it, its time to the letter as in its body."""
    return Row(
        seq=stored.seq,
        sale_id=stored.sale_id,
        sale_seq=stored.sale_seq,
        kind=stored.kind,
        version=stored.version,
        body=msgspec.Raw(stored.body.encode()),
        at_utc=_time_of(stored.body).at_utc,
        hash=bytes(stored.hash).hex(),
    )
