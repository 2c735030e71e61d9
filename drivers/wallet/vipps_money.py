"""How money moves with Vipps MobilePay: reserved by the shopper, taken at hand-over, or let go.

The provider is the only memory: every question is answered by GET, by a reference that follows
from the attempt's id. Times out, 429 and 5xx are never "not paid"; only a final state is an end.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from drivers.attempts import result_of
from drivers.contracts import (
    CaptureRequest,
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    RefundRequest,
    ReversalRequest,
    WalletInputKind,
    WalletProblem,
    WalletStep,
)
from drivers.errors import ProtocolError
from drivers.wallet.health import Skew, health_of
from drivers.wallet.phone import mask, msisdn
from drivers.wallet.reference import reference_of
from drivers.wallet.reserved import FACTS, Purse
from drivers.wallet.run import Pace, Run, Sending, ask_once
from drivers.wallet.settle import Settled
from drivers.wallet.times import Times
from drivers.wallet.vipps_api import VippsApi, VippsPayment, code_of, read_payment
from drivers.wallet.vipps_body import Shop, payment_body
from drivers.wallet.wire import Answer

TURNS_MAX = 4
"""Code, push, code, push: more changes of mind than that are a new attempt."""


class VippsMoney:
    """drivers.wallet.driver.Provider for one sales unit.

    `push_s`: after this long without an answer to a push the code is offered again.
    """

    def __init__(
        self,
        api: VippsApi,
        shop: Shop,
        *,
        times: Times,
        push_s: float,
        hang_up: Callable[[], None],
        skew: Skew,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = api
        self._shop = shop
        self._times = times
        self._push_s = push_s
        self._skew = skew
        self._utc_now = utc_now
        self.hang_up = hang_up

    # --- payments ---------------------------------------------------------------------------------

    def pay(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Show a code, or push to a number, until the shopper, the provider or we end it."""
        problem, phone = WalletProblem.NONE, ""
        result = result_of(request, PaymentOutcome.CANCELLED, "TooManyTurns")
        for turn in range(1, TURNS_MAX + 1):
            end = self._turn(request, run, turn, phone, problem)
            if isinstance(end, PaymentResult):
                return end
            problem, phone = end.problem, end.phone
            result = result_of(request, PaymentOutcome.CANCELLED, end.reason)
        return result

    def find(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Look at every turn that may have been; what is still open is ended first."""
        result = result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        for turn in range(1, TURNS_MAX + 1):
            found = self._close(request, run, self._reference(request, turn))
            if found.outcome is not PaymentOutcome.CANCELLED:
                return found
            if found.reason == "NotFound":
                return result
            result = found
        return result

    def _turn(
        self, request: ChargeRequest, run: Run, turn: int, phone: str, problem: WalletProblem
    ) -> "PaymentResult | _Turn":
        reference = self._reference(request, turn)
        body = payment_body(self._shop, request, reference, phone=phone)
        sending = Sending(lambda: self._api.create(body))
        pace = self._times.pace()
        until = run.deadline(self._times.create_s)
        answer = sending.insist(run, pace, until, unless=lambda: run.unwanted)
        if answer is None:
            if sending.perhaps_done:
                return self._close(request, run, reference)
            reason = "Aborted" if run.unwanted else "NotReached"
            return result_of(request, PaymentOutcome.CANCELLED, reason)
        link = answer.body.get("redirectUrl")
        if answer.status == 409:
            # It exists: an answer to an earlier sending got lost. What it says of itself counts.
            link = self._link_of(run, reference)
        elif answer.refused and sending.perhaps_done:
            return self._close(request, run, reference)
        elif answer.refused and phone:
            return _Turn(problem=WalletProblem.BAD_PHONE, reason=f"Http{answer.status}")
        elif answer.refused:
            return result_of(request, PaymentOutcome.CANCELLED, f"Http{answer.status}")
        if not phone and not (isinstance(link, str) and link):
            return self._close(request, run, reference)
        shown = _Shown(
            qr_text="" if phone else str(link),
            masked_phone=mask(phone) if phone else "",
            expires_ns=run.moment_ns(self._times.life_s),
            problem=problem,
            last_turn=turn == TURNS_MAX,
        )
        return self._watch(request, run, reference, shown)

    def _watch(
        self, request: ChargeRequest, run: Run, reference: str, shown: "_Shown"
    ) -> "PaymentResult | _Turn":
        """Poll until the end of this turn: 5 s, then every 2 s, slower when nobody answers."""
        pace = self._times.pace(self._times.first_poll_s)
        over = run.deadline(self._times.life_s + self._times.grace_s)
        push_old = run.deadline(self._push_s)
        shown.show(run, scan_too=False)
        while True:
            run.wait(pace.next_s())
            if run.unwanted or over.passed():
                return self._close(request, run, reference)
            wish = self._wish(run, shown)
            if wish is not None:
                # The next one only after this one is certainly over: never two at a time.
                end = self._close(request, run, reference)
                return wish if end.outcome is PaymentOutcome.CANCELLED else end
            if shown.masked_phone and push_old.passed():
                shown.show(run, scan_too=True)
            payment = self._look(run, pace, reference)
            if payment is not None and not payment.open:
                return self._result(request, reference, payment)

    def _wish(self, run: Run, shown: "_Shown") -> "_Turn | None":
        given = run.take(WalletInputKind.PHONE, WalletInputKind.SCAN)
        if given is None or shown.last_turn:
            return None
        if given.kind is WalletInputKind.SCAN:
            return _Turn(reason="Scan") if shown.masked_phone else None
        number = msisdn(given.text)
        if not number:
            replace(shown, problem=WalletProblem.BAD_PHONE).show(run, scan_too=False)
            return None
        return _Turn(phone=number, reason="Push")

    def _close(self, request: ChargeRequest, run: Run, reference: str) -> PaymentResult:
        """End it if it is open, and return what it truly is; an approval that came first stands."""
        run.show(WalletStep.WORKING)
        until = run.deadline(self._times.resolve_s)
        pace = self._times.pace()
        settled = None
        heard = False
        while True:
            answer = ask_once(run, pace, lambda: self._api.get(reference), FACTS)
            heard = heard or answer is not None
            if answer is None or answer.status == 200:
                settled = None
            elif settled is None:
                settled = run.deadline(self._times.settle_s)
            elif settled.passed():
                return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
            payment = self._believable(answer, reference) if answer and answer.ok else None
            if payment is not None and payment.open:
                # Whatever the cancel answers, what GET says after it is what counts.
                ask_once(run, pace, lambda: self._api.cancel(reference, only_open=True))
                payment = self._look(run, pace, reference)
            if payment is not None and not payment.open:
                return self._result(request, reference, payment)
            if until.passed():
                reason = "NotSettled" if heard else "NoAnswer"
                return result_of(request, PaymentOutcome.UNKNOWN, reason)
            run.wait(pace.next_s() if settled is None else max(settled.left_s(), 0.001))

    def _look(self, run: Run, pace: Pace, reference: str) -> VippsPayment | None:
        answer = ask_once(run, pace, lambda: self._api.get(reference), (200,))
        return self._believable(answer, reference) if answer is not None else None

    def _link_of(self, run: Run, reference: str) -> str:
        payment = self._look(run, self._times.pace(), reference)
        return payment.redirect_url if payment is not None and payment.open else ""

    def _believable(self, answer: Answer, reference: str) -> VippsPayment | None:
        try:
            return read_payment(answer, reference)
        except ProtocolError:
            return None

    def _result(
        self, request: ChargeRequest, reference: str, payment: VippsPayment
    ) -> PaymentResult:
        if payment.state != "AUTHORIZED":
            return result_of(request, PaymentOutcome.CANCELLED, payment.state.title())
        if payment.authorized - payment.cancelled - payment.refunded <= 0:
            return result_of(request, PaymentOutcome.CANCELLED, "GivenBack")
        return PaymentResult(
            service_id=request.service_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=payment.authorized - payment.cancelled,
            currency=payment.currency,
            transaction_id=reference,
            transaction_at=self._utc_now().isoformat(timespec="seconds"),
            brand="Vipps",
            terminal_id=self._shop.merchant_serial_number,
            reference=payment.psp_reference,
        )

    # --- capture and giving back ------------------------------------------------------------------

    def capture(self, request: CaptureRequest, run: Run) -> Settled:
        """Take the money, always under one key; what GET says of it is the answer."""
        return self._purse(run, request.transaction_id, request.currency).take(request)

    def give_back(self, request: ReversalRequest, run: Run) -> Settled:
        """Release what is reserved, refund what was taken."""
        return self._purse(run, request.transaction_id, request.currency).give_back(request)

    def refund(self, request: RefundRequest, run: Run) -> Settled:
        """Give money back, always under this refund's own key."""
        return self._purse(run, request.transaction_id, request.currency).pay_back(request)

    def _purse(self, run: Run, reference: str, currency: str) -> Purse[VippsPayment]:
        pace = self._times.pace()
        return Purse(
            run=run,
            times=self._times,
            ask=lambda: self._api.get(reference),
            read=lambda answer: read_payment(answer, reference),
            look=lambda: self._look(run, pace, reference),
            capture=lambda one: self._api.capture(reference, one.amount_minor, one.currency),
            release=lambda: self._api.cancel(reference, only_open=False),
            refund=lambda minor, key: self._api.refund(reference, minor, currency, key),
            code=code_of,
        )

    # --- the rest ---------------------------------------------------------------------------------

    def health(self) -> tuple[DeviceState, str]:
        """Ask about a payment that nobody ever made: 404 says that keys and provider work."""
        return health_of(self._api.get(reference_of(self._shop.prefix, "0" * 32, 0)), self._skew)

    def _reference(self, request: ChargeRequest, turn: int) -> str:
        return reference_of(self._shop.prefix, request.attempt_id, turn)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """The next turn's way: to this number, or by a code when it is empty."""

    phone: str = ""
    problem: WalletProblem = WalletProblem.NONE
    reason: str = ""

    def __repr__(self) -> str:
        return f"_Turn({self.reason})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """What the screen shows in one turn."""

    qr_text: str
    masked_phone: str
    expires_ns: int
    problem: WalletProblem
    last_turn: bool

    def show(self, run: Run, *, scan_too: bool) -> None:
        run.show(
            WalletStep.PUSH_SENT if self.masked_phone else WalletStep.SCAN_QR,
            qr_text=self.qr_text,
            masked_phone=self.masked_phone,
            expires_monotonic_ns=self.expires_ns,
            problem=self.problem,
            can_push=not self.last_turn,
            can_scan=scan_too and not self.last_turn,
        )
