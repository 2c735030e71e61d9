"""The server's own line to the broker: hears how kiosks stand, sends commands and announcements."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import structlog
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from kiosk.fleet.broker import BrokerConfig, new_client
from kiosk.fleet.ingest.received import Received, read
from kiosk.telemetry.messages import Announce, Command, ShelfAnswer, encode
from kiosk.telemetry.topics import (
    Address,
    Channel,
    filters,
    shelf_requests,
    store_announcements,
)

log = structlog.get_logger(__name__)

SHELF_S: Final = 30
"""How long the broker keeps an answer of the shelf."""


class Watcher:
    """Hears all but the journals, in order, for itself alone; retained messages come first."""

    def __init__(
        self,
        broker: BrokerConfig,
        name: str,
        heard: Callable[[Received, bool], None],
        now_us: Callable[[], int],
        counts: Counter[str],
    ) -> None:
        self._broker = broker
        self._heard = heard
        self._now_us = now_us
        self._counts = counts
        self.connected = threading.Event()
        self._client = new_client(broker, name)
        self._client.on_connect = self._connected
        self._client.on_message = self._came
        self._client.on_disconnect = self._lost

    def start(self) -> None:
        """Connect, and connect again whenever the broker was away."""
        self._client.connect_async(self._broker.host, self._broker.port, 30, clean_start=True)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def command(self, address: Address, command: Command, expires_s: int) -> None:
        """Send a command; the broker forgets it too when it is no longer good."""
        self._send_for(expires_s, address.topic(Channel.COMMAND), encode(command))

    def answer_shelf(self, address: Address, answer: ShelfAnswer) -> None:
        """Answer a kiosk's request; who waits for it has given up soon."""
        self._send_for(SHELF_S, address.topic(Channel.SHELF_ANSWER), encode(answer))

    def _send_for(self, expires_s: int, topic: str, payload: bytes) -> None:
        options = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        options.MessageExpiryInterval = expires_s
        self._client.publish(topic, payload, qos=1, properties=options)

    def announce(self, tenant: str, store: str, kiosk: str, message: Announce | None) -> None:
        """Announce to a kiosk, or to a whole store with kiosk ""; None takes it back."""
        topic = (
            Address(tenant, store, kiosk).topic(Channel.ANNOUNCE)
            if kiosk
            else store_announcements(tenant, store)
        )
        self._client.publish(topic, encode(message) if message else b"", qos=1, retain=True)

    # --- paho's thread ---------------------------------------------------------------------------

    def _connected(self, client: Client, _user: Any, _flags: Any, reason: Any, *_: Any) -> None:
        if reason.is_failure:
            log.warning("the broker refuses the server", why=str(reason))
            return
        wanted = [shelf_requests()]
        wanted += [topic for topic in filters() if not topic.endswith(f"/{Channel.EVENTS}")]
        client.subscribe([(topic, 1) for topic in wanted])
        self.connected.set()
        log.info("broker connected")

    def _lost(self, _client: Client, _user: Any, _flags: Any, reason: Any, *_: Any) -> None:
        self.connected.clear()
        log.warning("the broker is away", why=str(reason))

    def _came(self, _client: Client, _user: Any, message: MQTTMessage) -> None:
        received = read(message.topic, bytes(message.payload), self._now_us(), self._counts)
        if received is not None:
            self._heard(received, message.retain)
