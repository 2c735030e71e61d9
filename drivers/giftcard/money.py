"""How money moves from a number: asked about, redeemed once by a reference of ours, put back.

The reference follows from the attempt's id, so a kiosk that lost its power asks about the attempt
without having written anything down. Whether an answer was lost is found out by closing the
reference: after that the issuer has redeemed it, or never will.
"""

import threading
from collections.abc import Callable
from typing import Final

from drivers.attempts import result_of
from drivers.contracts import (
    CaptureRequest,
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    PresentedValue,
    RefundRequest,
    ReversalRequest,
    ValueRead,
    ValueState,
)
from drivers.errors import DeviceError, ProtocolError
from drivers.giftcard.api import (
    Order,
    Redemption,
    Value,
    ValueApi,
    code_of,
    read_redemption,
    read_value,
)
from drivers.wallet.health import Skew, health_of
from drivers.wallet.reference import reference_of
from drivers.wallet.run import Run, Sending, ask_once
from drivers.wallet.settle import DONE, Settled, carry_out, whole_only
from drivers.wallet.times import Times
from drivers.wallet.wire import Answer

NUMBERS_KEPT = 8
"""Presented and not yet charged or forgotten; the oldest goes first."""
NUMBER_CHARS = range(6, 65)
_TURN: Final = 1


def last_four(number: str) -> str:
    """Return all of a number that may be shown or written down; nothing of a short one."""
    return number[-4:] if len(number) >= 12 else ""


