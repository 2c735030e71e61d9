"""Commands: signed, sent, recorded, and answered by the kiosk; the first decision wins.

What is sent is written down first, with its sender, in the same transaction as the audit log. The
kiosk checks the signature, the expiry and the rights once more, and is the one that decides: two
attendants who answer the same question are told by it who was first.
"""

import asyncio
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from kiosk.fleet.access.audit import SERVER, record
from kiosk.fleet.access.limits import Buckets
from kiosk.fleet.access.rights import Caller, rights_for
from kiosk.fleet.api.types import CommandKind, CommandStatus, Decide, Logs
from kiosk.fleet.ingest.replies import LOGS, SCREENSHOT, store_reply
from kiosk.fleet.live.feed import Feed
from kiosk.fleet.live.watcher import Watcher
from kiosk.fleet.statuses import status_in, status_of
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import text_of, us_of
from kiosk.telemetry.messages import Order, Reply
from kiosk.telemetry.signing import OrderSigner
from kiosk.telemetry.topics import Address

WAIT_S: Final = 3.0
GOOD_FOR_S: Final = {CommandKind.RESEND: 600, CommandKind.CLOSE_DAY: 120}
GOOD_FOR_S_ELSE: Final = 60
PNG: Final = b"\x89PNG"


class TooMany(Exception):
    """Too many commands in a short time."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"wait {wait_s} s")
        self.wait_s = wait_s


class AnotherDecision(Exception):
    """The decision's id was used for something else before."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A screen that was fetched."""

    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A request that waits for a kiosk's answer."""

    key: str
    order: Order
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[CommandStatus]


