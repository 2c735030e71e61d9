"""The whole machine on a page: what is made of the configuration, and who knows whom."""

import contextlib
import logging
import os
import shutil
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import metadata
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from drivers.contracts import Device, DeviceEvent, DeviceKind, Printer, Scale, Scanner, Terminal
from drivers.contracts.gateway import LinkGateway
from drivers.light.contract import Light
from kiosk.app import payment
from kiosk.app.catalog_watch import CatalogWatch
from kiosk.app.config import Config
from kiosk.app.devices import build_devices
from kiosk.app.disk_watch import DiskWatch
from kiosk.app.first_start import begin_if_first
from kiosk.app.now_and_then import NowAndThen
from kiosk.app.other_kiosks import OtherKiosks, other_kiosks
from kiosk.app.receipt_gateway import gateway_of
from kiosk.app.release import this_release
from kiosk.app.retail_rules import hours_of, warn, warnings_of
from kiosk.app.shared_shelf import SharedShelf
from kiosk.catalog import Catalog
from kiosk.engine.clock import Clock, SystemClock
from kiosk.engine.config import EngineConfig, Timings
from kiosk.engine.engine import Engine
from kiosk.engine.ids import RandomIds
from kiosk.engine.loop import EngineThread
from kiosk.engine.memory import Memory
from kiosk.engine.messages import Intent
from kiosk.engine.ports import Devices
from kiosk.engine.staff_session import About, StaffDoor
from kiosk.engine.view import View
from kiosk.fiscal.receipt import ShopFacts
from kiosk.fiscal.register import Register, RegisterFacts
from kiosk.fiscal.signature import Signer, configured_signer
from kiosk.fiscal.zreport import ZRules
from kiosk.journal import Journal
from kiosk.payments.late import Late
from kiosk.sale.commands import Limits
from kiosk.sale.events import Method
from kiosk.staff import SignIn, StaffBook

if TYPE_CHECKING:
    from kiosk.app.reporting import Reporting

logger = logging.getLogger(__name__)


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
    watches: tuple[NowAndThen, ...]
    shelf: SharedShelf | None = None
    reporting: "Reporting | None" = None
    gateway: LinkGateway | None = None
    elsewhere: OtherKiosks | None = None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def start(self) -> None:
        """Start the engine, which recovers first, then the devices."""
        self._stack.callback(self.journal.close)
        self._stack.callback(self.engine.stop)
        self.engine.start()
        if self.shelf is not None:
            self._stack.callback(self.shelf.stop)
            self.shelf.start(self.engine.send)
        if self.gateway is not None:
            self._stack.callback(self.gateway.stop)
            self.gateway.start(self.engine.send)
        if self.elsewhere is not None:
            self._stack.callback(self.elsewhere.stop)
            self.elsewhere.start(self.engine.send)
        post: Callable[[DeviceEvent], bool] = self.engine.post
        if self.reporting is not None:
            self.reporting.start()
            post = self.reporting.overheard(post)
        for device in self.devices.values():
            self._stack.callback(device.stop)
            device.start(post)
        if self.reporting is not None:
            # The first to end: that devices are stopped one by one is nothing to tell the store.
            self._stack.callback(self.reporting.stop)
        for watch in self.watches:
            self._stack.callback(watch.stop)
            watch.start()

    def stop(self) -> None:
        """Stop in the reverse order; idempotent."""
        self._stack.close()


def wire(config: Config, *, died: Callable[[BaseException], None]) -> Machine:
    """Build the machine that `config` describes; nothing runs yet.

    Raises:
        DeviceConfigError, JournalError, CatalogError, StaffError, KeyRefused: in words for whoever
            starts the kiosk.
    """
    warn(config, date.today())
    payment.check_payment(config)
    devices = build_devices(config)
    signer = signing(config)
    catalog = Catalog.open(config.catalog_path)
    clock = bench_clock(config.bench.starts_at) if config.bench.starts_at else SystemClock()
    begin_if_first(config, clock.utc_now)
    journal = Journal.open(config.journal_path, kiosk_id=config.kiosk.id)
    bridge = EngineBridge()
    reporting = reports(config, clock)
    shelf = SharedShelf(config.staff.shelf) if config.staff.shelf else None
    gateway = gateway_of(config.receipt_gateway)
    elsewhere = other_kiosks(config)
    engine = Engine(
        journal,
        catalog,
        ports(
            devices,
            {name: section.role for name, section in config.devices.items()},
            payment.payers(config, devices),
        ),
        clock,
        RandomIds(),
        engine_config(config),
        bridge.publish,
        door=door(config, clock),
        answer=reporting.slot.answer if reporting else None,
        memory=Memory(config.memory_path),
        register=None if signer is None else register(config, journal, signer),
        shelf=shelf or (reporting.shelf if reporting else None),
        receipts=reporting.links if reporting else None,
        gateway=gateway,
        elsewhere=elsewhere,
    )
    thread = EngineThread(engine, clock, died=died)
    bridge.connect(thread)
    if reporting is not None:
        reporting.listen_to(thread, bridge.subscribe)
    watches = (
        CatalogWatch(config.catalog_path, thread.send),
        DiskWatch(config.kiosk.data_dir, thread.send),
    )
    return Machine(journal, devices, thread, bridge, watches, shelf, reporting, gateway, elsewhere)


def reports(config: Config, clock: Clock) -> "Reporting | None":
    """Return what reports to the store; what that needs is imported only where it is wanted."""
    if config.telemetry is None:
        return None
    from kiosk.app.reporting import Reporting

    return Reporting(config, config.telemetry, clock)


