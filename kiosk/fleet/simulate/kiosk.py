"""One simulated kiosk: a life of shoppers, and a line to the broker that breaks and comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from random import Random
from typing import Any, Final

import aiomqtt
import msgspec

from kiosk.fleet.simulate.answers import answer
from kiosk.fleet.simulate.diary import Diary, Sale
from kiosk.fleet.simulate.fetching import fetch
from kiosk.fleet.simulate.saying import birth_of, health_of, state_of
from kiosk.fleet.simulate.wire import Wire
from kiosk.telemetry import messages as m
from kiosk.telemetry.topics import Address, Channel

HEALTH_S: Final = 30.0
FLUSH_S: Final = 1.0
BACKOFF_S: Final = (0.5, 8.0)
ONLY_HERE: Final = frozenset({"age", "alcohol_hours"})
"""What the law wants approved by somebody who sees who buys, as `kiosk.sale.policy` has it."""
CALLS: Final = (("age", "18", 3), ("weight", "more", 4), ("help", "price", 2))
"""Kind, reason, and how often in a hundred sales."""


class SimulatedKiosk:
    """Sells, reports, answers; `cut` takes its power, `drop` only its line."""

    def __init__(self, address: Address, wire: Wire, seed: str) -> None:
        self.address = address
        self.wire = wire
        self.random = Random(seed)
        self.diary = Diary(f"{self.random.getrandbits(64):016x}")
        self.sale: Sale | None = None
        self.calls: dict[str, asyncio.Future[m.Settled]] = {}
        self.only_here: set[str] = set()
        """Open calls that nobody may approve from afar."""
        self.paused = False
        self.dark = False
        self.phase, self.since = m.Phase.IDLE, self.stamp()
        self._changed = asyncio.Event()
        self._health_asked = asyncio.Event()
        self._outgoing: dict[str, bytes] = {}
        self._dropped = asyncio.Event()
        self._seen: dict[str, m.Reply] = {}
        self.versions = {"software": "2.4.1", "catalog": "1", "config": "1", "python": "3.11"}
        self.versions["terminal"] = "sim 1.0"
        self.held: dict[str, str] = {}
        """SHA-256 of the catalog and the configuration in place, where they were fetched."""
        self.started = self.stamp()

    def stamp(self) -> str:
        """Return the kiosk's time, as messages have it."""
        return self.wire.now().isoformat(timespec="microseconds")

    def drop(self) -> None:
        """Break the line to the broker; it connects again by itself."""
        self._dropped.set()

    def cut(self, *, dark: bool) -> None:
        """Take the power, or give it back. The journal survives."""
        self.dark = dark
        if dark:
            self._dropped.set()

    def say_health(self) -> None:
        """Report health now, not only in its turn."""
        self._health_asked.set()

    async def run(self, *, shoppers: bool = True) -> None:
        """Live until cancelled; without `shoppers` nobody comes."""
        async with asyncio.TaskGroup() as tasks:
            if shoppers:
                tasks.create_task(self._shoppers())
            tasks.create_task(self._line())

    # --- the shop --------------------------------------------------------------------------------

    async def _wait(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.wire.speed)
        while self.dark:
            await asyncio.sleep(0.5)

    def _enter(self, phase: m.Phase) -> None:
        self.phase, self.since = phase, self.stamp()
        self._changed.set()

    async def _shoppers(self) -> None:
        await self._wait(self.random.uniform(0, 120))
        while True:
            await self._wait(self.random.expovariate(1 / 60))
            if not self.paused:
                await self._serve()

    async def _serve(self) -> None:
        sale = self.sale = Sale(self.diary, str(self.address), self.random)
        sale.begin(self.stamp())
        for _ in range(1 + min(40, int(self.random.expovariate(1 / 8)))):
            age = sale.scan(self.stamp())
            self._enter(m.Phase.SHOPPING)
            kind, reason = self._trouble(18 if age and not sale.of_age else 0)
            if kind:
                await self._call(sale, kind, reason)
            await self._wait(self.random.uniform(3, 8))
        if self.random.random() < 0.02:
            self._end(sale, "SaleAborted", reason="left", amount_minor=sale.total_minor)
            return
        attempt_id = sale.pay(self.stamp())
        self._enter(m.Phase.PAYING)
        await self._wait(self.random.uniform(3, 10))
        outcome = "declined" if self.random.random() < 0.02 else "approved"
        amount_minor = sale.total_minor if outcome == "approved" else 0
        settled = {"attempt_id": attempt_id, "outcome": outcome, "amount_minor": amount_minor}
        sale.note("PaymentSettled", self.stamp(), **settled)
        if outcome == "declined":
            self._end(sale, "SaleAborted", reason="cannot_pay", amount_minor=sale.total_minor)
            return
        number = len(self.diary.rows)
        sale.note(
            "SaleCompleted", self.stamp(), receipt_number=number, total_minor=sale.total_minor
        )
        self._enter(m.Phase.PAID)
        await self._wait(self.random.uniform(2, 12))
        self._end(sale, "SaleClosed")

    def _trouble(self, age: int) -> tuple[str, str]:
        if age:
            return "age", str(age)
        drawn = self.random.random() * 100 * 8
        for kind, reason, often in CALLS[1:]:
            drawn -= often
            if drawn < 0:
                return kind, reason
        return "", ""

    def _end(self, sale: Sale, kind: str, **body: Any) -> None:
        sale.note(kind, self.stamp(), **body)
        self.sale = None
        self._enter(m.Phase.IDLE)

    async def _call(self, sale: Sale, kind: str, reason: str) -> None:
        raised_at = self.stamp()
        call_id = sale.call(raised_at, kind, reason)
        told = m.Intervention(
            at_utc=raised_at,
            id=call_id,
            sale_id=sale.id,
            kind=kind,
            policy="blocks_now",
            reason=reason,
            line=sale.lines[-1],
            raised_at=raised_at,
            remote_ok=kind not in ONLY_HERE,
            may_refuse=kind != "help",
            sale=m.SaleBrief(
                lines=sale.lines, total_minor=sale.total_minor, item_count=len(sale.lines)
            ),
        )
        topic = self.address.intervention(call_id)
        answered: asyncio.Future[m.Settled] = asyncio.get_running_loop().create_future()
        self.calls[call_id] = answered
        if kind in ONLY_HERE:
            self.only_here.add(call_id)
        self._say(topic, m.encode(told))
        self._enter(m.Phase.WAITING)
        patience_s = self.random.uniform(*self.wire.patience_s) / self.wire.speed
        try:
            settled = await asyncio.wait_for(answered, patience_s)
        except TimeoutError:
            settled = m.Settled(
                approved=True, attendant_id="ingrid", where="kiosk", resolved_at=self.stamp()
            )
        del self.calls[call_id]
        self.only_here.discard(call_id)
        sale.of_age = sale.of_age or kind == "age"
        sale.note(
            "InterventionResolved",
            settled.resolved_at,
            intervention_id=call_id,
            approved=settled.approved,
            attendant_id=settled.attendant_id,
            where=settled.where,
        )
        over = msgspec.structs.replace(told, at_utc=settled.resolved_at, settled=settled)
        self._say(topic, m.encode(over))
        self._say(topic, b"")
        self._enter(m.Phase.SHOPPING)

    # --- the line --------------------------------------------------------------------------------

    def _say(self, topic: str, payload: bytes) -> None:
        # An emptied topic follows its last message, so both are kept, in order.
        self._outgoing[f"{topic} {len(payload) == 0}"] = payload
        self._changed.set()

    async def _line(self) -> None:
        wait_s = BACKOFF_S[0]
        while True:
            while self.dark:
                await asyncio.sleep(0.5)
            try:
                async with self._connected() as client:
                    wait_s = BACKOFF_S[0]
                    await self._talk(client)
            except (aiomqtt.MqttError, OSError, TimeoutError):
                self.wire.counts["lost"] += 1
            await asyncio.sleep(self.random.uniform(0, wait_s))
            wait_s = min(BACKOFF_S[1], wait_s * 2)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiomqtt.Client]:
        lost = state_of(self, online=False, mode=m.Mode.LOST)
        will = aiomqtt.Will(self.address.topic(Channel.STATE), m.encode(lost), 1, retain=True)
        async with aiomqtt.Client(
            self.wire.host,
            self.wire.port,
            identifier=str(self.address),
            protocol=aiomqtt.ProtocolVersion.V5,
            clean_start=True,
            keepalive=60,
            tls_context=self.wire.tls,
            will=will,
            timeout=30,
            max_queued_outgoing_messages=1000,
        ) as client:
            self.wire.counts["connected"] += 1
            self.wire.counts["online"] += 1
            try:
                yield client
            finally:
                self.wire.counts["online"] -= 1

    async def _talk(self, client: aiomqtt.Client) -> None:
        self._dropped.clear()
        for channel in (Channel.COMMAND, Channel.ANNOUNCE):
            await client.subscribe(self.address.topic(channel), qos=1)
        await self._publish(client, Channel.BIRTH, birth_of(self), retain=True)
        await self._publish(client, Channel.STATE, state_of(self), retain=True)
        jobs = [
            asyncio.create_task(job)
            for job in (
                self._listen(client),
                self._tell_states(client),
                self._tell_health(client),
                self._send_rows(client),
                self._dropped.wait(),
            )
        ]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            for job in jobs:
                job.cancel()
            # As a pulled cable: no goodbye, so that the broker speaks the last will. paho has no
            # public way to be so rude.
            with suppress(OSError):
                client._client._sock_close()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _publish(
        self, client: aiomqtt.Client, channel: Channel, message: m.Message, *, retain: bool = False
    ) -> None:
        qos = 0 if channel is Channel.HEALTH else 1
        await client.publish(self.address.topic(channel), m.encode(message), qos, retain)
        self.wire.counts["sent"] += 1

    async def _listen(self, client: aiomqtt.Client) -> None:
        async for message in client.messages:
            payload = bytes(message.payload)
            if message.topic.matches(f"+/+/+/+/+/{Channel.ANNOUNCE}"):
                if await fetch(payload, self.wire, self.versions, self.held):
                    await self._publish(client, Channel.BIRTH, birth_of(self), retain=True)
                continue
            reply = answer(self, payload, self._seen)
            await self._publish(client, Channel.REPLY, reply)

    async def _tell_states(self, client: aiomqtt.Client) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            waiting, self._outgoing = self._outgoing, {}
            for name, payload in waiting.items():
                await client.publish(name.partition(" ")[0], payload, 1, retain=True)
                self.wire.counts["sent"] += 1
            await self._publish(client, Channel.STATE, state_of(self), retain=True)
            await asyncio.sleep(0.25)

    async def _tell_health(self, client: aiomqtt.Client) -> None:
        await self._until_health(self.random.uniform(0, HEALTH_S))
        while True:
            await self._publish(client, Channel.HEALTH, health_of(self))
            await self._until_health(HEALTH_S)

    async def _until_health(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._health_asked.wait(), seconds)
        self._health_asked.clear()

    async def _send_rows(self, client: aiomqtt.Client) -> None:
        while True:
            rows = self.diary.waiting[: m.ROWS_MAX]
            if rows:
                said = m.Events(at_utc=self.stamp(), journal_id=self.diary.journal_id, rows=rows)
                await self._publish(client, Channel.EVENTS, said)
                self.diary.sent = max(self.diary.sent, rows[-1].seq)
                self.wire.counts["rows"] += len(rows)
            await asyncio.sleep(0.02 if len(rows) == m.ROWS_MAX else FLUSH_S)
