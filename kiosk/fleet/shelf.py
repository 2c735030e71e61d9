"""The stores' shelves: sales set aside at one kiosk, to go on at any other of the store, once.

A request says which kiosk asks by its topic alone, so a kiosk reaches its own store's shelf and no
other. The database decides who comes first; an answer leaves after the transaction. Whoever was
not answered asks again: the same kiosk gets what it was given, everybody else "gone". What a sale
says is for kiosks to read, and is kept and handed on as it came.
"""

import queue
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import ColumnElement, Connection, func, select, update
from sqlalchemy.exc import DBAPIError

from kiosk.fleet.figures.scope import midnight
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database, DatabaseDown
from kiosk.fleet.times import text_of, us_of
from kiosk.telemetry.messages import ShelfAnswer, ShelfOutcome, ShelfRequest, ShelfWord
from kiosk.telemetry.signing import OrderSigner
from kiosk.telemetry.topics import Address

log = structlog.get_logger(__name__)

KEPT_MAX: Final = 300
"""Rows of one kiosk on one day; a kiosk that runs wild fills no shelf but its own part of one."""
WAITS: Final = 1000
"""Requests of all stores that wait for the database; one more is not answered."""

Verdict = tuple[ShelfOutcome, bytes]


class Shelf:
    """All stores' shelves, in the database; safe for several servers at once."""

    def __init__(self, database: Database, now: Callable[[], datetime], zone: ZoneInfo) -> None:
        self._database = database
        self._now = now
        self._zone = zone

    def verdict(self, address: Address, request: ShelfRequest) -> Verdict:
        """Put or take, durable on return.

        Raises:
            DatabaseDown: nothing was done; the same may be asked again.
        """
        now = self._now()
        with self._database.write() as db:
            if request.sale:
                return self._put(db, address, request, now), b""
            return self._taken(db, address, request, now)

    def _put(
        self, db: Connection, address: Address, request: ShelfRequest, now: datetime
    ) -> ShelfOutcome:
        if not request.sale_id or self._is_full(db, address, request.sale_id, now):
            return ShelfOutcome.FULL
        self._insert(db, address, request, now)
        return ShelfOutcome.KEPT

    def _insert(
        self, db: Connection, address: Address, request: ShelfRequest, now: datetime
    ) -> bool:
        """Add a row, whole or as a mark; False when the sale has one."""
        is_put = bool(request.sale)
        statement = self._database.insert(t.aside).values(
            tenant=address.tenant,
            store=address.store,
            sale_id=request.sale_id,
            code=request.code if is_put else "",
            put_by=address.kiosk,
            put_us=us_of(now),
            sale=request.sale or None,
            taken_by="" if is_put else address.kiosk,
            claim_id="" if is_put else request.id,
        )
        # Asked back, since not every driver counts the rows of an INSERT.
        new = statement.on_conflict_do_nothing().returning(t.aside.c.sale_id)
        return db.execute(new).first() is not None

    def _is_full(self, db: Connection, address: Address, sale_id: str, now: datetime) -> bool:
        a = t.aside.c
        of_today = select(func.count()).where(
            *_of_store(address), a.put_by == address.kiosk, a.sale_id != sale_id, self._today(now)
        )
        return db.execute(of_today).scalar_one() >= KEPT_MAX

    def _today(self, now: datetime) -> ColumnElement[bool]:
        return t.aside.c.put_us >= us_of(midnight(now, self._zone))

    def _taken(
        self, db: Connection, address: Address, request: ShelfRequest, now: datetime
    ) -> Verdict:
        a = t.aside.c
        wanted = a.sale_id == request.sale_id if request.sale_id else a.code == request.code
        if not (request.sale_id or request.code):
            return ShelfOutcome.GONE, b""
        query = (
            select(a.sale_id, a.sale, a.taken_by)
            .where(*_of_store(address), wanted, self._today(now))
            # What this very request was given comes first, then what nobody took.
            .order_by(
                ((a.taken_by == address.kiosk) & (a.claim_id == request.id)).desc(),
                (a.taken_by == "").desc(),
                (a.taken_by == address.kiosk).desc(),
                a.put_us.desc(),
            )
            .limit(1)
        )
        found = db.execute(query).first()
        if found is None:
            return self._not_there(db, address, request, now), b""
        if found.taken_by not in ("", address.kiosk):
            return ShelfOutcome.GONE, b""
        first = (
            update(t.aside)
            .where(*_of_store(address), a.sale_id == found.sale_id, a.taken_by == "")
            .values(taken_by=address.kiosk, claim_id=request.id, taken_us=us_of(now))
        )
        if not found.taken_by and not db.execute(first).rowcount:
            return ShelfOutcome.GONE, b""  # another server's transaction came between
        if found.sale is None:
            return ShelfOutcome.NEVER_THERE, b""
        return ShelfOutcome.YOURS, bytes(found.sale)

    def _not_there(
        self, db: Connection, address: Address, request: ShelfRequest, now: datetime
    ) -> ShelfOutcome:
        """Mark it as taken for the kiosk that has it, so that a late `put` brings nothing back."""
        if not request.sale_id:
            return ShelfOutcome.GONE
        if not request.own:
            return ShelfOutcome.NEVER_THERE
        if self._is_full(db, address, request.sale_id, now):
            return ShelfOutcome.FULL
        marked = self._insert(db, address, request, now)
        return ShelfOutcome.NEVER_THERE if marked else ShelfOutcome.GONE


def _of_store(address: Address) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return t.aside.c.tenant == address.tenant, t.aside.c.store == address.store


class ShelfDesk:
    """Answers kiosks from a thread of its own: the broker's does not wait for the database."""

    def __init__(
        self,
        shelf: Shelf,
        signer: OrderSigner,
        send: Callable[[Address, ShelfAnswer], None],
        now: Callable[[], datetime],
    ) -> None:
        self._shelf = shelf
        self._signer = signer
        self._send = send
        self._now = now
        self._asked: queue.Queue[tuple[Address, ShelfRequest] | None] = queue.Queue(WAITS)
        self._thread = threading.Thread(target=self._run, name="shelf", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer what waits, then end."""
        if self._thread.is_alive():
            self._asked.put(None)
            self._thread.join(5.0)

    def ask(self, address: Address, request: ShelfRequest) -> None:
        """Take a request; the answer follows, or silence. Never waits."""
        try:
            self._asked.put_nowait((address, request))
        except queue.Full:
            log.warning("the shelf has too much to do", kiosk=str(address))

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            address, request = asked
            try:
                outcome, sale = self._shelf.verdict(address, request)
            except (DatabaseDown, DBAPIError) as error:
                # Silence, which is "nobody knows": the kiosk asks again under the same id.
                log.warning("the shelf cannot answer", kiosk=str(address), why=str(error))
                continue
            word = ShelfWord(
                id=request.id,
                tenant=address.tenant,
                store=address.store,
                kiosk=address.kiosk,
                outcome=outcome,
                sale=sale,
            )
            self._send(address, self._signer.shelf_answer(word, text_of(us_of(self._now()))))
