"""Payments, reversals and refunds, one at a time: sent once, and after that only asked about.

Runs on the driver's payment thread. What it returns is final for this call: the terminal's own
word, "it certainly never reached the terminal", or UNKNOWN.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from drivers.announcer import StateAnnouncer
from drivers.attempts import result_of
from drivers.contracts import (
    NO_REFERENCE,
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    RefundRequest,
    ReversalRequest,
    TerminalStep,
)
from drivers.errors import DeviceError, ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog, MessageRejected
from drivers.terminal.nexo_http import NeverSent
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_resolve import Found, NeverHeard, Resolution, Resolver, Unresolved
from drivers.terminal.nexo_running import Running
from drivers.terminal.nexo_session import NotReady
from drivers.terminal.nexo_turn import Turn
from drivers.terminal.nexo_verdict import OUT_OF_ORDER, payment_result, refund_result

logger = structlog.get_logger(__name__)


class Money:
    """The part of the driver that moves money."""

    def __init__(
        self,
        dialog: Dialog,
        resolver: Resolver,
        turn: Turn,
        *,
        announcer: StateAnnouncer,
        timeout_s: float,
        utc_now: Callable[[], datetime],
        count: Callable[[str], None],
    ) -> None:
        self._dialog = dialog
        self._resolver = resolver
        self._turn = turn
        self._announcer = announcer
        self._timeout_s = timeout_s
        self._utc_now = utc_now
        self._count = count

    def charge(self, request: ChargeRequest, running: Running) -> PaymentResult:
        """Send the payment and return how it ended.

        It leaves once. Only the terminal's own word that it did not begin lets it leave again: see
        Turn.
        """
        self._count("charges")
        message = m.PaymentRequest(
            sale=self._sale(request.sale_id),
            currency=request.currency,
            amount_minor=request.amount_minor,
            digits=request.currency_digits,
        )
        try:
            answer = self._turn.take(lambda: self._send(message, request, running), running)
        except NotReady as error:
            return self._not_begun(request, error)
        except NeverSent as error:
            if running.unwanted or running.exchange.dropped:
                return result_of(request, PaymentOutcome.CANCELLED, "Aborted")
            self._announcer.announce(DeviceState.LOST, str(error))
            return result_of(request, PaymentOutcome.CANCELLED, "NotReached")
        except DeviceError as error:
            self._lost(request.service_id, error)
            return self._rejected(self.ask(request), error)
        if isinstance(answer, m.PaymentResponse):
            if answer.verdict.condition is Condition.BUSY:
                running.say(TerminalStep.BUSY)
            result = payment_result(request, answer)
            if result is not None:
                self._take_note(answer.verdict.condition, running)
                return result
        return self.ask(request)

    def _send(
        self,
        message: m.Request,
        request: ChargeRequest | ReversalRequest | RefundRequest,
        running: Running | None,
    ) -> m.Answer | None:
        return self._dialog.call(
            message,
            timeout_s=self._timeout_s,
            digits=request.currency_digits,
            service_id=request.service_id,
            exchange=running.exchange if running is not None else None,
        )

    def _not_begun(self, request: ChargeRequest, error: NotReady) -> PaymentResult:
        if error.code == "NotReached":
            self._announcer.announce(DeviceState.LOST, str(error))
        elif error.code != "Busy":
            self._announcer.announce(DeviceState.FAULT, error.code)
        return result_of(request, PaymentOutcome.CANCELLED, error.code)

    def _rejected(self, result: PaymentResult, error: DeviceError) -> PaymentResult:
        """Name the defect, where the terminal's word is that it rejected the message unread."""
        if not isinstance(error, MessageRejected) or result.reason != "NotFound":
            return result
        return replace(result, reason=Condition.MESSAGE_FORMAT.value)

    def ask(self, request: ChargeRequest) -> PaymentResult:
        """Ask how the payment with this service id ended."""
        resolution = self._resolver.resolve(
            m.Category.PAYMENT, request.service_id, digits=request.currency_digits
        )
        match resolution:
            case Found(m.PaymentResponse() as response):
                self._announcer.announce(DeviceState.READY)
                return self._found(request, response)
            case NeverHeard():
                self._announcer.announce(DeviceState.READY)
                return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        return result_of(request, PaymentOutcome.UNKNOWN, self._unresolved(resolution))

    def _found(self, request: ChargeRequest, response: m.PaymentResponse) -> PaymentResult:
        """Return what a repeated answer means."""
        unknown = result_of(request, PaymentOutcome.UNKNOWN, "NotBelievable")
        if response.verdict.condition in (Condition.BUSY, Condition.LOGGED_OUT):
            if self._turn.sends_again:
                # An old refusal says nothing of the last try.
                return unknown
            if response.verdict.condition is Condition.BUSY:
                return result_of(request, PaymentOutcome.CANCELLED, "Busy")
        return payment_result(request, response) or unknown

    def reverse(self, request: ReversalRequest) -> tuple[bool, str]:
        """Give a payment back; return whether it is back, and else why not.

        An earlier life may have sent this very reversal, so the terminal is asked first; one that
        it never heard of is sent, once.
        """
        if not request.transaction_id:
            return False, NO_REFERENCE
        message = m.ReversalRequest(
            sale=self._sale(request.sale_id),
            original=m.TransactionId(id=request.transaction_id, at=request.transaction_at),
            reason="Malfunction",
        )
        # One transaction cannot be reversed twice, so that one NotFound is enough.
        resolution = self._resolve(m.Category.REVERSAL, request, settle=False)
        if isinstance(resolution, NeverHeard):
            resolution = self._send_back(request, message)
        match resolution:
            case Found(m.ReversalResponse() as answer):
                return _given_back(answer)
            case NeverHeard():
                return False, "NotFound"
        return False, self._unresolved(resolution)

    def _send_back(self, request: ReversalRequest, message: m.ReversalRequest) -> Resolution:
        try:
            answer = self._turn.take(lambda: self._send(message, request, None))
        except NotReady as error:
            return Unresolved(error.code)
        except NeverSent:
            return Unresolved("NotReached")
        except DeviceError as error:
            self._lost(request.service_id, error)
        else:
            if isinstance(answer, m.ReversalResponse):
                return Found(answer)
        return self._resolve(m.Category.REVERSAL, request, settle=True)

    # --- refunds ----------------------------------------------------------------------------------

    def refund(self, request: RefundRequest, running: Running) -> PaymentResult:
        """Give money back for goods that came back: sent once, and after that only asked about."""
        self._count("refunds")
        message = self._refund_message(request)
        try:
            answer = self._turn.take(lambda: self._send(message, request, running), running)
        except NotReady as error:
            return result_of(request, PaymentOutcome.CANCELLED, error.code)
        except NeverSent:
            return result_of(request, PaymentOutcome.CANCELLED, "NotReached")
        except DeviceError as error:
            self._lost(request.service_id, error)
            return self._rejected(self.ask_refund(request), error)
        result = None
        if isinstance(answer, m.PaymentResponse | m.ReversalResponse):
            result = refund_result(request, answer)
        return result or self.ask_refund(request)

    def ask_refund(self, request: RefundRequest) -> PaymentResult:
        """Ask how the refund with this service id ended."""
        category = m.category_of(self._refund_message(request))
        resolution = self._resolve(category, request, settle=True)
        match resolution:
            case Found(m.PaymentResponse() | m.ReversalResponse() as response):
                self._announcer.announce(DeviceState.READY)
                unknown = result_of(request, PaymentOutcome.UNKNOWN, "NotBelievable")
                return refund_result(request, response) or unknown
            case NeverHeard():
                self._announcer.announce(DeviceState.READY)
                return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        return result_of(request, PaymentOutcome.UNKNOWN, self._unresolved(resolution))

    def _refund_message(self, request: RefundRequest) -> m.PaymentRequest | m.ReversalRequest:
        """A reversal, that names the payment, where the dialect knows parts and old payments.

        Else a refund to the card that the shopper presents: so the quick guide of the XML dialect
        wants it, which reverses only its last payment.
        """
        if request.transaction_id and self._dialog.codec.reverses_parts:
            return m.ReversalRequest(
                sale=self._sale(request.sale_id),
                original=m.TransactionId(id=request.transaction_id, at=request.transaction_at),
                reason="MerchantCancel",
                amount_minor=None if request.whole else request.amount_minor,
                digits=request.currency_digits,
            )
        return m.PaymentRequest(
            sale=self._sale(request.sale_id),
            currency=request.currency,
            amount_minor=request.amount_minor,
            digits=request.currency_digits,
            refund=True,
        )

    def _resolve(
        self, category: m.Category, request: ReversalRequest | RefundRequest, *, settle: bool
    ) -> Resolution:
        return self._resolver.resolve(
            category, request.service_id, digits=request.currency_digits, settle=settle
        )

    def _lost(self, service_id: str, error: DeviceError) -> None:
        self._count("refused_messages" if isinstance(error, ProtocolError) else "lost_answers")
        if isinstance(error, MessageRejected):
            self._count("rejected_messages")
            logger.error("terminal rejected our message", service_id=service_id)
        logger.warning("terminal answer lost", service_id=service_id, error=str(error))

    def _take_note(self, condition: Condition, running: Running) -> None:
        if condition in OUT_OF_ORDER:
            self._announcer.announce(DeviceState.FAULT, condition.value)
            self._turn.doubt(condition)
        else:
            self._announcer.announce(DeviceState.READY)
        if condition is Condition.INSERTED_CARD:
            running.say(TerminalStep.REMOVE_CARD)

    def _unresolved(self, resolution: Resolution) -> str:
        reason = resolution.reason if isinstance(resolution, Unresolved) else "NotBelievable"
        if reason == "NoAnswer":
            self._announcer.announce(DeviceState.LOST, "no answer to status requests")
        return reason

    def _sale(self, sale_id: str) -> m.TransactionId:
        return m.TransactionId(id=sale_id, at=self._utc_now().isoformat(timespec="seconds"))


def _given_back(answer: m.ReversalResponse) -> tuple[bool, str]:
    """Return whether the whole payment is back, and else why not."""
    if answer.verdict.result is m.Result.FAILURE:
        return False, answer.verdict.condition.value or "Failure"
    if answer.verdict.result is not m.Result.SUCCESS:
        return False, answer.verdict.condition.value or answer.verdict.result.value
    return True, ""
