"""What the fleet stores, durably: messages a second through a real broker into a real database.

Workers are processes, as `kiosk fleet ingest` runs them. The messages lie at the broker before any
worker is there, so that who publishes takes nothing from who stores; the clock starts with the
first row in the database, which leaves out how long Python takes to start.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from paho.mqtt.client import Client
from sqlalchemy import func, select, text
from structlog.testing import capture_logs

from kiosk.app.broker import Broker, BrokerCertificates, mosquitto
from kiosk.fleet.authority import Authority
from kiosk.fleet.broker import BrokerConfig, new_client
from kiosk.fleet.ingest.worker import Worker
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.telemetry import messages as m
from kiosk.telemetry.topics import Address
from tests.bench.budget import Figure
from tests.fleet import postgres
from tests.fleet.words import events, row, topic

KIOSKS = 500
MESSAGES = 12_000
ROWS = 3
"""Of a message: a scan is a line, its price and its look at the law."""
BODY = "x" * 300
"""Bodies of real sales have 350 bytes on average: an item 530, most others less than 200."""
BUDGET_US = 500.0
"""2,000 messages a second: ten thousand kiosks in their busy hours."""
PATIENCE_S = 300.0
LOOK_S = 0.1
"""Counting the rows takes from the database what storing them needs."""


def fleet_figures(out: Path) -> Iterator[Figure]:
    """Measure the ingest into both databases, fsync on; nothing where there is no broker."""
    if mosquitto() is None:
        return
    with ExitStack() as running:
        kinds = ["SQLite"]
        if postgres.binaries() is not None:
            kinds.append("PostgreSQL")
            server = running.enter_context(postgres.running(durable=True))
        for kind in kinds:
            for workers in (1, 2):
                with TemporaryDirectory(dir=out) as name:
                    folder = Path(name).resolve()
                    url = f"sqlite:///{folder / 'fleet.sqlite'}"
                    if kind == "PostgreSQL":
                        url = postgres.fresh(server, f"bench_{workers}")
                    yield _stored(folder, kind, url, workers)


def _stored(folder: Path, kind: str, url: str, workers: int) -> Figure:
    database = Database(url)
    database.migrate()
    names = [f"bench-{number}" for number in range(workers)]
    with _broker(folder) as (fleet, simulator):
        for name in names:
            _introduce(fleet, name)
        _publish(simulator)
        with ExitStack() as running:
            for name in names:
                running.enter_context(_worker(url, fleet, name))
            began, first = _when(database, 1)
            ended, last = _when(database, MESSAGES * ROWS)
    row_bytes = _size_of_events(database) / last
    database.close()
    messages = (last - first) / ROWS
    us = (ended - began) / messages * 1e6
    return Figure(
        what=f"a message stored, {kind}, {workers} worker{'s' * (workers > 1)}",
        value=us,
        unit="us",
        budget=BUDGET_US,
        detail=f"{1e6 / us:,.0f} messages/s, {ROWS * 1e6 / us:,.0f} rows/s; "
        f"{row_bytes:.0f} bytes of disk a row",
    )


def _size_of_events(database: Database) -> int:
    """Return what the rows and their index take on the disk, in bytes."""
    asked = "SELECT pg_total_relation_size('event')"
    if database.engine.dialect.name == "sqlite":
        asked = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    with database.read() as db:
        return int(db.execute(text(asked)).scalar_one())


@contextmanager
def _broker(folder: Path) -> Iterator[tuple[BrokerConfig, BrokerConfig]]:
    pki = Authority.create(folder / "pki")
    pki.issue_server("broker", ["localhost"]).write(pki.folder, "broker")
    for name in ("fleet", "simulator"):
        pki.issue_server(name).write(pki.folder, name)
    files = BrokerCertificates(
        ca=pki.ca_path,
        certificate=pki.folder / "broker.pem",
        key=pki.folder / "broker.key",
    )
    with Broker(folder / "broker", files, simulator="simulator") as broker:
        fleet, simulator = (
            BrokerConfig(
                "localhost",
                broker.fleet_port,
                pki.ca_path,
                pki.folder / f"{name}.pem",
                pki.folder / f"{name}.key",
            )
            for name in ("fleet", "simulator")
        )
        yield fleet, simulator


def _introduce(broker: BrokerConfig, name: str) -> None:
    """Make a worker's session at the broker, so that messages wait for it."""
    with capture_logs():
        worker = Worker(Database("sqlite://"), broker, name, lambda: 0)
        thread = worker.start()
        assert worker.connected.wait(PATIENCE_S), "the worker did not connect"
        worker.stop()
        thread.join()


def _publish(broker: BrokerConfig) -> None:
    """Leave all messages at the broker: `KIOSKS` kiosks by turns, each with rows in order."""
    client: Client = new_client(broker, "bench-publisher")
    client.max_inflight_messages_set(500)
    client.max_queued_messages_set(MESSAGES)
    client.connect(broker.host, broker.port)
    client.loop_start()
    told = []
    for number in range(MESSAGES):
        turn, place = divmod(number, KIOSKS)
        address = Address("bench", f"butikk-{place // 10}", f"kasse-{place % 10}")
        seq = turn * ROWS + 1
        words = events(
            [row(one, sale_id=f"sale-{turn}", text=BODY) for one in range(seq, seq + ROWS)]
        )
        told.append(client.publish(topic(words, address), m.encode(words), 1))
    for one in told:
        one.wait_for_publish(PATIENCE_S)
    client.disconnect()
    client.loop_stop()


_WORKER = """
import sys
from pathlib import Path
from kiosk.fleet.broker import BrokerConfig
from kiosk.fleet.ingest.worker import Worker
from kiosk.fleet.store.database import Database
url, name, port, *files = sys.argv[1:]
broker = BrokerConfig("localhost", int(port), *map(Path, files))
worker = Worker(Database(url), broker, name, lambda: 1_795_176_000_000_000)
thread = worker.start()
sys.stdin.read()
worker.stop()
thread.join()
"""


@contextmanager
def _worker(url: str, broker: BrokerConfig, name: str) -> Iterator[None]:
    files = [str(one) for one in (broker.ca, broker.certificate, broker.key)]
    process = subprocess.Popen(
        [sys.executable, "-c", _WORKER, url, name, str(broker.port), *files],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def _when(database: Database, rows: int) -> tuple[float, int]:
    """Wait until so many rows are stored; return when it was seen, and how many there were."""
    end = time.monotonic() + PATIENCE_S
    while True:
        with database.read() as db:
            stored = db.execute(select(func.count()).select_from(t.event)).scalar_one()
        if stored >= rows:
            return time.monotonic(), int(stored)
        if time.monotonic() > end:
            raise TimeoutError(f"{stored} of {rows} rows were stored in {PATIENCE_S:.0f} s")
        time.sleep(LOOK_S)
