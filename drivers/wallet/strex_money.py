"""How money moves with Strex: a number, a code by SMS, a transaction that the phone bill pays.

Money moves when the transaction is billed, so there is nothing to capture. Each code has its own
transaction id, made from the attempt's id, and the id is the idempotency key. The number lives in
one local variable of one thread, for as long as the shopper stands here.
"""

from collections.abc import Callable

from drivers.attempts import result_of
from drivers.contracts import (
    CaptureRequest,
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    RefundRequest,
    ReversalRequest,
)
from drivers.wallet.health import Skew, health_of
from drivers.wallet.phone import CodeLimits
from drivers.wallet.run import Run, Sending, ask_once
from drivers.wallet.settle import DONE, UNSETTLED, Settled, whole_only
from drivers.wallet.strex_api import StrexApi
from drivers.wallet.strex_talk import CODES_MAX, Service, Talk
from drivers.wallet.strex_transactions import CURRENCY, FACTS, Transactions


class StrexMoney:
    """drivers.wallet.driver.Provider for one merchant."""

    def __init__(
        self,
        api: StrexApi,
        service: Service,
        transactions: Transactions,
        *,
        limits: CodeLimits,
        skew: Skew,
        hang_up: Callable[[], None],
    ) -> None:
        self._api = api
        self._service = service
        self._transactions = transactions
        self._times = transactions.times
        self._limits = limits
        self._skew = skew
        self.hang_up = hang_up

    # --- payments ---------------------------------------------------------------------------------

    def pay(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Ask for number and code until it is billed, refused, or nobody answers any more."""
        if request.currency != CURRENCY:
            return result_of(request, PaymentOutcome.DECLINED, "OtherCurrency")
        if request.amount_minor > self._service.cap_minor:
            return result_of(request, PaymentOutcome.DECLINED, "OverLimit")
        talk = Talk(self._api, self._service, self._limits, self._transactions, request, run)
        return talk.lead()

    def find(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Look at every code's transaction that may have been; wait for what is being processed.

        Twice, `settle_s` apart: a request of the earlier life may still be on its way.
        """
        result = result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        for last in (False, True):
            for turn in range(1, CODES_MAX + 1):
                ended = self._transactions.follow(
                    request, run, self._transactions.reference(request, turn), missing_s=0
                )
                if ended.outcome is PaymentOutcome.UNKNOWN:
                    return ended
                if ended.outcome is PaymentOutcome.APPROVED:
                    return self._unless_given_back(request, run, ended)
                if ended.reason != "NotFound":
                    result = ended
            settled = run.deadline(0 if last else self._times.settle_s)
            while not settled.passed():
                run.wait(max(settled.left_s(), 0.001))
        return result

    def _unless_given_back(
        self, request: ChargeRequest, run: Run, paid: PaymentResult
    ) -> PaymentResult:
        """A reversal leaves the original as it was: look for the one with a "-"."""
        back = f"-{paid.transaction_id}"
        question = Sending(lambda: self._transactions.ask(back), FACTS)
        answer = question.insist(run, self._times.pace(), run.deadline(self._times.resolve_s))
        if answer is None:
            return result_of(request, PaymentOutcome.UNKNOWN, "NoAnswer")
        if answer.status == 404:
            return paid
        reversal = self._transactions.believable(answer, back, request.currency_digits)
        if reversal is not None and reversal.status in ("Ok", "Reversed"):
            return result_of(request, PaymentOutcome.CANCELLED, "GivenBack")
        if reversal is not None and reversal.status == "Failed":
            return paid
        return result_of(request, PaymentOutcome.UNKNOWN, "Reversing")

    # --- capture and giving back ------------------------------------------------------------------

    def capture(self, request: CaptureRequest, run: Run) -> Settled:
        """See that it is billed: that is all there is to do."""
        until = run.deadline(self._times.capture_s)
        pace = self._times.pace()
        name = request.transaction_id
        while True:
            answer = ask_once(run, pace, lambda: self._transactions.ask(name), FACTS)
            if answer is not None and answer.status == 404:
                return Settled(done=False, refused=True, reason="NotFound")
            found = answer and self._transactions.believable(answer, name, request.currency_digits)
            if found and found.paid:
                return DONE
            if found and found.over:
                return Settled(done=False, refused=True, reason=found.detail or found.status)
            if until.passed():
                return UNSETTLED
            run.wait(pace.next_s())

    def give_back(self, request: ReversalRequest, run: Run) -> Settled:
        """Have it reversed, unless it was, and wait until the reversal says Ok."""
        name, back = request.transaction_id, f"-{request.transaction_id}"
        until = run.deadline(self._times.resolve_s)
        pace = self._times.pace()
        while True:
            answer = ask_once(run, pace, lambda: self._transactions.ask(back), FACTS)
            if answer is not None and answer.status == 404:
                deleted = ask_once(run, pace, lambda: self._api.reverse(name))
                if deleted is not None and deleted.refused and deleted.status != 401:
                    # 409: it cannot be reversed (any more).
                    reason = "NotReversible" if deleted.status == 409 else f"Http{deleted.status}"
                    return Settled(done=False, refused=True, reason=reason)
            elif answer is not None:
                reversal = self._transactions.believable(answer, back, request.currency_digits)
                if reversal is not None and reversal.status in ("Ok", "Reversed"):
                    return DONE
                if reversal is not None and reversal.over:
                    return Settled(done=False, refused=True, reason=reversal.detail)
            if until.passed():
                return UNSETTLED
            run.wait(pace.next_s())

    def refund(self, request: RefundRequest, run: Run) -> Settled:
        """Have all of it reversed: this provider gives no part back."""
        return whole_only(request, run, self.give_back)

    # --- the rest ---------------------------------------------------------------------------------

    def health(self) -> tuple[DeviceState, str]:
        """Ping it: says that it is there and what time it has there."""
        return health_of(self._api.ping(), self._skew)
