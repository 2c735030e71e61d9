"""Questions about money that may have moved: one at a time, with growing waits between them."""

from dataclasses import dataclass

from kiosk.engine import returning
from kiosk.engine.attention import call_staff
from kiosk.engine.patience import patience_ends_ns, take_as_unknown
from kiosk.engine.requests import charge_request
from kiosk.engine.till import Till
from kiosk.sale.effects import AskOutcome, AskPayBack
from kiosk.sale.events import Interest

Question = AskOutcome | AskPayBack


@dataclass(slots=True)
class Asking:
    """The questions about one attempt."""

    till: Till
    attempt_id: str = ""
    asked: int = 0
    underway: bool = False
    due_ns: int = 0
    """When to ask next; while a question is under way, when to stop waiting for its answer."""

    def forget(self) -> None:
        """Start anew: there is nothing to ask about, or it is another attempt."""
        self.attempt_id, self.asked, self.underway, self.due_ns = "", 0, False, 0

    def ask(self, question: Question) -> None:
        """Ask now, or later, as it is due; or stop waiting for an answer that does not come."""
        till, now_ns = self.till, self.till.now_ns()
        if self.attempt_id != question.attempt_id:
            self._begin(question.attempt_id)
        if self.underway and now_ns >= self.due_ns:
            # After a power cut nothing says yet that it is unknown, and only then may staff settle.
            take_as_unknown(till, question)
            self._in_vain()
        payer = till.devices.payer(question.method)
        if payer is None:
            # It was paid by something that this kiosk has no more: only people can find out.
            take_as_unknown(till, question)
            call_staff(till, Interest.PAYMENT_IN_DOUBT, question.attempt_id)
            return
        if self.underway or now_ns < self.due_ns or not till.health.heard_of(payer.name):
            return
        self.underway = True
        self.due_ns = patience_ends_ns(till, question.method)
        if isinstance(question, AskOutcome):
            payer.ask(charge_request(till, question))
        else:
            returning.send(till, question.refund, ask=True)

    def answered(self, attempt_id: str, *, still_owed: bool) -> None:
        """Note that an answer was taken, and whether the question is open all the same."""
        if not self.underway or self.attempt_id != attempt_id:
            return
        if still_owed:
            self._in_vain()
        else:
            self.forget()

    def hurry(self) -> None:
        """Ask at once: whoever is asked is back, and need not be waited for any longer."""
        if not self.underway:
            self.due_ns = min(self.due_ns, self.till.now_ns())

    def _begin(self, attempt_id: str) -> None:
        self.forget()
        self.attempt_id = attempt_id
        # The driver of this life has just asked by itself; after a power cut nobody has.
        first_s = self.till.config.timings.ask_again_s[0]
        ours = attempt_id in self.till.begun
        self.due_ns = self.till.after(first_s) if ours else self.till.now_ns()

    def _in_vain(self) -> None:
        """Wait longer with each question, and call somebody when questions do not help."""
        timings = self.till.config.timings
        waits = timings.ask_again_s
        self.asked += 1
        self.underway = False
        self.due_ns = self.till.after(waits[min(self.asked, len(waits) - 1)])
        if self.asked >= timings.asks_before_staff:
            call_staff(self.till, Interest.PAYMENT_IN_DOUBT, self.attempt_id)
