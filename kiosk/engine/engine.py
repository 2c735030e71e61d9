"""The engine: one message in, one committed step, one view out.

message -> command -> decide -> append and commit -> evolve -> what is owed -> view. There is no
thread and no waiting in here; `loop.EngineThread` feeds it, and a test can do so by hand.
"""

import logging
from collections.abc import Callable
from dataclasses import replace

from drivers.contracts import (
    BarcodeScanned,
    BatchClosed,
    CaptureAnswered,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PaymentAnswered,
    PrintDone,
    PrinterStatus,
    ReversalAnswered,
    WeightRead,
)
from drivers.contracts.gateway import LinkGateway, LinkSent
from kiosk.catalog import Catalog, CatalogError
from kiosk.engine import (
    answers,
    attention,
    bagging,
    checkout,
    idle,
    lookup,
    recovery,
    remote,
    remote_orders,
    sending,
    settings,
    shopping,
    staff_aside,
    staff_desk,
    staff_mode,
    staff_paper,
    staff_returns,
    tenders,
    training,
    wallet,
)
from kiosk.engine import messages as m
from kiosk.engine.captures import Captures
from kiosk.engine.clock import Clock
from kiosk.engine.clock_doubt import ClockDoubt
from kiosk.engine.config import EngineConfig
from kiosk.engine.day import Day
from kiosk.engine.elsewhere import StoreReceipts
from kiosk.engine.gates import Gates
from kiosk.engine.ids import Ids
from kiosk.engine.late_money import LateMoney
from kiosk.engine.memory import Memory
from kiosk.engine.messages import Message
from kiosk.engine.night import NightRest
from kiosk.engine.perform import Performer
from kiosk.engine.ports import Devices, JournalPort, ReceiptLinks, RegisterPort
from kiosk.engine.remote_messages import OrderAnswered
from kiosk.engine.shelf import StoreShelf
from kiosk.engine.staff_messages import DecisionAnswered, Verdict
from kiosk.engine.staff_session import StaffDoor
from kiosk.engine.staff_view import Untaken
from kiosk.engine.till import JournalFailed, Till
from kiosk.engine.view import Notice, View
from kiosk.engine.view_builder import ViewBuilder
from kiosk.sale.commands import Rejected
from kiosk.sale.state import Sale

logger = logging.getLogger(__name__)

_DESKS = (wallet, sending, tenders, shopping, lookup, checkout, attention, bagging, settings)
"""Who knows what a touch means, asked in this order."""


