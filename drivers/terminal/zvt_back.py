"""Money back, and the end of the day: reversal, refund, 06 50. Each sent once.

A reversal is named by the receipt number of its payment. One that is sent for a payment that is
back already is answered B4, which is as good as done. When the answer is lost, the terminal's last
transaction tells whether it is the reversal.
"""

import structlog

from drivers.attempts import result_of
from drivers.contracts import (
    NO_REFERENCE,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    RefundRequest,
    ReversalRequest,
)
from drivers.deadline import Deadline
from drivers.errors import DeviceBusy, DeviceError
from drivers.terminal import zvt_codes
from drivers.terminal import zvt_messages as messages
from drivers.terminal.zvt_apdu import Apdu
from drivers.terminal.zvt_dialog import NeverSent, Refused
from drivers.terminal.zvt_means import Means
from drivers.terminal.zvt_memory import MemoryFull
from drivers.terminal.zvt_reverse import reversal_ending
from drivers.terminal.zvt_session import AtWork, LastTransaction, Repeated
from drivers.terminal.zvt_totals import DayEnd, read_totals
from drivers.terminal.zvt_turn import Turn
from drivers.terminal.zvt_verdict import receipt_of, trace_of

logger = structlog.get_logger(__name__)

_NOT_BEGUN = ("NotReached", "Busy", "StateNotWritten", "MessageFormat")


class MoneyBack:
    """The part of the driver that gives money back, and keeps the terminal in order."""

    def __init__(self, means: Means) -> None:
        self._session = means.session
        self._memory = means.memory
        self._password = means.options.password
        self._limit_s = means.options.payment_s
        self._patience = means.options.patience()
        self._clock = means.clock
        self._pause = means.pause
        self._announcer = means.announcer
        self._count = means.count

    def reverse(self, request: ReversalRequest) -> tuple[bool, str]:
        """Give a payment back, whole; return whether it is back, and else why not."""
        if not request.transaction_id:
            return False, NO_REFERENCE
        receipt = receipt_of(request.transaction_id)
        if receipt is None:
            return False, "NotFound"
        done, reason = self._give_back(messages.reversal(self._password, receipt), request)
        if reason == "NoAnswer" and self._is_last_transaction(request):
            return True, ""
        return done, reason

    def refund(self, request: RefundRequest) -> PaymentResult:
        """Give money back for goods that came back, sent once.

        The whole of a payment goes back by its receipt number while the terminal still has it (to
        its end of day); a part, and what it has no more, onto the card that is presented now.
        """
        receipt = receipt_of(request.transaction_id)
        if request.whole and receipt is not None:
            result = self._reversed(request, receipt)
            if result.outcome is not PaymentOutcome.DECLINED:
                return result
        try:
            command = messages.refund(self._password, request.amount_minor, request.currency)
        except (ValueError, KeyError):
            return result_of(request, PaymentOutcome.CANCELLED, "MessageFormat")
        return self._refund_result(request, *self._give_back(command, request))

    def ask_refund(self, request: RefundRequest) -> PaymentResult:
        """Find out how a refund ended, where that can be done without moving money.

        A reversal may be said again: the terminal answers that it was done (B4). A refund to a card
        has no name that it could be asked by, so that stays UNKNOWN and a person has to look.
        """
        receipt = receipt_of(request.transaction_id)
        if request.whole and receipt is not None:
            result = self._reversed(request, receipt)
            if result.outcome is PaymentOutcome.APPROVED:
                return result
        return result_of(request, PaymentOutcome.UNKNOWN, "NotAskable")

    def _reversed(self, request: RefundRequest, receipt: int) -> PaymentResult:
        command = messages.reversal(self._password, receipt)
        return self._refund_result(request, *self._give_back(command, request))

    def _refund_result(self, request: RefundRequest, done: bool, reason: str) -> PaymentResult:
        if done:
            return PaymentResult(
                service_id=request.service_id,
                outcome=PaymentOutcome.APPROVED,
                amount_minor=request.amount_minor,
                currency=request.currency,
                transaction_id=request.transaction_id,
                transaction_at=request.transaction_at,
            )
        outcome = PaymentOutcome.DECLINED
        if reason == "NoAnswer":
            outcome = PaymentOutcome.UNKNOWN
        elif reason in _NOT_BEGUN:
            outcome = PaymentOutcome.CANCELLED
        return result_of(request, outcome, reason)

    def end_day(self) -> DayEnd:
        """Close the terminal's batch and return its totals. Not while a payment is in doubt."""
        if self._memory.in_doubt() is not None:
            return DayEnd(done=False, reason="PaymentInDoubt")
        try:
            self._session.open()
            ending = self._session.dialog.run(
                messages.end_of_day(self._password), Turn(total_s=self._limit_s)
            )
            if isinstance(ending, Refused):
                return DayEnd(done=False, reason=zvt_codes.name_of(ending.error))
            code = ending.abort
            if code is None and ending.status is not None:
                code = ending.status.result
            if code:
                return DayEnd(done=False, reason=zvt_codes.name_of(code))
            # Many terminals forget their last receipt at the end of the day.
            self._session.note_last()
        except DeviceError as error:
            self._lost("", error)
            return DayEnd(done=False, reason="NoAnswer")
        return read_totals(ending.status, tuple(line.text for line in ending.paper.lines))

    def diagnose(self) -> bool:
        """Let the terminal talk to its host (06 70), which it wants before it takes cards again.

        Raises:
            DeviceError: the line is gone.
        """
        ending = self._session.dialog.run(messages.diagnosis(), Turn(total_s=self._limit_s))
        return not isinstance(ending, Refused) and ending.abort is None

    def _give_back(
        self, command: Apdu, request: ReversalRequest | RefundRequest
    ) -> tuple[bool, str]:
        try:
            self._session.open()
            self._memory.supersede()
            self._session.forget_last()
            ending = self._session.dialog.run(command, Turn(total_s=self._limit_s))
        except NeverSent as error:
            self._announcer.announce(DeviceState.LOST, str(error))
            return False, "NotReached"
        except DeviceBusy:
            return False, "Busy"
        except MemoryFull as error:
            self._announcer.announce(DeviceState.FAULT, str(error))
            return False, "StateNotWritten"
        except DeviceError as error:
            self._lost(request.service_id, error)
            return False, "NoAnswer"
        done, reason = reversal_ending(ending)
        return done, "NoAnswer" if reason == "NoResult" else reason

    def _is_last_transaction(self, request: ReversalRequest) -> bool:
        """Whether the terminal's last transaction is the reversal whose answer was lost."""
        deadline = Deadline(self._clock, self._patience.silence_s)
        while (last := self._last_transaction()) is None:
            if deadline.passed() or self._pause(self._patience.first_wait_s):
                return False
        if not isinstance(last, Repeated):
            return False
        status = last.status
        amounts = (status.amount_minor, status.currency or request.currency)
        return (
            status.result == zvt_codes.OK
            and status.original_trace == trace_of(request.transaction_id)
            and amounts == (request.amount_minor, request.currency)
        )

    def _last_transaction(self) -> LastTransaction | None:
        """Return what the terminal repeats; None while it is away, or at work."""
        try:
            self._session.open()
            last = self._session.last_transaction() if self._session.is_idle() else None
        except DeviceError:
            return None
        return None if isinstance(last, AtWork) else last

    def _lost(self, service_id: str, error: DeviceError) -> None:
        self._count("lost_answers")
        logger.warning("terminal answer lost", service_id=service_id, error=str(error))
