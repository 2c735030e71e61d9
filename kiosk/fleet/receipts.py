"""Receipts for phones: the sale of a signed link, put together from what its kiosk reported.

The sale is read from the kiosk's own events, not from the link: a link with a large sale in it
would be a code that no phone can read, and the events are here anyhow. So the screen offers a phone
only while the kiosk is connected, and who is quicker than the events is asked for a moment.

It is the one place where the fleet looks into a kiosk's events with the kiosk's own code: a receipt
must be the one that would be printed, to the letter, so it is made by the same functions. Nothing
that a link shows says who bought.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Connection, select

from kiosk.fiscal.events import REGISTER, RegisterStarted
from kiosk.fiscal.receipt import Receipt, ShopFacts, build_receipt
from kiosk.fiscal.register import shop_of
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import HOUR_US
from kiosk.journal.codec import CodecError, decode
from kiosk.sale.events import Event, SaleCompleted
from kiosk.sale.evolve import replay
from kiosk.telemetry.receipt_links import BadLink, ReceiptLink, checked, public_key, whose

EVENTS_MAX: Final = 20_000
"""Of one sale: 500 lines, each touched many times."""
SLACK_US: Final = HOUR_US
"""A kiosk's clock may be set back in the middle of a sale."""


class NoReceipt(Exception):
    """There is nothing to show under this link."""


class NotYet(NoReceipt):
    """The link is right, and the sale has not come here yet."""


def receipt_of(database: Database, token: str, now: datetime) -> Receipt:
    """Return the receipt of a link.

    Raises:
        LinkExpired: its time is over.
        BadLink: no kiosk here signed it, so nobody learns more.
        NotYet: ask again in a moment.
        NoReceipt: the sale ended without one, or its events are not kept any more.
        DatabaseDown: the database cannot be reached.
    """
    with database.read() as db:
        claimed = whose(token)
        row = db.execute(
            select(t.kiosk.c.no, t.kiosk.c.birth).where(t.kiosk.c.key == str(claimed.address))
        ).first()
        if row is None:
            raise BadLink("no such kiosk")
        key = public_key((row.birth or {}).get("receipt_key", ""))
        link = checked(token, key, now.timestamp())
        events, journal_no, completed_seq = _events(db, row.no, link)
        shop, zone = _seller(db, journal_no, completed_seq)
    return _receipt(events, shop, zone)


def _events(db: Connection, kiosk_no: int, link: ReceiptLink) -> tuple[list[Event], int, int]:
    """Return the sale's events up to its completion, in its order, none left out."""
    sale = db.execute(
        select(t.sale.c.started_us, t.sale.c.ended_us).where(
            t.sale.c.kiosk_no == kiosk_no, t.sale.c.sale_id == link.sale_id
        )
    ).first()
    if sale is None or sale.started_us is None or sale.ended_us is None:
        raise NotYet
    e = t.event.c
    rows = db.execute(
        select(e.journal_no, e.seq, e.sale_seq, e.kind, e.version, e.body)
        .join(t.journal, t.journal.c.no == e.journal_no)
        .where(t.journal.c.kiosk_no == kiosk_no)
        .where(e.sale_id == link.sale_id)
        # There is an index on the time, none on the sale: a second one would cost every ingest.
        .where(e.at_us.between(sale.started_us - SLACK_US, sale.ended_us + SLACK_US))
        .order_by(e.sale_seq)
        .limit(EVENTS_MAX)
    ).all()
    events: list[Event] = []
    for due, row in enumerate(rows, 1):
        if row.sale_seq != due:
            raise NotYet
        events.append(_decoded(row.kind, row.version, row.body))
        if row.kind == SaleCompleted.__name__:
            return events, row.journal_no, row.seq
    raise NotYet


def _seller(db: Connection, journal_no: int, before_seq: int) -> tuple[ShopFacts, ZoneInfo]:
    """Return who sold, as the register said at its last start before the sale."""
    e = t.event.c
    row = db.execute(
        select(e.version, e.body)
        .where(e.journal_no == journal_no, e.seq < before_seq)
        .where(e.kind == RegisterStarted.__name__, e.sale_id == REGISTER)
        .order_by(e.seq.desc())
        .limit(1)
    ).first()
    if row is None:
        raise NoReceipt("nobody knows who sold")
    started = _decoded(RegisterStarted.__name__, row.version, row.body)
    assert isinstance(started, RegisterStarted)
    return shop_of(started), ZoneInfo(started.time_zone)


def _receipt(events: list[Event], shop: ShopFacts, zone: ZoneInfo) -> Receipt:
    sale = replay(events)
    if sale.training:
        raise NoReceipt("practice has no receipt for a phone")
    at_local = datetime.fromisoformat(sale.completed_at).astimezone(zone)
    return replace(build_receipt(sale, shop, copy=False, at_local=at_local), electronic=True)


def _decoded(kind: str, version: int, body: str) -> Event:
    try:
        return decode(kind, version, body.encode())
    except (CodecError, msgspec.MsgspecError) as error:
        raise NoReceipt(f"a newer kiosk than this server: {error}") from error
