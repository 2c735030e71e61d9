"""Goods that come back, and the money for them: what is allowed."""

from kiosk.sale import return_commands as c
from kiosk.sale import return_events as r
from kiosk.sale.commands import Reason, Rejected, ResolveIntervention
from kiosk.sale.decide_payment import SERVICE_ID_CHARS_MAX
from kiosk.sale.events import Actor, Event, Interest, InterventionResolved, Outcome
from kiosk.sale.intervention import ITSELF, blocking
from kiosk.sale.invariant import require
from kiosk.sale.phases import refuse_change_of_lines, refuse_unless_open
from kiosk.sale.return_state import Refund
from kiosk.sale.returning import (
    is_over,
    part_of,
    refund_in_doubt,
    refund_is_news,
    refund_of,
    refund_running,
)
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals


def decide_return(sale: Sale, command: c.ReturnCommand) -> tuple[Event, ...]:
    """Return the events that a command of a return causes."""
    match command:
        case c.BeginReturn():
            return _begin(sale, command)
        case c.NoteChecked():
            return _checked(sale, command)
        case c.AddReturn():
            return _add(sale, command)
        case c.RequestRefund():
            return _request_refund(sale, command)
        case c.SettleRefund():
            return _settle_refund(sale, command)
    raise TypeError(f"no such command: {type(command).__name__}")


def _begin(sale: Sale, command: c.BeginReturn) -> tuple[Event, ...]:
    if not is_over(sale):
        raise Rejected(Reason.NOT_PAID)
    if command.into in sale.returned_in:
        return ()
    return (
        r.ReturnBegun(at_utc=command.at_utc, into=command.into, attendant_id=command.attendant_id),
    )


def _checked(sale: Sale, command: c.NoteChecked) -> tuple[Event, ...]:
    refuse_change_of_lines(sale, Actor.STAFF)
    return (
        r.ReturnChecked(
            at_utc=command.at_utc,
            original_sale_id=command.original_sale_id,
            register_id=command.register_id,
            answered=command.answered,
            payments=command.payments,
            attendant_id=command.attendant_id,
        ),
    )


def _add(sale: Sale, command: c.AddReturn) -> tuple[Event, ...]:
    refuse_change_of_lines(sale, Actor.STAFF)
    original = command.original
    require(command.attendant_id != "", "a return without an attendant")
    if original.training is not sale.training or not is_over(original):
        raise Rejected(Reason.NOT_RETURNABLE)
    if any(line.original_sale_id != original.id for line in sale.returned):
        raise Rejected(Reason.OTHER_RECEIPT)
    try:
        part = part_of(original, (*command.returns, sale), command.line_id, command.quantity)
    except KeyError:
        raise Rejected(Reason.NOT_RETURNABLE) from None
    return (
        r.LineReturned(
            at_utc=command.at_utc,
            line_id=sale._next_line_id,
            original_sale_id=original.id,
            original_line_id=part.line.id,
            original_receipt=command.original_receipt,
            original_at_utc=original.completed_at,
            product=part.line.product,
            quantity=part.quantity,
            weight_g=part.line.weight_g,
            unit_price_minor=part.line.unit_price_minor,
            price_minor=part.price_minor,
            gross_minor=part.gross_minor,
            deposit_minor=part.deposit_minor,
            reason=command.reason,
            attendant_id=command.attendant_id,
        ),
    )


def _request_refund(sale: Sale, command: c.RequestRefund) -> tuple[Event, ...]:
    refuse_unless_open(sale)
    if blocking(sale) is not None:
        raise Rejected(Reason.NEEDS_STAFF)
    owed_minor = -totals(sale).left_minor
    if owed_minor <= 0:
        raise Rejected(Reason.NOTHING_TO_PAY)
    if command.amount_minor <= 0:
        raise Rejected(Reason.BAD_PRICE)
    if command.amount_minor > owed_minor:
        raise Rejected(Reason.AMOUNT_LIMIT)
    if not (command.transaction_id or command.unreferenced or command.by_hand):
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    if command.by_hand and not (command.out_of_reach or _refusal_of(sale, command)):
        raise Rejected(Reason.NOT_PAID)
    _require_new_ids(sale, command)
    return (
        r.RefundRequested(
            at_utc=command.at_utc,
            refund_id=command.refund_id,
            service_id=command.service_id,
            method=command.method,
            amount_minor=command.amount_minor,
            currency=sale.currency,
            of_attempt_id=command.of_attempt_id,
            of_service_id=command.of_service_id,
            transaction_id=command.transaction_id,
            transaction_at=command.transaction_at,
            attendant_id=command.attendant_id,
        ),
        *_given_by_hand(sale, command),
    )


