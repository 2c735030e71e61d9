"""Workers between a real broker and real databases: killed, doubled, cut off, fed with junk."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from paho.mqtt.client import Client
from sqlalchemy import func, select, text

from kiosk.app.broker import Broker
from kiosk.fleet.broker import BrokerConfig, new_client
from kiosk.fleet.ingest import worker as worker_module
from kiosk.fleet.ingest.worker import Worker
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.telemetry import messages as m
from kiosk.telemetry.topics import Address, Channel
from tests.fleet.words import AT_US, KIOSK, events, row, topic, until

AsClient = Callable[[str], BrokerConfig]


def stored(database: Database) -> int:
    with database.read() as db:
        return db.execute(select(func.count()).select_from(t.event)).scalar_one()


@contextmanager
def worker(database: Database, broker: BrokerConfig, name: str = "1") -> Iterator[Worker]:
    made = Worker(database, broker, name, lambda: AT_US)
    thread = made.start()
    try:
        assert made.connected.wait(90), "the worker did not connect"
        yield made
    finally:
        made.stop()
        thread.join(10)


@contextmanager
def kiosks(broker: BrokerConfig) -> Iterator[Client]:
    """A client that may stand for any kiosk."""
    client = new_client(broker, "simulator")
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def publish(client: Client, first: int, last: int, address: Address = KIOSK) -> None:
    """Publish rows, ten to a message, as a kiosk does: until the broker has somebody for them.

    Mosquitto 2.0 forgets shared subscriptions when it is started again, and says so
    (reason 16, "No matching subscribers") until the workers are back.
    """
    taken: dict[int, int] = {}
    client.on_publish = lambda _c, _u, mid, reason, *_: taken.update({mid: reason.value})
    for seq in range(first, last + 1, 10):
        words = events([row(one) for one in range(seq, min(seq + 10, last + 1))])

        def delivered(words: m.Events = words) -> bool:
            mid = client.publish(topic(words, address), m.encode(words), 1).mid
            until(lambda: mid in taken, "the broker's word")
            return taken[mid] == 0

        until(delivered, "a subscriber at the broker")


def test_what_kiosks_say_is_stored(database: Database, as_client: AsClient) -> None:
    with worker(database, as_client("fleet")), kiosks(as_client("simulator")) as client:
        publish(client, 1, 200)
        until(lambda: stored(database) == 200, "200 rows stored")


def test_junk_is_counted_and_dropped_and_stops_nothing(
    database: Database, as_client: AsClient
) -> None:
    junk = [b"", b"{", b"null", b'{"v":"9.0"}', b"\xff" * 100, b"[" * 5000, b'{"v":"1.0"}']
    with worker(database, as_client("fleet")) as one, kiosks(as_client("simulator")) as client:
        for payload in junk:
            client.publish(KIOSK.topic(Channel.EVENTS), payload, 1)
        client.publish(KIOSK.topic(Channel.STATE), b'{"type":"state","screen":"\\u0000"}', 1)
        impossible = msgspec.structs.replace(row(1), at_utc="2026-11-99T12:00:00+00:00")
        words = m.encode(events([impossible]))
        client.publish(KIOSK.topic(Channel.EVENTS), words, 1)
        client.publish("selvkasse/v1/naermat/torshov/UPPER/events", words, 1)
        publish(client, 1, 20)
        until(lambda: stored(database) == 20, "20 rows stored")
        counts = one.counts
        assert (counts["other_major"], counts["bad_topic"], counts["refused"]) == (1, 1, 1)
        assert counts["junk"] == 6


def test_ten_megabytes_are_the_senders_trouble_alone(
    database: Database, as_client: AsClient
) -> None:
    """The broker throws out who sends them; nobody else notices, and no worker is fed with it."""
    with worker(database, as_client("fleet")) as one, kiosks(as_client("simulator")) as good:
        simulator = as_client("simulator")
        gone = threading.Event()
        bad = new_client(simulator, "sends-too-much")
        bad.on_disconnect = lambda *_: gone.set()
        bad.connect(simulator.host, simulator.port)
        bad.loop_start()
        bad.publish(KIOSK.topic(Channel.EVENTS), bytes(10_000_000), 1)
        assert gone.wait(90), "the broker took ten megabytes"
        bad.loop_stop()
        publish(good, 1, 20)
        until(lambda: stored(database) == 20, "20 rows stored")
        assert one.counts["junk"] == 0


def test_two_workers_share_the_messages(database: Database, as_client: AsClient) -> None:
    fleet = as_client("fleet")
    with (
        worker(database, fleet, "1") as one,
        worker(database, fleet, "2") as two,
        kiosks(as_client("simulator")) as client,
    ):
        for number in range(4):
            publish(client, 1, 100, Address("naermat", "torshov", f"kasse-{number}"))
        until(lambda: stored(database) == 400, "400 rows stored")
        assert one.counts["events"] + two.counts["events"] == 40
        assert min(one.counts["events"], two.counts["events"]) > 0


WORKER = """
import sys
from pathlib import Path
from kiosk.fleet.broker import BrokerConfig
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.worker import Worker
from kiosk.fleet.store.database import Database
url, port, ca, certificate, key, slow = sys.argv[1:]
if slow == "before":  # dies with a batch read and nothing stored
    Applier.apply = lambda *_: (print("in batch", flush=True), __import__("time").sleep(60))
