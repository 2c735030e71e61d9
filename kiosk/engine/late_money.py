"""Money of sales that are over: what was taken all the same is taken down, and given back.

Nobody may be charged without a sale. An attendant may have said "not paid" of a payment that was
made, a terminal may approve what it had called cancelled, a reversal may be answered when the sale
has long made room for the next one. Each such answer is written into the sale that it belongs to,
together with the wish to give the money back, and that is carried out beside the next sales and
across power cuts, between two payments. What cannot go back becomes a call for staff on that old
sale. And an attendant's word that nothing was taken is held against the payer's own, as soon as it
can be asked: only then would anybody hear of money that was taken silently.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from drivers.contracts import PaymentAnswered, PaymentOutcome, ReversalAnswered
from kiosk.engine.clock import NS_PER_S
from kiosk.engine.patience import patience_ends_ns
from kiosk.engine.requests import question, reversal_request
from kiosk.engine.till import JournalFailed, Till
from kiosk.journal import JournalError
from kiosk.payments.late import GIVEN_BACK_LATE
from kiosk.payments.settle import settle
from kiosk.sale.attempts import attempt_of, is_told
from kiosk.sale.commands import RequestReversal, SettleReversal
from kiosk.sale.effects import AskOutcome, RequestReversalEffect, Reverse
from kiosk.sale.events import Outcome
from kiosk.sale.evolve import replay
from kiosk.sale.pending import owed_after_the_end
from kiosk.sale.phases import has_ended
from kiosk.sale.state import Phase, Sale

logger = logging.getLogger(__name__)

_MONEY_MOVES: Final = frozenset({Phase.PAYING, Phase.IN_DOUBT, Phase.PAID})


@dataclass(slots=True)
class Owed:
    """One attempt about which something is owed: a question, or its money."""

    sale_id: str
    effect: AskOutcome | Reverse
    since_ns: int
    due_ns: int
    """When to send it next; while it is under way, when to stop waiting for its answer."""
    tried: int = 0
    underway: bool = False


@dataclass(slots=True)
class LateMoney:
    """All that this kiosk owes about payments of sales that are over, by attempt."""

    till: Till
    owed: dict[str, Owed] = field(default_factory=dict)

    def take_up(self) -> None:
        """Read from the journal what earlier lives left.

        Raises:
            JournalFailed: the journal cannot be read.
        """
        self.owed.clear()
        self.till.unsettled.clear()
        try:
            found = self.till.journal.sales_with_late_money()
        except JournalError as error:
            logger.error("journal: late money cannot be looked for: %s", error)
            raise JournalFailed from error
        for sale in map(self._read, found):
            self.till.note_unsettled(sale)
            self._note(sale)
        if self.owed:
            logger.warning("recovery: %d late payments to ask about or give back", len(self.owed))

    def catch_up(self) -> None:
        """Ask and give back what is due and can be. After each message, so it must be cheap."""
        self._note(self.till.sale)
        now_ns = self.till.now_ns()
        for attempt_id, one in list(self.owed.items()):
            is_due = one.due_ns <= now_ns and (one.underway or self._may_send(one))
            if is_due or self._too_late(one):
                self._look_at(attempt_id, one)

    def answered(self, event: PaymentAnswered | ReversalAnswered) -> bool:
        """Take an answer about a sale that is not on the glass; False when it is about that one.

        Raises:
            JournalFailed: it could not be written down.
        """
        one = self.owed.get(event.attempt_id)
        if one is not None and one.underway:
            self._later(one)
        if attempt_of(self.till.sale, event.attempt_id) is not None:
            return False
        sale_id = one.sale_id if one is not None else self._sale_of(event)
        if not sale_id:
            return False
        if isinstance(event, PaymentAnswered) and event.result.outcome is PaymentOutcome.UNKNOWN:
            return True
        sale = self._read(sale_id)
        if isinstance(event, PaymentAnswered):
            self._paid_or_not(sale, event)
        else:
            self._back_or_not(sale, event)
        return True

    def is_back(self, device: str) -> None:
        """Send at once what waited for a device that is back."""
        for one in self.owed.values():
            payer = self.till.devices.payer(one.effect.method)
            if payer is not None and payer.name == device and not one.underway:
                one.due_ns = min(one.due_ns, self.till.now_ns())

    def deadlines_ns(self) -> Iterator[int]:
        """Yield when there is something to do without a message."""
        for one in self.owed.values():
            if one.underway or self._may_send(one):
                yield one.due_ns
            else:
                yield one.since_ns + self._patience_ns(one)

    # --- what is owed ----------------------------------------------------------------------

    def _note(self, sale: Sale) -> None:
        for effect in owed_after_the_end(sale):
            if isinstance(effect, RequestReversalEffect):
                self._note(self.till.append_to(sale.id, self._wish(effect.attempt_id)))
            elif isinstance(effect, AskOutcome | Reverse):
                known = self.owed.get(effect.attempt_id)
                if known is None or known.effect != effect:
                    now_ns = self.till.now_ns()
                    self.owed[effect.attempt_id] = Owed(sale.id, effect, now_ns, now_ns)

    def _wish(self, attempt_id: str) -> RequestReversal:
        return RequestReversal(
            at_utc=self.till.now_utc(),
            attempt_id=attempt_id,
            service_id=self.till.service_id(),
            reason=GIVEN_BACK_LATE,
        )

    def _read(self, sale_id: str) -> Sale:
        if sale_id == self.till.sale.id:
            return self.till.sale
        try:
            return replay(self.till.journal.events_of(sale_id))
        except JournalError as error:
            logger.error("journal: a sale that is over cannot be read: %s", error)
            raise JournalFailed from error

    def _sale_of(self, event: PaymentAnswered | ReversalAnswered) -> str:
        """Return the sale of an answer that nobody asked for; "" where it cannot move money."""
        took = isinstance(event, ReversalAnswered) or (
            event.result.outcome is PaymentOutcome.APPROVED
        )
        if not took:
            return ""
        try:
            return self.till.journal.sale_of_attempt(event.attempt_id) or ""
        except JournalError as error:
            logger.error("journal: the sale of an answer cannot be found: %s", error)
            raise JournalFailed from error

    # --- sending ---------------------------------------------------------------------------

    def _look_at(self, attempt_id: str, one: Owed) -> None:
        """Send what is due; what staff or an answer have settled meanwhile is owed no more."""
        if one.effect not in owed_after_the_end(self._read(one.sale_id)):
            del self.owed[attempt_id]
        elif one.underway:
            self._not_now(one, "no_answer")
        elif self._too_late(one):
            self._give_up(one, "not_reached")
        else:
            self._send(one)

    def _may_send(self, one: Owed) -> bool:
        """Whether it can go out without making a shopper wait who is paying.

        A question waits until nobody is at the glass: for the shopper of the moment it decides
        nothing, and a terminal may take a minute to answer it.
        """
        phase = self.till.sale.phase
        busy = phase in _MONEY_MOVES if isinstance(one.effect, Reverse) else phase is not Phase.NONE
        payer = self.till.devices.payer(one.effect.method)
        return not busy and payer is not None and self.till.health.is_ready(payer.name)

    def _send(self, one: Owed) -> None:
        payer = self.till.devices.payer(one.effect.method)
        if payer is None:
            return
        one.underway = True
        one.due_ns = patience_ends_ns(self.till, one.effect.method)
        if isinstance(one.effect, Reverse):
            payer.reverse(reversal_request(one.sale_id, one.effect))
        else:
            payer.ask(question(one.sale_id, one.effect))

    def _later(self, one: Owed) -> None:
        waits = self.till.config.timings.capture_again_s
        one.underway = False
        one.due_ns = self.till.after(waits[min(one.tried, len(waits) - 1)])
        one.tried += 1

    def _not_now(self, one: Owed, reason: str) -> None:
        """Try again; a reversal that comes to nothing several times is left to staff."""
        if one.underway:
            self._later(one)
        is_reversal = isinstance(one.effect, Reverse)
        if is_reversal and one.tried >= self.till.config.timings.asks_before_staff:
            self._give_up(one, reason)

    def _too_late(self, one: Owed) -> bool:
        """Whether it need not be tried any more; at once where nobody could do it."""
        if self.till.devices.payer(one.effect.method) is None:
            return True
        waited_ns = self.till.now_ns() - one.since_ns
        return not one.underway and waited_ns >= self._patience_ns(one)

    def _patience_ns(self, one: Owed) -> int:
        timings = self.till.config.timings
        seconds = timings.give_back_s if isinstance(one.effect, Reverse) else timings.confirm_s
        return round(seconds * NS_PER_S)

    def _give_up(self, one: Owed, reason: str) -> None:
        """Ask no more; money that is still with us becomes a call for staff."""
        del self.owed[one.effect.attempt_id]
        if isinstance(one.effect, Reverse):
            self._settle_reversal(one.sale_id, one.effect.attempt_id, done=False, reason=reason)

    # --- answers ---------------------------------------------------------------------------

    def _paid_or_not(self, sale: Sale, event: PaymentAnswered) -> None:
        attempt = attempt_of(sale, event.attempt_id)
        if attempt is None:
            return
        settled = settle(attempt, event.result, self.till.now_utc())
        if not is_told(attempt, settled.outcome, by_staff=False):
            logger.info("payment: nothing new, attempt=%s, %s", attempt.id, settled.reason)
            return
        if settled.outcome is not Outcome.APPROVED or not has_ended(sale):
            self.till.append_to(sale.id, settled)
            return
        logger.warning(
            "payment: approved when its sale was over, goes back, sale=%s, attempt=%s",
            sale.id,
            attempt.id,
        )
        self._note(self.till.append_to(sale.id, settled, self._wish(attempt.id)))

    def _back_or_not(self, sale: Sale, event: ReversalAnswered) -> None:
        one = self.owed.get(event.attempt_id)
        if event.done:
            self.owed.pop(event.attempt_id, None)
            self._settle_reversal(sale.id, event.attempt_id, done=True, reason=event.reason)
        elif one is not None:
            self._not_now(one, event.reason)

    def _settle_reversal(self, sale_id: str, attempt_id: str, *, done: bool, reason: str) -> None:
        self.till.append_to(
            sale_id,
            SettleReversal(
                at_utc=self.till.now_utc(), attempt_id=attempt_id, done=done, reason=reason
            ),
        )
        level = logging.INFO if done else logging.ERROR
        logger.log(level, "late money: sale=%s, attempt=%s, back=%s", sale_id, attempt_id, done)
