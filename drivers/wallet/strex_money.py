"""How money moves with Strex: a number, a code by SMS, a transaction that the phone bill pays.

Money moves when the transaction is billed, so there is nothing to capture. Each code has its own
transaction id, made from the attempt's id, and the id is the idempotency key. The number lives in
one local variable of one thread, for as long as the shopper stands here.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from drivers.contracts import (
    CaptureRequest,
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    RefundRequest,
    ReversalRequest,
    WalletStep,
)
from drivers.errors import ProtocolError
from drivers.wallet.health import Skew, health_of
from drivers.wallet.phone import CodeLimits
from drivers.wallet.reference import reference_of
from drivers.wallet.run import Run, Sending, ask_once, result_of
from drivers.wallet.settle import DONE, UNSETTLED, Settled, whole_only
from drivers.wallet.strex_api import (
    StrexApi,
    StrexTransaction,
    read_transaction,
)
from drivers.wallet.strex_talk import CODES_MAX, Service, Talk
from drivers.wallet.times import Times
from drivers.wallet.wire import Answer

FACTS = (200, 404)
CURRENCY = "NOK"
"""The API knows no other, and says none."""
NOT_THE_SHOPPERS_NO = ("TimeoutError", "Stopped")


class StrexMoney:
    """drivers.wallet.driver.Provider for one merchant."""

    def __init__(
        self,
        api: StrexApi,
        service: Service,
        *,
        limits: CodeLimits,
        times: Times,
        ask_timeout_s: float,
        skew: Skew,
        hang_up: Callable[[], None],
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.api = api
        self.service = service
        self.limits = limits
        self.times = times
        self._ask_timeout_s = ask_timeout_s
        self._skew = skew
        self._utc_now = utc_now
        self.hang_up = hang_up

    # --- payments ---------------------------------------------------------------------------------

    def pay(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Ask for number and code until it is billed, refused, or nobody answers any more."""
        if request.currency != CURRENCY:
            return result_of(request, PaymentOutcome.DECLINED, "OtherCurrency")
        if request.amount_minor > self.service.cap_minor:
            return result_of(request, PaymentOutcome.DECLINED, "OverLimit")
        return Talk(self, request, run).lead()

    def find(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Look at every code's transaction that may have been; wait for what is being processed.

        Twice, `settle_s` apart: a request of the earlier life may still be on its way.
        """
        result = result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        for last in (False, True):
            for turn in range(1, CODES_MAX + 1):
                ended = self.follow(request, run, self.reference(request, turn), missing_s=0)
                if ended.outcome is PaymentOutcome.UNKNOWN:
                    return ended
                if ended.outcome is PaymentOutcome.APPROVED:
                    return self._unless_given_back(request, run, ended)
                if ended.reason != "NotFound":
                    result = ended
            settled = run.deadline(0 if last else self.times.settle_s)
            while not settled.passed():
                run.wait(max(settled.left_s(), 0.001))
        return result

    def _unless_given_back(
        self, request: ChargeRequest, run: Run, paid: PaymentResult
    ) -> PaymentResult:
        """A reversal leaves the original as it was: look for the one with a "-"."""
        back = f"-{paid.transaction_id}"
        question = Sending(lambda: self.ask(back), FACTS)
        answer = question.insist(run, self.times.pace(), run.deadline(self.times.resolve_s))
        if answer is None:
            return result_of(request, PaymentOutcome.UNKNOWN, "NoAnswer")
        if answer.status == 404:
            return paid
        reversal = self._believable(answer, back, request.currency_digits)
        if reversal is not None and reversal.status in ("Ok", "Reversed"):
            return result_of(request, PaymentOutcome.CANCELLED, "GivenBack")
        if reversal is not None and reversal.status == "Failed":
            return paid
        return result_of(request, PaymentOutcome.UNKNOWN, "Reversing")

    def follow(
        self, request: ChargeRequest, run: Run, name: str, *, missing_s: float | None
    ) -> PaymentResult:
        """Ask until it is billed or refused.

        "Not found" is final when it stands for `missing_s`; None: never, the provider knew it.
        """
        run.show(WalletStep.WORKING)
        until = run.deadline(self.times.resolve_s)
        pace = self.times.pace()
        missing = run.deadline(missing_s or 0)
        heard = False
        while True:
            answer = ask_once(run, pace, lambda: self.ask(name), FACTS)
            heard = heard or answer is not None
            if answer is not None and answer.status == 404:
                if missing_s is not None and missing.passed():
                    return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
            else:
                missing = run.deadline(missing_s or 0)
            if answer is not None and answer.ok:
                transaction = self._believable(answer, name, request.currency_digits)
                if transaction is not None and transaction.over:
                    return self._result(request, name, transaction)
            if until.passed():
                reason = "NotSettled" if heard else "NoAnswer"
                return result_of(request, PaymentOutcome.UNKNOWN, reason)
            run.wait(pace.next_s())

    def _result(
        self, request: ChargeRequest, name: str, transaction: StrexTransaction
    ) -> PaymentResult:
        if not transaction.paid:
            cancelled = (
                transaction.status == "Reversed" or transaction.detail in NOT_THE_SHOPPERS_NO
            )
            outcome = PaymentOutcome.CANCELLED if cancelled else PaymentOutcome.DECLINED
            return result_of(request, outcome, transaction.detail or transaction.status)
        return PaymentResult(
            service_id=request.service_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=transaction.price_minor,
            currency=CURRENCY,
            transaction_id=name,
            transaction_at=self._utc_now().isoformat(timespec="seconds"),
            brand="Strex",
            reference=name,
        )

    def ask(self, name: str) -> Answer:
        """Ask how a transaction stands."""
        return self.api.transaction(name, timeout_s=self._ask_timeout_s)

    def _believable(self, answer: Answer, name: str, digits: int) -> StrexTransaction | None:
        try:
            return read_transaction(answer, name, digits=digits)
        except ProtocolError:
            return None

    # --- capture and giving back ------------------------------------------------------------------

    def capture(self, request: CaptureRequest, run: Run) -> Settled:
        """See that it is billed: that is all there is to do."""
        until = run.deadline(self.times.capture_s)
        pace = self.times.pace()
        name = request.transaction_id
        while True:
            answer = ask_once(run, pace, lambda: self.ask(name), FACTS)
            if answer is not None and answer.status == 404:
                return Settled(done=False, refused=True, reason="NotFound")
            found = answer and self._believable(answer, name, request.currency_digits)
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
        until = run.deadline(self.times.resolve_s)
        pace = self.times.pace()
        while True:
            answer = ask_once(run, pace, lambda: self.ask(back), FACTS)
            if answer is not None and answer.status == 404:
                deleted = ask_once(run, pace, lambda: self.api.reverse(name))
                if deleted is not None and deleted.refused and deleted.status != 401:
                    # 409: it cannot be reversed (any more).
                    reason = "NotReversible" if deleted.status == 409 else f"Http{deleted.status}"
                    return Settled(done=False, refused=True, reason=reason)
            elif answer is not None:
                reversal = self._believable(answer, back, request.currency_digits)
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
        return health_of(self.api.ping(), self._skew)

    def reference(self, request: ChargeRequest, turn: int) -> str:
        """Return the transaction id of one code of an attempt."""
        return reference_of(self.service.prefix, request.attempt_id, turn)