if slow == "after":  # dies with a batch stored and nothing acknowledged
    Worker._acknowledge = lambda *_: (print("in batch", flush=True), __import__("time").sleep(60))
broker = BrokerConfig("localhost", int(port), Path(ca), Path(certificate), Path(key))
worker = Worker(Database(url), broker, "1", lambda: 1_795_176_000_000_000)
thread = worker.start()
worker.connected.wait(90)
print("connected", flush=True)
thread.join()
"""


def victim(database: Database, broker: BrokerConfig, slow: str) -> subprocess.Popen[str]:
    files = [str(one) for one in (broker.ca, broker.certificate, broker.key)]
    arguments = [sys.executable, "-c", WORKER, database.url, str(broker.port), *files, slow]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)


def said(process: subprocess.Popen[str], word: str) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if word in line:
            return
    pytest.fail(f"the worker ended without saying {word!r}")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_in_mid_batch_loses_nothing(
    database: Database, as_client: AsClient, moment: str
) -> None:
    fleet = as_client("fleet")
    process = victim(database, fleet, moment)
    try:
        said(process, "connected")
        with kiosks(as_client("simulator")) as client:
            publish(client, 1, 100)
            said(process, "in batch")
            process.send_signal(signal.SIGKILL)
            process.wait()
            publish(client, 101, 150)
    finally:
        process.kill()
        process.wait()
    before = stored(database)
    assert before == (0 if moment == "before" else before)
    with worker(database, fleet):
        until(lambda: stored(database) == 150, "all 150 rows stored by the next life")


def test_a_broker_that_is_started_again_in_the_middle_is_met_again(
    database: Database, as_client: AsClient, broker: Broker
) -> None:
    with worker(database, as_client("fleet")) as one, kiosks(as_client("simulator")) as client:
        publish(client, 1, 50)
        until(lambda: stored(database) == 50, "50 rows stored")
        broker.stop()
        broker.start()
        assert one.connected.wait(90), "the worker did not come back"
        publish(client, 51, 100)
        until(lambda: stored(database) == 100, "100 rows stored")


def test_a_full_database_makes_the_broker_wait_and_nothing_is_lost(
    tmp_path: Path, as_client: AsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "RETRY_S", (0.05,))
    database = Database(f"sqlite:///{tmp_path / 'small.sqlite'}?cached_statements=0")
    database.migrate()
    with database.read() as db:
        pages = db.execute(text("PRAGMA page_count")).scalar_one()

    limit = {"pages": pages + 2}

    def full(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit['pages']}")  # type: ignore[attr-defined]

    from sqlalchemy import event

    event.listen(database.engine, "checkout", full)
    counts: Counter[str]
    with worker(database, as_client("fleet")) as one, kiosks(as_client("simulator")) as client:
        counts = one.counts
        publish(client, 1, 2000)
        until(lambda: counts["database_down"] > 0, "the worker met the full database")
        limit["pages"] = pages * 100
        until(lambda: stored(database) == 2000, "all rows stored once there was room")
    database.close()
