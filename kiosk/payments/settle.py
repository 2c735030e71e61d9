"""From what a terminal or wallet answered to the one command that settles an attempt.

This is the second pair of eyes after the driver: an answer that cannot be what was asked for is
not believed, and what is not believed is UNKNOWN, never "not paid". Another amount or currency is
passed on as it is: the sale decides that it goes back.
"""

from drivers.contracts import PaymentOutcome, PaymentResult
from kiosk.sale.commands import SettlePayment
from kiosk.sale.events import CardFacts, Outcome
from kiosk.sale.return_commands import SettleRefund
from kiosk.sale.return_state import Refund
from kiosk.sale.state import Attempt


def settle(attempt: Attempt, result: PaymentResult, at_utc: str) -> SettlePayment:
    """Return the command that says how `attempt` ended.

    UNKNOWN, with a reason, for an answer to another service id and for an approval without an
    amount, a currency or a transaction id: without the last nobody could give the money back, and
    a receipt must show it (kassasystemforskrifta § 2-8-4).
    """
    disbelief = _why_not(attempt, result)
    if disbelief:
        return SettlePayment(
            at_utc=at_utc, attempt_id=attempt.id, outcome=Outcome.UNKNOWN, reason=disbelief
        )
    if result.outcome is not PaymentOutcome.APPROVED:
        return SettlePayment(
            at_utc=at_utc,
            attempt_id=attempt.id,
            outcome=Outcome(result.outcome.value),
            reason=result.reason,
        )
    return SettlePayment(
        at_utc=at_utc,
        attempt_id=attempt.id,
        outcome=Outcome.APPROVED,
        amount_minor=result.amount_minor,
        currency=result.currency,
        transaction_id=result.transaction_id,
        transaction_at=result.transaction_at,
        card=card_facts(result),
        reason=result.reason,
    )


def settle_refund(refund: Refund, result: PaymentResult, at_utc: str) -> SettleRefund:
    """Return the command that says how `refund` ended; what cannot be believed is UNKNOWN.

    CANCELLED is DECLINED here: either way no money went back.
    """
    if result.service_id != refund.service_id:
        return _refund_unknown(refund, at_utc, "OtherService")
    if result.outcome is PaymentOutcome.UNKNOWN:
        return _refund_unknown(refund, at_utc, result.reason)
    if result.outcome is not PaymentOutcome.APPROVED:
        return SettleRefund(
            at_utc=at_utc, refund_id=refund.id, outcome=Outcome.DECLINED, reason=result.reason
        )
    if (result.amount_minor, result.currency) != (refund.amount_minor, refund.currency):
        return _refund_unknown(refund, at_utc, "OtherAmount")
    return SettleRefund(
        at_utc=at_utc,
        refund_id=refund.id,
        outcome=Outcome.APPROVED,
        transaction_id=result.transaction_id,
        transaction_at=result.transaction_at,
        card=card_facts(result),
        reason=result.reason,
    )


def _refund_unknown(refund: Refund, at_utc: str, reason: str) -> SettleRefund:
    return SettleRefund(at_utc=at_utc, refund_id=refund.id, outcome=Outcome.UNKNOWN, reason=reason)


def card_facts(result: PaymentResult) -> CardFacts:
    """Return what a receipt may show of the card."""
    return CardFacts(
        brand=result.brand,
        last_four=result.last_four,
        entry_mode=result.entry_mode,
        aid=result.aid,
        terminal_id=result.terminal_id,
        approval_code=result.approval_code,
        reference=result.reference,
    )


def _why_not(attempt: Attempt, result: PaymentResult) -> str:
    """Return why `result` cannot be the answer to `attempt`, "" when it can."""
    if result.service_id != attempt.service_id:
        return "OtherService"
    if result.outcome is PaymentOutcome.APPROVED:
        if not result.transaction_id:
            return "NoTransaction"
        if result.amount_minor <= 0 or not result.currency:
            return "NoAmount"
    return ""
