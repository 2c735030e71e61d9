"""Runs enrolment until it is told to end: HTTPS on a port of its own, for kiosks alone."""

import ssl
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import uvicorn
from cryptography import x509

from kiosk.fleet.authority import Authority, AuthorityError
from kiosk.fleet.certificates import hosts_in
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.enrolment.desk import EnrolmentDesk
from kiosk.fleet.enrolment.told import Teller
from kiosk.fleet.enrolment.web import TlsProtocol, make_app
from kiosk.fleet.serving_tls import CIPHERS, Reread
from kiosk.fleet.times import utc_now
from kiosk.telemetry.pairs import is_due, switch_pair

NAME: Final = "enrolment"
OWN_LIFE: Final = timedelta(days=90)
STOP_S: Final = 5


class NotReady(Exception):
    """It cannot run. The message says what to do."""


@dataclass(frozen=True)
class Parts:
    """The service, ready to run."""

    desk: EnrolmentDesk
    server: uvicorn.Server
    reread: Reread


def parts_of(
    config: FleetConfig,
    *,
    now: Callable[[], datetime] = utc_now,
    clock: Callable[[], float] = time.monotonic,
    own_life: timedelta = OWN_LIFE,
    look_every_s: float = 60.0,
) -> Parts:
    """Put the service together; its own certificate is made here, and renewed while it runs.

    Raises:
        NotReady: no authority, or the configuration lacks the names of this machine.
    """
    section = config.enrolment
    if not section.names:
        raise NotReady(
            "[enrolment] names is empty: by which host names do kiosks call this machine? "
            'names = ["fleet.example.org"]'
        )
    try:
        authority = Authority(Path(section.folder), now)
    except AuthorityError as error:
        raise NotReady(str(error)) from error
    desk = EnrolmentDesk(
        authority,
        Teller(config.told_folder, now),
        broker=(section.broker_host or section.names[0], section.broker_port),
        # Only a name that was given: the address that pages listen on is no kiosk's way here.
        server=config.http.public_url.rstrip("/"),
        fleet_keys=tuple(map(Path, section.fleet_keys))
        or (Path(config.data_dir) / "commands.pub",),
        life=timedelta(days=section.kiosk_days),
        now=now,
        clock=clock,
    )

    def own_pair() -> None:
        _renew_own(authority, tuple(section.names), own_life, now())

    own_pair()
    certificate, key = authority.folder / f"{NAME}.pem", authority.folder / f"{NAME}.key"
    server_config = uvicorn.Config(
        make_app(desk),
        host=section.host,
        port=section.port,
        http=TlsProtocol,
        ssl_certfile=str(certificate),
        ssl_keyfile=str(key),
        ssl_ca_certs=str(authority.ca_path),
        # Without one a kiosk may come with its code, with one it may renew it.
        ssl_cert_reqs=ssl.CERT_OPTIONAL,
        ssl_version=ssl.PROTOCOL_TLS_SERVER,
        ssl_ciphers=CIPHERS,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=200,
        timeout_graceful_shutdown=STOP_S,
        h11_max_incomplete_event_size=16 * 1024,
    )
    server_config.load()
    assert server_config.ssl is not None
    server_config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    reread = Reread(server_config.ssl, certificate, key, before=own_pair, every_s=look_every_s)
    return Parts(desk, uvicorn.Server(server_config), reread)


def run_enrolment(config: FleetConfig) -> int:
    """Serve until SIGTERM or Ctrl-C; return the exit code."""
    try:
        parts = parts_of(config)
    except (NotReady, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    name, port = config.enrolment.names[0], config.enrolment.port
    print(f"Selvkasse enrolment: https://{name}:{port}", flush=True)
    parts.reread.start()
    parts.server.run()
    parts.reread.stop()
    return 0 if parts.server.started else 1


def _renew_own(
    authority: Authority, names: tuple[str, ...], life: timedelta, now: datetime
) -> None:
    path = authority.folder / f"{NAME}.pem"
    try:
        before = x509.load_pem_x509_certificate(path.read_bytes())
        # It must be of this authority and for these names, not only young enough.
        is_of_now = (
            before.issuer == authority.certificate.subject
            and authority.is_good(before)
            and set(hosts_in(before)) == set(names)
        )
    except (OSError, ValueError):
        is_of_now = False
    if not is_of_now or is_due(before, now):
        pair = authority.issue_for(NAME, names, life)
        switch_pair(authority.folder, NAME, pair.certificate, pair.key)
