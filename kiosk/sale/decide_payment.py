"""Money: asked for, settled, given back.

Nothing here believes that silence is an answer. An attempt without an outcome, or with an unknown
one, blocks the next; a late approval is never thrown away; an approval that is not exactly what
was asked for pays for nothing and makes a reversal due.
"""

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.attempts import (
    attempt_of,
    counts,
    in_doubt,
    is_told,
    must_go_back,
    to_give_back,
    with_terminal,
)
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.intervention import (
    REVERSAL_FAILED,
    blocking,
    next_id,
    resolved_itself,
    reversal_in_question,
)
from kiosk.sale.invariant import require
from kiosk.sale.phases import has_ended, refuse_unless_open
from kiosk.sale.restriction import holds_alcohol
from kiosk.sale.returning import refund_may_have_moved
from kiosk.sale.state import Attempt, Phase, Sale
from kiosk.sale.totals import totals

SERVICE_ID_CHARS_MAX = 10
"""nexo Retailer: ServiceID is at most 10 characters."""


def request_payment(sale: Sale, command: c.RequestPayment) -> tuple[e.Event, ...]:
    """Ask for what is left, or for a part of it; the amount is frozen from here."""
    refuse_unless_open(sale)
    if blocking(sale) is not None:
        raise Rejected(Reason.NEEDS_STAFF)
    if command.alcohol_closed and holds_alcohol(sale):
        raise Rejected(Reason.ALCOHOL_HOURS)
    left = totals(sale).left_minor
    if left <= 0:
        raise Rejected(Reason.NOTHING_TO_PAY)
    amount = left if command.amount_minor is None else command.amount_minor
    if amount <= 0:
        raise Rejected(Reason.BAD_PRICE)
    if amount > left:
        raise Rejected(Reason.AMOUNT_LIMIT)
    _require_new_ids(sale, command.attempt_id, command.service_id)
    return (
        e.PaymentRequested(
            at_utc=command.at_utc,
            attempt_id=command.attempt_id,
            method=command.method,
            amount_minor=amount,
            currency=sale.currency,
            service_id=command.service_id,
            partial=command.partial,
        ),
    )


def abort_payment(sale: Sale, command: c.AbortPayment) -> tuple[e.Event, ...]:
    """Wish to stop the attempt that is with the terminal. Wishing again changes nothing."""
    attempt = with_terminal(sale)
    if attempt is None:
        in_question = in_doubt(sale) is not None
        raise Rejected(Reason.PAYMENT_IN_DOUBT if in_question else Reason.NO_SUCH_ATTEMPT)
    if attempt.abort_requested:
        return ()
    return (
        e.PaymentAbortRequested(at_utc=command.at_utc, attempt_id=attempt.id, actor=command.actor),
    )


def settle_payment(sale: Sale, command: c.SettlePayment) -> tuple[e.Event, ...]:
    """Take the answer to an attempt down as it is; old news changes nothing.

    When the truth about an attempt in doubt arrives, nobody has to come for it any more. It may
    arrive when the sale is long over: what was approved then pays for nothing, and goes back.
    """
    attempt = attempt_of(sale, command.attempt_id)
    if attempt is None:
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    by_staff = command.attendant_id != ""
    if not is_told(attempt, command.outcome, by_staff=by_staff):
        return ()
    settled = e.PaymentSettled(
        at_utc=command.at_utc,
        attempt_id=attempt.id,
        outcome=command.outcome,
        amount_minor=command.amount_minor,
        currency=command.currency,
        transaction_id=command.transaction_id,
        transaction_at=command.transaction_at,
        card=command.card,
        reason=command.reason,
        attendant_id=command.attendant_id,
    )
    if command.outcome is e.Outcome.UNKNOWN:
        return (settled,)
    return (settled, *_doubt_resolved(sale, command))


def _doubt_resolved(sale: Sale, command: c.SettlePayment) -> tuple[e.Event, ...]:
    return tuple(
        e.InterventionResolved(
            at_utc=command.at_utc,
            intervention_id=intervention.id,
            approved=command.outcome is e.Outcome.APPROVED,
            attendant_id=command.attendant_id,
            where="kiosk" if command.attendant_id else "itself",
            reason=command.reason,
        )
        for intervention in sale.interventions
        if intervention.open
        and intervention.kind is e.Interest.PAYMENT_IN_DOUBT
        and not intervention.detail.startswith(REVERSAL_FAILED)
    )


