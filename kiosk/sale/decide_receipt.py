"""The end of a sale: its number, its paper, and the next shopper."""

from kiosk.sale import capture
from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.attempts import counts, in_doubt, to_give_back, with_terminal
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.decide_payment import refuse_while_money_may_have_moved
from kiosk.sale.intervention import blocking, resolved_itself, reversal_in_question
from kiosk.sale.invariant import require
from kiosk.sale.pending import print_owed
from kiosk.sale.phases import refuse_unless_open
from kiosk.sale.returning import series_of
from kiosk.sale.state import Phase, Print, Sale
from kiosk.sale.totals import totals


def complete_sale(sale: Sale, command: c.CompleteSale) -> tuple[e.Event, ...]:
    """Number a sale that is paid, or that has lines and costs nothing."""
    sums = totals(sale)
    if sale.phase is not Phase.PAID:
        refuse_unless_open(sale)
        if not (sale.live_lines or sale.returned) or sums.left_minor != 0:
            raise Rejected(Reason.NOT_PAID)
        if blocking(sale) is not None:
            raise Rejected(Reason.NEEDS_STAFF)
    require(sums.paid_minor == sums.total_minor, f"sale {sale.id}: paid {sums.paid_minor}")
    require(command.receipt_number > 0, f"receipt number {command.receipt_number}")
    return (
        e.SaleCompleted(
            at_utc=command.at_utc,
            receipt_number=command.receipt_number,
            total_minor=sums.total_minor,
            series=series_of(sale),
        ),
        *capture.requests(sale, command.at_utc),
    )


def give_provisional(sale: Sale, command: c.GiveProvisional) -> tuple[e.Event, ...]:
    """Note that what the sale would cost goes on paper that is no receipt."""
    refuse_unless_open(sale)
    if not sale.live_lines:
        raise Rejected(Reason.NOTHING_TO_PAY)
    require(command.number > 0, f"provisional receipt number {command.number}")
    return (
        e.ProvisionalGiven(
            at_utc=command.at_utc,
            number=command.number,
            total_minor=totals(sale).total_minor,
            attendant_id=command.attendant_id,
        ),
    )


def answer_receipt(sale: Sale, command: c.AnswerReceipt) -> tuple[e.Event, ...]:
    """Take down what the shopper wants.

    It may change until the sale is closed; but paper that is on its way, or out, is not unwished
    by a later answer, so that changes nothing.
    """
    if sale.phase not in (Phase.PAID, Phase.COMPLETED):
        raise Rejected(_why_no_receipt(sale))
    if command.choice is sale.receipt_choice:
        return ()
    is_on_paper = any(one.printed is None or one.printed for one in sale.prints)
    if is_on_paper and command.choice is not e.ReceiptChoice.PAPER:
        return ()
    return (e.ReceiptAnswered(at_utc=command.at_utc, choice=command.choice, actor=command.actor),)


def start_print(sale: Sale, command: c.StartPrint) -> tuple[e.Event, ...]:
    """Begin the original, or the one copy that the law allows.

    An original may be begun again only when the last surely left no paper. COPY_USED: this sale
    has all the paper that it may have, or a print is still under way. After the sale is closed
    only staff may ask for paper.
    """
    late = sale.receipt_number > 0 and sale.phase is Phase.CLOSED and command.attendant_id
    if sale.phase is not Phase.COMPLETED and not late:
        raise Rejected(_why_no_receipt(sale))
    if any(one.id == command.print_id for one in sale.prints):
        return ()
    if any(one.printed is None for one in sale.prints):
        raise Rejected(Reason.COPY_USED)
    perhaps_on_paper = [one for one in sale.prints if one.printed or one.in_doubt]
    has_original = bool(perhaps_on_paper) or sale.phone_receipt
    has_copy = any(one.copy for one in perhaps_on_paper)
    if has_copy or command.copy is not has_original:
        raise Rejected(Reason.COPY_USED)
    return (
        e.PrintStarted(
            at_utc=command.at_utc,
            print_id=command.print_id,
            copy=command.copy,
            attendant_id=command.attendant_id,
        ),
    )


