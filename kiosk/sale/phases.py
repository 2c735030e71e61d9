"""Refusals that follow from where a sale is in its life."""

from typing import Final

from kiosk.sale.attempts import paid_minor
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.events import Actor
from kiosk.sale.intervention import blocks_now
from kiosk.sale.returning import refund_may_have_moved
from kiosk.sale.state import Phase, Sale

_WHY_NOT_OPEN: Final[dict[Phase, Reason]] = {
    Phase.NONE: Reason.NO_SALE,
    Phase.PAYING: Reason.SALE_IS_BEING_PAID,
    Phase.IN_DOUBT: Reason.PAYMENT_IN_DOUBT,
    Phase.PAID: Reason.PAID_ALREADY,
    Phase.COMPLETED: Reason.SALE_IS_OVER,
    Phase.ABORTED: Reason.SALE_IS_OVER,
    Phase.CLOSED: Reason.SALE_IS_OVER,
}


def has_ended(sale: Sale) -> bool:
    """Whether nobody stands at the glass with it any more, and nothing of it is sold or paid."""
    return sale.phase in (Phase.ABORTED, Phase.CLOSED)


def refuse_unless_open(sale: Sale) -> None:
    """Refuse with the reason of the phase, unless the sale is open."""
    if sale.phase is not Phase.OPEN:
        raise Rejected(_WHY_NOT_OPEN[sale.phase])
    if sale.given_up is not None:
        raise Rejected(Reason.SALE_IS_OVER)


def refuse_change_of_lines(sale: Sale, actor: Actor) -> None:
    """Refuse unless lines may change: open, nothing paid yet, and nobody has to come first."""
    refuse_unless_open(sale)
    if paid_minor(sale) > 0:
        raise Rejected(Reason.PART_PAID)
    if refund_may_have_moved(sale):
        raise Rejected(Reason.SALE_IS_BEING_PAID)
    if actor is Actor.SHOPPER and blocks_now(sale):
        raise Rejected(Reason.NEEDS_STAFF)