def request_reversal(sale: Sale, command: c.RequestReversal) -> tuple[e.Event, ...]:
    """Give back all that an attempt took: what is due, or a part payment of a sale still open.

    What has paid for a completed sale is not touched: that is a return, with its own receipt.
    """
    attempt = attempt_of(sale, command.attempt_id)
    if attempt is None:
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    if attempt.reversal_service_id or attempt.outcome is e.Outcome.REVERSED:
        return ()
    if attempt.outcome is not e.Outcome.APPROVED:
        in_question = attempt.outcome in (None, e.Outcome.UNKNOWN)
        raise Rejected(Reason.PAYMENT_IN_DOUBT if in_question else Reason.NOT_PAID)
    given_up = sale.given_up is not None and sale.phase is Phase.PAYING
    if counts(attempt) and sale.phase not in (Phase.OPEN, Phase.PAID) and not given_up:
        raise Rejected(Reason.SALE_IS_OVER)
    require(
        0 < len(command.service_id) <= SERVICE_ID_CHARS_MAX,
        f"sale {sale.id}: service id {command.service_id!r}",
    )
    return (
        e.ReversalRequested(
            at_utc=command.at_utc,
            attempt_id=attempt.id,
            service_id=command.service_id,
            amount_minor=attempt.approved_minor,
            reason=command.reason,
        ),
    )


def settle_reversal(sale: Sale, command: c.SettleReversal) -> tuple[e.Event, ...]:
    """Take down whether the money went back; if it did not, somebody has to see to it.

    An answer that comes after all, when nobody waited for it any more, counts if it is "done".
    """
    attempt = attempt_of(sale, command.attempt_id)
    if attempt is None:
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    after_all = attempt.outcome is e.Outcome.APPROVED and attempt.reversed is False and command.done
    if not after_all and not (must_go_back(attempt) and attempt.reversal_service_id):
        return ()
    settled = e.ReversalSettled(
        at_utc=command.at_utc,
        attempt_id=attempt.id,
        done=command.done,
        reason=command.reason,
    )
    if command.done:
        return (settled, *_nobody_need_give_it_back(sale, attempt, command.at_utc))
    # Of a sale that is over nobody is kept waiting: the next shopper may have begun.
    raised = e.InterventionRaised(
        at_utc=command.at_utc,
        intervention_id=next_id(sale),
        kind=e.Interest.PAYMENT_IN_DOUBT,
        policy=e.Policy.NOTED if has_ended(sale) else e.Policy.BLOCKS_NOW,
        detail=f"{REVERSAL_FAILED}{attempt.id}",
    )
    return (settled, raised)


def _nobody_need_give_it_back(
    sale: Sale, attempt: Attempt, at_utc: str
) -> tuple[e.InterventionResolved, ...]:
    """Call off who was to give by hand what went back after all: it must not go back twice."""
    return tuple(
        resolved_itself(call, at_utc, "reversed")
        for call in sale.interventions
        if call.open and call.detail == f"{REVERSAL_FAILED}{attempt.id}"
    )


def refuse_while_money_may_have_moved(sale: Sale) -> None:
    """Refuse to forget a sale that has, or may have, somebody's money."""
    if with_terminal(sale) is not None:
        raise Rejected(Reason.SALE_IS_BEING_PAID)
    if in_doubt(sale) is not None or reversal_in_question(sale):
        raise Rejected(Reason.PAYMENT_IN_DOUBT)
    if any(counts(attempt) for attempt in sale.attempts) or refund_may_have_moved(sale):
        raise Rejected(Reason.PAID_ALREADY)
    if to_give_back(sale) is not None:
        raise Rejected(Reason.STILL_OWED)


def settled_by_staff(attempt: Attempt, command: c.ResolveIntervention) -> e.PaymentSettled:
    """Return an attendant's word on an attempt in doubt: taken as asked, or not taken."""
    taken = command.approved
    return e.PaymentSettled(
        at_utc=command.at_utc,
        attempt_id=attempt.id,
        outcome=e.Outcome.APPROVED if taken else e.Outcome.DECLINED,
        amount_minor=attempt.amount_minor if taken else 0,
        currency=attempt.currency if taken else "",
        reason=command.reason or "staff",
        attendant_id=command.attendant_id,
    )


def _require_new_ids(sale: Sale, attempt_id: str, service_id: str) -> None:
    """Ids are the caller's; one used twice would make the terminal answer for the wrong one."""
    require(attempt_id != "" and attempt_of(sale, attempt_id) is None, f"attempt {attempt_id!r}")
    require(0 < len(service_id) <= SERVICE_ID_CHARS_MAX, f"service id {service_id!r}")
    used = {a.service_id for a in sale.attempts} | {a.reversal_service_id for a in sale.attempts}
    require(service_id not in used, f"service id {service_id!r} is used twice")
