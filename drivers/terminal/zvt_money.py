"""Payments, one at a time: sent once, and after that only asked about.

**When is a payment approved?** With issue of goods (the usual setting) in this order:

1. The terminal says 04 0F, result 00, and waits for our word about the goods.
2. The driver compares amount and currency, looks whether somebody wished to stop it, and writes
   the approval to its disk. Any of these failing, it says 84 66 00: goods not issued, and the
   terminal takes the payment back.
3. It says 80 00 00, the terminal says 06 0F, and only now the kiosk hears PaymentAnswered.

A kiosk that dies before 3 leaves the question unanswered, so the terminal takes the payment back:
nobody was told that it is paid, nothing was given. One that dies after 3 finds the approval on
its own disk and on the terminal, and the sale is finished. "Goods issued" is thus said when the
approval is safe on disk, not when the shopper has left: a PaymentAnswered that could still be
taken back would be worth nothing to the sale, and a receipt that fails to print later is a case
for a reversal like any other.
"""

from contextlib import suppress

import structlog

from drivers.attempts import result_of
from drivers.contracts import (
    ChargeRequest,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    TerminalStep,
)
from drivers.errors import DeviceError, ProtocolError
from drivers.terminal import zvt_codes
from drivers.terminal import zvt_messages as messages
from drivers.terminal.zvt_apdu import POSITIVE, Apdu, refusal
from drivers.terminal.zvt_dialog import Ending, NeverSent, Refused
from drivers.terminal.zvt_goods import Goods
from drivers.terminal.zvt_means import Means
from drivers.terminal.zvt_memory import MemoryFull
from drivers.terminal.zvt_messages import StatusInformation
from drivers.terminal.zvt_print import ReceiptType
from drivers.terminal.zvt_progress import Steps
from drivers.terminal.zvt_resolve import Resolver
from drivers.terminal.zvt_running import Running
from drivers.terminal.zvt_turn import Turn
from drivers.terminal.zvt_verdict import (
    approved,
    failed,
    transaction_id,
)

logger = structlog.get_logger(__name__)


