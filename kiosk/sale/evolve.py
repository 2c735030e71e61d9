"""A sale after an event. What happened, happened: nothing is refused here.

Only what can never have happened (a line id twice, a closed sale that opens again) stops the
program, by `require`: then the journal or `decide` is wrong, and going on would hide it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from kiosk.sale import capture
from kiosk.sale import events as e
from kiosk.sale import evolve_payment as money
from kiosk.sale.coupon_events import CouponRemoved, CouponTaken
from kiosk.sale.evolve_return import evolve_return
from kiosk.sale.invariant import require
from kiosk.sale.money import divide_half_up
from kiosk.sale.return_events import ReturnEvent
from kiosk.sale.state import NO_SALE, Intervention, Line, Phase, Print, Sale, ShownCoupon

_LEGAL: Final[dict[Phase, frozenset[Phase]]] = {
    Phase.NONE: frozenset({Phase.OPEN}),
    Phase.OPEN: frozenset({Phase.PAYING, Phase.PAID, Phase.COMPLETED, Phase.ABORTED}),
    Phase.PAYING: frozenset({Phase.OPEN, Phase.IN_DOUBT, Phase.PAID}),
    Phase.IN_DOUBT: frozenset({Phase.OPEN, Phase.PAYING, Phase.PAID}),
    Phase.PAID: frozenset({Phase.COMPLETED, Phase.PAYING}),
    Phase.COMPLETED: frozenset({Phase.CLOSED}),
    Phase.ABORTED: frozenset({Phase.CLOSED}),
    Phase.CLOSED: frozenset(),
}


def replay(events: Iterable[e.Event]) -> Sale:
    """Return the sale that these events tell of."""
    return replay_on(NO_SALE, events)


def replay_on(sale: Sale, events: Iterable[e.Event]) -> Sale:
    """Return `sale` after these further events."""
    for event in events:
        sale = evolve(sale, event)
    return sale


def evolve(sale: Sale, event: e.Event) -> Sale:
    """Return the sale after `event`."""
    after = _apply(sale, event)
    require(
        after.phase is sale.phase or after.phase in _LEGAL[sale.phase],
        f"sale {sale.id}: {type(event).__name__} leads from {sale.phase} to {after.phase}",
    )
    return after


def _apply(sale: Sale, event: e.Event) -> Sale:
    match event:
        case e.ItemAdded():
            return _item_added(sale, event)
        case e.QuantityChanged():
            return _quantity_changed(sale, event)
        case e.LineRemoved():
            by_staff = event.actor is e.Actor.STAFF
            shorter = _line_marked(sale, event.line_id, removed=True, removed_by_staff=by_staff)
            return money.after_fewer_goods(shorter)
        case e.LineRestored():
            return _line_marked(sale, event.line_id, removed=False)
        case e.PriceChanged():
            return _price_changed(sale, event)
        case e.DiscountGiven():
            return _line_marked(sale, event.line_id, discount_bp=event.percent_bp)
        case CouponTaken():
            return _coupon_taken(sale, event)
        case CouponRemoved():
            kept = tuple(one for one in sale.coupons if one.line_id != event.line_id)
            return replace(sale, coupons=kept)
        case e.PriceLookedUp() | e.ProvisionalGiven():
            return sale
        case ReturnEvent():
            return evolve_return(sale, event)
        case e.InterventionRaised():
            return _intervention_raised(sale, event)
        case e.InterventionResolved():
            return _intervention_resolved(sale, event)
        case e.BagsAnswered():
            return replace(sale, bags_answered=True)
        case e.PaymentRequested():
            return money.payment_requested(sale, event)
        case e.PaymentAbortRequested():
            return money.abort_requested(sale, event)
        case e.PaymentSettled():
            return money.payment_settled(sale, event)
        case e.ReversalRequested():
            return money.reversal_requested(sale, event)
        case e.ReversalSettled():
            return money.reversal_settled(sale, event)
        case e.CaptureRequested() | e.PaymentCaptured() | e.CaptureRefused():
            return capture.after(sale, event)
        case e.ReceiptAnswered():
            phone = sale.phone_receipt or event.choice is e.ReceiptChoice.PHONE
            return replace(sale, receipt_choice=event.choice, phone_receipt=phone)
        case e.PrintStarted():
            return replace(sale, prints=(*sale.prints, Print(id=event.print_id, copy=event.copy)))
        case e.PrintSettled():
            return _print_settled(sale, event)
        case _:
            return _begun_or_ended(sale, event)


def _begun_or_ended(sale: Sale, event: e.Event) -> Sale:
    match event:
        case e.SaleStarted():
            require(sale.phase is Phase.NONE, f"sale {sale.id} starts twice")
            return Sale(
                id=event.sale_id,
                kiosk_id=event.kiosk_id,
                currency=event.currency,
                training=event.training,
                phase=Phase.OPEN,
                started_at=event.at_utc,
                resumes=event.resumes,
            )
        case e.SaleCompleted():
            require(sale.receipt_number == 0, f"sale {sale.id} gets a second receipt number")
            return replace(
                sale,
                phase=Phase.COMPLETED,
                completed_at=event.at_utc,
                receipt_number=event.receipt_number,
            )
        case e.SaleGivenUp():
            return money.given_up(sale, event)
        case e.SaleAborted():
            return replace(sale, phase=Phase.ABORTED, end_reason=event.reason)
        case e.SaleResumed():
            require(sale.resumed_into == "", f"sale {sale.id} is taken up twice")
            return replace(sale, resumed_into=event.into)
        case e.SaleClosed():
            return replace(sale, phase=Phase.CLOSED)
    raise TypeError(f"no such event: {type(event).__name__}")


def _item_added(sale: Sale, event: e.ItemAdded) -> Sale:
    require(event.line_id >= sale._next_line_id, f"sale {sale.id}: line {event.line_id} twice")
    line = Line(
        id=event.line_id,
        product=event.product,
        quantity=event.quantity,
        weight_g=event.weight_g,
        tare_g=event.tare_g,
        price_minor=event.price_minor,
        entry=event.entry,
        code=event.code,
        batch=event.batch,
        best_before=event.best_before,
    )
    # A campaign that changes during the sale keeps the terms it had when it first came in.
    known = {promotion.id for promotion in sale.promotions}
    new = tuple(promotion for promotion in event.promotions if promotion.id not in known)
    return replace(
        sale,
        lines=(*sale.lines, line),
        promotions=sale.promotions + new if new else sale.promotions,
        _next_line_id=event.line_id + 1,
    )


def _coupon_taken(sale: Sale, event: CouponTaken) -> Sale:
    require(event.line_id >= sale._next_line_id, f"sale {sale.id}: line {event.line_id} twice")
    shown = ShownCoupon(line_id=event.line_id, coupon=event.coupon)
    return replace(sale, coupons=(*sale.coupons, shown), _next_line_id=event.line_id + 1)


def _quantity_changed(sale: Sale, event: e.QuantityChanged) -> Sale:
    require(event.quantity >= 1, f"sale {sale.id}: quantity {event.quantity}")
    lines = tuple(
        replace(
            line,
            quantity=event.quantity,
            price_minor=divide_half_up(line.price_minor * event.quantity, line.quantity),
            full_price_minor=(
                None
                if line.full_price_minor is None
                else divide_half_up(line.full_price_minor * event.quantity, line.quantity)
            ),
        )
        if line.id == event.line_id
        else line
        for line in sale.lines
    )
    return replace(sale, lines=lines)


def _line_marked(sale: Sale, line_id: int, **marks: Any) -> Sale:
    lines = tuple(replace(line, **marks) if line.id == line_id else line for line in sale.lines)
    return replace(sale, lines=lines)


def _price_changed(sale: Sale, event: e.PriceChanged) -> Sale:
    line = next(line for line in sale.lines if line.id == event.line_id)
    own = line.price_minor if line.full_price_minor is None else line.full_price_minor
    return _line_marked(
        sale,
        line.id,
        price_minor=event.price_minor,
        staff_unit_minor=event.unit_price_minor,
        full_price_minor=own,
    )


def _intervention_raised(sale: Sale, event: e.InterventionRaised) -> Sale:
    intervention = Intervention(
        id=event.intervention_id,
        kind=event.kind,
        policy=event.policy,
        raised_at=event.at_utc,
        line_id=event.line_id,
        detail=event.detail,
    )
    return replace(sale, interventions=(*sale.interventions, intervention))


def _intervention_resolved(sale: Sale, event: e.InterventionResolved) -> Sale:
    interventions = tuple(
        replace(
            intervention,
            resolved_at=event.at_utc,
            approved=event.approved,
            attendant_id=event.attendant_id,
            where=event.where,
            decision_id=event.decision_id,
        )
        if intervention.id == event.intervention_id and intervention.open
        else intervention
        for intervention in sale.interventions
    )
    return replace(sale, interventions=interventions)


def _print_settled(sale: Sale, event: e.PrintSettled) -> Sale:
    prints = tuple(
        replace(one, printed=event.printed, in_doubt=event.in_doubt)
        if one.id == event.print_id
        else one
        for one in sale.prints
    )
    return replace(sale, prints=prints)
