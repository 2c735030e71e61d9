"""Coupons: what each takes off, in the order in which they were shown.

The rule:

1. A coupon is for its goods alone; one that names none is for all that may be discounted. What no
   offer may touch (`NEVER_DISCOUNTED`) and what staff set a price for takes no part, and counts
   for no minimum.
2. It looks at what the goods cost after offers, after staff's percentages, and after the coupons
   before it. Deposits are never part of that.
3. Below its minimum it waits in the sale and takes nothing; it does as soon as there is enough.
4. Per cent are rounded half up on each line. An amount, at most all that the goods cost, is shared
   over the lines in proportion to what they cost, by largest remainder (the earlier line when
   equal), so that VAT is lowered where the price is.
5. One slip of a campaign for each sale. Different campaigns add up.
"""

from collections.abc import Mapping, Sequence

from kiosk.sale.money import divide_half_up
from kiosk.sale.product import NEVER_DISCOUNTED, Coupon
from kiosk.sale.promotion_search import share
from kiosk.sale.state import Line

Shares = tuple[tuple[int, int], ...]
"""By line id what comes off that line, as negative amounts."""


def shares_of(coupon: Coupon, lines: Sequence[Line], off: Mapping[int, int]) -> Shares:
    """Return what a coupon takes off each line; nothing while its minimum is not reached.

    `off` is what has come off each line before it, negative.
    """
    costs = {
        line.id: line.price_minor + off.get(line.id, 0) for line in lines if _is_for(coupon, line)
    }
    whole_minor = sum(costs.values())
    if whole_minor <= 0 or whole_minor < coupon.minimum_minor:
        return ()
    if coupon.percent_bp:
        parts = [divide_half_up(cost * coupon.percent_bp, 10_000) for cost in costs.values()]
    else:
        parts = share(min(coupon.amount_minor, whole_minor), list(costs.values()))
    return tuple((line_id, -part) for line_id, part in zip(costs, parts, strict=True) if part)


def is_valid(coupon: Coupon, today: str) -> bool:
    """Return whether it holds on a local ISO date; an empty date of its own is no limit."""
    return coupon.valid_from <= today and (not coupon.valid_to or today <= coupon.valid_to)


def _is_for(coupon: Coupon, line: Line) -> bool:
    if line.removed or line.staff_unit_minor is not None:
        return False
    if not NEVER_DISCOUNTED.isdisjoint(line.product.restrictions):
        return False
    return not coupon.products or line.product.id in coupon.products
