"""The part of a view that is about paying, the receipt, and what cannot be used."""

from dataclasses import replace
from typing import Final

from drivers.contracts import TerminalStep
from drivers.contracts.gateway import Reach
from kiosk.engine import sending
from kiosk.engine import wallet as wallets
from kiosk.engine.closing_view import SendLinkView, SendStep
from kiosk.engine.place import (
    can_close,
    fault_of,
    may_decline,
    may_have_on_phone,
    paying_attempt,
    running_attempt,
    screen_of,
    unavailable,
)
from kiosk.engine.session import PHONE, SMS_CODE, Typing
from kiosk.engine.till import Till
from kiosk.engine.time_left import seconds_left
from kiosk.engine.view import (
    Keys,
    MethodView,
    OutOfOrderView,
    ReceiptView,
    Screen,
    TerminalView,
    ThanksView,
    WalletView,
)
from kiosk.sale.attempts import counts, must_go_back
from kiosk.sale.events import Method, ReceiptChoice
from kiosk.sale.state import Attempt, Sale
from kiosk.sale.totals import Totals

KEYS: Final[dict[Typing | None, Keys | None]] = {
    None: None,
    PHONE: Keys.PHONE,
    SMS_CODE: Keys.CODE,
}


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
    session, attempt = till.session, running_attempt(till.sale)
    if attempt is None:
        return None
    return TerminalView(
        amount_minor=attempt.amount_minor,
        step=session.step,
        text=session.step_text,
        direction=till.config.terminal_direction,
        aborting=attempt.abort_requested and attempt.outcome is None,
        can_stop=session.step is not TerminalStep.APPROVED,
    )


def wallet(till: Till) -> WalletView | None:
    """Return the running payment by phone, with what is typed for it masked."""
    session, attempt = till.session, running_attempt(till.sale)
    if attempt is None:
        return None
    plain = WalletView(
        method=attempt.method,
        amount_minor=attempt.amount_minor,
        aborting=attempt.abort_requested and attempt.outcome is None,
        giving_back=attempt.outcome is not None and must_go_back(attempt),
        can_stop=wallets.may_stop(till),
    )
    shown = session.wallet
    if shown is None:
        return plain
    return replace(
        plain,
        step=shown.step,
        qr_text=shown.qr_text,
        masked_phone=shown.masked_phone,
        seconds_left=seconds_left(shown.expires_monotonic_ns or None, till.now_ns()),
        can_push=shown.can_push,
        can_scan=shown.can_scan,
        problem=shown.problem,
        tries_left=shown.tries_left,
        keys=KEYS[session.typing],
        typed=wallets.masked(session.typed) if session.typing is PHONE else session.typed,
        can_confirm=wallets.can_confirm(session.typing, session.typed),
    )


def receipt(till: Till, sums: Totals) -> ReceiptView:
    """Return the question after payment."""
    attempt = paying_attempt(till.sale)
    return ReceiptView(
        amount_minor=sums.total_minor,
        method=attempt.method if attempt else till.config.methods[0],
        methods=_methods_used(till.sale),
        last_four=attempt.card.last_four if attempt else "",
        seconds_left=seconds_left(till.session.choose_by_ns, till.now_ns()),
        paper=till.health.can_print(),
        phone=may_have_on_phone(till),
        may_decline=may_decline(till.sale),
    )


def _methods_used(sale: Sale) -> tuple[Method, ...]:
    used = tuple(dict.fromkeys(one.method for one in sale.attempts if counts(one)))
    return used if len(used) > 1 else ()


def thanks(till: Till, sums: Totals) -> ThanksView:
    """Return the last screen."""
    return ThanksView(
        saved_minor=sums.saved_minor,
        choice=till.sale.receipt_choice,
        printing=not can_close(till),
        seconds_left=seconds_left(till.session.thanks_until_ns, till.now_ns()),
        phone_code=_phone_code(till),
        can_send=sending.can_send(till),
        by_mail=till.gateway is not None and till.gateway.reach is Reach.EMAIL,
        send=till.session.link.step if till.session.link else SendStep.KEYS,
    )


def send_link(till: Till) -> SendLinkView | None:
    """Return the keys for the link's number, masked, or address; None where none stand."""
    link, screen = till.session.link, screen_of(till)
    if link is None or not link.open:
        return None
    return SendLinkView(
        typed=link.typed if screen is Screen.SEND_MAIL else wallets.masked(link.typed),
        can_confirm=sending.can_confirm_typed(screen, link.typed),
        bad=link.bad,
    )


def _phone_code(till: Till) -> str:
    """Return the link to the receipt: the same each time, since it is signed without chance."""
    sale = till.sale
    if sale.receipt_choice is not ReceiptChoice.PHONE:
        return ""
    return till.receipts.link(sale.id, sale.completed_at)


def out_of_order(till: Till) -> OutOfOrderView | None:
    """Return what works, and what does not."""
    fault = fault_of(till)
    if fault is None:
        return None
    return OutOfOrderView(fault=fault.fault, works=fault.works, can_start=fault.can_start)


def not_given_back(sale: Sale) -> Attempt | None:
    """Return the attempt whose money should have gone back and did not."""
    return next((attempt for attempt in sale.attempts if attempt.reversed is False), None)
