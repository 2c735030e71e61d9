"""What the terminal and the printer answer. The sale compares; here answers only find their sale.

Every answer may come late, twice, or about a sale that is long over: none of that may move money.
"""

import logging

from drivers.contracts import (
    PaymentAnswered,
    PaymentOutcome,
    PrintDone,
    PrintOutcome,
    RefundAnswered,
    ReversalAnswered,
    TerminalProgress,
    ValueRead,
    WalletShown,
)
from kiosk.engine import returning, staff_returns, staff_tools, tenders, wallet
from kiosk.engine.attention import call_staff, printer_works
from kiosk.engine.endings import notice_of
from kiosk.engine.messages import Message
from kiosk.engine.session import NOTHING_SHOWN
from kiosk.engine.till import Till
from kiosk.engine.view import Notice, Screen, Tone
from kiosk.payments.attempts import cool_down_s
from kiosk.payments.late import GIVEN_BACK_LATE, goes_back
from kiosk.payments.settle import settle
from kiosk.sale.attempts import attempt_of, confirms, is_news, must_go_back
from kiosk.sale.commands import RequestReversal, SettlePayment, SettlePrint, SettleReversal
from kiosk.sale.events import Interest, Method, Outcome
from kiosk.sale.state import Attempt, Phase

logger = logging.getLogger(__name__)


def handle(till: Till, event: Message) -> bool:
    """Take an answer; False when the event is none."""
    match event:
        case TerminalProgress():
            _progress(till, event)
        case WalletShown():
            wallet.shown(till, event)
        case ValueRead():
            tenders.value_read(till, event)
        case PaymentAnswered():
            _payment(till, event)
        case RefundAnswered():
            returning.answered(till, event)
            staff_returns.after_refund(till)
        case ReversalAnswered():
            _reversal(till, event.attempt_id, done=event.done, reason=event.reason)
        case PrintDone():
            _print(till, event)
        case _:
            return False
    return True


def _progress(till: Till, event: TerminalProgress) -> None:
    attempt = attempt_of(till.sale, event.attempt_id)
    if attempt is not None and attempt.outcome is None:
        till.change(step=event.step, step_text=event.text)


def _payment(till: Till, event: PaymentAnswered) -> None:
    attempt = attempt_of(till.sale, event.attempt_id)
    if attempt is None:
        # Of our own sales `late_money` knows; what no record names only people can look into.
        wrong = event.result.outcome is PaymentOutcome.APPROVED
        logger.log(
            logging.ERROR if wrong else logging.WARNING,
            "terminal: answer about another sale, attempt=%s, outcome=%s",
            event.attempt_id,
            event.result.outcome,
        )
        return
    _settle(till, attempt, settle(attempt, event.result, till.now_utc()))


def settle_as_unknown(till: Till, attempt_id: str) -> None:
    """Take a driver's silence for what it is: nobody knows, so the terminal is asked."""
    attempt = attempt_of(till.sale, attempt_id)
    if attempt is not None:
        unknown = SettlePayment(
            at_utc=till.now_utc(),
            attempt_id=attempt_id,
            outcome=Outcome.UNKNOWN,
            reason="no_answer",
        )
        _settle(till, attempt, unknown)


def _settle(till: Till, attempt: Attempt, settlement: SettlePayment) -> None:
    if not is_news(attempt, settlement.outcome):
        if confirms(attempt, settlement.outcome):
            till.submit(settlement)  # staff have said so before: nothing is new for the shopper
        return
    if goes_back(till.sale, attempt, settlement, till.config.late):
        logger.warning("payment: approved too late, given back, attempt=%s", attempt.id)
        till.submit(settlement, _take_back(till, attempt))
    else:
        till.submit(settlement)
    ended = attempt_of(till.sale, attempt.id)
    if ended is not None:
        _after_payment(till, ended)


def _take_back(till: Till, attempt: Attempt) -> RequestReversal:
    return RequestReversal(
        at_utc=till.now_utc(),
        attempt_id=attempt.id,
        service_id=till.service_id(),
        reason=GIVEN_BACK_LATE,
    )


def _after_payment(till: Till, ended: Attempt) -> None:
    """Go back to the ways to pay, with the sentence that says what did or did not happen."""
    till.change(**NOTHING_SHOWN)
    notice = notice_of(ended)
    if notice is not Notice.NONE and not must_go_back(ended):
        till.session = till.session.told(notice)
    logger.info("payment: attempt=%s, outcome=%s", ended.id, ended.outcome)
    if till.sale.phase is not Phase.OPEN:
        return
    till.session = till.session.at(Screen.PAY).touched(till.now_ns())
    if ended.outcome is Outcome.DECLINED:
        till.sound(Tone.REFUSED)
        _rest_cards(till, ended)


def _rest_cards(till: Till, declined: Attempt) -> None:
    """Let cards rest when one after the other was declined: nobody tries a stack of them here."""
    by_card = [one for one in till.sale.attempts if one.method is Method.CARD]
    if declined.method is Method.CARD and (rest_s := cool_down_s(by_card, till.config.cool_down)):
        till.change(cards_rest_until_ns=till.after(rest_s))


def give_up_reversal(till: Till, attempt_id: str, reason: str) -> None:
    """Leave a reversal that nobody answers to staff."""
    _reversal(till, attempt_id, done=False, reason=reason)


def _reversal(till: Till, attempt_id: str, *, done: bool, reason: str) -> None:
    attempt = attempt_of(till.sale, attempt_id)
    waited_for = attempt is not None and attempt.reversal_service_id
    # One that comes after all, when staff have been called already, counts if it is "done".
    news = attempt is not None and (attempt.reversed is None or (done and not attempt.reversed))
    if attempt is None or not waited_for or not news:
        logger.warning("terminal: reversal answer that nobody waits for, attempt=%s", attempt_id)
        return
    till.submit(
        SettleReversal(at_utc=till.now_utc(), attempt_id=attempt_id, done=done, reason=reason)
    )
    if till.sale.phase is Phase.OPEN:
        till.session = till.session.at(Screen.PAY).touched(till.now_ns())
        if done and attempt.reversal_reason == tenders.BY_SHOPPER:
            till.session = till.session.told(Notice.TENDER_REMOVED).with_tone(Tone.REMOVED)
        else:
            till.refuse(Notice.REVERSED if done else Notice.REVERSAL_FAILED)


def _print(till: Till, event: PrintDone) -> None:
    if staff_tools.slip_done(till, event):
        return
    running = next((one for one in till.sale.prints if one.id == event.print_id), None)
    if running is None or running.printed is not None:
        logger.warning("printer: answer that nobody waits for, print=%s", event.print_id)
        return
    till.submit(
        SettlePrint(
            at_utc=till.now_utc(),
            print_id=event.print_id,
            printed=event.outcome is PrintOutcome.PRINTED,
            in_doubt=event.outcome is PrintOutcome.IN_DOUBT,
            reason=event.reason,
        )
    )
    if event.outcome is PrintOutcome.NOT_PRINTED:
        call_staff(till, Interest.DEVICE, "printer")
        till.session = till.session.told(Notice.PAPER_OUT).with_tone(Tone.REFUSED)
    elif event.outcome is PrintOutcome.PRINTED:
        printer_works(till)
