"""The other side of the wire: a store that hears everything, and a kiosk's voice driven by hand.

Nothing here waits by the clock: `Voice.until` turns the publisher until something is so, and gives
up after a time that only a broken test needs.
"""

import random
import socket
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from drivers.deadline import SYSTEM_CLOCK, Deadline
from kiosk.app.broker import Broker, BrokerCertificates
from kiosk.engine.clock import Clock, utc_text
from kiosk.engine.messages import Message
from kiosk.engine.view import View
from kiosk.fleet.authority import Authority
from kiosk.journal import Journal
from kiosk.sale.events import Interest
from kiosk.telemetry import messages as w
from kiosk.telemetry.board import Board
from kiosk.telemetry.commands import CommandDesk
from kiosk.telemetry.errands import Errands
from kiosk.telemetry.feed import EventFeed
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.outbox import Outbox
from kiosk.telemetry.publisher import Publisher, Who
from kiosk.telemetry.signing import OrderSigner, Trust
from kiosk.telemetry.slot import Slot
from kiosk.telemetry.topics import Address, Channel, Place, filters, place_of

PATIENCE_S = 60.0
KIOSK = Address("naermat", "torshov", "kasse-3")
OTHER = Address("naermat", "torshov", "kasse-4")
KIOSK_ID = "NT-0477-03"


class Pki:
    """Certificates on the spot, from the fleet's own authority."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority.create(folder / "ca")
        server = self.authority.issue_server("broker", ["localhost", "127.0.0.1"])
        certificate, key = server.write(folder, "broker")
        self.broker = BrokerCertificates(
            ca=self.authority.ca_path,
            certificate=certificate,
            key=key,
            revoked=self.authority.crl_path,
        )
        self.fleet = self.authority.issue_server("fleet").write(folder, "fleet")
        self.signer = OrderSigner(Ed25519PrivateKey.generate())

    def kiosk(self, address: Address) -> tuple[Path, Path]:
        stem = str(address).replace("/", ".")
        if not (self.folder / f"{stem}.pem").exists():
            self.authority.issue_kiosk(address).write(self.folder, stem)
        return self.folder / f"{stem}.pem", self.folder / f"{stem}.key"

    def endpoint(self, broker: Broker, address: Address = KIOSK) -> Endpoint:
        certificate, key = self.kiosk(address)
        return Endpoint(
            host="localhost",
            port=broker.kiosk_port,
            ca=self.authority.ca_path,
            certificate=certificate,
            key=key,
        )


class Store:
    """A far end that subscribes to everything, keeps it in order, and gives orders."""

    def __init__(self, pki: Pki, broker: Broker, name: str = "store") -> None:
        self._pki = pki
        self.heard: list[tuple[str, bytes, bool]] = []
        self.counts: Counter[Channel] = Counter()
        self.heard_rows = 0
        self.changed = threading.Condition()
        self._client = Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5
        )
        certificate, key = pki.fleet
        self._client.tls_set(str(pki.authority.ca_path), str(certificate), str(key))
        self._client.reconnect_delay_set(1, 1)
        self._client.on_socket_open = lambda _c, _u, sock: sock.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )
        self._client.on_connect = self._listen
        self._client.on_subscribe = self._listens
        self._client.on_message = self._hear
        self._listening = threading.Event()
        stays = Properties(PacketTypes.CONNECT)
        stays.SessionExpiryInterval = 3600  # what comes while it is away is kept for it
        self._client.connect("localhost", broker.fleet_port, clean_start=False, properties=stays)
        self._client.loop_start()
        assert self._listening.wait(PATIENCE_S), "the broker did not let the store in"

    def _listen(self, client: Client, *_: Any) -> None:
        client.subscribe([(one, 1) for one in filters()])

    def _listens(self, *_: Any) -> None:
        self._listening.set()

    def _hear(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        with self.changed:
            self.heard.append((message.topic, bytes(message.payload), message.retain))
            channel = place_of(message.topic).channel
            self.counts[channel] += bool(message.payload)
            if channel is Channel.EVENTS:
                self.heard_rows += message.payload.count(b'"sale_seq":')
            self.changed.notify_all()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def flood(self, broker: Broker, topic: str, size: int) -> None:
        """Let somebody else with the fleet's certificate send too much; ends when cut off."""
        cut_off = threading.Event()
        client = Client(CallbackAPIVersion.VERSION2, "flood", protocol=MQTTProtocolVersion.MQTTv5)
        certificate, key = self._pki.fleet
        client.tls_set(str(self._pki.authority.ca_path), str(certificate), str(key))
        client.on_connect = lambda *_: client.publish(topic, bytes(size))
        client.on_disconnect = lambda *_: cut_off.set()
        client.connect("localhost", broker.fleet_port)
        client.loop_start()
        assert cut_off.wait(PATIENCE_S), f"the broker took {size} bytes"
        client.disconnect()
        client.loop_stop()

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        self._client.publish(topic, payload, qos=1, retain=retain)

    # --- what was heard ------------------------------------------------------------------------

    def of(self, channel: Channel, address: Address = KIOSK) -> list[Any]:
        with self.changed:
            heard = list(self.heard)
        return [
            w.decode(channel, payload)
            for topic, payload, _ in heard
            if payload and _is(place_of(topic), channel, address)
        ]

    def rows(self, address: Address = KIOSK) -> list[w.Row]:
        return [row for events in self.of(Channel.EVENTS, address) for row in events.rows]

    def seqs(self, address: Address = KIOSK) -> list[int]:
        return [row.seq for row in self.rows(address)]

    def replies(self) -> dict[str, w.Reply]:
        return {reply.id: reply for reply in self.of(Channel.REPLY)}

    # --- orders --------------------------------------------------------------------------------

    def order(self, clock: Clock, kind: str, *, lives_s: float = 60, **changes: Any) -> w.Order:
        now = clock.utc_now()
        facts: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "kind": kind,
            "actor": "12",
            "role": "attendant",
            "rights": ["decide", "decide_age", "change_line", "void_sale", "open_close", kind],
            "tenant": KIOSK.tenant,
            "store": KIOSK.store,
            "kiosk": KIOSK.kiosk,
            "issued_at": utc_text(now),
            "expires_at": utc_text(now + timedelta(seconds=lives_s)),
            **changes,
        }
        return w.Order(**facts)

    def command(self, order: w.Order, *, to: Address = KIOSK, signer: OrderSigner | None = None):
        message = (signer or self._pki.signer).command(order)
        self.say(to.topic(Channel.COMMAND), w.encode(message))