def settle_print(sale: Sale, command: c.SettlePrint) -> tuple[e.Event, ...]:
    """Take down how a print ended. One in doubt may be followed by the truth, once.

    Doubt goes before printed: what nobody can prove is not called printed.
    """
    one = next((one for one in sale.prints if one.id == command.print_id), None)
    if one is None:
        raise Rejected(Reason.NO_SUCH_ATTEMPT)
    late = sale.phase is Phase.CLOSED
    is_known = one.printed is not None and (late or not one.in_doubt)
    if is_known or (one.in_doubt and command.in_doubt):
        return ()
    return (
        e.PrintSettled(
            at_utc=command.at_utc,
            print_id=command.print_id,
            printed=command.printed and not command.in_doubt,
            in_doubt=command.in_doubt,
            reason=command.reason,
            late_copy_minor=_counted_late(sale, one),
        ),
    )


def _counted_late(sale: Sale, one: Print) -> int | None:
    """Return what a copy made after the end counts for; training is counted nowhere else."""
    is_late = sale.phase is Phase.CLOSED and one.copy and not sale.training
    return totals(sale).total_minor if is_late else None


def abort_sale(sale: Sale, command: c.AbortSale) -> tuple[e.Event, ...]:
    """End without payment; who was asked to come need not come any more."""
    if sale.phase in (Phase.COMPLETED, Phase.ABORTED, Phase.CLOSED):
        raise Rejected(Reason.SALE_IS_OVER)
    refuse_while_money_may_have_moved(sale)
    resolved = tuple(
        resolved_itself(intervention, command.at_utc, "sale_aborted")
        for intervention in sale.interventions
        if intervention.open
    )
    aborted = e.SaleAborted(
        at_utc=command.at_utc,
        reason=command.reason,
        amount_minor=totals(sale).total_minor,
        actor=command.actor,
        attendant_id=command.attendant_id,
        where=command.where,
    )
    return (*resolved, aborted)


def give_up_sale(sale: Sale, command: c.GiveUpSale) -> tuple[e.Event, ...]:
    """End at once where nothing is paid; else note that all of it goes back first."""
    if not any(counts(attempt) for attempt in sale.attempts):
        ended = c.AbortSale(
            at_utc=command.at_utc,
            reason=command.reason,
            actor=command.actor,
            attendant_id=command.attendant_id,
            where=command.where,
        )
        return abort_sale(sale, ended)
    if sale.phase in (Phase.COMPLETED, Phase.ABORTED, Phase.CLOSED):
        raise Rejected(Reason.SALE_IS_OVER)
    if sale.phase is Phase.PAID:
        raise Rejected(Reason.PAID_ALREADY)
    if with_terminal(sale) is not None:
        raise Rejected(Reason.SALE_IS_BEING_PAID)
    if in_doubt(sale) is not None or reversal_in_question(sale):
        raise Rejected(Reason.PAYMENT_IN_DOUBT)
    if sale.given_up is not None:
        return ()
    return (
        e.SaleGivenUp(
            at_utc=command.at_utc,
            reason=command.reason,
            actor=command.actor,
            attendant_id=command.attendant_id,
            where=command.where,
        ),
    )


def mark_resumed(sale: Sale, command: c.MarkResumed) -> tuple[e.Event, ...]:
    """Note that a sale that was set aside goes on elsewhere; nothing else can be taken up."""
    if sale.end_reason != c.SUSPENDED or sale.resumed_into:
        raise Rejected(Reason.SALE_IS_OVER)
    return (
        e.SaleResumed(at_utc=command.at_utc, into=command.into, attendant_id=command.attendant_id),
    )


def close_sale(sale: Sale, command: c.CloseSale) -> tuple[e.Event, ...]:
    """Let the next shopper in, when nothing is owed: no answer, no paper, no money back."""
    if sale.phase is Phase.CLOSED:
        return ()
    if sale.phase not in (Phase.COMPLETED, Phase.ABORTED):
        raise Rejected(Reason.NOT_PAID)
    if to_give_back(sale) is not None or reversal_in_question(sale):
        raise Rejected(Reason.STILL_OWED)
    is_unanswered = sale.phase is Phase.COMPLETED and sale.receipt_choice is None
    if is_unanswered or print_owed(sale) is not None:
        raise Rejected(Reason.STILL_OWED)
    return (e.SaleClosed(at_utc=command.at_utc),)


def _why_no_receipt(sale: Sale) -> Reason:
    over = sale.phase in (Phase.ABORTED, Phase.CLOSED)
    return Reason.SALE_IS_OVER if over else Reason.NOT_PAID
