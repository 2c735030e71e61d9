"""Payments and reversals, one at a time: sent once, and after that only asked about.

Runs on the driver's payment thread. What it returns is final for this call: the terminal's own
word, "it certainly never reached the terminal", or UNKNOWN.
"""

from collections.abc import Callable
from datetime import datetime

import structlog

from drivers.announcer import StateAnnouncer
from drivers.contracts import (
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    ReversalRequest,
    TerminalStep,
)
from drivers.errors import DeviceError, ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog
from drivers.terminal.nexo_http import NeverSent
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_resolve import Found, NeverHeard, Resolution, Resolver, Unresolved
from drivers.terminal.nexo_running import Running
from drivers.terminal.nexo_verdict import OUT_OF_ORDER, payment_result

logger = structlog.get_logger(__name__)


class Money:
    """The part of the driver that moves money."""

    def __init__(
        self,
        dialog: Dialog,
        resolver: Resolver,
        *,
        announcer: StateAnnouncer,
        timeout_s: float,
        utc_now: Callable[[], datetime],
        count: Callable[[str], None],
    ) -> None:
        self._dialog = dialog
        self._resolver = resolver
        self._announcer = announcer
        self._timeout_s = timeout_s
        self._utc_now = utc_now
        self._count = count

    def charge(self, request: ChargeRequest, running: Running) -> PaymentResult:
        """Send the payment once and return how it ended."""
        self._count("charges")
        message = m.PaymentRequest(
            sale=self._sale(request.sale_id),
            currency=request.currency,
            amount_minor=request.amount_minor,
            digits=request.currency_digits,
        )
        try:
            answer = self._dialog.call(
                message,
                timeout_s=self._timeout_s,
                digits=request.currency_digits,
                service_id=request.service_id,
                exchange=running.exchange,
            )
        except NeverSent as error:
            if running.exchange.dropped:
                return result_of(request, PaymentOutcome.CANCELLED, "Aborted")
            self._announcer.announce(DeviceState.LOST, str(error))
            return result_of(request, PaymentOutcome.CANCELLED, "NotReached")
        except DeviceError as error:
            self._lost(request.service_id, error)
            return self.ask(request)
        if isinstance(answer, m.PaymentResponse):
            if answer.verdict.condition is Condition.BUSY:
                running.say(TerminalStep.BUSY)
            result = payment_result(request, answer)
            if result is not None:
                self._take_note(answer.verdict.condition, running)
                return result
        return self.ask(request)

    def ask(self, request: ChargeRequest) -> PaymentResult:
        """Ask how the payment with this service id ended."""
        resolution = self._resolver.resolve(
            m.Category.PAYMENT, request.service_id, digits=request.currency_digits
        )
        match resolution:
            case Found(m.PaymentResponse() as response):
                self._announcer.announce(DeviceState.READY)
                if response.verdict.condition is Condition.BUSY:
                    # The terminal repeats its refusal: it was at work for somebody else.
                    return result_of(request, PaymentOutcome.CANCELLED, "Busy")
                unknown = result_of(request, PaymentOutcome.UNKNOWN, "NotBelievable")
                return payment_result(request, response) or unknown
            case NeverHeard():
                self._announcer.announce(DeviceState.READY)
                return result_of(request, PaymentOutcome.CANCELLED, "NotFound")
        return result_of(request, PaymentOutcome.UNKNOWN, self._unresolved(resolution))

    def reverse(self, request: ReversalRequest) -> tuple[bool, str]:
        """Give a payment back; return whether it is back, and else why not.

        An earlier life may have sent this very reversal, so the terminal is asked first; one that
        it never heard of is sent, once.
        """
        resolution = self._resolve_reversal(request, settle=False)
        if isinstance(resolution, NeverHeard):
            resolution = self._send_reversal(request)
        match resolution:
            case Found(m.ReversalResponse(verdict=verdict)):
                done = verdict.result is m.Result.SUCCESS
                return done, "" if done else verdict.condition.value or "Failure"
            case NeverHeard():
                return False, "NotFound"
        return False, self._unresolved(resolution)

    def _send_reversal(self, request: ReversalRequest) -> Resolution:
        message = m.ReversalRequest(
            sale=self._sale(request.sale_id),
            original=m.TransactionId(id=request.transaction_id, at=request.transaction_at),
            reason="Malfunction",
        )
        try:
            answer = self._dialog.call(
                message,
                timeout_s=self._timeout_s,
                digits=request.currency_digits,
                service_id=request.service_id,
            )
        except DeviceError as error:
            self._lost(request.service_id, error)
        else:
            if isinstance(answer, m.ReversalResponse):
                return Found(answer)
        return self._resolve_reversal(request, settle=True)

    def _resolve_reversal(self, request: ReversalRequest, *, settle: bool) -> Resolution:
        return self._resolver.resolve(
            m.Category.REVERSAL,
            request.service_id,
            digits=request.currency_digits,
            settle=settle,
        )

    def _lost(self, service_id: str, error: DeviceError) -> None:
        self._count("refused_messages" if isinstance(error, ProtocolError) else "lost_answers")
        logger.warning("terminal answer lost", service_id=service_id, error=str(error))

    def _take_note(self, condition: Condition, running: Running) -> None:
        if condition in OUT_OF_ORDER:
            self._announcer.announce(DeviceState.FAULT, condition.value)
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


def result_of(request: ChargeRequest, outcome: PaymentOutcome, reason: str) -> PaymentResult:
    """Return a result without money."""
    return PaymentResult(service_id=request.service_id, outcome=outcome, reason=reason)
