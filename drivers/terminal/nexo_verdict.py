"""What an answer means: from a nexo response to the one PaymentResult the kiosk acts on.

Decisions are made on Response.Result and ErrorCondition only. Texts and refusal reasons are for
the acquirer's own logs; a shopper is told "declined, try another" and nothing more.
"""

from typing import Final

from drivers.contracts import ChargeRequest, PaymentOutcome, PaymentResult, RefundRequest
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_model import Condition

OUTCOMES: Final = {
    Condition.REFUSAL: PaymentOutcome.DECLINED,
    Condition.INVALID_CARD: PaymentOutcome.DECLINED,
    Condition.WRONG_PIN: PaymentOutcome.DECLINED,
    Condition.PAYMENT_RESTRICTION: PaymentOutcome.DECLINED,
    Condition.CANCEL: PaymentOutcome.CANCELLED,  # the shopper's red key, or nobody came
    Condition.ABORTED: PaymentOutcome.CANCELLED,  # our own wish, granted
    # The rest: the terminal says that it did not even try a card.
    Condition.INSERTED_CARD: PaymentOutcome.CANCELLED,
    Condition.LOGGED_OUT: PaymentOutcome.CANCELLED,
    Condition.MESSAGE_FORMAT: PaymentOutcome.CANCELLED,
    Condition.NOT_ALLOWED: PaymentOutcome.CANCELLED,
    Condition.DEVICE_OUT: PaymentOutcome.CANCELLED,
    Condition.UNAVAILABLE_DEVICE: PaymentOutcome.CANCELLED,
    Condition.UNAVAILABLE_SERVICE: PaymentOutcome.CANCELLED,
    Condition.UNREACHABLE_HOST: PaymentOutcome.CANCELLED,
    # A failure without a (published) condition: the card was not charged, nothing more is known.
    Condition.NONE: PaymentOutcome.DECLINED,
}
"""Busy, InProgress and NotFound are missing on purpose: they say nothing about this payment."""

OUT_OF_ORDER: Final = frozenset(
    {
        Condition.DEVICE_OUT,
        Condition.UNAVAILABLE_DEVICE,
        Condition.UNAVAILABLE_SERVICE,
        Condition.UNREACHABLE_HOST,
        Condition.LOGGED_OUT,
    }
)
"""Conditions under which the terminal cannot take a card at all."""


OFFLINE: Final = "Offline"
"""Reason of an approval that the terminal gave without its host. Whether it may is the terminal's
own configuration, by the merchant's agreement; what the host refuses later is the merchant's loss,
so the journal says which payments these are."""


def refund_result(
    request: RefundRequest, response: m.PaymentResponse | m.ReversalResponse
) -> PaymentResult | None:
    """Return what `response` says about a refund; None when it settles nothing."""
    if isinstance(response, m.PaymentResponse):
        return payment_result(request, response)
    condition = response.verdict.condition
    if response.verdict.result is m.Result.FAILURE:
        outcome = OUTCOMES.get(condition)
        if outcome is None:
            return None
        reason = condition.value or "Failure"
        return PaymentResult(service_id=request.service_id, outcome=outcome, reason=reason)
    if response.verdict.result is not m.Result.SUCCESS:
        return None
    own = response.transaction
    return PaymentResult(
        service_id=request.service_id,
        outcome=PaymentOutcome.APPROVED,
        amount_minor=request.amount_minor,
        currency=request.currency,
        transaction_id=own.id if own else request.transaction_id,
        transaction_at=own.at if own else request.transaction_at,
    )


def payment_result(
    request: ChargeRequest | RefundRequest, response: m.PaymentResponse
) -> PaymentResult | None:
    """Return what `response` says about `request`; None when it settles nothing.

    None: it is about another sale, a success without amount or transaction id, or a condition
    that is not about this payment. The terminal must then be asked by service id. An amount or
    currency other than asked is passed on as it is: the sale decides to give it back.
    """
    if response.sale_transaction_id not in ("", request.sale_id):
        return None
    if response.verdict.result is m.Result.FAILURE:
        outcome = OUTCOMES.get(response.verdict.condition)
        if outcome is None:
            return None
        reason = response.verdict.condition.value or "Failure"
        return PaymentResult(service_id=request.service_id, outcome=outcome, reason=reason)
    if response.transaction is None or response.amount_minor is None:
        return None
    card = response.card
    # nexo leaves the currency out when it is the one of the request.
    currency = response.currency or request.currency
    return PaymentResult(
        service_id=request.service_id,
        outcome=PaymentOutcome.APPROVED,
        amount_minor=response.amount_minor,
        currency=currency,
        transaction_id=response.transaction.id,
        transaction_at=response.transaction.at,
        brand=card.brand,
        last_four=card.last_four,
        entry_mode=card.entry_mode,
        aid=card.aid,
        terminal_id=card.terminal_id,
        approval_code=card.approval_code,
        reference=card.reference,
        partial=response.verdict.result is m.Result.PARTIAL,
        reason=_remark(request, response, currency),
    )


def _remark(
    request: ChargeRequest | RefundRequest, response: m.PaymentResponse, currency: str
) -> str:
    """Return what is worth a word about an approval, for the journal and for staff."""
    if response.verdict.result is m.Result.PARTIAL:
        return "Partial"
    if (response.amount_minor, currency) != (request.amount_minor, request.currency):
        return "OtherAmount"
    return OFFLINE if response.offline else ""
