"""What the server has of a kiosk's journals, and gives back to new hardware in the kiosk's place.

Only to whoever shows the kiosk's certificate. Rows come as they were told, with their hash: the
kiosk holds each against the one before it, so a server cannot put one in.
"""

from typing import Final

from sqlalchemy import Connection, func, or_, select

from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.keeping import ROW_COLUMNS, row_of, rows_put_by
from kiosk.fleet.times import text_of
from kiosk.telemetry.messages import Row
from kiosk.telemetry.store_words import ROWS_AT_ONCE, KeptJournal, RowsPage
from kiosk.telemetry.topics import Address

JOURNALS_MAX: Final = 50


class NoSuchJournal(Exception):
    """The asking kiosk has never told of this journal."""


def kept_journals(database: Database, address: Address, register_id: str) -> list[KeptJournal]:
    """Return what is here of this kiosk, and of any kiosk of the chain with this register id.

    Raises:
        DatabaseDown: the database cannot be reached.
    """
    k, j = t.kiosk.c, t.journal.c
    query = (
        select(k.key, k.birth, j.no, j.journal_id, j.stored_through)
        .join(t.journal, j.kiosk_no == k.no)
        .where(k.tenant == address.tenant)
        .where(or_(k.key == str(address), k.birth["kiosk_id"].as_string() == register_id))
        .order_by(j.no)
        .limit(JOURNALS_MAX)
    )
    found = []
    with database.read() as db:
        for row in db.execute(query).all():
            last_seq, last_us = _newest(db, row.no)
            if not last_seq:
                continue
            through = rows_between(db, row.no, row.stored_through, row.stored_through)
            found.append(
                KeptJournal(
                    kiosk=row.key,
                    register_id=str((row.birth or {}).get("kiosk_id", "")),
                    journal_id=row.journal_id,
                    through_seq=row.stored_through,
                    through_hash=through[0].hash if through else "",
                    last_seq=last_seq,
                    last_at_utc=text_of(last_us),
                )
            )
    return found


def page(database: Database, address: Address, journal_id: str, after: int) -> RowsPage:
    """Return the rows of the next `ROWS_AT_ONCE` numbers after `after`.

    Raises:
        NoSuchJournal: this kiosk told of none by that name.
        DatabaseDown: the database cannot be reached.
    """
    k, j = t.kiosk.c, t.journal.c
    with database.read() as db:
        query = select(j.no).join(t.kiosk, k.no == j.kiosk_no)
        query = query.where(k.key == str(address), j.journal_id == journal_id)
        journal_no = db.execute(query).scalar()
        if journal_no is None:
            raise NoSuchJournal
        last_seq, _ = _newest(db, journal_no)
        reached = after + ROWS_AT_ONCE
        rows = rows_between(db, journal_no, after + 1, reached)
    return RowsPage(rows=rows, next_after=reached if reached < last_seq else 0)


def rows_between(db: Connection, journal_no: int, first: int, last: int) -> list[Row]:
    """Return the rows whose numbers lie between, both included, in order."""
    e = t.event.c
    here = db.execute(
        select(*ROW_COLUMNS).where(e.journal_no == journal_no, e.seq.between(first, last))
    )
    rows = rows_put_by(db, journal_no, first, last)
    rows |= {row.seq: row_of(row) for row in here}
    return [rows[seq] for seq in sorted(rows)]


def _newest(db: Connection, journal_no: int) -> tuple[int, int]:
    """Return number and time of the newest row, (0, 0) without any."""
    e, p = t.event.c, t.journal_piece.c
    here = db.execute(
        select(e.seq, e.at_us).where(e.journal_no == journal_no).order_by(e.seq.desc()).limit(1)
    ).first()
    put_by = db.execute(
        select(func.max(p.last_seq), func.max(p.last_us)).where(p.journal_no == journal_no)
    ).one()
    known = [(here.seq, here.at_us)] if here else []
    return max([*known, (put_by[0] or 0, put_by[1] or 0)])
