"""What the parts of the engine share: the sale, the journal, the session, and the one way to act.

`submit` is the only writer: commands are decided, their events committed, and only then does the
sale in memory move. Everything the world is owed is derived from that sale afterwards.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from drivers.contracts.gateway import LinkGateway
from kiosk.catalog import Catalog
from kiosk.engine import session as sessions
from kiosk.engine.bag_watch import BagWatch
from kiosk.engine.clock import NS_PER_S, Clock, utc_text
from kiosk.engine.config import EngineConfig
from kiosk.engine.elsewhere import StoreReceipts
from kiosk.engine.health import Health
from kiosk.engine.hours import SaleHours
from kiosk.engine.ids import Ids
from kiosk.engine.ports import (
    Devices,
    JournalPort,
    NoReceiptLinks,
    NoRegister,
    ReceiptLinks,
    RegisterPort,
)
from kiosk.engine.session import Session
from kiosk.engine.shelf import StoreShelf
from kiosk.engine.staff_session import StaffDoor, StaffSession
from kiosk.engine.staff_view import Untaken
from kiosk.engine.touch import AS_IT_IS, Map
from kiosk.engine.view import Notice, Tone
from kiosk.fiscal.events import REGISTER, ClockTrusted, RegisterEvent
from kiosk.fiscal.figures import Report
from kiosk.journal import JournalError
from kiosk.sale.checks import Looks
from kiosk.sale.commands import (
    CloseSale,
    Command,
    RaiseIntervention,
    Reason,
    Rejected,
    RequestPayment,
    ResolveIntervention,
    StartPrint,
    StartSale,
)
from kiosk.sale.decide import decide
from kiosk.sale.events import Event, Interest, SaleCompleted, Series
from kiosk.sale.evolve import evolve, replay
from kiosk.sale.intervention import ITSELF
from kiosk.sale.phases import has_ended
from kiosk.sale.return_commands import RequestRefund
from kiosk.sale.returning import series_of
from kiosk.sale.state import NO_SALE, Phase, Sale

logger = logging.getLogger(__name__)

NOTICES: dict[Reason, Notice] = {
    Reason.SALE_IS_BEING_PAID: Notice.NOT_NOW,
    Reason.SALE_IS_OVER: Notice.NOT_NOW,
    Reason.PART_PAID: Notice.PART_PAID,
    Reason.QUANTITY_LIMIT: Notice.QUANTITY_LIMIT,
    Reason.BAD_QUANTITY: Notice.QUANTITY_LIMIT,
    Reason.TOO_MANY_LINES: Notice.SALE_LIMIT,
    Reason.AMOUNT_LIMIT: Notice.SALE_LIMIT,
    Reason.NOT_FOR_SELF_SERVICE: Notice.NOT_FOR_SELF_SERVICE,
    Reason.EXPIRED: Notice.EXPIRED,
    Reason.RECALLED: Notice.RECALLED,
    Reason.NEEDS_STAFF: Notice.NEEDS_STAFF,
    Reason.PAYMENT_IN_DOUBT: Notice.NOT_NOW,
    Reason.BAD_PRICE: Notice.NOT_FOR_SELF_SERVICE,
    Reason.ALCOHOL_HOURS: Notice.ALCOHOL_HOURS,
    Reason.COUPON_USED: Notice.COUPON_USED,
}


class JournalFailed(Exception):
    """Nothing could be committed, so nothing was done: the kiosk stops selling."""


def _forget_machine(_volume_percent: int, _touch: Map) -> None:
    """Keep nothing: each start begins as it is configured."""


def _forget_looks(_looks: Looks) -> None:
    """Keep nothing: each start begins at the base rate."""


def _no_day(_attendant_id: str) -> None:
    """Close nothing: there is no register yet."""


class Till:
    """One kiosk at one moment. Only the engine's own thread may touch it."""

    def __init__(
        self,
        journal: JournalPort,
        catalog: Catalog,
        devices: Devices,
        clock: Clock,
        ids: Ids,
        config: EngineConfig,
    ) -> None:
        self.journal = journal
        self.catalog = catalog
        self.devices = devices
        self.clock = clock
        self.ids = ids
        self.config = config
        self.zone = ZoneInfo(config.timezone)
        self.health = Health()
        self.hours = SaleHours(config.alcohol_hours, clock, self.zone)
        self.sale: Sale = NO_SALE
        self.session: Session = sessions.fresh(config.languages[0], self.now_ns(), 0)
        self.begun: set[str] = set()
        """Attempts and prints that this life of the program committed: only these may be sent."""
        self.register: RegisterPort = NoRegister()
        """Signs what is completed; see `day`."""
        self.receipts: ReceiptLinks = NoReceiptLinks()
        """Where phones find their receipts."""
        self.gateway: LinkGateway | None = None
        """What sends their links to a number; None where nothing does."""
        self.closing = False
        self.opens_at = ""
        self.paused = False
        """Staff take no next shopper for a while."""
        self.disk_filling = False
        """There is room for the shopper who is here, and not for the next."""
        self.training = config.training
        """The next sale is for practice; one that has begun says so itself."""
        self.door: StaffDoor | None = None
        """Where staff come in; None where nobody can."""
        self.staff: StaffSession | None = None
        """Staff mode, over whatever the shopper sees."""
        self.bags = BagWatch()
        self.volume_percent = config.volume_percent
        self.touch: Map = AS_IT_IS
        self.keep_machine: Callable[[int, Map], None] = _forget_machine
        self.shelf: StoreShelf | None = None
        """The store's shelf of sales set aside; None where this kiosk stands alone."""
        self.elsewhere: StoreReceipts | None = None
        """The receipts of the store's kiosks; None where only its own are known."""
        self.looks = Looks()
        """How often a look over was worth while."""
        self.keep_looks: Callable[[Looks], None] = _forget_looks
        self.drawn_for = ""
        """The sale that it was drawn for whether to look over."""
        self.seen_by = ""  # who has said "I am coming"
        self.suspended: dict[str, str] = {}
        """Sales set aside in this life: short code to sale id."""
        self.slips: set[str] = set()  # papers that are no receipts and are with the printer
        self.late_prints: dict[str, str] = {}
        """Receipts of closed sales that are with the printer: print id to sale id."""
        self.close_day: Callable[[str], Report | None] = _no_day
        """Makes the Z for an attendant; None when it is refused. See `day`."""
        self.untaken: tuple[Untaken, ...] = ()
        """Money for goods that are gone, refused or late; see `captures`."""
        self.unsettled: dict[str, Sale] = {}
        """Sales that are over, and money of which could not go back: staff must see to it."""
        self.halted = False
        """The journal cannot be written: nothing is sold."""
        self.waiting: list[str] = []
        """Sales of an earlier life that are to be settled after this one."""
        self._events = 0

    # --- time ------------------------------------------------------------------------------

    def now_ns(self) -> int:
        """Return the engine's monotonic time."""
        return self.clock.monotonic_ns()

    def after(self, seconds: float) -> int:
        """Return the deadline that lies so far ahead."""
        return self.now_ns() + round(seconds * NS_PER_S)

    def now_utc(self) -> str:
        """Return the time of day as events carry it."""
        return utc_text(self.clock.utc_now())

    def today(self) -> str:
        """Return the shop's own date, ISO."""
        return self.clock.utc_now().astimezone(self.zone).date().isoformat()

    def checked(self, *, found: bool) -> None:
        """Learn from a look over how often one is worth while."""
        self.looks = self.looks.after(found=found)
        self.keep_looks(self.looks)

    def alcohol_closed(self) -> bool:
        """Return whether alcohol must not be sold at this moment."""
        return not self.hours.open_now()

    # --- the sale --------------------------------------------------------------------------

    def submit(self, *commands: Command) -> None:
        """Decide the commands one after another and commit all their events together.

        Raises:
            Rejected: the sale refuses one of them; nothing has happened.
            JournalFailed: nothing could be written; nothing has happened.
        """
        sale = self.sale
        events: list[Event] = []
        for command in commands:
            sale = self._decided(sale, command, events)
        if not events:
            return
        try:
            self.journal.append(sale.id, self._events + 1, events)
        except JournalError as error:
            logger.error("journal: append failed, nothing was done: %s", error)
            raise JournalFailed from error
        self._events += len(events)
        self.sale = sale
        self._note_begun(commands)
        if any(isinstance(event, SaleCompleted) for event in events):
            self._sign()

    def _sign(self) -> None:
        """Sign the sale that was just completed. Where that fails, the next life or try does it."""
        try:
            self.register.sign_due(self.now_utc())
        except JournalError as error:
            logger.error("journal: a completed sale is not signed yet: %s", error)
            raise JournalFailed from error

    def _decided(self, sale: Sale, command: Command, events: list[Event]) -> Sale:
        for event in decide(sale, command, self.config.limits):
            sale = evolve(sale, event)
            events.append(event)
        return sale

    def _note_begun(self, commands: tuple[Command, ...]) -> None:
        for command in commands:
            match command:
                case RequestPayment(attempt_id=begun) | StartPrint(print_id=begun):
                    self.begun.add(begun)
                case RequestRefund(refund_id=begun):
                    self.begun.add(begun)
                case _:
                    pass

    def attempted(self, *commands: Command) -> bool:
        """Submit; when the sale refuses, say why on the screen and answer False."""
        try:
            self.submit(*commands)
        except Rejected as rejected:
            self.refuse(NOTICES.get(rejected.reason, Notice.NOT_NOW), self._limit(rejected.reason))
            return False
        return True

    def _limit(self, reason: Reason) -> int:
        limits = self.config.limits
        return {
            Reason.QUANTITY_LIMIT: limits.quantity,
            Reason.TOO_MANY_LINES: limits.lines,
            Reason.AMOUNT_LIMIT: limits.total_minor,
        }.get(reason, 0)

    def opening(self) -> tuple[Command, ...]:
        """Return what must come before the first command of a sale: nothing when one is open."""
        if self.sale.phase is not Phase.NONE:
            return ()
        start = StartSale(
            at_utc=self.now_utc(),
            sale_id=self.ids.sale_id(),
            kiosk_id=self.config.kiosk_id,
            currency=self.config.currency,
            training=self.training,
        )
        return (start, self.help_call(self.session.help_id)) if self.session.help_id else (start,)

    def help_call(self, help_id: str) -> RaiseIntervention:
        """Return the command that puts a shopper's call for help into the record."""
        return RaiseIntervention(
            at_utc=self.now_utc(),
            intervention_id=help_id,
            kind=Interest.HELP,
            policy=self.config.policy(Interest.HELP),
            detail=self.session.help_reason,
        )

    def service_id(self) -> str:
        """Return a new id for the terminal, durable already.

        Raises:
            JournalFailed: none could be made durable; nothing has happened.
        """
        try:
            return self.journal.next_service_id()
        except JournalError as error:
            logger.error("journal: no service id, nothing was done: %s", error)
            raise JournalFailed from error

    def next_receipt_number(self) -> int:
        """Return the number that comes next in the series of the sale's receipt."""
        return self.next_number(series_of(self.sale))

    def next_number(self, series: Series) -> int:
        """Return the number that comes next in a series of receipts."""
        try:
            return self.journal.last_number(series) + 1
        except JournalError as error:
            logger.error("journal: no receipt number, nothing was done: %s", error)
            raise JournalFailed from error

    def append_to(self, sale_id: str, *commands: Command) -> Sale:
        """Decide commands on another sale than the one on the glass, and commit all their events.

        Returns the sale as it is then.

        Raises:
            Rejected: that sale refuses one of them; nothing has happened.
            JournalFailed: nothing could be written.
        """
        events: list[Event] = []
        try:
            known = self.journal.events_of(sale_id)
            sale = replay(known)
            for command in commands:
                sale = self._decided(sale, command, events)
            if events:
                self.journal.append(sale_id, len(known) + 1, events)
        except JournalError as error:
            logger.error("journal: append failed, nothing was done: %s", error)
            raise JournalFailed from error
        self.note_unsettled(sale)
        return sale

    def note_unsettled(self, sale: Sale) -> None:
        """Keep a sale that is over before staff's eyes for as long as it calls for them."""
        if has_ended(sale) and any(call.open for call in sale.interventions):
            self.unsettled[sale.id] = sale
        else:
            self.unsettled.pop(sale.id, None)

    def note(self, event: RegisterEvent) -> None:
        """Write down what happened to the register itself, once its stream has begun."""
        try:
            length = self.journal.length_of(REGISTER)
            if length:
                self.journal.append(REGISTER, length + 1, (event,))
        except JournalError as error:
            logger.error("journal: append failed, nothing was done: %s", error)
            raise JournalFailed from error

    def trust_clock(self, attendant_id: str) -> None:
        """Believe the clock again, and write down on whose word; "" when it was put right."""
        self.note(ClockTrusted(at_utc=self.now_utc(), attendant_id=attendant_id))
        self.hours.trust()

    def load(self, sale_id: str) -> None:
        """Take up a sale of an earlier life."""
        events = self.journal.events_of(sale_id)
        self.sale = replay(events)
        self._events = len(events)
        self.reset_session()
        calls = (call for call in self.sale.interventions if call.kind is Interest.HELP)
        self.change(help_id=next((call.id for call in calls if call.open), ""))

    def close_sale(self) -> None:
        """Let the shopper go, and with them the calls that nobody has to answer any more."""
        answered = (
            ResolveIntervention(
                at_utc=self.now_utc(),
                intervention_id=call.id,
                approved=False,
                where=ITSELF,
                reason="sale_closed",
            )
            for call in self.sale.interventions
            if call.open
        )
        self.submit(*answered, CloseSale(at_utc=self.now_utc()))
        self.forget()

    def forget_if_over(self) -> None:
        """Let a sale go that was ended; one that is paid in part ends when all of that is back."""
        if self.sale.phase is Phase.ABORTED:
            self.forget()

    def forget(self) -> None:
        """Let the sale go; it is over, and the journal has it."""
        self.sale = NO_SALE
        self._events = 0
        self.begun.clear()
        self.seen_by = ""
        self.reset_session()

    # --- the screen ------------------------------------------------------------------------

    def reset_session(self) -> None:
        """Make the screen ready for the next shopper: language and settings go back too."""
        self.session = sessions.fresh(
            self.config.languages[0], self.now_ns(), self.session.tone_seq
        )

    def change(self, **changes: Any) -> None:
        """Replace fields of the session."""
        self.session = replace(self.session, **changes)

    def sound(self, tone: Tone) -> None:
        """Let one sound be heard with the next view."""
        self.session = self.session.with_tone(tone)

    def refuse(self, notice: Notice, limit: int = 0) -> None:
        """Say why something did not happen, with the tone for it."""
        self.session = self.session.told(notice, limit).with_tone(Tone.REFUSED)
