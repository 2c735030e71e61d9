"""Whether a product may be sold here, today, and so many of it."""

from typing import Final

from kiosk.sale.commands import AddItem, Limits, Reason, Rejected
from kiosk.sale.events import Actor
from kiosk.sale.product import Product, Restriction
from kiosk.sale.state import Line, Sale

_ONLY_BY_STAFF: Final = frozenset({Restriction.TOBACCO, Restriction.NOT_FOR_SELF_SERVICE})
"""Tobacco: tobakksskadeloven § 18, no self-service. An attendant may hand it over."""


def refuse_unsaleable(command: AddItem) -> None:
    """Refuse what must not be sold: by itself, by its batch, or by its date."""
    product = command.product
    if command.actor is not Actor.STAFF and not _ONLY_BY_STAFF.isdisjoint(product.restrictions):
        raise Rejected(Reason.NOT_FOR_SELF_SERVICE)
    if command.alcohol_closed and Restriction.ALCOHOL in product.restrictions:
        raise Rejected(Reason.ALCOHOL_HOURS)
    if Restriction.RECALLED in product.restrictions:
        raise Rejected(Reason.RECALLED)
    if command.batch and command.batch in product.recalled_batches:
        raise Rejected(Reason.RECALLED)
    if command.expiry and command.expiry < command.today:
        raise Rejected(Reason.EXPIRED)


def holds_alcohol(sale: Sale) -> bool:
    """Whether a line that counts is alcohol."""
    return any(
        Restriction.ALCOHOL in line.product.restrictions for line in sale.lines if not line.removed
    )


def is_past_best_before(command: AddItem) -> bool:
    """Whether somebody has to look at it: best before is advice, so it may still be sold."""
    return bool(command.best_before) and command.best_before < command.today


def refuse_too_much(
    sale: Sale,
    limits: Limits,
    product: Product,
    more: int,
    more_minor: int,
    line: Line | None = None,
) -> None:
    """Refuse what would take the sale over a limit.

    `more` pieces of `product` costing `more_minor` (before offers, with deposit) come to `line`,
    or to a new line. The limit of the sale's amount is compared with the price before offers, so
    that taking something away never puts a sale over its limit.
    """
    live = [one for one in sale.lines if not one.removed]
    if line is None and len(live) >= limits.lines:
        raise Rejected(Reason.TOO_MANY_LINES)
    if more + (line.quantity if line else 0) > limits.quantity:
        raise Rejected(Reason.QUANTITY_LIMIT)
    if product.quantity_limit:
        held = sum(one.quantity for one in live if one.product.id == product.id)
        if held + more > product.quantity_limit:
            raise Rejected(Reason.QUANTITY_LIMIT)
    gross = sum(one.price_minor + one.deposit_minor for one in live)
    if gross + more_minor > limits.total_minor:
        raise Rejected(Reason.AMOUNT_LIMIT)