def _is(place: Place, channel: Channel, address: Address) -> bool:
    return (place.channel, place.address) == (channel, address)


class NoHands:
    """Errands that can be watched."""

    def __init__(self) -> None:
        self.restarts = 0
        self.png = b"\x89PNG"
        self.lines = [f"line {number}" for number in range(1000)]

    def picture(self) -> bytes:
        return self.png

    def log_lines(self, count: int) -> list[str]:
        return self.lines[-count:]

    def verify_journal(self) -> tuple[bool, str]:
        return True, "whole"

    def restart(self) -> None:
        self.restarts += 1

    def fetch(self, what: str) -> tuple[bool, str]:
        return False, f"no server for {what}"


class Voice:
    """A kiosk's telemetry without a thread: `turn` it, or wait `until` something is so."""

    def __init__(
        self,
        pki: Pki,
        endpoint: Endpoint,
        folder: Path,
        clock: Clock,
        *,
        address: Address = KIOSK,
        tell: Callable[[Message], bool] = lambda _: True,
        only_here: frozenset[Interest] = frozenset({Interest.AGE}),
        rows_per_s: float = 100_000,
        seed: int = 1,
    ) -> None:
        self.clock = clock
        self.journal = Journal.open(folder / "journal.sqlite", read_only=True)
        self.outbox = Outbox(folder / "outbox.sqlite", utc_text(clock.utc_now()))
        self.slot = Slot()
        self.hands = NoHands()
        self.feed = EventFeed(self.journal, self.outbox, clock, rows_per_s=rows_per_s)
        self.errands = Errands(self.hands, self.slot, self.feed, clock)
        self.errands.start()
        self.desk = CommandDesk(
            address,
            KIOSK_ID,
            Trust([pki.signer.public_key]),
            self.outbox,
            clock,
            tell=tell,
            errands=self.errands.by_kind(),
        )
        board = Board(
            address, self.outbox, self.journal, clock, currency="NOK", only_here=only_here
        )
        who = Who(address=address, endpoint=endpoint, data_dir=folder, birth=self._birth)
        self.publisher = Publisher(
            who, self.slot, board, self.feed, self.desk, clock, chance=random.Random(seed)
        )
        self.slot.show(View(seq=1))

    def _birth(self) -> w.Birth:
        now = utc_text(self.clock.utc_now())
        return w.Birth(
            at_utc=now,
            kiosk_id=KIOSK_ID,
            till="3",
            versions={"software": "0.1.0"},
            journal_id=self.journal.journal_id,
            started_at=now,
        )

    def turn(self, wait_s: float = 0.01) -> None:
        self.publisher.step(wait_s)

    def until(self, so: Callable[[], object], what: str = "", *, tick: Any = None) -> None:
        """Turn until something is so. `tick` is called before each turn, e.g. to move a clock."""
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while not so():
            assert not deadline.passed(), f"waited in vain for {what or so}"
            if tick is not None:
                tick()
            self.turn(0.01 if tick is None else 0.002)

    def close(self) -> None:
        self.publisher.farewell()
        self.die()

    def die(self) -> None:
        """End as by a power cut: nothing is said, nothing is written."""
        link = self.publisher._connection.link
        self.publisher._connection.forget()
        if link is not None and (sock := link._client.socket()) is not None:
            sock.close()
        self.errands.stop()
        self.outbox.close()
        self.journal.close()
