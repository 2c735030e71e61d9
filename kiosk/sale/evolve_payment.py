"""What the events about money make of a sale: attempts, what goes back, and the phase of it all."""

from dataclasses import replace
from typing import Final

from kiosk.sale import events as e
from kiosk.sale.attempts import (
    attempt_of,
    counts,
    in_doubt,
    is_told,
    paid_minor,
    to_give_back,
    with_terminal,
)
from kiosk.sale.intervention import blocking
from kiosk.sale.invariant import InvariantBroken, require
from kiosk.sale.state import Attempt, GivenUp, Phase, Sale
from kiosk.sale.totals import totals

_OVER: Final = frozenset({Phase.COMPLETED, Phase.ABORTED, Phase.CLOSED})


def payment_requested(sale: Sale, event: e.PaymentRequested) -> Sale:
    """Return the sale with a new attempt, which is with its terminal from here."""
    require(attempt_of(sale, event.attempt_id) is None, f"attempt {event.attempt_id} twice")
    attempt = Attempt(
        id=event.attempt_id,
        service_id=event.service_id,
        method=event.method,
        amount_minor=event.amount_minor,
        currency=event.currency,
        requested_at=event.at_utc,
        partial=event.partial,
    )
    return replace(sale, phase=Phase.PAYING, attempts=(*sale.attempts, attempt))


def abort_requested(sale: Sale, event: e.PaymentAbortRequested) -> Sale:
    """Return the sale with the wish to stop; nothing follows from it but the wish."""
    return with_attempt(sale, replace(_attempt(sale, event.attempt_id), abort_requested=True))


def payment_settled(sale: Sale, event: e.PaymentSettled) -> Sale:
    """Return the sale after an answer: what was approved pays for it, or must go back."""
    attempt = _attempt(sale, event.attempt_id)
    by_staff = event.attendant_id != ""
    if not is_told(attempt, event.outcome, by_staff=by_staff):
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
        unconfirmed=by_staff and event.outcome is e.Outcome.DECLINED,
    )
    return with_attempt(sale, settled)


def _pays(sale: Sale, attempt: Attempt, event: e.PaymentSettled) -> bool:
    """Whether an approval pays for the sale; if not, the money must go back.

    Another amount or currency than asked never does, but for a part where parts were asked for.
    One that was thought declined does only while the sale is still open, waits for nobody, and
    owes exactly that amount. Nothing pays for a sale that was given up, or is over.
    """
    gone = sale.given_up is not None or sale.phase in _OVER
    if gone or event.currency != attempt.currency:
        return False
    is_part = attempt.partial and 0 < event.amount_minor < attempt.amount_minor
    if event.amount_minor != attempt.amount_minor and not is_part:
        return False
    left = totals(sale).left_minor
    if sale.phase is Phase.OPEN:
        return event.amount_minor == left and blocking(sale) is None
    was_running = attempt.outcome in (None, e.Outcome.UNKNOWN)
    return was_running and event.amount_minor <= left


def reversal_requested(sale: Sale, event: e.ReversalRequested) -> Sale:
    """Return the sale with an attempt that no longer pays: its money is on the way back."""
    attempt = replace(
        _attempt(sale, event.attempt_id),
        reversal_service_id=event.service_id,
        reversal_reason=event.reason,
    )
    return with_attempt(sale, attempt)


def reversal_settled(sale: Sale, event: e.ReversalSettled) -> Sale:
    """Return the sale after the money went back, or did not."""
    attempt = _attempt(sale, event.attempt_id)
    outcome = e.Outcome.REVERSED if event.done else attempt.outcome
    return with_attempt(sale, replace(attempt, reversed=event.done, outcome=outcome))


def given_up(sale: Sale, event: e.SaleGivenUp) -> Sale:
    """Return the sale with all its part payments due to go back."""
    words = GivenUp(
        reason=event.reason,
        actor=event.actor,
        attendant_id=event.attendant_id,
        where=event.where,
    )
    after = replace(sale, given_up=words)
    return replace(after, phase=_phase_of_money(after))


def after_fewer_goods(sale: Sale) -> Sale:
    """Return the sale without payments that are more than it costs now: the newest goes first.

    Staff may have to take goods out of a sale that is paid in part, e.g. beer when its hour is
    over. A payment is not split: it goes back whole, and what is left then is asked for again.
    """
    if sale.phase is not Phase.OPEN or paid_minor(sale) == 0:
        return sale
    too_much = -totals(sale).left_minor
    attempts = list(sale.attempts)
    for index in reversed(range(len(attempts))):
        if too_much > 0 and counts(attempts[index]):
            too_much -= attempts[index].approved_minor
            attempts[index] = replace(attempts[index], reversal_due=True, overpays=True)
    after = replace(sale, attempts=tuple(attempts))
    return replace(after, phase=_phase_of_money(after))


def _attempt(sale: Sale, attempt_id: str) -> Attempt:
    attempt = attempt_of(sale, attempt_id)
    if attempt is None:
        raise InvariantBroken(f"sale {sale.id}: no attempt {attempt_id}")
    return attempt


def with_attempt(sale: Sale, attempt: Attempt) -> Sale:
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
