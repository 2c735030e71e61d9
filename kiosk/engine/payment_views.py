"""The part of a view that is about paying, the receipt, and what cannot be used."""

from kiosk.engine.place import can_close, fault_of, unavailable
from kiosk.engine.till import Till
from kiosk.engine.time_left import seconds_left
from kiosk.engine.view import (
    MethodView,
    OutOfOrderView,
    ReceiptView,
    TerminalView,
    ThanksView,
)
from kiosk.sale.attempts import counts, to_give_back, with_terminal
from kiosk.sale.state import Attempt, Sale
from kiosk.sale.totals import Totals


def methods(till: Till, sums: Totals) -> tuple[MethodView, ...]:
    """Return the ways to pay, each in its place, with the reason where it cannot be used."""
    limits = till.config.method_limits_minor
    return tuple(
        MethodView(
            method=method,
            unavailable=unavailable(till, method, sums.left_minor),
            limit_minor=limits.get(method, 0),
        )
        for method in till.config.methods
    )


def terminal(till: Till) -> TerminalView | None:
    """Return the running payment, as the terminal itself tells it."""
    sale, session = till.sale, till.session
    attempt = with_terminal(sale) or to_give_back(sale) or paying_attempt(sale)
    if attempt is None:
        return None
    return TerminalView(
        amount_minor=attempt.amount_minor,
        step=session.step,
        text=session.step_text,
        direction=till.config.terminal_direction,
        aborting=attempt.abort_requested and attempt.outcome is None,
    )


def receipt(till: Till, sums: Totals) -> ReceiptView:
    """Return the question after payment."""
    attempt = paying_attempt(till.sale)
    return ReceiptView(
        amount_minor=sums.total_minor,
        method=attempt.method if attempt else till.config.methods[0],
        last_four=attempt.card.last_four if attempt else "",
        seconds_left=seconds_left(till.session.choose_by_ns, till.now_ns()),
        paper=till.health.can_print(),
        may_decline=attempt is not None,
    )


def thanks(till: Till, sums: Totals) -> ThanksView:
    """Return the last screen."""
    return ThanksView(
        saved_minor=sums.saved_minor,
        choice=till.sale.receipt_choice,
        printing=not can_close(till),
        seconds_left=seconds_left(till.session.thanks_until_ns, till.now_ns()),
    )


def out_of_order(till: Till) -> OutOfOrderView | None:
    """Return what works, and what does not."""
    fault = fault_of(till)
    if fault is None:
        return None
    return OutOfOrderView(fault=fault.fault, works=fault.works, can_start=fault.can_start)


def not_given_back(sale: Sale) -> Attempt | None:
    """Return the attempt whose money should have gone back and did not."""
    return next((attempt for attempt in sale.attempts if attempt.reversed is False), None)


def paying_attempt(sale: Sale) -> Attempt | None:
    """Return the attempt that paid, the last one where there were several."""
    return next((attempt for attempt in reversed(sale.attempts) if counts(attempt)), None)