def _refusal_of(sale: Sale, command: c.RequestRefund) -> Refund | None:
    """Return the newest refund of the same payment that was refused in this sale."""
    refused = (
        refund
        for refund in reversed(sale.refunds)
        if refund.of_attempt_id == command.of_attempt_id and refund.outcome is Outcome.DECLINED
    )
    return next(refused, None)


def _given_by_hand(sale: Sale, command: c.RequestRefund) -> tuple[r.RefundSettled, ...]:
    """Settle a part that staff give back in the same commit: nothing is ever sent for it."""
    if command.by_hand is None:
        return ()
    refusal = _refusal_of(sale, command)
    return (
        r.RefundSettled(
            at_utc=command.at_utc,
            refund_id=command.refund_id,
            outcome=Outcome.APPROVED,
            reason=refusal.reason if refusal else "out_of_reach",
            attendant_id=command.attendant_id,
            by_hand=command.by_hand,
        ),
    )


def _require_new_ids(sale: Sale, command: c.RequestRefund) -> None:
    require(refund_of(sale, command.refund_id) is None, f"refund {command.refund_id!r}")
    require(refund_running(sale) is None and refund_in_doubt(sale) is None, "two refunds at once")
    service_id = command.service_id
    require(0 < len(service_id) <= SERVICE_ID_CHARS_MAX, f"service id {service_id!r}")
    used = {refund.service_id for refund in sale.refunds}
    require(service_id not in used, f"service id {service_id!r} is used twice")


def _settle_refund(sale: Sale, command: c.SettleRefund) -> tuple[Event, ...]:
    """Take the answer down as it is; old news changes nothing.

    A refund that was called declined and turns out to have been made is believed while it is
    still owed. Is it not, another one took its place, and money went back twice: what is written
    then is for people, so it is refused here (NOTHING_TO_PAY) and told by the caller.
    """
    refund = refund_of(sale, command.refund_id)
    if refund is None:
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    if not refund_is_news(refund, command.outcome):
        return ()
    if refund.outcome is Outcome.DECLINED:
        still_owed = -totals(sale).left_minor >= refund.amount_minor
        if sale.phase is not Phase.OPEN or not still_owed:
            raise Rejected(Reason.NOTHING_TO_PAY)
    settled = _settled(refund, command)
    if command.outcome is Outcome.UNKNOWN:
        return (settled,)
    return (settled, *_doubt_resolved(sale, command))


def _settled(refund: Refund, command: c.SettleRefund) -> r.RefundSettled:
    return r.RefundSettled(
        at_utc=command.at_utc,
        refund_id=refund.id,
        outcome=command.outcome,
        transaction_id=command.transaction_id,
        transaction_at=command.transaction_at,
        card=command.card,
        reason=command.reason,
        attendant_id=command.attendant_id,
    )


def _doubt_resolved(sale: Sale, command: c.SettleRefund) -> tuple[Event, ...]:
    return tuple(
        InterventionResolved(
            at_utc=command.at_utc,
            intervention_id=intervention.id,
            approved=command.outcome is Outcome.APPROVED,
            attendant_id=command.attendant_id,
            where="kiosk" if command.attendant_id else ITSELF,
            reason=command.reason,
        )
        for intervention in sale.interventions
        if intervention.open and intervention.kind is Interest.PAYMENT_IN_DOUBT
    )


def refund_settled_by_staff(
    sale: Sale, command: ResolveIntervention
) -> tuple[r.RefundSettled, ...]:
    """Return an attendant's word on a refund in doubt: given back, or not; nothing without one."""
    refund = refund_in_doubt(sale)
    if refund is None:
        return ()
    return (
        r.RefundSettled(
            at_utc=command.at_utc,
            refund_id=refund.id,
            outcome=Outcome.APPROVED if command.approved else Outcome.DECLINED,
            reason=command.reason or "staff",
            attendant_id=command.attendant_id,
        ),
    )