class Money:
    """The part of the driver that moves money."""

    def __init__(self, means: Means, resolver: Resolver) -> None:
        self._options = means.options
        self._session = means.session
        self._memory = means.memory
        self._announcer = means.announcer
        self._count = means.count
        self._utc_now = means.utc_now
        self._resolver = resolver
        self._asks_for_goods = means.options.goods_questions > 0
        self.owes_end_of_day = False
        self.customer_receipt: tuple[str, ...] = ()
        """The terminal's own receipt of the last payment, for the shopper."""

    # --- payments --------------------------------------------------------------------------------

    def charge(self, request: ChargeRequest, running: Running) -> PaymentResult:
        """Send the payment once and return how it ended."""
        self._count("charges")
        try:
            command = self._authorisation(request)
        except (ValueError, KeyError):
            return _cancelled(request, "MessageFormat")
        try:
            if not self._session.prepare():
                state = self._session.state or zvt_codes.WAIT
                self._take_note(state, running)
                return _cancelled(request, zvt_codes.name_of(state))
        except NeverSent as error:
            self._announcer.announce(DeviceState.LOST, str(error))
            return _cancelled(request, "NotReached")
        try:
            self._memory.begin(
                request,
                sent_at=self._utc_now().isoformat(timespec="seconds"),
                asks_for_goods=self._asks_for_goods,
            )
        except MemoryFull as error:
            self._announcer.announce(DeviceState.FAULT, str(error))
            return _cancelled(request, "StateNotWritten")
        return self._kept(self._send(request, command, running))

    def ask(self, request: ChargeRequest) -> PaymentResult:
        """Say how the payment with this service id ended, from memory or from the terminal."""
        attempt = self._memory.attempt(request.service_id)
        if attempt is None:
            if self._memory.speaks_for(request.service_id):
                return _cancelled(request, "NotFound")
            with suppress(MemoryFull):
                self._memory.doubt(request)
            return _unknown(request, "NoRecord")
        if attempt.result is not None:
            return attempt.result
        if attempt.is_superseded:
            return _unknown(request, "Superseded")
        result = self._resolver.resolve(attempt)
        if result.reason == "NoAnswer":
            self._announcer.announce(DeviceState.LOST, "no answer to questions about a payment")
        elif self._session.is_open and self._session.state not in zvt_codes.OUT_OF_ORDER:
            self._announcer.announce(DeviceState.READY)
        return self._kept(result)

    def stray_status(self, status: StatusInformation) -> Apdu:
        """Answer a status information outside of a payment: one that goes on after a break.

        The goods of a payment that was accepted are issued; of any other they are not.
        """
        is_question = status.result == zvt_codes.OK and self._asks_for_goods
        if not is_question or self._memory.has_accepted(transaction_id(status)):
            return POSITIVE
        return refusal(zvt_codes.GOODS_FAILED)

    def _authorisation(self, request: ChargeRequest) -> Apdu:
        return messages.authorisation(
            request,
            card_timeout_s=self._options.goods_wait_s,
            status_repeats=self._options.goods_questions,
        )

    def _send(self, request: ChargeRequest, command: Apdu, running: Running) -> PaymentResult:
        goods = Goods(request, self._memory, running, asks=self._asks_for_goods)
        turn = Turn(
            on_status=goods.answer,
            on_intermediate=Steps(running.say).take,
            unwanted=lambda: running.unwanted,
            total_s=self._options.payment_s,
        )
        try:
            ending = self._session.dialog.run(command, turn)
        except NeverSent as error:
            self._announcer.announce(DeviceState.LOST, str(error))
            return _cancelled(request, "NotReached")
        except DeviceError as error:
            self._lost(request.service_id, error)
            return self.ask(request)
        result = self._verdict(request, ending, goods, running)
        return self.ask(request) if result is None else result

    def _verdict(
        self, request: ChargeRequest, ending: Ending, goods: Goods, running: Running
    ) -> PaymentResult | None:
        """Return what the end of the conversation says; None when the terminal must be asked."""
        if isinstance(ending, Refused):
            self._take_note(ending.error, running)
            return _cancelled(request, zvt_codes.name_of(ending.error))
        self._session.forget_last()
        self.customer_receipt = ending.paper.receipt(ReceiptType.CUSTOMER)
        status = goods.status
        if status is not None and status.result == zvt_codes.OK:
            if ending.abort is not None:
                # 04 0F with 00 and then 06 1E: the payment was approved, and taken back.
                return _cancelled(request, goods.refused_for or "Reversed")
            if goods.refused_for:
                return None
            self._session.keep_last(status)
            self._announcer.announce(DeviceState.READY)
            return approved(request, status)
        code = ending.abort if status is None or status.result is None else status.result
        if code is None:
            # 06 0F and nothing before it: it may be paid, and the news was lost.
            return None
        self._take_note(code, running)
        result = failed(request, code)
        if code == zvt_codes.ABORTED and running.unwanted:
            return _cancelled(request, "Aborted")
        return result

    # --- notes -----------------------------------------------------------------------------------

    def _kept(self, result: PaymentResult) -> PaymentResult:
        try:
            self._memory.end(result)
        except MemoryFull as error:
            # The result is true all the same; only the next life will have to ask for it.
            logger.error("terminal result not kept", error=str(error))
        return result

    def _lost(self, service_id: str, error: DeviceError) -> None:
        self._count("refused_messages" if isinstance(error, ProtocolError) else "lost_answers")
        logger.warning("terminal answer lost", service_id=service_id, error=str(error))

    def _take_note(self, code: int, running: Running) -> None:
        if code in (zvt_codes.OPEN_END_OF_DAY, zvt_codes.TURNOVER_FULL):
            self.owes_end_of_day = True
        if code == zvt_codes.NOT_REGISTERED:
            self._session.hang_up()
        if code in (zvt_codes.WAIT, zvt_codes.NOT_NOW):
            running.say(TerminalStep.BUSY)
        if code == zvt_codes.CARD_INSERTED:
            running.say(TerminalStep.REMOVE_CARD)
        if code in zvt_codes.OUT_OF_ORDER:
            self._announcer.announce(DeviceState.FAULT, zvt_codes.name_of(code))
        elif self._session.is_open:
            self._announcer.announce(DeviceState.READY)


def _cancelled(request: ChargeRequest, reason: str) -> PaymentResult:
    return result_of(request, PaymentOutcome.CANCELLED, reason)


def _unknown(request: ChargeRequest, reason: str) -> PaymentResult:
    return result_of(request, PaymentOutcome.UNKNOWN, reason)
