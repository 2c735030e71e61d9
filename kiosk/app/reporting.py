"""The kiosk's reports to the store, as far as the running program is concerned.

Telemetry (`kiosk.telemetry`) knows messages and the broker; here it is given the engine, the
devices, the screen and the log. Whatever cannot be had (a certificate, a file) is logged, and the
kiosk sells without reports: no shop closes for want of a certificate.
"""

import logging
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Protocol

from drivers.contracts import DeviceEvent, DeviceKind, DeviceStateChanged, Paper, PrinterStatus
from drivers.deadline import ready
from kiosk.app.config import Config
from kiosk.app.downloads import Downloads, FetchFailed
from kiosk.app.fetching import CATALOG, CONFIG, SOFTWARE, Announced, Fetcher, SettingsFetcher
from kiosk.app.logs import recent_lines
from kiosk.app.receipt_links import LinkMaker, link_key
from kiosk.app.retail_rules import warnings_of
from kiosk.app.telemetry_config import TelemetrySection
from kiosk.app.trust import TelemetryRefused, endpoint_of, trust_of
from kiosk.app.update.announced import release_note
from kiosk.app.versions import Versions
from kiosk.engine.clock import Clock, SystemClock, utc_text
from kiosk.engine.loop import EngineThread
from kiosk.engine.view import View
from kiosk.journal import Journal, JournalError
from kiosk.telemetry.board import Board
from kiosk.telemetry.commands import CommandDesk
from kiosk.telemetry.errands import Errands
from kiosk.telemetry.feed import EventFeed
from kiosk.telemetry.health import Gauges
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Birth, DeviceFact, PaperLevel
from kiosk.telemetry.outbox import Outbox
from kiosk.telemetry.publisher import Publisher, Who
from kiosk.telemetry.shelf import FleetShelf
from kiosk.telemetry.signing import Trust
from kiosk.telemetry.slot import Slot

logger = logging.getLogger(__name__)

VERIFY_TIMEOUT_S: Final = 1800
PICTURE_TRIES: Final = 8
PICTURE_AGAIN_S: Final = 0.25
COPIES: Final = "copies"
"""Where `kiosk maintain` leaves a copy of each night's journal, once it has found it whole."""


PAPER: Final[Mapping[Paper, str]] = MappingProxyType(
    {Paper.OK: PaperLevel.OK, Paper.NEAR_END: PaperLevel.LOW, Paper.OUT: PaperLevel.OUT}
)


class Glass(Protocol):
    """What the screen does for reports; callable from any thread."""

    def screenshot_png(self, *, masked: bool = False) -> bytes:
        """Return the glass, without private texts when `masked`."""

    def stop(self) -> None:
        """End the program in order."""

    @property
    def frames_shown(self) -> int:
        """Frames since start."""


