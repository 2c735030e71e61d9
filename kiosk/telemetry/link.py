"""One connection to the broker: MQTT 5 over TLS, with a certificate on both sides.

paho does the protocol, driven by hand: no thread of its own, no queue of its own, no reconnecting
by itself. Its callbacks note what happened and return; whoever waits takes it from `happened`. A
connection that is lost is thrown away whole; what was not acknowledged is sent again by those who
know what it was.
"""

import logging
import os
import select
import socket
import ssl
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

logger = logging.getLogger(__name__)

KEEPALIVE_S: Final = 30
CONNECT_S: Final = 5.0
"""For the socket, and again for TLS: the thread that connects does nothing else."""
SESSION_S: Final = 300
"""How long the broker keeps orders for a kiosk that is away. Orders expire by themselves, too."""
INCOMING_BYTES_MAX: Final = 65_536
"""The broker sends nothing larger: no order and no announcement is."""


NOBODY_LISTENS: Final = 0x10
"""PUBACK's "No matching subscribers" (MQTT 5.0, table 3-4)."""


class LinkError(Exception):
    """There is no connection. The message says why, without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the broker is, and who we are there."""

    host: str
    port: int
    ca: Path
    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Connected:
    """The broker has let us in."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The connection is gone."""

    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The broker has a message of ours; or, with `refused`, says why it will not have it."""

    mid: int
    refused: str = ""
    unheard: bool = False
    """The broker has it, and nobody listens: what is not retained has reached no one."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message for us."""

    topic: str
    payload: bytes = field(repr=False)


Happening = Connected | Lost | Acknowledged | Arrived


class Wake:
    """Ends a wait from another thread, at once."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)

    def set(self) -> None:
        """End the wait, or the next one. Never blocks."""
        os.eventfd_write(self._fd, 1)

    def clear(self) -> None:
        """Be ready for the next."""
        try:
            os.eventfd_read(self._fd)
        except BlockingIOError:
            return

    def wait(self, seconds: float) -> None:
        """Wait for it, at most so long."""
        _poll({self._fd: select.POLLIN}, seconds)

    def fileno(self) -> int:
        """What to poll."""
        return self._fd

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self._fd)


class Link:
    """One try to be connected, from `open` to `close`. Of one thread."""

    def __init__(self, endpoint: Endpoint, client_id: str) -> None:
        self._endpoint = endpoint
        self._client = _client(client_id)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_publish = self._on_publish
        self._client.on_message = self._on_message
        self.happened: deque[Happening] = deque()

    def open(self, will_topic: str, will: bytes) -> None:
        """Connect, and say what the broker shall say when we are gone; `Connected` comes later.

        Raises:
            LinkError: the broker cannot be reached, is not whom we trust, or a file is missing.
        """
        self._client.will_set(will_topic, will, qos=1, retain=True)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_S
        properties.MaximumPacketSize = INCOMING_BYTES_MAX
        try:
            self._client.tls_set_context(_context(self._endpoint))
            self._client.connect(
                self._endpoint.host,
                self._endpoint.port,
                keepalive=KEEPALIVE_S,
                clean_start=False,
                properties=properties,
            )
        except (OSError, ValueError) as error:
            where = f"{self._endpoint.host}:{self._endpoint.port}"
            raise LinkError(f"{where}: {error}") from error

    def subscribe(self, topics: tuple[str, ...]) -> None:
        """Listen to topics, at least once each message."""
        self._client.subscribe([(topic, 1) for topic in topics])

    def publish(self, topic: str, payload: bytes, *, qos: int = 1, retain: bool = False) -> int:
        """Send a message; return the number by which it will be acknowledged."""
        return self._client.publish(topic, payload, qos=qos, retain=retain).mid

    def wait(self, seconds: float, wake: Wake) -> None:
        """Let the connection live for at most so long, or until something happens."""
        sock = self._client.socket()
        if sock is None:
            wake.wait(seconds)
            return
        wanted = {wake.fileno(): select.POLLIN, sock.fileno(): select.POLLIN}
        if self._client.want_write():
            wanted[sock.fileno()] |= select.POLLOUT
        # TLS may hold bytes that were read from the socket already: no poll tells of them.
        pending = getattr(sock, "pending", lambda: 0)()
        events = _poll(wanted, 0 if pending else seconds)
        seen = events.get(sock.fileno(), 0)
        if pending or seen & ~select.POLLOUT:
            self._lost_if_not(self._client.loop_read())
        if seen & select.POLLOUT and self._client.socket() is not None:
            self._lost_if_not(self._client.loop_write())
        if self._client.socket() is not None:
            self._lost_if_not(self._client.loop_misc())

    def close(self) -> None:
        """Say goodbye, so that the broker does not tell of a loss. Never blocks for long."""
        self._client.disconnect()

    def _lost_if_not(self, code: MQTTErrorCode) -> None:
        lost = code not in (MQTTErrorCode.MQTT_ERR_SUCCESS, MQTTErrorCode.MQTT_ERR_AGAIN)
        if lost and not any(isinstance(one, Lost) for one in self.happened):
            self.happened.append(Lost(f"{code.name}"))

    # --- paho's callbacks: note it, and return -------------------------------------------------

    def _on_connect(self, _c: Client, _u: Any, _f: Any, code: ReasonCode, _p: Any) -> None:
        self.happened.append(Lost(f"refused: {code}") if code.is_failure else Connected())

    def _on_disconnect(self, _c: Client, _u: Any, _f: Any, code: ReasonCode, _p: Any) -> None:
        self.happened.append(Lost(str(code)))

    def _on_publish(self, _c: Client, _u: Any, mid: int, code: ReasonCode, _p: Any) -> None:
        refused = str(code) if code.is_failure else ""
        self.happened.append(Acknowledged(mid, refused, code.value == NOBODY_LISTENS))

    def _on_message(self, _c: Client, _u: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        self.happened.append(Arrived(topic, bytes(message.payload)))


def _client(client_id: str) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=False,
    )
    client.connect_timeout = CONNECT_S
    client.on_socket_open = _at_once
    # Our own windows are smaller: nothing is to wait inside paho.
    client.max_inflight_messages_set(100)
    return client


def _at_once(_client: Client, _userdata: Any, sock: Any) -> None:
    """Let small messages leave at once: two in a row would wait 40 ms for the other side's ACK."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _context(endpoint: Endpoint) -> ssl.SSLContext:
    """Read the certificates anew with each connection, so that a renewed one is taken up."""
    context = ssl.create_default_context(cafile=str(endpoint.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(endpoint.certificate, endpoint.key)
    return context


def _poll(wanted: dict[int, int], seconds: float) -> dict[int, int]:
    poll = select.poll()
    for fd, mask in wanted.items():
        poll.register(fd, mask)
    # Rounded up: a wait of 0.4 ms must not become a busy loop of waits of 0.
    return dict(poll.poll(int(max(0.0, seconds) * 1000 + 0.999)))