def signing(config: Config) -> Signer | None:
    """Return what signs the sales; None where no key is configured, which the log says once."""
    fiscal = config.fiscal
    signer = configured_signer(fiscal.signing_key, fiscal.key_version, os.environ)
    if signer is None:
        logger.warning("register: no signing key, so sales are not signed and no Z is made")
    return signer


def register(config: Config, journal: Journal, signer: Signer) -> Register:
    """Make this kiosk the cash register that its configuration describes."""
    facts = RegisterFacts(
        shop=shop_facts(config),
        software_version=metadata.version("selvkasse"),
        time_zone=config.kiosk.timezone,
        z_rules=ZRules(at=config.fiscal.z_time),
    )
    return Register(journal, facts, signer)


def door(config: Config, clock: Clock) -> StaffDoor:
    """Open the way in for staff. The log says where the first start's one-time code lies."""
    book = StaffBook.open(config.staff_path)
    if book.first_code:
        logger.warning("staff: nobody can sign in yet; one-time code in %s", book.write_code())
    return StaffDoor(
        book=book,
        signing=SignIn(book, clock.utc_now, clock.monotonic_ns),
        roles=config.staff.roles(),
        about=lambda: about(config),
    )


def about(config: Config) -> About:
    """Return what staff may want to know of this machine."""
    free_mb = shutil.disk_usage(config.kiosk.data_dir).free // 1_000_000
    return About(
        version=metadata.version("selvkasse"),
        address=socket.gethostname(),
        disk_free_mb=free_mb,
        old_rules=tuple(one.table for one in warnings_of(config.selling, date.today())),
    )


def bench_clock(starts_at: str) -> Clock:
    """Return a clock that starts at a given time of day: for demonstrations, never in a shop."""
    system = SystemClock()
    ahead = datetime.fromisoformat(starts_at) - system.utc_now()

    class ShiftedClock(SystemClock):
        def utc_now(self) -> datetime:
            return super().utc_now() + ahead

    return ShiftedClock()


def ports(
    devices: dict[str, Device],
    roles: Mapping[str, str] = MappingProxyType({}),
    payers: Mapping[Method, Terminal] = MappingProxyType({}),
) -> Devices:
    """Sort the devices by what they are for; of scale, printer and terminal the first counts."""

    def of(kind: DeviceKind, role: str = "") -> list[Device]:
        return [
            device
            for name, device in devices.items()
            if device.kind is kind and roles.get(name, "") == role
        ]

    def first(kind: DeviceKind, role: str = "") -> Device | None:
        return next(iter(of(kind, role)), None)

    return Devices(
        scanners=tuple(cast(Scanner, device) for device in of(DeviceKind.SCANNER)),
        scale=cast(Scale | None, first(DeviceKind.SCALE)),
        printer=cast(Printer | None, first(DeviceKind.PRINTER)),
        terminal=cast(Terminal | None, first(DeviceKind.TERMINAL)),
        payers=payers,
        badges=tuple(cast(Scanner, device) for device in of(DeviceKind.SCANNER, "badge")),
        bag_scale=cast(Scale | None, first(DeviceKind.SCALE, "bag")),
        light=cast(Light | None, first(DeviceKind.LIGHT)),
    )


def shop_facts(config: Config) -> ShopFacts:
    """Return who sells, and through which till."""
    return ShopFacts(
        name=config.shop.name,
        legal_name=config.shop.legal_name,
        address=config.shop.address,
        org_number=config.shop.org_number,
        in_foretaksregisteret=config.shop.in_register,
        register_id=config.kiosk.id,
        operator_id=config.operator,
        declared=this_release().declared,
    )


def engine_config(config: Config) -> EngineConfig:
    """Tell the engine what it must know of this kiosk."""
    selling = config.selling
    return EngineConfig(
        kiosk_id=config.kiosk.id,
        shop=shop_facts(config),
        till=config.kiosk.till,
        timezone=config.kiosk.timezone,
        languages=config.kiosk.languages,
        methods=payment.methods(config),
        method_limits_minor=payment.limits_minor(config),
        value_prefixes=payment.value_prefixes(config),
        coupon_prefixes=config.payment.coupon_prefixes,
        partial_approval=config.payment.partial_approval,
        late=Late(approval=config.payment.late_approval, after_s=config.payment.late_after_s),
        refund_without_payment=config.payment.refund_without_payment,
        test_money=payment.is_test_money(config),
        terminal_direction=config.screen.terminal_direction,
        terminal_rest=(selling.terminal_rest_from, selling.terminal_rest_until),
        approved_scale=selling.approved_scale,
        limits=Limits(
            lines=selling.limit_lines,
            quantity=selling.limit_quantity,
            total_minor=selling.limit_total_minor,
            policies=config.policies,
        ),
        timings=Timings(
            undo_s=selling.undo_s,
            idle_s=selling.idle_s,
            idle_answer_s=selling.idle_answer_s,
            receipt_s=selling.receipt_s,
            thanks_s=selling.thanks_s,
            staff_s=config.staff.sign_out_s,
        ),
        only_here=config.only_here,
        orders_only_here=frozenset(config.telemetry.orders_only_here if config.telemetry else ()),
        volume_percent=round(config.screen.volume * 100),
        staff_needs_badge=config.staff.needs_badge,
        random_checks=selling.random_checks,
        alcohol_hours=hours_of(selling, date.today()),
    )
