"""The broker: where it is, who we are there, and a client for it."""

import socket
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

RECONNECT_S_MIN: Final = 1
RECONNECT_S_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class BrokerConfig:
    """Address and certificates; without `ca` there is no TLS, which is for tests on one machine."""

    host: str = "127.0.0.1"
    port: int = 8883
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None


def new_client(broker: BrokerConfig, name: str, *, manual_ack: bool = False) -> Client:
    """Return a client that is not connected yet.

    Raises:
        OSError, ssl.SSLError: a certificate cannot be read; the message names the file.
    """
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=name,
        protocol=MQTTProtocolVersion.MQTTv5,
        manual_ack=manual_ack,
    )
    if broker.ca is not None:
        context = tls_context(broker)
        client.tls_set_context(context)
        # With each connection anew: a certificate that was renewed is taken up, and none runs out.
        client.on_pre_connect = lambda _client, _data: _show_certificate(context, broker)
    client.on_socket_open = _at_once
    client.reconnect_delay_set(RECONNECT_S_MIN, RECONNECT_S_MAX)
    client.max_inflight_messages_set(1000)
    client.max_queued_messages_set(10_000)
    return client


def _at_once(_client: Client, _data: Any, opened: Any) -> None:
    """Send small messages at once: with Nagle's algorithm a second one waits 40 ms for an ACK."""
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def tls_context(broker: BrokerConfig) -> ssl.SSLContext:
    """Return TLS that trusts our authority alone and shows our certificate."""
    context = ssl.create_default_context(cafile=str(broker.ca))
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    _show_certificate(context, broker)
    return context


def _show_certificate(context: ssl.SSLContext, broker: BrokerConfig) -> None:
    if broker.certificate is not None:
        context.load_cert_chain(str(broker.certificate), str(broker.key))
