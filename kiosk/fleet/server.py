"""The fleet's server put together: database, broker, picture, alerts, roll-outs, and their rounds.

One `kiosk fleet serve` for a fleet; beside it as many `kiosk fleet ingest` as are needed.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import structlog

from kiosk.fleet.access.audit import record
from kiosk.fleet.access.limits import Limits
from kiosk.fleet.access.people import People
from kiosk.fleet.access.rights import Caller, stores_of
from kiosk.fleet.access.sessions import Sessions
from kiosk.fleet.access.sign_in import SignIn
from kiosk.fleet.alerts.book import AlertBook
from kiosk.fleet.alerts.letters import Letters
from kiosk.fleet.api.types import User
from kiosk.fleet.config import FleetConfig
from kiosk.fleet.desk import Desk
from kiosk.fleet.ingest.apply import Applier
from kiosk.fleet.ingest.received import Received
from kiosk.fleet.ingest.worker import Worker
from kiosk.fleet.keys import signer_in
from kiosk.fleet.live import loading
from kiosk.fleet.live.feed import Feed
from kiosk.fleet.live.picture import Picture
from kiosk.fleet.live.rows import Row, call_of
from kiosk.fleet.live.watcher import Watcher
from kiosk.fleet.releases.rollouts import Rollouts
from kiosk.fleet.releases.snapshots import Snapshots
from kiosk.fleet.rounds import Rounds
from kiosk.fleet.shelf import Shelf, ShelfDesk
from kiosk.fleet.store.database import Database, DatabaseDown
from kiosk.fleet.store.reading import settled_calls
from kiosk.fleet.times import text_of, us_of, utc_now
from kiosk.telemetry.messages import Intervention, Reply, ShelfRequest
from kiosk.telemetry.topics import Channel

log = structlog.get_logger(__name__)

STOP_S: Final = 5.0


class Fleet:
    """All parts of the server; routes ask these."""

    def __init__(
        self,
        config: FleetConfig,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.config = config
        self.now = now
        self.clock = clock
        self.zone = config.zone
        self.stopping = False
        self.counts: Counter[str] = Counter()
        folder = Path(config.data_dir)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        broker = config.broker.made()
        self.db = Database(config.database_url)
        self.limits = Limits(clock)
        self.people = People(self.db, now)
        self.sessions = Sessions(self.db, now, clock, config.session_hours)
        self.sign_in = SignIn(self.db, self.people, self.sessions, self.limits, now)
        self.feed = Feed()
        self.picture = Picture(self.feed, self.people.names)
        self.signer = signer_in(folder, config.signing_key)
        self.watcher = Watcher(
            broker, f"fleet-{self.feed.epoch}", self._heard, self.now_us, Counter()
        )
        self.desk = Desk(
            self.db,
            self.watcher,
            self.signer,
            self.feed,
            self.limits.commands,
            now,
            self.people.names,
        )
        self.shelf = ShelfDesk(
            Shelf(self.db, now, self.zone), self.signer, self.watcher.answer_shelf, now
        )
        self.alerts = AlertBook(self.db, now)
        self.letters = Letters(config.mail, config.webhooks, config.public_url)
        self.snapshots = Snapshots(self.db, folder / "snapshots", self.picture, now)
        self.rollouts = Rollouts(
            self.db,
            self.snapshots,
            self.picture,
            self.feed,
            self.watcher,
            self.signer,
            config.public_url,
            now,
        )
        self.workers = [
            Worker(self.db, broker, f"server-{place}", self.now_us, self.counts)
            for place in range(config.ingest_workers)
        ]
        self._applier = Applier(self.db)
        self._unknown: list[Received] = []
        self._unknown_lock = threading.Lock()
        self.rounds = Rounds(self)
        self._threads: list[threading.Thread] = []

    def now_us(self) -> int:
        """Return the time as the database keeps it."""
        return us_of(self.now())

    def start(self) -> None:
        """Bring the schema up to date, load the picture, connect to the broker, begin the rounds.

        Raises:
            DatabaseDown: the database cannot be reached.
        """
        self.db.migrate()
        self.people.load_names()
        loading.load(self.db, self.picture)
        self._threads = [worker.start() for worker in self.workers]
        self.shelf.start()
        self.watcher.start()
        self.letters.start()
        self.rounds.start()

    def stop(self) -> None:
        """End everything in order; what was not acknowledged the broker keeps."""
        self.stopping = True
        self.rounds.stop()
        for worker in self.workers:
            worker.stop()
        for thread in self._threads:
            thread.join(STOP_S)
        self.shelf.stop()
        self.watcher.stop()
        self.letters.stop()
        self.db.close()

    # --- what the broker says --------------------------------------------------------------------

    def _heard(self, received: Received, retained: bool) -> None:
        """Take a message on the broker's thread."""
        key = received.key
        if received.place.channel is Channel.SHELF:
            if isinstance(received.message, ShelfRequest) and not retained:
                self.shelf.ask(received.place.address, received.message)
            return
        if isinstance(received.message, Reply):
            try:
                self.desk.replied(key, received.message, received.at_us)
            except DatabaseDown as error:
                log.warning("an answer could not be kept", kiosk=key, why=str(error))
            return
        # A retained message is as old as it says, not as the moment in which we connected.
        at_utc = text_of(received.at_us)
        if retained and received.message is not None:
            at_utc = min(at_utc, received.message.at_utc)
        self.picture.heard(received.place, received.message, at_utc)
        if retained and received.message is not None:
            with self._unknown_lock:
                self._unknown.append(received)

    def remember(self) -> None:
        """Write down what was retained at the broker: this database may be younger than it is."""
        with self._unknown_lock:
            batch, self._unknown = self._unknown, []
        if batch:
            try:
                self._applier.apply(batch)
            except Exception:
                with self._unknown_lock:
                    self._unknown = batch + self._unknown
                raise

    # --- what routes ask -------------------------------------------------------------------------

    def detail(self, key: str) -> dict[str, Any]:
        """Return all that is known of one kiosk, as `KioskDetail` has it."""
        birth, health = self.picture.said(key)
        kept = loading.kept(self.db, key)
        return {
            "row": self.picture.row(key),
            "birth": msgspec.to_builtins(birth) if birth else kept.birth,
            "health": msgspec.to_builtins(health) if health else kept.health,
            "first_heard_at": kept.first_heard_at,
            "stored_seq": kept.stored_seq,
            "journal_seq": health.journal_seq if health else kept.health.get("journal_seq", 0),
            "outbox_waiting": health.outbox_waiting if health else 0,
            "logs_at": kept.attached.get("logs", ""),
            "screenshot_at": kept.attached.get("screenshot", ""),
        }

    def interventions(
        self, user: User, store: str, *, settled: bool, limit: int
    ) -> list[dict[str, Any]]:
        """Return calls, as `Intervention` has them."""
        if not settled:
            return self.picture.calls(user, store)[:limit]
        stores = (store,) if store else stores_of(user)
        names = {row["key"]: row["name"] for row in self.picture.rows(user)}
        return [
            call_of(
                key,
                names.get(key, ""),
                msgspec.convert(message, Intervention),
                self.people.names,
            )
            for key, message in settled_calls(self.db, stores, limit)
        ]

    def set_group(self, key: str, group: str, *, by: Caller) -> Row:
        """Put a kiosk into a group of roll-outs."""
        with self.db.write() as db:
            loading.set_group(db, key, group)
            record(db, self.now_us(), "group_set", key, by=by, group=group)
        self.picture.set_fields(key, {"group": group})
        return self.picture.row(key)
