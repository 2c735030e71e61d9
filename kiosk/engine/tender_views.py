"""The part of a view that is about several payments, and about cards with money on them."""

from kiosk.engine import tenders
from kiosk.engine.place import running_attempt, screen_of
from kiosk.engine.tender_view import TendersView, TenderView, ValueStep, ValueView
from kiosk.engine.till import Till
from kiosk.engine.view import Screen
from kiosk.sale.attempts import counts, with_terminal
from kiosk.sale.events import Method
from kiosk.sale.state import Attempt, Phase
from kiosk.sale.totals import Totals


def of(till: Till, sums: Totals) -> TendersView:
    """Return what is paid already and what is left, while that is more than one word."""
    sale = till.sale
    part_paid = sums.paid_minor > 0 and sale.phase in (Phase.OPEN, Phase.PAYING, Phase.IN_DOUBT)
    return TendersView(
        paid=tuple(
            TenderView(
                attempt_id=attempt.id,
                method=attempt.method,
                amount_minor=attempt.approved_minor,
                last_four=_digits(attempt),
                brand=attempt.card.brand,
            )
            for attempt in sale.attempts
            if part_paid and counts(attempt)
        ),
        left_minor=sums.left_minor,
        vouchers_minor=sum(one.minor for one in till.session.held),
        value=_value(till, sums) if screen_of(till) is Screen.VALUE else None,
    )


def _digits(attempt: Attempt) -> str:
    """Of a card, to tell two cards apart. A slip's digits tell nobody anything."""
    return "" if attempt.method is Method.DEPOSIT_VOUCHER else attempt.card.last_four


def masked(digits: str) -> str:
    """Return a number as far as the screen may show it while it is typed: "•••• •••• 0014"."""
    dots = "•" * max(0, len(digits) - 4) + digits[-4:]
    head = len(dots) % 4
    groups = [dots[:head], *(dots[i : i + 4] for i in range(head, len(dots), 4))]
    return " ".join(group for group in groups if group)


def _value(till: Till, sums: Totals) -> ValueView | None:
    attempt, entry = running_attempt(till.sale), till.session.value
    if till.sale.phase is not Phase.OPEN and attempt is not None:
        working = with_terminal(till.sale) is not None
        return ValueView(
            method=attempt.method,
            step=ValueStep.WORKING if working else ValueStep.GIVING_BACK,
            last_four=attempt.card.last_four,
            pays_minor=attempt.amount_minor if working else attempt.approved_minor,
        )
    if entry is None:
        return None
    pays = tenders.pays_minor(till, entry)
    return ValueView(
        method=entry.method,
        step=entry.step,
        typed=masked(entry.typed),
        can_confirm=tenders.can_confirm(entry),
        problem=entry.problem,
        locked=entry.unknown >= tenders.UNKNOWN_MAX,
        last_four=entry.last_four,
        balance_minor=entry.balance_minor,
        pays_minor=pays,
        left_after_minor=sums.left_minor - pays,
    )
