"""A worker: takes messages from the broker, stores them, and only then acknowledges them.

Workers share one subscription (`$share/ingest/...`). Each has a session of its own at the broker,
kept while it is away, under a name that must be its own: a worker that was killed in mid-batch gets
what it had not acknowledged again when it is back, and storing it twice changes nothing.

`Receive Maximum` bounds what the broker sends without acknowledgement, so a slow database slows the
worker down, not its memory up. Health (QoS 0) that finds the queue full is counted and dropped.
"""

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from sqlalchemy.exc import DBAPIError

from kiosk.fleet.broker import BrokerConfig, new_client
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.received import Received, read
from kiosk.fleet.store.database import Database, DatabaseDown
from kiosk.telemetry.topics import filters

log = structlog.get_logger(__name__)

SHARE: Final = "ingest"
IN_FLIGHT_MAX: Final = 2000
BATCH_MAX: Final = 1000
BATCH_WAIT_S: Final = 0.02
SESSION_S: Final = 14 * 24 * 3600
RETRY_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class _Waiting:
    life: int
    """Of the connection: what came on an earlier one is not acknowledged on this one."""
    mid: int
    qos: int
    received: Received | None


class Worker:
    """One ingest worker; `run` returns when it is told to stop."""

    def __init__(
        self,
        database: Database,
        broker: BrokerConfig,
        name: str,
        now_us: Callable[[], int],
        counts: Counter[str] | None = None,
    ) -> None:
        self.name = name
        self.counts: Counter[str] = Counter() if counts is None else counts
        self._applier = Applier(database)
        self._now_us = now_us
        self._stopping = threading.Event()
        self._queue: queue.Queue[_Waiting] = queue.Queue(IN_FLIGHT_MAX * 2)
        self._life = 0
        self.connected = threading.Event()
        self._client = new_client(broker, f"ingest-{name}", manual_ack=True)
        self._client.on_connect = self._connected
        self._client.on_message = self._came
        self._client.on_disconnect = self._lost
        self._broker = broker

    def start(self) -> threading.Thread:
        """Run in a thread of its own."""
        thread = threading.Thread(target=self.run, name=f"ingest-{self.name}", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """End `run` after the batch that it is at."""
        self._stopping.set()

    def run(self) -> None:
        """Store what comes until `stop`."""
        options = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        options.SessionExpiryInterval = SESSION_S
        options.ReceiveMaximum = IN_FLIGHT_MAX
        self._client.connect_async(
            self._broker.host, self._broker.port, 30, clean_start=False, properties=options
        )
        self._client.loop_start()
        try:
            while not self._stopping.is_set():
                batch = self._next_batch()
                if batch and self._store([one.received for one in batch if one.received]):
                    self._acknowledge(batch)
        finally:
            self._client.disconnect()
            self._client.loop_stop()

    def _next_batch(self) -> list[_Waiting]:
        try:
            batch = [self._queue.get(timeout=0.2)]
        except queue.Empty:
            return []
        end = time.monotonic() + BATCH_WAIT_S
        while len(batch) < BATCH_MAX:
            try:
                batch.append(self._queue.get(timeout=max(0.0, end - time.monotonic())))
            except queue.Empty:
                break
        return batch

    def _store(self, batch: Sequence[Received]) -> bool:
        """Store a batch, however long the database is away; False when told to stop meanwhile."""
        tries = 0
        while not self._stopping.is_set():
            try:
                self.counts["rows"] += self._applier.apply(batch)
            except DatabaseDown as error:
                if not tries:
                    log.warning("the database cannot be written", worker=self.name, why=str(error))
                self.counts["database_down"] += 1
                self._stopping.wait(RETRY_S[min(tries, len(RETRY_S) - 1)])
                tries += 1
            except (DBAPIError, ValueError, OverflowError):
                return self._store_apart(batch)
            else:
                if tries:
                    log.info("the database can be written again", worker=self.name)
                self.counts["stored"] += len(batch)
                self.counts["batches"] += 1
                return True
        return False

    def _store_apart(self, batch: Sequence[Received]) -> bool:
        """Store one by one: what the database refuses is dropped, the rest is not."""
        if len(batch) == 1:
            self.counts["refused"] += 1
            log.warning("the database refuses a message", kiosk=batch[0].key)
            return True
        middle = len(batch) // 2
        return self._store(batch[:middle]) and self._store(batch[middle:])

    def _acknowledge(self, batch: Sequence[_Waiting]) -> None:
        for one in batch:
            if one.qos and one.life == self._life:
                self._client.ack(one.mid, one.qos)

    # --- paho's thread ---------------------------------------------------------------------------

    def _connected(self, client: Client, _user: Any, _flags: Any, reason: Any, *_: Any) -> None:
        if reason.is_failure:
            log.warning("the broker refuses this worker", worker=self.name, why=str(reason))
            return
        self._life += 1
        client.subscribe([(topic, 1) for topic in filters(share=SHARE)])
        self.connected.set()
        log.info("ingest connected", worker=self.name)

    def _lost(self, _client: Client, _user: Any, _flags: Any, reason: Any, *_: Any) -> None:
        self.connected.clear()
        log.warning("the broker is away", worker=self.name, why=str(reason))

    def _came(self, _client: Client, _user: Any, message: MQTTMessage) -> None:
        received = read(message.topic, bytes(message.payload), self._now_us(), self.counts)
        waiting = _Waiting(self._life, message.mid, message.qos, received)
        try:
            # With QoS 1 there is always room: the broker sends at most IN_FLIGHT_MAX.
            self._queue.put(waiting, timeout=0 if message.qos == 0 else None)
        except queue.Full:
            self.counts["dropped"] += 1
