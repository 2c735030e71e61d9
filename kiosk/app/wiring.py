"""The whole machine on a page: what is made of the configuration, and who knows whom."""

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from drivers.contracts import Device, DeviceKind, Printer, Scale, Scanner, Terminal
from kiosk.app.catalog_watch import CatalogWatch
from kiosk.app.config import Config
from kiosk.app.devices import build_devices
from kiosk.catalog import Catalog
from kiosk.engine.clock import SystemClock
from kiosk.engine.config import EngineConfig, Timings
from kiosk.engine.engine import Engine
from kiosk.engine.ids import RandomIds
from kiosk.engine.loop import EngineThread
from kiosk.engine.messages import Intent
from kiosk.engine.ports import Devices
from kiosk.engine.view import View
from kiosk.fiscal.receipt import ShopFacts
from kiosk.journal import Journal
from kiosk.sale.commands import Limits


class EngineBridge:
    """The road between screen and engine: intents into the inbox, views to who listens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest = View()
        self._listeners: list[Callable[[View], None]] = []
        self._engine: EngineThread | None = None

    def connect(self, engine: EngineThread) -> None:
        """Say whose inbox takes the intents."""
        self._engine = engine

    def publish(self, view: View) -> None:
        """Hand a new view to everybody; called by the engine's thread."""
        with self._lock:
            self._latest = view
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(view)

    def latest(self) -> View:
        """Return the newest view."""
        with self._lock:
            return self._latest

    def send(self, intent: Intent) -> None:
        """Post what the finger did; a full inbox drops and counts it."""
        if self._engine is not None:
            self._engine.send(intent)

    def subscribe(self, callback: Callable[[View], None]) -> None:
        """Call back with each view, the current one first."""
        with self._lock:
            self._listeners.append(callback)
            latest = self._latest
        callback(latest)


@dataclass(slots=True)
class Machine:
    """A wired kiosk, without its screen. `start` it once; `stop` ends everything it started."""

    journal: Journal
    devices: dict[str, Device]
    engine: EngineThread
    bridge: EngineBridge
    catalog_watch: CatalogWatch
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self) -> None:
        """Start the engine, which recovers first, then the devices."""
        self._stack.callback(self.journal.close)
        self._stack.callback(self.engine.stop)
        self.engine.start()
        for device in self.devices.values():
            self._stack.callback(device.stop)
            device.start(self.engine.post)
        self._stack.callback(self.catalog_watch.stop)
        self.catalog_watch.start()

    def stop(self) -> None:
        """Stop in the reverse order; idempotent."""
        self._stack.close()


def wire(config: Config, *, died: Callable[[BaseException], None]) -> Machine:
    """Build the machine that `config` describes; nothing runs yet.

    Raises:
        DeviceConfigError, JournalError, CatalogError: in words for whoever starts the kiosk.
    """
    devices = build_devices(config)
    catalog = Catalog.open(config.catalog_path)
    journal = Journal.open(config.journal_path, kiosk_id=config.kiosk.id)
    clock = SystemClock()
    bridge = EngineBridge()
    engine = Engine(
        journal,
        catalog,
        ports(devices),
        clock,
        RandomIds(),
        engine_config(config),
        bridge.publish,
    )
    thread = EngineThread(engine, clock, died=died)
    bridge.connect(thread)
    watch = CatalogWatch(config.catalog_path, thread.send)
    return Machine(journal, devices, thread, bridge, watch)


def ports(devices: dict[str, Device]) -> Devices:
    """Sort the devices by what they are for; of scale, printer and terminal the first counts."""

    def first(kind: DeviceKind) -> Device | None:
        return next((device for device in devices.values() if device.kind is kind), None)

    scanners = [device for device in devices.values() if device.kind is DeviceKind.SCANNER]
    return Devices(
        scanners=tuple(cast(Scanner, device) for device in scanners),
        scale=cast(Scale | None, first(DeviceKind.SCALE)),
        printer=cast(Printer | None, first(DeviceKind.PRINTER)),
        terminal=cast(Terminal | None, first(DeviceKind.TERMINAL)),
    )


def engine_config(config: Config) -> EngineConfig:
    """Tell the engine what it must know of this kiosk."""
    selling = config.selling
    return EngineConfig(
        kiosk_id=config.kiosk.id,
        shop=ShopFacts(
            name=config.shop.name,
            legal_name=config.shop.legal_name,
            address=config.shop.address,
            org_number=config.shop.org_number,
            in_foretaksregisteret=config.shop.in_register,
            register_id=config.kiosk.id,
            operator_id=config.operator,
        ),
        till=config.kiosk.till,
        timezone=config.kiosk.timezone,
        languages=config.kiosk.languages,
        terminal_direction=config.screen.terminal_direction,
        approved_scale=selling.approved_scale,
        limits=Limits(
            lines=selling.limit_lines,
            quantity=selling.limit_quantity,
            total_minor=selling.limit_total_minor,
        ),
        timings=Timings(
            undo_s=selling.undo_s,
            idle_s=selling.idle_s,
            idle_answer_s=selling.idle_answer_s,
            receipt_s=selling.receipt_s,
            thanks_s=selling.thanks_s,
        ),
    )
