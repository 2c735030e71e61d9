"""Enrolment over real HTTPS on a free port, with a clock of its own."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.fleet.authority import Authority
from kiosk.fleet.config import Enrolment, FleetConfig, Http
from kiosk.fleet.enrolment.codes import CodeBook
from kiosk.fleet.enrolment.running import Parts, parts_of
from kiosk.fleet.keys import signer_in
from kiosk.telemetry.topics import Address
from tests.fleet.words import until

KIOSK = Address("naermat", "torshov", "nt-0477-03")


@dataclass
class Clock:
    """The server's: as far from the machine's as a test wants it."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Serving:
    """The service, and what a person at the server does."""

    url: str
    authority: Authority
    parts: Parts
    clock: Clock
    config: FleetConfig

    def code(self, kiosk: Address = KIOSK, minutes: float = 60) -> str:
        book = CodeBook(self.authority, self.clock)
        return str(book.make(kiosk, by="olga", life=timedelta(minutes=minutes)))


@contextmanager
def serving(folder: Path, *, broker_port: int = 1, clock: Clock | None = None) -> Iterator[Serving]:
    clock = clock or Clock()
    data = folder / "data"
    data.mkdir(parents=True)
    if not (folder / "authority" / "ca.key").exists():
        Authority.create(folder / "authority", now=clock)
    signer_in(data)
    section = Enrolment(
        names=["localhost", "127.0.0.1"],
        folder=str(folder / "authority"),
        broker_host="localhost",
        broker_port=broker_port,
    )
    http = Http(public_url="https://localhost:8790/")
    config = FleetConfig(data_dir=str(data), enrolment=section, http=http)
    parts = parts_of(config, now=clock)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(
        target=lambda: asyncio.run(parts.server.serve(sockets=[listening])), daemon=True
    )
    thread.start()
    until(lambda: parts.server.started, "enrolment started", 120)
    url = f"https://localhost:{listening.getsockname()[1]}"
    try:
        yield Serving(url, Authority(folder / "authority", clock), parts, clock, config)
    finally:
        parts.server.should_exit = True
        thread.join(120)
        listening.close()
