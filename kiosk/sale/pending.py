"""What a sale owes the world next, derived from its state alone.

Ordinary running and recovery after a power cut call the same function. The answer stays the same
until an event changes the sale; the engine carries out each distinct effect once in its life.
Money comes first, then the receipt number, then money that must go back, then paper.
"""

from kiosk.sale.attempts import counts, in_doubt, must_go_back, to_give_back, with_terminal
from kiosk.sale.effects import (
    AskOutcome,
    AskPayBack,
    Charge,
    Effect,
    EndSale,
    NumberReceipt,
    PayBack,
    PrintReceipt,
    RequestReversalEffect,
    Reverse,
    StopCharge,
)
from kiosk.sale.events import ReceiptChoice
from kiosk.sale.intervention import reversal_in_question
from kiosk.sale.phases import has_ended
from kiosk.sale.return_state import Refund
from kiosk.sale.returning import refund_in_doubt, refund_running
from kiosk.sale.state import Attempt, GivenUp, Phase, Sale


def pending_effect(sale: Sale, *, recovering: bool) -> Effect | None:
    """Return the one next thing that is owed, or None.

    `recovering` says that this life did not send the request itself: then nothing is charged, the
    terminal is asked what became of it.
    """
    running = with_terminal(sale)
    if running is not None:
        return _ask(running) if recovering else _running(running)
    doubtful = in_doubt(sale)
    if doubtful is not None:
        return _ask(doubtful)
    if sale.refunds and (refund := refund_running(sale) or refund_in_doubt(sale)):
        back_to_shopper = _pay_back(refund)
        was_sent = recovering or refund.outcome is not None
        return AskPayBack(refund=back_to_shopper) if was_sent else back_to_shopper
    if sale.phase is Phase.PAID:
        return NumberReceipt()
    back = to_give_back(sale)
    if back is not None:
        return _give_back(back)
    if sale.given_up is not None and sale.phase is Phase.OPEN:
        # Money that could not go back waits for an attendant, and the sale with it.
        return None if reversal_in_question(sale) else _end(sale.given_up)
    return print_owed(sale)


def owed_after_the_end(sale: Sale) -> tuple[Effect, ...]:
    """Return what a sale that has ended still owes about its payments, in their order.

    Money that was approved too late goes back. A payment that only staff have called not paid is
    asked about, of a sale that goes on too: was it taken all the same, it must not stay taken.
    """
    ended = has_ended(sale)
    owed: list[Effect] = []
    for attempt in sale.attempts:
        if attempt.unconfirmed:
            owed.append(_ask(attempt))
        elif ended and must_go_back(attempt):
            owed.append(_give_back(attempt))
    return tuple(owed)


def _end(given_up: GivenUp) -> EndSale:
    return EndSale(
        reason=given_up.reason,
        actor=given_up.actor,
        attendant_id=given_up.attendant_id,
        where=given_up.where,
    )


def _pay_back(refund: Refund) -> PayBack:
    return PayBack(
        refund_id=refund.id,
        service_id=refund.service_id,
        method=refund.method,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        of_attempt_id=refund.of_attempt_id,
        of_service_id=refund.of_service_id,
        transaction_id=refund.of_transaction_id,
        transaction_at=refund.of_transaction_at,
    )


def _running(attempt: Attempt) -> Effect:
    if attempt.abort_requested:
        return StopCharge(
            attempt_id=attempt.id, service_id=attempt.service_id, method=attempt.method
        )
    return Charge(
        attempt_id=attempt.id,
        service_id=attempt.service_id,
        method=attempt.method,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
    )


def _ask(attempt: Attempt) -> AskOutcome:
    return AskOutcome(
        attempt_id=attempt.id,
        service_id=attempt.service_id,
        method=attempt.method,
        amount_minor=attempt.amount_minor,
        currency=attempt.currency,
    )


def _give_back(attempt: Attempt) -> Effect:
    if not attempt.reversal_service_id:
        return RequestReversalEffect(attempt_id=attempt.id, reason=reversal_reason(attempt))
    # On recovery the same again: a terminal reverses one transaction once, and says so.
    return Reverse(
        attempt_id=attempt.id,
        service_id=attempt.reversal_service_id,
        method=attempt.method,
        transaction_id=attempt.transaction_id,
        transaction_at=attempt.transaction_at,
        amount_minor=attempt.approved_minor,
        currency=attempt.approved_currency,
    )


def reversal_reason(attempt: Attempt) -> str:
    """Return why money goes back (a code for logs): another currency or amount, late, too much."""
    if counts(attempt):
        return "given_up"
    if attempt.overpays:
        return "overpaid"
    if attempt.approved_currency != attempt.currency:
        return "other_currency"
    return "other_amount" if attempt.approved_minor != attempt.amount_minor else "late_approval"


def print_owed(sale: Sale) -> PrintReceipt | None:
    """Return the paper that is owed, or None.

    A print that has started is the one that is owed. One in doubt is followed by a copy, since
    nobody knows whether the first is in the shopper's hand; a copy in doubt by nothing more, as
    the law allows one. A print that surely failed has left no paper: the next is the original.
    """
    if sale.phase is not Phase.COMPLETED:
        return None
    running = next((one for one in sale.prints if one.printed is None), None)
    if running is not None:
        return PrintReceipt(print_id=running.id, copy=running.copy)
    if sale.receipt_choice is not ReceiptChoice.PAPER:
        return None
    perhaps_on_paper = [one for one in sale.prints if one.printed or one.in_doubt]
    if any(one.printed or one.copy for one in perhaps_on_paper):
        return None
    return PrintReceipt(copy=bool(perhaps_on_paper) or sale.phone_receipt)
