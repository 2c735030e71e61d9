"""Money back for goods that came back: asked for, sent once, asked about, and taken down.

What is owed follows from the sale, as with a charge; `perform` carries it out with what is here.
Which payment gives what is read from the record each time, so that a power cut forgets nothing.
"""

import logging

from drivers.contracts import PaymentOutcome, RefundAnswered, Refunding, RefundRequest
from kiosk.engine.staff_view import StaffProblem
from kiosk.engine.till import JournalFailed, Till
from kiosk.journal import JournalError
from kiosk.payments.settle import settle_refund
from kiosk.sale.attempts import attempt_of
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.effects import PayBack
from kiosk.sale.events import Method, Outcome
from kiosk.sale.evolve import replay
from kiosk.sale.return_commands import RequestRefund, SettleRefund
from kiosk.sale.return_events import ByHand
from kiosk.sale.returning import (
    given_elsewhere,
    original_elsewhere,
    refund_of,
    refund_plan,
    refund_running,
)
from kiosk.sale.state import Attempt, Phase, Sale
from kiosk.sale.totals import totals

logger = logging.getLogger(__name__)


def is_ours(till: Till) -> bool:
    """Whether this life committed the running refund itself, so that it may be sent."""
    running = refund_running(till.sale)
    return running is None or running.id in till.begun


# --- the record ---------------------------------------------------------------------------------


def original_of(till: Till, sale: Sale) -> Sale:
    """Return the sale from which goods came back in this one.

    Raises:
        JournalFailed: the record cannot be read.
    """
    if sale.elsewhere is not None and sale.elsewhere.register_id:
        return original_elsewhere(sale.elsewhere)
    return read(till, sale.returned[0].original_sale_id)


def returns_of(till: Till, original: Sale) -> tuple[Sale, ...]:
    """Return the sales in which goods of `original` came back; the one on the glass is left out.

    What other kiosks of the store gave back of it, as far as the store said so, is one more.
    """
    found = (read(till, sale_id) for sale_id in original.returned_in if sale_id != till.sale.id)
    known = till.sale.elsewhere
    others = (given_elsewhere(known),) if known and known.sale_id == original.id else ()
    return (*(sale for sale in found if sale.id), *others)


def read(till: Till, sale_id: str) -> Sale:
    """Return a sale of the record; one without events has no id."""
    try:
        return replay(till.journal.events_of(sale_id))
    except JournalError as error:
        logger.error("journal: a sale cannot be read: %s", error)
        raise JournalFailed from error


# --- asking for it ------------------------------------------------------------------------------


def begin(till: Till, attendant_id: str) -> StaffProblem:
    """Ask for the next part of what is owed; NONE when it is on its way.

    Raises:
        JournalFailed: nothing was written, and nothing is sent.
    """
    part = _next_part(till)
    if part is None or not (till.sale.training or can_refund(till, part[0].method)):
        return StaffProblem.NO_WAY_BACK
    return _ask_for(till, part, attendant_id)


def may_be_by_hand(till: Till) -> bool:
    """Whether staff may give the next part back themselves: it was refused, or nobody can be asked.

    Not in doubt: what may have been made already must not be given once more.
    """
    part = None if till.sale.training else _next_part(till)
    if part is None or till.sale.phase is not Phase.OPEN:
        return False
    refused = any(
        refund.of_attempt_id == part[0].id and refund.outcome is Outcome.DECLINED
        for refund in till.sale.refunds
    )
    return refused or not can_refund(till, part[0].method)


def give_by_hand(till: Till, attendant_id: str, way: ByHand) -> StaffProblem:
    """Write down that staff give the next part back themselves; NONE when that stands.

    Raises:
        JournalFailed: nothing was written.
    """
    part = _next_part(till)
    if part is None or not may_be_by_hand(till):
        return StaffProblem.NOT_NOW
    return _ask_for(till, part, attendant_id, way)


def _next_part(till: Till) -> tuple[Attempt, int] | None:
    """Return the payment that gives back next, and how much; None where none can."""
    original = original_of(till, till.sale)
    returns = (*returns_of(till, original), till.sale)
    plan = refund_plan(original, returns, -totals(till.sale).left_minor)
    attempt = attempt_of(original, plan[0].attempt_id) if plan else None
    return None if attempt is None else (attempt, plan[0].amount_minor)


