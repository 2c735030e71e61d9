"""A sale after an event. What happened, happened: nothing is refused here.

Only what can never have happened (a line id twice, a closed sale that opens again) stops the
program, by `require`: then the journal or `decide` is wrong, and going on would hide it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from kiosk.sale import events as e
from kiosk.sale.attempts import attempt_of, in_doubt, is_news, to_give_back, with_terminal
from kiosk.sale.intervention import blocking
from kiosk.sale.invariant import InvariantBroken, require
from kiosk.sale.money import divide_half_up
from kiosk.sale.state import NO_SALE, Attempt, Intervention, Line, Phase, Print, Sale
from kiosk.sale.totals import totals

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
_OVER: Final = frozenset({Phase.COMPLETED, Phase.ABORTED, Phase.CLOSED})


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
            return _line_marked(sale, event.line_id, removed=True, removed_by_staff=by_staff)
        case e.LineRestored():
            return _line_marked(sale, event.line_id, removed=False)
        case e.PriceChanged():
            return _price_changed(sale, event)
        case e.DiscountGiven():
            return _line_marked(sale, event.line_id, discount_bp=event.percent_bp)
        case e.PriceLookedUp():
            return sale
        case e.InterventionRaised():
            return _intervention_raised(sale, event)
        case e.InterventionResolved():
            return _intervention_resolved(sale, event)
        case e.BagsAnswered():
            return replace(sale, bags_answered=True)
        case e.PaymentRequested():
            return _payment_requested(sale, event)
        case e.PaymentAbortRequested():
            return _with_attempt(
                sale, replace(_attempt(sale, event.attempt_id), abort_requested=True)
            )
        case e.PaymentSettled():
            return _payment_settled(sale, event)
        case e.ReversalRequested():
            return _reversal_requested(sale, event)
        case e.ReversalSettled():
            return _reversal_settled(sale, event)
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


def _payment_requested(sale: Sale, event: e.PaymentRequested) -> Sale:
    require(attempt_of(sale, event.attempt_id) is None, f"attempt {event.attempt_id} twice")
    attempt = Attempt(
        id=event.attempt_id,
        service_id=event.service_id,
        method=event.method,
        amount_minor=event.amount_minor,
        currency=event.currency,
        requested_at=event.at_utc,
    )
    return replace(sale, phase=Phase.PAYING, attempts=(*sale.attempts, attempt))


def _payment_settled(sale: Sale, event: e.PaymentSettled) -> Sale:
    attempt = _attempt(sale, event.attempt_id)
    if not is_news(attempt, event.outcome):
        return sale
    approved = event.outcome is e.Outcome.APPROVED
    settled = replace(
        attempt,
        outcome=event.outcome,
        approved_minor=event.amount_minor if approved else 0,
        approved_currency=event.currency if approved else "",
        reversal_due=approved and not _pays(sale, attempt, event),
        transaction_id=event.transaction_id,
        transaction_at=event.transaction_at,
        card=event.card,
        reason=event.reason,
    )
    return _with_attempt(sale, settled)


def _pays(sale: Sale, attempt: Attempt, event: e.PaymentSettled) -> bool:
    """Whether an approval pays for the sale; if not, the money must go back.

    Another amount or currency than asked never does. One that was thought declined does only
    while the sale is still open, waits for nobody, and owes exactly that amount.
    """
    if (event.amount_minor, event.currency) != (attempt.amount_minor, attempt.currency):
        return False
    left = totals(sale).left_minor
    if sale.phase is Phase.OPEN:
        return event.amount_minor == left and blocking(sale) is None
    was_running = attempt.outcome in (None, e.Outcome.UNKNOWN)
    return was_running and event.amount_minor <= left


def _reversal_requested(sale: Sale, event: e.ReversalRequested) -> Sale:
    attempt = replace(
        _attempt(sale, event.attempt_id),
        reversal_service_id=event.service_id,
        reversal_reason=event.reason,
    )
    return _with_attempt(sale, attempt)


def _reversal_settled(sale: Sale, event: e.ReversalSettled) -> Sale:
    attempt = _attempt(sale, event.attempt_id)
    outcome = e.Outcome.REVERSED if event.done else attempt.outcome
    return _with_attempt(sale, replace(attempt, reversed=event.done, outcome=outcome))


def _attempt(sale: Sale, attempt_id: str) -> Attempt:
    attempt = attempt_of(sale, attempt_id)
    if attempt is None:
        raise InvariantBroken(f"sale {sale.id}: no attempt {attempt_id}")
    return attempt


def _with_attempt(sale: Sale, attempt: Attempt) -> Sale:
    """Return the sale with this attempt in its place, and the phase that follows from all."""
    attempts = tuple(attempt if old.id == attempt.id else old for old in sale.attempts)
    after = replace(sale, attempts=attempts)
    return replace(after, phase=_phase_of_money(after))


def _phase_of_money(sale: Sale) -> Phase:
    if sale.phase in _OVER:
        return sale.phase
    if with_terminal(sale) is not None:
        return Phase.PAYING
    if in_doubt(sale) is not None:
        return Phase.IN_DOUBT
    sums = totals(sale)
    require(sums.left_minor >= 0, f"sale {sale.id}: paid {-sums.left_minor} too much")
    if sums.left_minor == 0 and sums.paid_minor > 0:
        return Phase.PAID
    return Phase.OPEN if to_give_back(sale) is None else Phase.PAYING


def _print_settled(sale: Sale, event: e.PrintSettled) -> Sale:
    prints = tuple(
        replace(one, printed=event.printed, in_doubt=event.in_doubt)
        if one.id == event.print_id
        else one
        for one in sale.prints
    )
    return replace(sale, prints=prints)