class Desk:
    """Sends commands and matches answers to them."""

    def __init__(
        self,
        database: Database,
        watcher: Watcher,
        signer: OrderSigner,
        feed: Feed,
        limits: Buckets,
        now: Callable[[], datetime],
        names: Mapping[str, str],
    ) -> None:
        self._database = database
        self._watcher = watcher
        self._signer = signer
        self._feed = feed
        self._limits = limits
        self._now = now
        self._names = names
        self._waiting: dict[str, _Waiting] = {}

    # --- out -------------------------------------------------------------------------------------

    async def tell(
        self, key: str, kind: CommandKind, args: dict[str, Any], caller: Caller
    ) -> CommandStatus:
        """Send a command and wait a moment for its answer.

        Raises:
            TooMany: the caller sends too many.
            DatabaseDown: it could not be written down, so it was not sent.
        """
        if wait_s := self._limits.take(caller.user.name):
            raise TooMany(wait_s)
        if kind is CommandKind.SEEN:
            args = {**args, "name": caller.user.display_name}
        return await self._send(uuid.uuid4().hex, key, kind, args, caller)

    async def decide(
        self, key: str, call: dict[str, Any], asked: Decide, caller: Caller
    ) -> CommandStatus:
        """Send a decision; its id is the browser's, so a second tap is the same decision.

        Raises:
            TooMany, DatabaseDown: as `tell`.
            AnotherDecision: the id belongs to another command.
        """
        args = {
            "intervention_id": call["id"],
            "sale_id": call["sale_id"],
            "approved": asked.approved,
            "reason": asked.reason,
        }
        before = await asyncio.to_thread(self._same, asked.decision_id, key, args, caller)
        if before is not None:
            return before
        if wait_s := self._limits.take(caller.user.name):
            raise TooMany(wait_s)
        try:
            return await self._send(asked.decision_id, key, CommandKind.DECIDE, args, caller)
        except IntegrityError:
            # The same tap came twice at once, and the other was written down first.
            again = await asyncio.to_thread(self._same, asked.decision_id, key, args, caller)
            if again is None:
                raise
            return again

    def _same(
        self, command_id: str, key: str, args: dict[str, Any], caller: Caller
    ) -> CommandStatus | None:
        """Return what became of this very decision; None when it was never sent."""
        with self._database.read() as db:
            row = db.execute(_COMMANDS.where(t.command.c.id == command_id)).one_or_none()
        if row is None:
            return None
        is_it = (row.key, row.actor, row.kind, row.args) == (
            key, caller.user.name, CommandKind.DECIDE.value, args
        )  # fmt: skip
        if not is_it:
            raise AnotherDecision(command_id)
        return status_in(row, us_of(self._now()), self._names)

    def note_refused(self, key: str, kind: CommandKind, caller: Caller) -> None:
        """Write down that somebody asked for what their role does not allow."""
        with self._database.write() as db:
            record(db, us_of(self._now()), "command_refused", key, by=caller, kind=kind.value)

    def tell_unasked(self, key: str, kind: CommandKind, args: dict[str, Any]) -> str:
        """Send a command of the server's own and return its id; nobody waits for the answer."""
        order = self._order(uuid.uuid4().hex, key, kind, args, None)
        self._write(order, key, None)
        self._publish(order, key)
        return order.id

    async def _send(
        self, order_id: str, key: str, kind: CommandKind, args: dict[str, Any], caller: Caller
    ) -> CommandStatus:
        order = self._order(order_id, key, kind, args, caller)
        await asyncio.to_thread(self._write, order, key, caller)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[CommandStatus] = loop.create_future()
        self._waiting[order_id] = _Waiting(key, order, loop, answer)
        try:
            self._publish(order, key)
            return await asyncio.wait_for(answer, WAIT_S)
        except TimeoutError:
            return status_of(order, key, self._names)
        finally:
            self._waiting.pop(order_id, None)

    def _publish(self, order: Order, key: str) -> None:
        expires = datetime.fromisoformat(order.expires_at) - self._now()
        command = self._signer.command(order)
        self._watcher.command(Address.parse(key), command, max(1, int(expires.total_seconds())))

    def _write(self, order: Order, key: str, caller: Caller | None) -> None:
        with self._database.write() as db:
            number = db.execute(select(t.kiosk.c.no).where(t.kiosk.c.key == key)).scalar_one()
            issued_us = us_of(datetime.fromisoformat(order.issued_at))
            db.execute(
                insert(t.command).values(
                    id=order.id,
                    kiosk_no=number,
                    kind=order.kind,
                    args=order.args,
                    actor=order.actor,
                    issued_us=issued_us,
                    expires_us=us_of(datetime.fromisoformat(order.expires_at)),
                )
            )
            record(db, issued_us, order.kind, key, by=caller, id=order.id, args=order.args)

    def _order(
        self, order_id: str, key: str, kind: CommandKind, args: dict[str, Any], by: Caller | None
    ) -> Order:
        address, now = Address.parse(key), self._now()
        good_for = timedelta(seconds=GOOD_FOR_S.get(kind, GOOD_FOR_S_ELSE))
        return Order(
            id=order_id,
            kind=kind.value,
            args=args,
            actor=by.user.name if by else SERVER,
            role=by.user.role.value if by else SERVER,
            rights=rights_for(by.user, kind) if by else [kind.value],
            tenant=address.tenant,
            store=address.store,
            kiosk=address.kiosk,
            issued_at=now.isoformat(timespec="microseconds"),
            expires_at=(now + good_for).isoformat(timespec="microseconds"),
        )

    # --- in --------------------------------------------------------------------------------------

    def replied(self, key: str, reply: Reply, at_us: int) -> None:
        """Take a kiosk's answer, on the broker's thread."""
        waiting = self._waiting.get(reply.id)
        if waiting is None or waiting.key != key:
            return
        status = status_of(waiting.order, key, self._names, reply, at_us)
        if reply.png or reply.lines:
            self._keep(key, reply, at_us)
        self._feed.say("commands", status.model_dump(mode="json"))
        waiting.loop.call_soon_threadsafe(_give, waiting.answer, status)

    def _keep(self, key: str, reply: Reply, at_us: int) -> None:
        """Store a picture or logs before anybody is told that they are there."""
        with self._database.write() as db:
            query = select(t.kiosk.c.no).where(t.kiosk.c.key == key)
            if (number := db.execute(query).scalar_one_or_none()) is not None:
                store_reply(db, self._database, number, reply, at_us)

    # --- asked -----------------------------------------------------------------------------------

    def find(self, command_id: str) -> CommandStatus | None:
        """Return a command by its id."""
        query = _COMMANDS.where(t.command.c.id == command_id)
        with self._database.read() as db:
            row = db.execute(query).one_or_none()
        return status_in(row, us_of(self._now()), self._names) if row else None

    def newest(self, key: str, limit: int) -> list[CommandStatus]:
        """Return a kiosk's newest commands."""
        query = _COMMANDS.where(t.kiosk.c.key == key).order_by(t.command.c.issued_us.desc())
        with self._database.read() as db:
            rows = db.execute(query.limit(limit)).all()
        return [status_in(row, us_of(self._now()), self._names) for row in rows]

    def screenshot(self, key: str, viewer: Caller) -> Picture | None:
        """Return the last screen that was fetched, and record who looked."""
        found = self._attachment(key, SCREENSHOT, viewer)
        if found is None:
            return None
        media_type = "image/png" if found.body.startswith(PNG) else "image/jpeg"
        return Picture(found.body, media_type)

    def logs(self, key: str, viewer: Caller) -> Logs | None:
        """Return the log lines that were fetched last, and record who looked."""
        found = self._attachment(key, LOGS, viewer)
        if found is None:
            return None
        return Logs(at_utc=text_of(found.at_us), lines=msgspec.json.decode(found.body))

    def _attachment(self, key: str, kind: str, viewer: Caller) -> Any:
        query = (
            select(t.attachment.c.at_us, t.attachment.c.body)
            .join(t.kiosk)
            .where(t.kiosk.c.key == key, t.attachment.c.kind == kind)
        )
        with self._database.write() as db:
            row = db.execute(query).one_or_none()
            if row is not None:
                record(db, us_of(self._now()), f"viewed_{kind}", key, by=viewer)
        return row


_COMMANDS: Final = select(t.command, t.kiosk.c.key).join(t.kiosk)


def _give(answer: asyncio.Future[CommandStatus], status: CommandStatus) -> None:
    if not answer.done():
        answer.set_result(status)