def _ask_for(
    till: Till, part: tuple[Attempt, int], attendant_id: str, way: ByHand | None = None
) -> StaffProblem:
    attempt, amount_minor = part
    wanted = RequestRefund(
        at_utc=till.now_utc(),
        refund_id=till.ids.attempt_id(),
        service_id=till.service_id(),
        method=attempt.method,
        amount_minor=amount_minor,
        of_attempt_id=attempt.id,
        of_service_id=attempt.service_id,
        transaction_id=attempt.transaction_id,
        transaction_at=attempt.transaction_at,
        attendant_id=attendant_id,
        unreferenced=till.sale.training or till.config.refund_without_payment,
        by_hand=way,
        out_of_reach=way is not None and not can_refund(till, attempt.method),
    )
    try:
        till.submit(wanted)
    except Rejected as rejected:
        logger.info("refund: refused, %s", rejected.reason)
        return StaffProblem.NOT_NOW
    return StaffProblem.NONE


def can_refund(till: Till, method: Method) -> bool:
    """Whether money can go back this way now."""
    payer = till.devices.payer(method)
    is_there = payer is not None and till.health.heard_of(payer.name)
    return is_there and _refunder(till, method) is not None


def _refunder(till: Till, method: Method) -> Refunding | None:
    payer: object = till.devices.payer(method)
    return payer if isinstance(payer, Refunding) else None


def send(till: Till, effect: PayBack, *, ask: bool) -> bool:
    """Let a refund out into the world, or ask about it; False where nobody can do either."""
    payer = _refunder(till, effect.method)
    if payer is None:
        return False
    request = _request(till, effect)
    (payer.ask_refund if ask else payer.refund)(request)
    return True


def _request(till: Till, effect: PayBack) -> RefundRequest:
    original = original_of(till, till.sale)
    paid = attempt_of(original, effect.of_attempt_id)
    given = sum(
        refund.amount_minor
        for sale in (*returns_of(till, original), till.sale)
        for refund in sale.refunds
        if refund.of_attempt_id == effect.of_attempt_id
        and refund.outcome is Outcome.APPROVED
        and refund.by_hand is None  # whoever took the payment has given back only the rest
    )
    return RefundRequest(
        attempt_id=effect.refund_id,
        service_id=effect.service_id,
        sale_id=till.sale.id,
        amount_minor=effect.amount_minor,
        currency=effect.currency,
        transaction_id=effect.transaction_id,
        transaction_at=effect.transaction_at,
        of_attempt_id=effect.of_attempt_id,
        paid_minor=paid.approved_minor if paid else 0,
        given_before_minor=given,
        # Another kiosk's captures do not hear of what comes back here.
        may_release=not (till.sale.elsewhere and till.sale.elsewhere.register_id),
    )


# --- answers ------------------------------------------------------------------------------------


def answered(till: Till, event: RefundAnswered) -> None:
    """Take a driver's word about a refund; one for another sale is told to people."""
    refund = refund_of(till.sale, event.attempt_id)
    if refund is None:
        wrong = event.result.outcome is PaymentOutcome.APPROVED
        logger.log(
            logging.ERROR if wrong else logging.WARNING,
            "terminal: answer about another sale's refund, refund=%s, outcome=%s",
            event.attempt_id,
            event.result.outcome,
        )
        return
    if refund.by_hand and event.result.outcome is PaymentOutcome.APPROVED:
        logger.error("refund: made after staff gave it by hand, refund=%s", refund.id)
        return
    try:
        till.submit(settle_refund(refund, event.result, till.now_utc()))
    except Rejected as rejected:
        if rejected.reason is not Reason.NOTHING_TO_PAY:
            raise
        logger.error("refund: made after it was called declined, and twice, refund=%s", refund.id)
        return
    logger.info("refund: %s, outcome=%s", refund.id, event.result.outcome)


def settle_as_unknown(till: Till, refund_id: str) -> None:
    """Take a driver's silence for what it is: nobody knows, so the terminal is asked."""
    unknown = SettleRefund(
        at_utc=till.now_utc(), refund_id=refund_id, outcome=Outcome.UNKNOWN, reason="no_answer"
    )
    till.submit(unknown)