class ValueMoney:
    """drivers.wallet.driver.Provider over an issuer's API.

    `partial`: whether a card with less than was asked pays what it has (a voucher is whole).
    """

    def __init__(
        self,
        api: ValueApi,
        *,
        brand: str,
        prefix: str,
        partial: bool,
        times: Times,
        skew: Skew,
        hang_up: Callable[[], None],
    ) -> None:
        self._api = api
        self._brand = brand
        self._prefix = prefix
        self._partial = partial
        self._times = times
        self._skew = skew
        self.hang_up = hang_up
        self._lock = threading.Lock()
        self._numbers: dict[str, str] = {}

    # --- numbers ----------------------------------------------------------------------------------

    def keep(self, value: PresentedValue) -> None:
        """Keep a number until it is charged or forgotten."""
        with self._lock:
            self._numbers.pop(value.attempt_id, None)
            self._numbers[value.attempt_id] = value.number.strip()
            while len(self._numbers) > NUMBERS_KEPT:
                del self._numbers[next(iter(self._numbers))]

    def forget(self, attempt_id: str) -> None:
        """Let go of a number."""
        with self._lock:
            self._numbers.pop(attempt_id, None)

    def _number_of(self, attempt_id: str) -> str:
        with self._lock:
            return self._numbers.get(attempt_id, "")

    def read(self, device: str, attempt_id: str) -> ValueRead:
        """Ask what lies on the number that was presented for an attempt."""
        number = self._number_of(attempt_id)
        value = self._value_of(number)
        if value.state is not ValueState.GOOD:
            self.forget(attempt_id)
        return ValueRead(
            device=device,
            attempt_id=attempt_id,
            state=value.state,
            balance_minor=value.balance_minor,
            currency=value.currency,
            last_four=last_four(number),
        )

    def _value_of(self, number: str) -> Value:
        if len(number) not in NUMBER_CHARS or not number.isascii() or not number.isalnum():
            return Value(state=ValueState.NOT_KNOWN)
        try:
            return read_value(self._api.balance(number))
        except DeviceError:
            return Value(state=ValueState.NO_ANSWER)

    # --- payments ---------------------------------------------------------------------------------

    def pay(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Redeem what was presented for this attempt."""
        number = self._number_of(request.attempt_id)
        if not number:
            return result_of(request, PaymentOutcome.CANCELLED, "NothingPresented")
        try:
            return self._redeem(request, run, number)
        finally:
            self.forget(request.attempt_id)

    def _redeem(self, request: ChargeRequest, run: Run, number: str) -> PaymentResult:
        reference = self._reference(request.attempt_id)
        order = Order(
            number=number,
            amount_minor=request.amount_minor,
            currency=request.currency,
            partial=self._partial,
        )
        sending = Sending(lambda: self._api.redeem(reference, order))
        until = run.deadline(self._times.create_s)
        answer = sending.insist(run, self._times.pace(), until, unless=lambda: run.unwanted)
        if answer is None and not sending.perhaps_done:
            reason = "Aborted" if run.unwanted else "NotReached"
            return result_of(request, PaymentOutcome.CANCELLED, reason)
        if answer is None or (answer.refused and sending.perhaps_done):
            return self.find(request, run)  # an earlier sending may have been done
        if answer.refused:
            # Not even asked for with these keys: nobody's card is to blame.
            ours = answer.status in (401, 403)
            outcome = PaymentOutcome.CANCELLED if ours else PaymentOutcome.DECLINED
            return result_of(request, outcome, code_of(answer))
        redemption = self._believable(answer, reference)
        if redemption is None or redemption.state != "redeemed":
            return self.find(request, run)
        return self._result(request, reference, redemption)

    def find(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Close the reference, and believe what the issuer says of it then."""
        reference = self._reference(request.attempt_id)
        pace, until = self._times.pace(), run.deadline(self._times.resolve_s)
        heard = False
        while True:
            answer = ask_once(run, pace, lambda: self._api.close(reference), (200,))
            heard = heard or answer is not None
            redemption = self._believable(answer, reference) if answer is not None else None
            if redemption is not None:
                return self._result(request, reference, redemption)
            if until.passed():
                reason = "NotSettled" if heard else "NoAnswer"
                return result_of(request, PaymentOutcome.UNKNOWN, reason)
            run.wait(min(pace.next_s(), max(until.left_s(), 0.001)))

    def _believable(self, answer: Answer, reference: str) -> Redemption | None:
        try:
            return read_redemption(answer, reference)
        except ProtocolError:
            return None

    def _result(
        self, request: ChargeRequest, reference: str, redemption: Redemption
    ) -> PaymentResult:
        if redemption.state != "redeemed":
            return result_of(request, PaymentOutcome.CANCELLED, redemption.state.title())
        return PaymentResult(
            service_id=request.service_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=redemption.amount_minor,
            currency=redemption.currency,
            transaction_id=reference,
            transaction_at=redemption.at,
            brand=self._brand,
            last_four=redemption.last_four,
            reference=redemption.transaction,
            partial=redemption.amount_minor < request.amount_minor,
        )

    # --- giving back ------------------------------------------------------------------------------

    def capture(self, request: CaptureRequest, run: Run) -> Settled:  # noqa: ARG002 - as a Provider
        """Nothing is left to take: a redemption takes at once."""
        return DONE

    def give_back(self, request: ReversalRequest, run: Run) -> Settled:
        """Put it back on the number it came from; what GET says of it is the answer."""
        reference = request.transaction_id
        pace = self._times.pace()

        def look() -> Redemption | None:
            answer = ask_once(run, pace, lambda: self._api.get(reference), (200,))
            return self._believable(answer, reference) if answer is not None else None

        return carry_out(
            run,
            self._times,
            lambda: self._api.reverse(reference),
            look=look,
            done=lambda redemption: redemption.state == "reversed",
            code=code_of,
        )

    def refund(self, request: RefundRequest, run: Run) -> Settled:
        """Put all of it back: this service knows no parts."""
        return whole_only(request, run, self.give_back)

    # --- the rest ---------------------------------------------------------------------------------

    def health(self) -> tuple[DeviceState, str]:
        """Ask for nothing, with our key."""
        return health_of(self._api.health(), self._skew)

    def _reference(self, attempt_id: str) -> str:
        return reference_of(self._prefix, attempt_id, _TURN)