class Engine:
    """One kiosk. Call `start` once, then `handle` for each message, from one thread."""

    def __init__(
        self,
        journal: JournalPort,
        catalog: Catalog,
        devices: Devices,
        clock: Clock,
        ids: Ids,
        config: EngineConfig,
        publish: Callable[[View], None],
        *,
        door: StaffDoor | None = None,
        answer: Callable[[DecisionAnswered | OrderAnswered], None] | None = None,
        memory: Memory | None = None,
        register: RegisterPort | None = None,
        shelf: StoreShelf | None = None,
        receipts: ReceiptLinks | None = None,
        gateway: LinkGateway | None = None,
        elsewhere: StoreReceipts | None = None,
    ) -> None:
        """`door` is where staff come in; `answer` takes the answers to what comes from afar."""
        self._till = Till(journal, catalog, devices, clock, ids, config)
        self._till.door, self._till.shelf = door, shelf
        if register is not None:
            self._till.register = register
        if receipts is not None:
            self._till.receipts = receipts
        self._till.gateway, self._till.elsewhere = gateway, elsewhere
        self._clock_doubt = ClockDoubt(self._till)
        self._day = Day(self._till)
        self._night = NightRest(self._till)
        if memory is not None:
            memory.serve(self._till)
        self._answer = answer or _forget_answer
        self._performer = Performer(self._till)
        self._captures = Captures(self._till)
        self._late = LateMoney(self._till)
        self._gates = Gates(self._till)
        self._builder = ViewBuilder(self._till)
        self._publish = publish
        self._names = devices.names()
        self._badges = {reader.name: reader for reader in devices.badges}
        self._bag_scale = devices.bag_scale.name if devices.bag_scale else ""
        self._view = View()
        self._again_ns = 0
        """While halted: when to try the journal again."""

    @property
    def sale(self) -> Sale:
        """The sale on the glass."""
        return self._till.sale

    @property
    def view(self) -> View:
        """The view that was published last."""
        return self._view

    def start(self) -> None:
        """Take up what an earlier life left behind, and show the first view."""
        try:
            self._clock_doubt.begin()
            self._day.begin()
            self._day.note_prices()
            training.restore(self._till)
            staff_paper.settle_late_print(self._till)
            recovery.take_up_open_sales(self._till)
            self._captures.take_up()
            self._late.take_up()
            staff_aside.finish_taking_up(self._till)
        except JournalFailed:
            self._halt()
        self._settle()

    @property
    def untaken(self) -> tuple[Untaken, ...]:
        """Money for goods that are gone, refused or late; replaced whole, for any thread."""
        return self._till.untaken

    def stop(self) -> None:
        """Write down that the program ends in order. No message may come after."""
        self._day.end()

    def handle(self, message: Message) -> None:
        """Take one message, whatever it is and whenever it comes."""
        self._note_health(message)
        if self._till.session.scan_at_monotonic_ns:
            self._till.change(scan_at_monotonic_ns=0)
        if self._till.halted:
            if isinstance(message, m.RemoteDecision):
                self._answer(remote.failed(message))
            elif isinstance(message, m.RemoteOrder):
                self._answer(remote_orders.answered(message, Verdict.FAILED))
            self._try_again()
        else:
            try:
                self._dispatch(message)
            except Rejected as rejected:
                # The screen that sent it was older than the sale: nothing has happened.
                logger.info("refused: %s, %s", type(message).__name__, rejected.reason)
            except JournalFailed:
                self._halt()
        self._settle()

    def deadline_ns(self) -> int | None:
        """Return when a Tick is due if no message comes first; None when nothing is waited for."""
        if self._till.halted:
            return self._again_ns
        till = self._till
        deadlines = [
            *idle.deadlines_ns(till),
            *bagging.deadlines_ns(till),
            *self._performer.deadlines_ns(),
            *self._captures.deadlines_ns(),
            *self._late.deadlines_ns(),
            *self._day.deadlines_ns(),
            *self._night.deadlines_ns(),
        ]
        return min(deadlines, default=None)

    # --- one message -----------------------------------------------------------------------

    def _dispatch(self, message: Message) -> None:
        match message:
            case BarcodeScanned(device=name) if name in self._badges:
                staff_mode.badge_read(self._till, message)
            case BarcodeScanned():
                self._scanned(message)
            case DeviceStateChanged(
                device=name, kind=DeviceKind.TERMINAL | DeviceKind.WALLET, state=DeviceState.READY
            ):
                self._performer.is_back(name)
                self._captures.is_back(name)
                self._late.is_back(name)
                attention.works_again(self._till, "terminal")
            case DeviceStateChanged() | PrinterStatus():
                self._heard_of_the_printer()
            case WeightRead() | m.Tick():
                pass
            case m.OpenKiosk():
                self._till.closing = self._till.paused = False
            case m.CloseKiosk(opens_at):
                self._till.closing, self._till.opens_at = True, opens_at
            case m.PauseKiosk(on):
                self._till.paused = on
            case m.DiskFilling(on):
                self._till.disk_filling = on
            case m.CloseDay():
                self._day.close()
            case BatchClosed():
                self._day.batches.answered(message)
            case PrintDone() if self._day.printed(message):
                pass
            case m.RemoteDecision():
                self._decided_from_afar(message)
            case m.RemoteOrder():
                self._ordered_from_afar(message)
            case LinkSent():
                sending.answered(self._till, message)
            case m.CatalogSwapped():
                self._swap_catalog()
            case m.ShelfAnswered():
                staff_aside.answered(self._till, message)
            case m.WishAnswered():
                staff_returns.answered(self._till, message)
            case m.StaffSettled() | m.StaffSeen():
                attention.handle(self._till, message)
            case PaymentAnswered() if self._captures.found(message):
                pass
            case CaptureAnswered():
                self._captures.answered(message)
            case PaymentAnswered() | ReversalAnswered() if self._late.answered(message):
                pass
            case _ if answers.handle(self._till, message):
                self._performer.heard(message)
            case _:
                self._touched(message)

    def _touched(self, intent: Message) -> None:
        """Take a finger's intent. Any touch is a sign of life and ends the last sentence."""
        till = self._till
        if staff_mode.handle(till, intent) or till.staff is not None:
            return  # the shopper's screen lies below and cannot be touched
        if not isinstance(intent, m.LeavePressed):
            till.session = till.session.touched(till.now_ns())
        if not isinstance(intent, m.Touched):
            till.session = till.session.told(Notice.NONE)
        for desk in _DESKS:
            if desk.handle(till, intent):
                return

    def _scanned(self, scan: BarcodeScanned) -> None:
        if self._till.staff is None:
            shopping.scanned(self._till, scan)
            return
        taken = staff_desk.scanned(self._till, scan)
        scanner = next((x for x in self._till.devices.scanners if x.name == scan.device), None)
        if scanner is not None:
            (scanner.good_read if taken else scanner.error_tone)()

    def _decided_from_afar(self, word: m.RemoteDecision) -> None:
        """Take a decision and answer it, whatever becomes of it."""
        try:
            answer = remote.decide_from_afar(self._till, word)
        except JournalFailed:
            self._answer(remote.failed(word))
            raise
        self._answer(answer)

    def _ordered_from_afar(self, order: m.RemoteOrder) -> None:
        """Carry out an order and answer it, whatever becomes of it."""
        try:
            answer = remote_orders.fulfil(self._till, order, self._day.close)
        except JournalFailed:
            self._answer(remote_orders.answered(order, Verdict.FAILED))
            raise
        self._answer(answer)

    def _note_health(self, message: Message) -> None:
        """Keep up with the devices, whatever else happens."""
        health = self._till.health
        match message:
            case WeightRead(device=name) | PrinterStatus(device=name) if name not in self._names:
                pass  # another scale or printer, that this kiosk does not sell with
            case DeviceStateChanged(device=name) if name not in self._names:
                pass
            case DeviceStateChanged(device=name) if name in self._badges:
                health.changed(replace(message, kind=DeviceKind.BADGE))
                self._badges[name].enable()  # a badge may come at any time
            case DeviceStateChanged(device=name) if name == self._bag_scale:
                health.changed(replace(message, kind=DeviceKind.BAG_SCALE))
            case WeightRead(device=name) if name == self._bag_scale:
                bagging.weighed(self._till, message)  # never a basis for a price
            case WeightRead():
                health.weighed(message)
            case PrinterStatus():
                health.printer = message
            case DeviceStateChanged():
                health.changed(message)
                if message.kind is DeviceKind.SCANNER:
                    self._gates.scanner_is_back()
            case _:
                pass

    def _heard_of_the_printer(self) -> None:
        till = self._till
        if till.health.can_print():
            self._performer.print_again_ns = 0
            attention.printer_works(till)
        elif till.health.cannot_print():
            attention.printer_stopped(till)

    def _swap_catalog(self) -> None:
        """Open the catalog that is in place now. Lines of an open sale carry their own prices."""
        old = self._till.catalog
        try:
            self._till.catalog = Catalog.open(old.path)
        except CatalogError as error:
            logger.error("catalog: the new one cannot be opened, the old one goes on: %s", error)
            return
        old.close()
        logger.info("catalog: version=%s", self._till.catalog.version)
        self._day.note_prices()

    # --- after each message ----------------------------------------------------------------

    def _settle(self) -> None:
        """Bring the world in step with the sale: what is due, owed, enabled and shown."""
        if not self._till.halted:
            try:
                self._catch_up()
            except JournalFailed:
                self._halt()
        self._gates.follow()
        self._show()

    def _catch_up(self) -> None:
        self._performer.lose_patience()
        idle.look_at_the_time(self._till)
        bagging.catch_up(self._till)
        recovery.take_up_next(self._till)
        tenders.redeem_held(self._till)
        self._performer.perform_owed()
        self._captures.catch_up()
        self._late.catch_up()
        idle.start_clocks(self._till)
        self._clock_doubt.look_at_the_time()
        self._day.look_at_the_time()
        self._night.look()

    def _halt(self) -> None:
        """Stop selling: what cannot be written down must not happen.

        What is in memory may be behind the record now, so it is dropped, and read again from the
        journal as soon as that can be written.
        """
        till = self._till
        if not till.halted:
            logger.error("journal: cannot be written, the kiosk stops selling")
        till.halted = True
        self._again_ns = till.after(till.config.timings.restart_s)

    def _try_again(self) -> None:
        till = self._till
        if till.now_ns() < self._again_ns:
            return
        try:
            till.service_id()  # a write that may be wasted: numbers may be skipped
            self._clock_doubt.begin()
            self._day.begin()
            till.halted = False
            recovery.take_up_open_sales(till)
            self._captures.take_up()
            self._late.take_up()
            self._performer.forget()
            logger.warning("journal: can be written again")
        except JournalFailed:
            self._halt()

    def _show(self) -> None:
        view = self._builder.build(self._view)
        if view is not self._view:
            self._view = view
            self._publish(view)


def _forget_answer(answer: DecisionAnswered | OrderAnswered) -> None:
    """Stand in where nobody is connected who could have sent anything."""
    logger.warning("remote: nobody to tell: %s", answer)
