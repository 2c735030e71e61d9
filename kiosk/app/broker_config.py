"""Mosquitto's configuration, for a store's broker and for the one that tests and demo start.

`deploy/mosquitto` holds the same text for its place on a server; a test keeps them in step. It is
written for Mosquitto 2.0, as Debian has it.

Who may do what follows from the name in a certificate alone:

| Certificate's CN | is | may |
|---|---|---|
| `tenant/store/kiosk` | a kiosk | write its own tree, read what is for it |
| `tenant/store` | a store's broker that bridges to this one | the same, for its kiosks |
| `fleet` | the fleet's server and its workers | read all, write what is for kiosks |

Kiosks have a listener of their own, on which the client's id is taken from the certificate: nobody
can push another kiosk out by using its id. The fleet's workers share one certificate and need ids
of their own, so they have a second listener, which the firewall keeps to the server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.telemetry.messages import PAYLOAD_BYTES_MAX
from kiosk.telemetry.topics import FROM_KIOSK, PREFIX, TO_KIOSK, Channel

KIOSK_PORT: Final = 8883
FLEET_PORT: Final = 8884
FLEET_CN: Final = "fleet"
_WITH_ID: Final = {Channel.INTERVENTION: f"{Channel.INTERVENTION}/+"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """What differs from one broker to the next. The defaults are those of a store's server."""

    acl_file: Path = Path("/etc/mosquitto/selvkasse.acl")
    ca: Path = Path("/etc/selvkasse/pki/ca.pem")
    certificate: Path = Path("/etc/selvkasse/pki/broker.pem")
    key: Path = Path("/etc/selvkasse/pki/broker.key")
    revoked: Path | None = Path("/etc/selvkasse/pki/crl.pem")
    persistence: Path = Path("/var/lib/mosquitto")
    address: str = ""
    """Where both listeners stand; empty for every address of the machine."""
    kiosk_port: int = KIOSK_PORT
    fleet_port: int = FLEET_PORT
    user: str = "mosquitto"
    extra: str = ""
    """Lines at the end, e.g. of a bridge."""


def configuration(settings: BrokerSettings) -> str:
    """Return the text of mosquitto.conf."""
    listeners = "\n".join(
        "\n".join(_listener(settings, port, named=named))
        for port, named in ((settings.kiosk_port, True), (settings.fleet_port, False))
    )
    return f"""\
# The broker of Selvkasse: kiosks on {settings.kiosk_port}, the fleet's server on \
{settings.fleet_port}.
# For Mosquitto 2.0, as /etc/mosquitto/selvkasse.conf. Who may do what is in the ACL file; names
# come from client certificates only.
user {settings.user}
allow_anonymous false
acl_file {settings.acl_file}

# What it must not forget when it is started again: retained states, and what waits for a worker.
# A killed broker forgets up to autosave_interval seconds; the numbers of the rows show the gap, and
# the fleet asks for them again.
persistence true
persistence_location {settings.persistence}/
autosave_interval 30
persistent_client_expiration 14d

# Nothing of ours is larger. A client that sends more is cut off.
max_packet_size {PAYLOAD_BYTES_MAX + 10_000}
# A worker that was away is filled quickly, and one that stays away is no danger to the memory.
max_inflight_messages 1000
max_queued_messages 0
max_queued_bytes 500000000
max_keepalive 300
set_tcp_nodelay true

log_dest stderr
log_type error
log_type warning
log_type notice
log_timestamp_format %Y-%m-%dT%H:%M:%S

{listeners}{settings.extra}"""


def _listener(settings: BrokerSettings, port: int, *, named: bool) -> Iterator[str]:
    yield f"listener {port}{f' {settings.address}' if settings.address else ''}"
    yield "protocol mqtt"
    yield "max_connections 20000"
    yield f"cafile {settings.ca}"
    yield f"certfile {settings.certificate}"
    yield f"keyfile {settings.key}"
    if settings.revoked is not None:
        yield f"crlfile {settings.revoked}"
    yield "tls_version tlsv1.2"
    yield "require_certificate true"
    yield "use_identity_as_username true"
    if named:
        yield "use_username_as_clientid true"
    yield ""


def access_rules(*, simulator: str = "") -> str:
    """Return the text of the ACL file.

    Args:
        simulator: The CN of a client that may stand for any kiosk; for measurements only.
    """
    written = [_WITH_ID.get(channel, channel.value) for channel in FROM_KIOSK]
    read = [channel.value for channel in TO_KIOSK]
    lines = ["# A kiosk: %u is tenant/store/kiosk."]
    lines += [f"pattern write {PREFIX}/%u/{channel}" for channel in written]
    lines += [f"pattern read {PREFIX}/%u/{channel}" for channel in read]
    lines += [
        "# What is announced to a whole store is no secret: a version, an address, a hash.",
        f"pattern read {PREFIX}/+/+/{Channel.ANNOUNCE}",
        "# A store's own broker: %u is tenant/store.",
    ]
    lines += [f"pattern write {PREFIX}/%u/+/{channel}" for channel in written]
    lines += [f"pattern read {PREFIX}/%u/+/{channel}" for channel in read]
    lines += [
        "",
        "# The fleet's server and its workers.",
        f"user {FLEET_CN}",
        f"topic read {PREFIX}/#",
        *(f"topic write {PREFIX}/+/+/+/{channel}" for channel in TO_KIOSK),
        f"topic write {PREFIX}/+/+/{Channel.ANNOUNCE}",
        "topic read $SYS/#",
    ]
    if simulator:
        lines += ["", "# Stands for any kiosk.", f"user {simulator}", f"topic readwrite {PREFIX}/#"]
    return "\n".join(lines) + "\n"
