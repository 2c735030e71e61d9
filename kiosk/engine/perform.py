"""What the sale owes the world, carried out: each thing once in a life, and only after the commit.

`pending_effect` says what is owed; this module knows what has been done about it already. The same
code runs after an ordinary commit and after a power cut: an attempt that another life began is
asked about and never charged again, a print that another life began is asked about and never
simply repeated.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from drivers.contracts import (
    Device,
    PaymentAnswered,
    RefundAnswered,
    ReversalAnswered,
    TerminalProgress,
    WalletShown,
)
from kiosk.engine import returning, staff_returns, training
from kiosk.engine.asking import Asking
from kiosk.engine.attention import call_staff
from kiosk.engine.messages import Message
from kiosk.engine.patience import Patience
from kiosk.engine.printing import print_job
from kiosk.engine.requests import charge_request, reversal_request
from kiosk.engine.till import Till
from kiosk.engine.view import Notice, Tone
from kiosk.fiscal.receipt import Receipt, build_receipt
from kiosk.sale.attempts import with_terminal
from kiosk.sale.commands import (
    AbortSale,
    AnswerReceipt,
    CompleteSale,
    RequestReversal,
    StartPrint,
)
from kiosk.sale.effects import (
    AskOutcome,
    AskPayBack,
    Charge,
    Effect,
    EndSale,
    NumberReceipt,
    PayBack,
    PrintReceipt,
    RequestReversalEffect,
    Reverse,
    StopCharge,
)
from kiosk.sale.events import Actor, Interest, ReceiptChoice
from kiosk.sale.invariant import require
from kiosk.sale.pending import pending_effect
from kiosk.sale.state import Sale

logger = logging.getLogger(__name__)

STEPS_MAX = 10
"""More effects than this that change the sale one after another can only be a loop."""


@dataclass(slots=True)
class Performer:
    """Carries out effects for one till."""

    till: Till
    done: set[Effect] = field(default_factory=set)
    asking: Asking = field(init=False)
    patience: Patience = field(init=False)
    print_again_ns: int = 0
    sale_id: str = ""
    """Whose effects these are."""

    def __post_init__(self) -> None:
        self.asking = Asking(self.till)
        self.patience = Patience(self.till)

    def forget(self) -> None:
        """Start anew: the sale is another one, or comes from the journal again."""
        self.done.clear()
        self.patience.forget()
        self.asking.forget()
        self.print_again_ns = 0

    def perform_owed(self) -> None:
        """Carry out all that is owed now and can be done now."""
        if self.sale_id != self.till.sale.id:
            self.sale_id = self.till.sale.id
            self.forget()
        for _ in range(STEPS_MAX):
            effect = self.owed()
            if effect is None or not self._perform(effect):
                return
        require(False, f"sale {self.till.sale.id}: effects without end")

    def owed(self) -> Effect | None:
        """Return what the sale owes next."""
        return pending_effect(self.till.sale, recovering=not self._is_ours(self.till.sale))

    def _is_ours(self, sale: Sale) -> bool:
        """Whether this life committed the running attempt itself, so that it may be sent."""
        running = with_terminal(sale)
        ours = running is None or running.id in self.till.begun
        return ours and returning.is_ours(self.till)

    def _perform(self, effect: Effect) -> bool:
        """Carry out one effect; True when that changed the sale, so that more may be owed."""
        if self.till.sale.training and training.answer(self.till, effect):
            return True
        match effect:
            case NumberReceipt():
                self._number()
                return True
            case RequestReversalEffect():
                self.till.submit(
                    RequestReversal(
                        at_utc=self.till.now_utc(),
                        attempt_id=effect.attempt_id,
                        service_id=self.till.service_id(),
                        reason=effect.reason,
                    )
                )
                return True
            case EndSale():
                self._end(effect)
                return True
            case PrintReceipt(print_id=""):
                return self._begin_print(effect)
            case AskOutcome():
                self.asking.ask(effect)
                self._stop_what_is_asked_about()
            case AskPayBack():
                self.asking.ask(effect)
            case _ if effect not in self.done and self._driver_has_started(effect):
                self.done.add(effect)
                self._send(effect)
            case _:
                pass
        return False

    def _number(self) -> None:
        """Give the paid sale its number. Whoever gets money back gets paper: nobody is asked."""
        till, at_utc = self.till, self.till.now_utc()
        done = CompleteSale(at_utc=at_utc, receipt_number=till.next_receipt_number())
        if till.sale.returned:
            paper = AnswerReceipt(at_utc=at_utc, choice=ReceiptChoice.PAPER, actor=Actor.KIOSK)
            till.submit(done, paper)
            staff_returns.after_refund(till)
        else:
            till.submit(done)
        till.sound(Tone.APPROVED)

    def _end(self, effect: EndSale) -> None:
        """All parts of a sale that was given up are back: now it ends, and the kiosk is free."""
        ended = AbortSale(
            at_utc=self.till.now_utc(),
            reason=effect.reason,
            actor=effect.actor,
            attendant_id=effect.attendant_id,
            where=effect.where,
        )
        self.till.submit(ended)
        self.till.forget()

    def _driver_has_started(self, effect: Effect) -> bool:
        """After a power cut something may be owed before the drivers have said a word."""
        device = self._device_for(effect)
        return device is not None and self.till.health.heard_of(device.name)

    def _device_for(self, effect: Effect) -> Device | None:
        """Return who carries an effect out: the printer, or what its method is paid by."""
        match effect:
            case Charge() | AskOutcome() | StopCharge() | Reverse() | PayBack() | AskPayBack():
                return self.till.devices.payer(effect.method)
            case PrintReceipt():
                return self.till.devices.printer
            case _:
                return None

    def _send(self, effect: Effect) -> None:
        """Let the effect out into the world. It is committed, and it is the first time."""
        match effect:
            case Charge() | StopCharge() | Reverse():
                self._send_to_payer(effect)
            case PayBack():
                require(effect.refund_id in self.till.begun, "a refund of another life")
                self.patience.begin(effect)
                returning.send(self.till, effect, ask=False)
            case PrintReceipt(print_id=print_id) if self.till.devices.printer is not None:
                printer = self.till.devices.printer
                if print_id in self.till.begun:
                    printer.print(print_job(print_id, self._receipt(effect)))
                else:
                    printer.ask(print_id)
            case _:
                logger.error("no device for %s", type(effect).__name__)

    def _send_to_payer(self, effect: Charge | StopCharge | Reverse) -> None:
        require(not self.till.sale.training, "practice reaches no payer")
        payer = self.till.devices.payer(effect.method)
        require(payer is not None, f"nothing to pay by {effect.method} with")
        assert payer is not None
        match effect:
            case Charge():
                require(effect.attempt_id in self.till.begun, "a charge of another life")
                self.patience.begin(effect)
                payer.charge(charge_request(self.till, effect))
            case StopCharge():
                payer.abort(effect.attempt_id, effect.service_id)
            case Reverse():
                self.patience.begin(effect)
                payer.reverse(reversal_request(self.till.sale.id, effect))

    # --- asking ----------------------------------------------------------------------------

    def _stop_what_is_asked_about(self) -> None:
        """Pass on the wish to stop a payment that an earlier life sent.

        The terminal may still wait for a card; what became of it, the running question tells.
        """
        running = with_terminal(self.till.sale)
        if running is None or not running.abort_requested or not self.asking.underway:
            return
        stop = StopCharge(
            attempt_id=running.id, service_id=running.service_id, method=running.method
        )
        if stop not in self.done:
            self.done.add(stop)
            self._send(stop)

    def is_back(self, device: str) -> None:
        """Ask a device that is back at once: what it is asked about need not wait any longer."""
        asked = self.owed()
        asks = isinstance(asked, AskOutcome | AskPayBack)
        payer = self._device_for(asked) if asked is not None and asks else None
        if payer is not None and payer.name == device:
            self.asking.hurry()

    def heard(self, event: Message) -> None:
        """Note, after an answer was taken, that nobody waits for it any more."""
        match event:
            case PaymentAnswered(attempt_id=attempt_id) | RefundAnswered(attempt_id=attempt_id):
                self.patience.end(attempt_id, Charge, PayBack)
                still_owed = isinstance(self.owed(), AskOutcome | AskPayBack)
                self.asking.answered(attempt_id, still_owed=still_owed)
            case ReversalAnswered(attempt_id=attempt_id):
                self.patience.end(attempt_id, Reverse)
            case TerminalProgress(attempt_id=attempt_id) | WalletShown(attempt_id=attempt_id):
                self.patience.renew(attempt_id)
            case _:
                pass

    def lose_patience(self) -> None:
        """Take silence of a driver for "unknown": its own time-outs have long passed."""
        self.patience.lose()

    def deadlines_ns(self) -> list[int]:
        """Return when there will be something to do without a message."""
        deadlines = list(self.patience.until_ns.values())
        match self.owed():
            case (AskOutcome() | AskPayBack()) as asked if self._driver_has_started(asked):
                deadlines.append(self.asking.due_ns)
            case PrintReceipt(print_id="") if self.till.health.can_print():
                deadlines.append(self.print_again_ns)
            case _:
                pass
        return deadlines

    # --- paper -----------------------------------------------------------------------------

    def _begin_print(self, effect: PrintReceipt) -> bool:
        till = self.till
        if not till.health.can_print():
            call_staff(till, Interest.DEVICE, "printer")
            till.session = till.session.told(Notice.PAPER_OUT)
            return False
        if till.now_ns() < self.print_again_ns:
            return False
        self.print_again_ns = till.after(till.config.timings.print_again_s)
        till.submit(
            StartPrint(at_utc=till.now_utc(), print_id=till.ids.print_id(), copy=effect.copy)
        )
        return True

    def _receipt(self, effect: PrintReceipt) -> Receipt:
        sale = self.till.sale
        at_local = datetime.fromisoformat(sale.completed_at).astimezone(self.till.zone)
        return build_receipt(sale, self.till.config.shop, copy=effect.copy, at_local=at_local)
