"""Receipts of a store's kiosks: found for another kiosk, and held while goods of them come back.

What came back is read from what the kiosks told of their sales; nothing of it is kept twice. A
receipt is held by one row: whoever asks to take goods of it back gets it, and nobody else until
that sale is over and told. Whoever looked before the last return must look again. So two kiosks
cannot take the same goods back, in whatever order they ask, and a kiosk that lost its power with a
receipt held loses it as soon as its later rows show that its sale never began.
"""

from typing import Any, Final

from sqlalchemy import Connection, Row, select, update
from sqlalchemy import func as sql

from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.keeping import ROW_COLUMNS, row_of, rows_of_sale_put_by
from kiosk.fleet.times import HOUR_US, SECOND_US, us_of_text
from kiosk.telemetry.store_words import ReceiptAsked, ReceiptTold, ReceiptWord, SaleTold
from kiosk.telemetry.topics import Address

SLACK_US: Final = HOUR_US
"""A kiosk's clock may be set back in the middle of a sale."""
BEGINS_WITHIN_US: Final = 60 * SECOND_US
"""Of its own clock: a kiosk that holds a receipt begins its sale by then, or never."""
RETURNS_MAX: Final = 50

Fact = Row[Any]


def look(database: Database, asking: Address, asked: ReceiptAsked) -> ReceiptTold:
    """Return the sale of a receipt of the asking kiosk's store, and what came back of it.

    Raises:
        DatabaseDown: the database cannot be reached.
    """
    with database.read() as db:
        fact = _sale_of(db, asking, asked)
        if fact is None:
            return ReceiptTold(word=ReceiptWord.NOT_FOUND)
        original = _told(db, fact)
        if original is None:
            return ReceiptTold(word=ReceiptWord.NOT_FOUND)
        told = [_told(db, one) for one in _returns(db, asking, fact.sale_id)]
    if None in told:
        # A return whose rows are not all here yet: whoever does not know it must not go on.
        return ReceiptTold(word=ReceiptWord.BUSY)
    returns = [one for one in told if one is not None]
    return ReceiptTold(word=ReceiptWord.FOUND, original=original, returns=returns)


def hold(database: Database, asking: Address, asked: ReceiptAsked) -> ReceiptTold:
    """Hold the sale of a receipt for the sale `into`, durable on return; or say why not.

    Raises:
        DatabaseDown: nothing was held.
    """
    with database.write() as db:
        kiosk_no = _kiosk_no(db, asking)
        if kiosk_no is None:
            # Nothing was ever told by this kiosk, so nobody could see its sale end.
            return ReceiptTold(word=ReceiptWord.BUSY)
        mine = {
            # By the store of who asks: a kiosk reaches no receipt but its own store's.
            "tenant": asking.tenant,
            "store": asking.store,
            "sale_id": asked.sale_id,
            "kiosk_no": kiosk_no,
            "into_sale_id": asked.into,
            "at_us": us_of_text(asked.at_utc),
        }
        db.execute(database.insert(t.held_receipt).on_conflict_do_nothing(), [mine])
        h = t.held_receipt.c
        this = (
            (h.tenant == asking.tenant) & (h.store == asking.store) & (h.sale_id == asked.sale_id)
        )
        held = db.execute(select(t.held_receipt).where(this).with_for_update()).one()
        is_mine = (held.kiosk_no, held.into_sale_id) == (kiosk_no, asked.into)
        if not is_mine and not _is_over(db, held):
            return ReceiptTold(word=ReceiptWord.BUSY)
        others = {one.sale_id for one in _returns(db, asking, asked.sale_id)} - {asked.into}
        if others != set(asked.known):
            return ReceiptTold(word=ReceiptWord.CHANGED)
        db.execute(update(t.held_receipt).where(this).values(mine))
    return ReceiptTold(word=ReceiptWord.HELD)


def _kiosk_no(db: Connection, address: Address) -> int | None:
    return db.execute(select(t.kiosk.c.no).where(t.kiosk.c.key == str(address))).scalar()


def _sale_of(db: Connection, asking: Address, asked: ReceiptAsked) -> Fact | None:
    k, s = t.kiosk.c, t.sale.c
    query = (
        select(t.sale)
        .join(t.kiosk, k.no == s.kiosk_no)
        .where(k.tenant == asking.tenant, k.store == asking.store)
        .where(k.birth["kiosk_id"].as_string() == asked.register_id)
        .where(s.series == asked.series, s.receipt_number == asked.number)
        .where(s.completed.is_(True), sql.coalesce(s.training, False).is_(False))
    )
    found = db.execute(query.limit(2)).all()
    # Two machines under one id: whose receipt it is cannot be told.
    return found[0] if len(found) == 1 else None


def _returns(db: Connection, asking: Address, sale_id: str) -> list[Fact]:
    """Return the sales of the store in which goods of a sale came back; given-up ones do not."""
    k, s = t.kiosk.c, t.sale.c
    query = (
        select(t.sale)
        .join(t.kiosk, k.no == s.kiosk_no)
        .where(k.tenant == asking.tenant, k.store == asking.store)
        .where(s.returns_of == sale_id, sql.coalesce(s.completed, True).is_(True))
        .order_by(s.started_us, s.sale_id)
    )
    return list(db.execute(query.limit(RETURNS_MAX)).all())


def _is_over(db: Connection, held: Fact) -> bool:
    """Whether the sale that a receipt is held for has ended and is told; or never began."""
    s = t.sale.c
    fact = db.execute(
        select(t.sale).where(s.kiosk_no == held.kiosk_no, s.sale_id == held.into_sale_id)
    ).first()
    if fact is not None:
        if fact.completed is None:
            return False
        return not fact.completed or _told(db, fact) is not None
    e, j = t.event.c, t.journal.c
    later = (
        select(e.seq)
        .join(t.journal, j.no == e.journal_no)
        .where(j.kiosk_no == held.kiosk_no, e.seq <= j.stored_through)
        .where(e.at_us > held.at_us + BEGINS_WITHIN_US)
    )
    return db.execute(later.limit(1)).first() is not None


def _told(db: Connection, fact: Fact) -> SaleTold | None:
    """Return all rows of a sale up to its end; None while some are missing."""
    e, j = t.event.c, t.journal.c
    since = (fact.started_us or 0) - SLACK_US
    until = (fact.ended_us or fact.stored_us) + SLACK_US
    here = db.execute(
        select(*ROW_COLUMNS, e.journal_no)
        .join(t.journal, j.no == e.journal_no)
        .where(j.kiosk_no == fact.kiosk_no, e.sale_id == fact.sale_id)
        # There is an index on the time, none on the sale: a second one would cost every ingest.
        .where(e.at_us.between(since, until))
    ).all()
    rows = rows_of_sale_put_by(db, fact.kiosk_no, fact.sale_id, since, until)
    rows |= {row.sale_seq: row_of(row) for row in here}
    ordered = [rows[seq] for seq in sorted(rows)]
    if [row.sale_seq for row in ordered] != list(range(1, len(ordered) + 1)):
        return None
    ended = fact.completed is None or any(
        row.kind in ("SaleCompleted", "SaleAborted") for row in ordered
    )
    return SaleTold(sale_id=fact.sale_id, rows=ordered) if ordered and ended else None
