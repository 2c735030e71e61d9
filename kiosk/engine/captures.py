"""Taking what wallets reserved: at hand-over, in the background, until the provider has said so.

The next shopper does not wait for it, and a power cut does not forget it: what is owed stands in
the journal before a provider hears of it, and is read from there at each start. A capture may be
sent any number of times, because the provider does it once; so here, unlike with charges, silence
is answered by asking again.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from drivers.contracts import (
    RELEASED,
    CaptureAnswered,
    CaptureRequest,
    ChargeRequest,
    PaymentAnswered,
    PaymentOutcome,
)
from kiosk.engine.attention import call_staff
from kiosk.engine.staff_view import Untaken
from kiosk.engine.till import JournalFailed, Till
from kiosk.fiscal.numbers import number_text
from kiosk.journal import JournalError
from kiosk.sale import capture
from kiosk.sale.commands import SettleCapture
from kiosk.sale.events import Interest, Method, Outcome
from kiosk.sale.evolve import replay
from kiosk.sale.returning import MAY_BE_UNDERWAY, series_of
from kiosk.sale.state import Attempt, Phase, Sale

logger = logging.getLogger(__name__)

NOT_TAKEN: Final = "not_taken:"
"""Start of the detail of a call that is about money that could not be taken."""


@dataclass(slots=True)
class Owed:
    """One capture that is owed."""

    sale_id: str
    attempt: Attempt
    requested_at: str
    receipt: str
    transaction_id: str
    """What is captured. Empty where an attendant's word stands for the answer that never came:
    then the wallet is asked for it first."""
    asked: int = 0
    underway: bool = False
    due_ns: int = 0
    """When to send it next; while it is under way, when to stop waiting for its answer."""
    refused: bool = False
    """The provider said no, in this life or an earlier one."""
    late: bool = False
    """It takes too long."""

    @property
    def method(self) -> Method:
        """What it was paid by."""
        return self.attempt.method


@dataclass(slots=True)
class Captures:
    """All captures that this kiosk owes, by attempt."""

    till: Till
    owed: dict[str, Owed] = field(default_factory=dict)

    def take_up(self) -> None:
        """Read from the journal what earlier lives left to be taken.

        Raises:
            JournalFailed: the journal cannot be read.
        """
        self.owed.clear()
        try:
            for sale_id in self.till.journal.sales_to_capture():
                self._note(replay(self.till.journal.events_of(sale_id)))
        except JournalError as error:
            logger.error("journal: what is to be captured cannot be read: %s", error)
            raise JournalFailed from error
        if self.owed:
            logger.warning("recovery: %d captures are owed", len(self.owed))

    def catch_up(self) -> None:
        """Send what is due and can be sent; what is silent for too long is due again."""
        if self.till.sale.phase is Phase.COMPLETED:
            self._note(self.till.sale)
        now_ns = self.till.now_ns()
        for owed in list(self.owed.values()):
            if owed.due_ns > now_ns:
                continue
            if owed.underway:
                self._again(owed)
            elif self._works(owed.method):
                self._send(owed)
            self._tell_when_late(owed)
        self.till.untaken = tuple(
            self._untaken(owed) for owed in self.owed.values() if owed.refused or owed.late
        )

    def answered(self, event: CaptureAnswered) -> None:
        """Take an answer: done is the end, a refusal a matter for people, else try again."""
        owed = self.owed.get(event.attempt_id)
        if owed is None:
            logger.info("capture: answer that nobody waits for, attempt=%s", event.attempt_id)
            return
        if event.done:
            self._settle(owed, done=True, reason=event.reason)
            del self.owed[event.attempt_id]
            return
        back = self._gone_back(owed) if event.reason == RELEASED else None
        if back is Outcome.APPROVED:
            self._settle(owed, done=True, released=True)
            del self.owed[event.attempt_id]
            return
        if event.refused and back is not Outcome.UNKNOWN:
            self._refused(owed, event.reason)
        self._again(owed)

    def found(self, event: PaymentAnswered) -> bool:
        """Take the wallet's own word on what an attendant has called paid; False if none was asked.

        What it knows nothing of cannot be taken: the attendant was wrong, or has to look again.
        """
        owed, result = self.owed.get(event.attempt_id), event.result
        if owed is None or owed.transaction_id or not owed.underway:
            return False
        self._again(owed)
        asked = (owed.attempt.service_id, owed.attempt.approved_minor)
        if result.outcome is PaymentOutcome.APPROVED and result.transaction_id:
            if (result.service_id, result.amount_minor) == asked:
                owed.transaction_id = result.transaction_id
                owed.due_ns = self.till.now_ns()
                return True
        elif result.outcome is PaymentOutcome.UNKNOWN:
            return True
        self._refused(owed, result.reason or "OtherAmount")
        return True

    def is_back(self, device: str) -> None:
        """Send at once what waited for a device that is back."""
        for owed in self.owed.values():
            wallet = self.till.devices.wallet(owed.method)
            if wallet is not None and wallet.name == device and not owed.underway:
                owed.due_ns = min(owed.due_ns, self.till.now_ns())

    def deadlines_ns(self) -> Iterator[int]:
        """Yield when there is something to do without a message."""
        for owed in self.owed.values():
            if owed.underway or self._works(owed.method):
                yield owed.due_ns

    # --- inside ----------------------------------------------------------------------------

    def _note(self, sale: Sale) -> None:
        for attempt in capture.owed(sale):
            if attempt.id not in self.owed:
                self.owed[attempt.id] = Owed(
                    sale_id=sale.id,
                    attempt=attempt,
                    requested_at=sale.completed_at,
                    receipt=number_text(series_of(sale), sale.receipt_number),
                    transaction_id=attempt.transaction_id,
                    refused=attempt.captured is False,
                )

    def _works(self, method: Method) -> bool:
        wallet = self.till.devices.wallet(method)
        return wallet is not None and self.till.health.is_ready(wallet.name)

    def _send(self, owed: Owed) -> None:
        wallet, attempt = self.till.devices.wallet(owed.method), owed.attempt
        if wallet is None:
            return
        owed.underway = True
        owed.due_ns = self.till.after(self.till.config.timings.wallet_patience_s)
        if not owed.transaction_id:
            wallet.ask(_question(owed))
            return
        wallet.capture(
            CaptureRequest(
                attempt_id=attempt.id,
                service_id=attempt.service_id,
                transaction_id=owed.transaction_id,
                amount_minor=attempt.approved_minor,
                currency=attempt.approved_currency,
            )
        )

    def _again(self, owed: Owed) -> None:
        """Try again later, and later still each time."""
        waits = self.till.config.timings.capture_again_s
        owed.underway = False
        owed.due_ns = self.till.after(waits[min(owed.asked, len(waits) - 1)])
        owed.asked += 1

    def _gone_back(self, owed: Owed) -> Outcome | None:
        """Return whether all of it was let go for goods that came back; UNKNOWN while that runs.

        A reservation that is gone without a return of ours is nobody's to forgive: None.
        """
        journal = self.till.journal
        try:
            ids = replay(journal.events_of(owed.sale_id)).returned_in
            returns = [replay(journal.events_of(sale_id)) for sale_id in ids]
        except JournalError as error:
            logger.error("journal: what came back cannot be read: %s", error)
            raise JournalFailed from error
        refunds = [
            refund
            for sale in returns
            for refund in sale.refunds
            if refund.of_attempt_id == owed.attempt.id and refund.by_hand is None
        ]
        given = [one.amount_minor for one in refunds if one.outcome is Outcome.APPROVED]
        if sum(given) >= owed.attempt.approved_minor:
            return Outcome.APPROVED
        return Outcome.UNKNOWN if any(one.outcome in MAY_BE_UNDERWAY for one in refunds) else None

    def _settle(self, owed: Owed, *, done: bool, reason: str = "", released: bool = False) -> None:
        """Write it down in the sale that it belongs to, whichever is on the glass now."""
        command = SettleCapture(
            at_utc=self.till.now_utc(),
            attempt_id=owed.attempt.id,
            done=done,
            reason=reason,
            released=released,
        )
        if owed.sale_id == self.till.sale.id:
            self.till.submit(command)
        else:
            self.till.append_to(owed.sale_id, command)

    def _refused(self, owed: Owed, reason: str) -> None:
        self._settle(owed, done=False, reason=reason)
        if not owed.refused:
            owed.refused = True
            self._tell(owed, "refused")

    def _tell_when_late(self, owed: Owed) -> None:
        """A reservation does not last for ever: somebody must hear of one that waits too long."""
        if owed.refused or owed.late:
            return
        waited = self.till.clock.utc_now() - datetime.fromisoformat(owed.requested_at)
        if waited.total_seconds() > self.till.config.timings.capture_late_s:
            owed.late = True
            self._tell(owed, "late")

    def _tell(self, owed: Owed, why: str) -> None:
        logger.error(
            "capture: money for goods that are gone is not taken, sale=%s, attempt=%s, %s",
            owed.sale_id,
            owed.attempt.id,
            why,
        )
        if owed.sale_id == self.till.sale.id:
            call_staff(self.till, Interest.PAYMENT_IN_DOUBT, f"{NOT_TAKEN}{owed.attempt.id}")

    def _untaken(self, owed: Owed) -> Untaken:
        at = datetime.fromisoformat(owed.requested_at).astimezone(self.till.zone)
        return Untaken(
            method=owed.method,
            amount_minor=owed.attempt.approved_minor,
            receipt=owed.receipt,
            reference=owed.transaction_id or owed.attempt.service_id,
            since=at.isoformat(timespec="minutes"),
            refused=owed.refused,
        )


def _question(owed: Owed) -> ChargeRequest:
    attempt = owed.attempt
    return ChargeRequest(
        attempt_id=attempt.id,
        service_id=attempt.service_id,
        sale_id=owed.sale_id,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
    )