class Reporting:
    """Reports of one kiosk. Made before the engine, since the engine's answers go into `slot`."""

    def __init__(self, config: Config, section: TelemetrySection, clock: Clock) -> None:
        """Reports and orders go by the machine's time; `clock` may be that of a bench."""
        self.slot = Slot()
        self._config = config
        self._section = section
        self._clock = SystemClock()
        self._ahead = clock.utc_now() - self._clock.utc_now()
        self._started_at = utc_text(self._clock.utc_now())
        self._glass: Glass | None = None
        self._engine: EngineThread | None = None
        self._publisher: Publisher | None = None
        self._errands: Errands | None = None
        self._fetching: Announced | None = None
        self._release = release_note(section.ca)
        self._versions = Versions(config, self._release, self._announced_catalog)
        self._close: list[Callable[[], None]] = []
        self.shelf = (
            FleetShelf(section.address(config.kiosk.id), self._clock, self.slot.wake)
            if section.shelf
            else None
        )
        """The store's shelf, where the fleet keeps it."""
        self.links = self._make_links()
        """Where phones find receipts; None where the shop offers none."""

    def _make_links(self) -> LinkMaker | None:
        config = self._config
        if config.receipts is None:
            return None
        address = self._section.address(config.kiosk.id)
        key = link_key(config.kiosk.data_dir)
        return LinkMaker(config.receipts, address, key, self._is_heard)

    def _is_heard(self) -> bool:
        """Whether the broker is there; asked from the engine's thread."""
        return self._publisher is not None and self._publisher.connected

    # --- what the program hands over -----------------------------------------------------------

    def listen_to(
        self, engine: EngineThread, subscribe: Callable[[Callable[[View], None]], None]
    ) -> None:
        """Take the engine's views."""
        self._engine = engine
        if self.shelf is not None:
            self.shelf.start(engine.send)
        subscribe(self._show)

    def show_on(self, glass: Glass) -> None:
        """Say which screen can be pictured and stopped."""
        self._glass = glass

    def overheard(self, post: Callable[[DeviceEvent], bool]) -> Callable[[DeviceEvent], bool]:
        """Return a `post` for drivers that also lets reports know how devices are."""

        def both(event: DeviceEvent) -> bool:
            if isinstance(event, DeviceStateChanged):
                self.slot.device(event.device, event.state.value)
                if event.kind is DeviceKind.TERMINAL and event.software:
                    self.slot.runs(event.device, event.software)
            elif isinstance(event, PrinterStatus):
                self.slot.printer(PAPER.get(event.paper, ""))
            return post(event)

        return both

    def _show(self, view: View) -> None:
        if view.seq:  # before the engine's first view there is nothing to tell
            self.slot.show(view)

    # --- life ----------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to report. What stands in the way is logged, and nothing else happens."""
        try:
            self._publisher = self._assemble()
        except (TelemetryRefused, JournalError, OSError) as error:
            logger.error("telemetry: no reports are made: %s", error)
            return
        self._publisher.start()
        if self._errands is not None:
            self._errands.start()

    def stop(self) -> None:
        """Say goodbye to the store. May be called twice."""
        if self._errands is not None:
            self._errands.stop()
        if self._publisher is not None:
            self._publisher.stop()
        while self._close:
            self._close.pop()()

    def _assemble(self) -> Publisher:
        config, section, engine = self._config, self._section, self._engine
        if engine is None:
            raise TelemetryRefused("no engine is there to report of")
        endpoint = endpoint_of(section)
        trust = trust_of(section)
        if self.shelf is not None:
            self.shelf.believe(trust)
        address = section.address(config.kiosk.id)
        # Every kiosk of a chain draws its own waits: after a power cut they do not come at once.
        chance = random.Random(str(address) + self._started_at)
        journal = Journal.open(config.journal_path, read_only=True)
        self._close.append(journal.close)
        outbox = Outbox(config.kiosk.data_dir / "outbox.sqlite", self._started_at)
        self._close.append(outbox.close)
        feed = EventFeed(journal, outbox, self._clock)
        errands = self._errands = Errands(self, self.slot, feed, self._clock)
        board = Board(
            address,
            outbox,
            journal,
            self._clock,
            currency="NOK",
            only_here=config.only_here,
            ahead=self._ahead if abs(self._ahead) > timedelta(seconds=1) else timedelta(0),
        )
        desk = CommandDesk(
            address,
            config.kiosk.id,
            trust,
            outbox,
            self._clock,
            tell=engine.send,
            errands=errands.by_kind(),
        )
        who = Who(
            address=address,
            endpoint=endpoint,
            data_dir=config.kiosk.data_dir,
            birth=lambda: self._birth(journal.journal_id),
            gauges=self._gauges(engine),
        )
        self._fetching = self._make_fetching(endpoint, trust, errands, chance)
        self._close.append(self._fetching.stop)
        return Publisher(
            who,
            self.slot,
            board,
            feed,
            desk,
            self._clock,
            announced=self._fetching.heard,
            shelf=self.shelf,
            chance=chance,
        )

    def _make_fetching(
        self, endpoint: Endpoint, trust: Trust, errands: Errands, chance: random.Random
    ) -> Announced:
        config, downloads = self._config, Downloads(endpoint)
        catalogs = Fetcher(config.catalog_path, downloads)
        settings = SettingsFetcher(config.source, config.kiosk.data_dir, downloads)
        return Announced(
            trust,
            {CATALOG: catalogs, CONFIG: settings, SOFTWARE: self._release},
            errands,
            chance,
            settings_in_use=config.settings_version,
        )

    # --- facts ---------------------------------------------------------------------------------

    def _gauges(self, engine: EngineThread) -> Gauges:
        selling = self._config.selling
        return Gauges(
            frame_count=lambda: self._glass.frames_shown if self._glass else 0,
            engine_count=lambda: engine.handled,
            inbox_dropped=lambda: engine.losses.scans + engine.losses.touches,
            old_rules=lambda: [one.table for one in warnings_of(selling, date.today())],
            untaken_minor=lambda: [one.amount_minor for one in engine.untaken],
        )

    def _birth(self, journal_id: str) -> Birth:
        config = self._config
        self._note_last_check()  # last night's, perhaps, of a kiosk that runs for weeks
        return Birth(
            at_utc=utc_text(self._clock.utc_now()),
            kiosk_id=config.kiosk.id,
            till=config.kiosk.till,
            shop=config.shop.name,
            timezone=config.kiosk.timezone,
            languages=list(config.kiosk.languages),
            versions=self._versions.now(self.slot.software.values()),
            devices=[
                DeviceFact(name=name, kind="", protocol=device.protocol, role=device.role)
                for name, device in sorted(config.devices.items())
            ],
            journal_id=journal_id,
            started_at=self._started_at,
            receipt_key=self.links.public_key if self.links else "",
        )

    def _announced_catalog(self) -> str:
        return self._fetching.version(CATALOG) if self._fetching is not None else ""

    def _note_last_check(self) -> None:
        """Take the newest copy of the journal as proof of the last check, which made it."""
        copies = (self._config.kiosk.data_dir / COPIES).glob("journal-*.sqlite")
        newest = max((copy.stat().st_mtime for copy in copies), default=0.0)
        checked = utc_text(datetime.fromtimestamp(newest, UTC))
        if newest and checked > (self.slot.verified_at or ""):
            self.slot.verified(checked, ok=True)

    # --- hands ---------------------------------------------------------------------------------

    def picture(self) -> bytes:
        """Return the glass without anything a shopper typed, and log that it was looked at."""
        logger.info("telemetry: the screen is pictured for the store")
        for _ in range(PICTURE_TRIES if self._glass is not None else 0):
            if self._glass is not None and (png := self._glass.screenshot_png(masked=True)):
                return png
            ready((), PICTURE_AGAIN_S)  # one screen fades into another, or staff are there
        return b""

    def log_lines(self, count: int) -> list[str]:
        """Return the newest lines of the log, as they were written: masked."""
        return recent_lines(count)

    def verify_journal(self) -> tuple[bool, str]:
        """Check the whole journal in a process of its own, so that selling does not wait for it."""
        journal = str(self._config.journal_path)
        command = [sys.executable, "-m", "kiosk.app.cli", "journal", "verify", "-j", journal]
        done = subprocess.run(
            ["nice", "-n", "19", *command],
            capture_output=True,
            text=True,
            timeout=VERIFY_TIMEOUT_S,
            check=False,
        )
        words = (done.stdout or done.stderr).strip().replace(str(self._config.kiosk.data_dir), "")
        return done.returncode == 0, words[:500]

    def restart(self) -> None:
        """End the program in order; systemd starts it again."""
        logger.warning("telemetry: the store asks for a restart, and nobody is served")
        if self._glass is not None:
            self._glass.stop()

    def fetch(self, what: str) -> tuple[bool, str]:
        """Fetch what was announced last."""
        if self._fetching is None:
            return False, "nothing can be fetched"
        try:
            return True, self._fetching.fetch(what)
        except FetchFailed as error:
            return False, str(error)
