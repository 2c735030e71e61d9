"""What the events of a return make of a sale."""

from dataclasses import replace
from typing import Final

from kiosk.sale import return_events as r
from kiosk.sale.invariant import InvariantBroken, require
from kiosk.sale.return_state import Elsewhere, Refund, ReturnedLine
from kiosk.sale.returning import (
    refund_in_doubt,
    refund_is_news,
    refund_of,
    refund_running,
    refunded_minor,
)
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals

_OVER: Final = frozenset({Phase.COMPLETED, Phase.ABORTED, Phase.CLOSED})


def evolve_return(sale: Sale, event: r.ReturnEvent) -> Sale:
    """Return the sale after an event of a return."""
    match event:
        case r.ReturnBegun():
            return replace(sale, returned_in=(*sale.returned_in, event.into))
        case r.ReturnChecked():
            known = Elsewhere(
                sale_id=event.original_sale_id,
                register_id=event.register_id,
                payments=event.payments,
            )
            return replace(sale, elsewhere=known)
        case r.LineReturned():
            return _line_returned(sale, event)
        case r.RefundRequested():
            return _refund_requested(sale, event)
        case r.RefundSettled():
            return _refund_settled(sale, event)
    raise TypeError(f"no such event: {type(event).__name__}")


def _line_returned(sale: Sale, event: r.LineReturned) -> Sale:
    require(event.line_id >= sale._next_line_id, f"sale {sale.id}: line {event.line_id} twice")
    line = ReturnedLine(
        id=event.line_id,
        original_sale_id=event.original_sale_id,
        original_line_id=event.original_line_id,
        original_receipt=event.original_receipt,
        original_at=event.original_at_utc,
        product=event.product,
        quantity=event.quantity,
        weight_g=event.weight_g,
        unit_price_minor=event.unit_price_minor,
        price_minor=event.price_minor,
        gross_minor=event.gross_minor,
        deposit_minor=event.deposit_minor,
        reason=event.reason,
        attendant_id=event.attendant_id,
    )
    return replace(sale, returned=(*sale.returned, line), _next_line_id=event.line_id + 1)


def _refund_requested(sale: Sale, event: r.RefundRequested) -> Sale:
    require(refund_of(sale, event.refund_id) is None, f"refund {event.refund_id} twice")
    refund = Refund(
        id=event.refund_id,
        service_id=event.service_id,
        method=event.method,
        amount_minor=event.amount_minor,
        currency=event.currency,
        requested_at=event.at_utc,
        of_attempt_id=event.of_attempt_id,
        of_service_id=event.of_service_id,
        of_transaction_id=event.transaction_id,
        of_transaction_at=event.transaction_at,
    )
    return replace(sale, phase=Phase.PAYING, refunds=(*sale.refunds, refund))


def _refund_settled(sale: Sale, event: r.RefundSettled) -> Sale:
    refund = refund_of(sale, event.refund_id)
    if refund is None:
        raise InvariantBroken(f"sale {sale.id}: no refund {event.refund_id}")
    if not refund_is_news(refund, event.outcome):
        return sale
    settled = replace(
        refund,
        outcome=event.outcome,
        transaction_id=event.transaction_id,
        transaction_at=event.transaction_at,
        card=event.card,
        reason=event.reason,
        by_hand=event.by_hand,
    )
    refunds = tuple(settled if one.id == refund.id else one for one in sale.refunds)
    after = replace(sale, refunds=refunds)
    return replace(after, phase=_phase_of_refunds(after))


def _phase_of_refunds(sale: Sale) -> Phase:
    if sale.phase in _OVER:
        return sale.phase
    if refund_running(sale) is not None:
        return Phase.PAYING
    if refund_in_doubt(sale) is not None:
        return Phase.IN_DOUBT
    is_given = refunded_minor(sale) > 0 and totals(sale).left_minor >= 0
    return Phase.PAID if is_given else Phase.OPEN
