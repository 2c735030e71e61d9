"""How money moves with Klarna in store: a session, a code, an order, and its capture.

Sessions have the provider's names, so each is noted on disk before its code is shown. An order
comes into being by itself when the shopper completes the session, also in the moment in which we
delete it: after each delete the session is asked what it became.
"""

from collections.abc import Callable
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
    WalletStep,
)
from drivers.errors import ProtocolError
from drivers.wallet.health import Skew, health_of
from drivers.wallet.klarna_api import (
    NOBODYS_SESSION,
    KlarnaApi,
    KlarnaOrder,
    KlarnaResult,
    KlarnaSession,
    code_of,
    read_order,
    read_result,
    read_session,
    session_body,
)
from drivers.wallet.notes import Notes, NotesLost
from drivers.wallet.reference import reference_of
from drivers.wallet.reserved import FACTS, Purse
from drivers.wallet.run import Pace, Run, Sending, ask_once
from drivers.wallet.settle import Settled
from drivers.wallet.times import Times


class KlarnaMoney:
    """drivers.wallet.driver.Provider for one merchant."""

    def __init__(
        self,
        api: KlarnaApi,
        notes: Notes,
        *,
        prefix: str,
        country: str,
        locale: str,
        description: str,
        times: Times,
        skew: Skew,
        hang_up: Callable[[], None],
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = api
        self._notes = notes
        self._prefix = prefix
        self._country = country
        self._locale = locale
        self._description = description
        self._times = times
        self._skew = skew
        self._utc_now = utc_now
        self._mine: set[str] = set()
        """Attempts of this life: without a note, they were never shown."""
        self.hang_up = hang_up

    # --- payments ---------------------------------------------------------------------------------

    def pay(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Show a code until the shopper, the provider or we end it."""
        self._mine.add(request.attempt_id)
        try:
            self._notes.open()
        except NotesLost:
            return result_of(request, PaymentOutcome.CANCELLED, "NotesLost")
        body = session_body(
            request,
            self._reference(request),
            country=self._country,
            locale=self._locale,
            name=self._description,
        )
        until = run.deadline(self._times.create_s)
        sending = Sending(lambda: self._api.create(body))
        answer = sending.insist(run, self._times.pace(), until, unless=lambda: run.unwanted)
        if answer is None:
            # A session may have come into being. Nobody has its link, so nobody can pay it.
            reason = "Aborted" if run.unwanted else "NotReached"
            return result_of(request, PaymentOutcome.CANCELLED, reason)
        if answer.refused:
            return result_of(request, PaymentOutcome.CANCELLED, code_of(answer))
        try:
            session = read_session(self._api, answer)
            self._notes.write(
                request.attempt_id, session=session.id, result_path=session.result_path
            )
        except (ProtocolError, NotesLost) as error:
            return result_of(request, PaymentOutcome.CANCELLED, type(error).__name__)
        return self._watch(request, run, session)

    def find(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Look at the session that was noted; one that is still open is ended first."""
        self._notes.open()
        noted = self._notes.of(request.attempt_id)
        if noted is None:
            if self._notes.began_empty and request.attempt_id not in self._mine:
                return result_of(request, PaymentOutcome.UNKNOWN, "NotesLost")
            return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        session = KlarnaSession(id=noted["session"], result_path=noted["result_path"])
        return self._close(request, run, session)

    def _watch(self, request: ChargeRequest, run: Run, session: KlarnaSession) -> PaymentResult:
        pace = self._times.pace()
        expires_ns = run.moment_ns(self._times.life_s)
        over = run.deadline(self._times.life_s)
        while not (run.unwanted or over.passed()):
            result = self._look(run, pace, session)
            status = result.status if result is not None else ""
            if result is not None and status == "COMPLETED":
                return self._ordered(request, run, result.order_id)
            if status == "CANCELED":
                return result_of(request, PaymentOutcome.CANCELLED, "Canceled")
            if status == "FAILED":
                break
            if result is not None and result.payment_link:
                # Still with the code: the first phone may have been the wrong one.
                step = WalletStep.OPENED if status == "ACCESSED" else WalletStep.SCAN_QR
                run.show(step, qr_text=result.payment_link, expires_monotonic_ns=expires_ns)
            run.wait(pace.next_s())
        return self._close(request, run, session)

    def _close(self, request: ChargeRequest, run: Run, session: KlarnaSession) -> PaymentResult:
        """Delete it if it is open, and return what it truly became."""
        run.show(WalletStep.WORKING)
        until = run.deadline(self._times.resolve_s)
        pace = self._times.pace()
        deleted = False
        while True:
            result = self._look(run, pace, session, gone="CANCELED" if deleted else "")
            status = result.status if result is not None else ""
            if result is not None and status == "COMPLETED":
                return self._ordered(request, run, result.order_id)
            if status == "CANCELED" or (status == "FAILED" and deleted):
                return result_of(request, PaymentOutcome.CANCELLED, status.title())
            if until.passed():
                reason = "NotSettled" if result is not None else "NoAnswer"
                return result_of(request, PaymentOutcome.UNKNOWN, reason)
            if not deleted:
                # Only a yes to our delete makes a missing session one that nobody completed: after
                # 46 hours completed ones are missing too.
                answer = ask_once(run, pace, lambda: self._api.cancel_session(session.id))
                deleted = answer is not None and answer.ok
                if deleted:
                    continue
            run.wait(pace.next_s())

    def _ordered(self, request: ChargeRequest, run: Run, order_id: str) -> PaymentResult:
        """The shopper completed it: what does the order say?"""
        until = run.deadline(self._times.resolve_s)
        pace = self._times.pace()
        while True:
            order = self._look_at_order(run, pace, order_id)
            if order is not None and order.fraud_status != "PENDING":
                break
            if until.passed():
                reason = "NoAnswer" if order is None else "Pending"
                return result_of(request, PaymentOutcome.UNKNOWN, reason)
            run.wait(pace.next_s())
        if order.reference != self._reference(request):
            return result_of(request, PaymentOutcome.UNKNOWN, "NotBelievable")
        if order.fraud_status == "REJECTED":
            return result_of(request, PaymentOutcome.DECLINED, "Rejected")
        if order.status in ("CANCELLED", "EXPIRED"):
            return result_of(request, PaymentOutcome.CANCELLED, order.status.title())
        if order.captured and order.refunded >= order.captured:
            return result_of(request, PaymentOutcome.CANCELLED, "GivenBack")
        return PaymentResult(
            service_id=request.service_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=order.amount,
            currency=order.currency,
            transaction_id=order.id,
            transaction_at=self._utc_now().isoformat(timespec="seconds"),
            brand="Klarna",
            reference=order.klarna_reference,
        )

    def _look(
        self, run: Run, pace: Pace, session: KlarnaSession, *, gone: str = ""
    ) -> KlarnaResult | None:
        """Ask how the session stands. A missing one is `gone`, or no answer to go by."""
        answer = ask_once(run, pace, lambda: self._api.result(session.result_path), FACTS)
        if answer is None:
            return None
        if answer.status == 404:
            return KlarnaResult(status=gone) if gone else None
        try:
            return read_result(answer)
        except ProtocolError:
            return None

    def _look_at_order(self, run: Run, pace: Pace, order_id: str) -> KlarnaOrder | None:
        answer = ask_once(run, pace, lambda: self._api.order(order_id), (200,))
        try:
            return read_order(answer, order_id) if answer is not None else None
        except ProtocolError:
            return None

    # --- capture and giving back ------------------------------------------------------------------

    def capture(self, request: CaptureRequest, run: Run) -> Settled:
        """Take the money, always under one key; what the order says of it is the answer."""
        return self._purse(run, request.transaction_id, request.attempt_id).take(request)

    def give_back(self, request: ReversalRequest, run: Run) -> Settled:
        """Cancel an order of which nothing was taken, refund another."""
        return self._purse(run, request.transaction_id, request.attempt_id).give_back(request)

    def refund(self, request: RefundRequest, run: Run) -> Settled:
        """Give money back, always under this refund's own key."""
        return self._purse(run, request.transaction_id, request.attempt_id).pay_back(request)

    def _purse(self, run: Run, order_id: str, reference: str) -> Purse[KlarnaOrder]:
        pace = self._times.pace()
        return Purse(
            run=run,
            times=self._times,
            ask=lambda: self._api.order(order_id),
            read=lambda answer: read_order(answer, order_id),
            look=lambda: self._look_at_order(run, pace, order_id),
            capture=lambda one: self._api.capture(order_id, one.amount_minor, one.attempt_id),
            release=lambda: self._api.cancel_order(order_id),
            refund=lambda minor, key: self._api.refund(order_id, minor, reference, key),
            code=code_of,
        )

    # --- the rest ---------------------------------------------------------------------------------

    def health(self) -> tuple[DeviceState, str]:
        """Ask about a session that nobody ever began: 404 says that keys and provider work."""
        try:
            self._notes.open()
        except NotesLost as error:
            return DeviceState.FAULT, str(error)
        return health_of(self._api.session(NOBODYS_SESSION), self._skew)

    def _reference(self, request: ChargeRequest) -> str:
        return reference_of(self._prefix, request.attempt_id, 1)
