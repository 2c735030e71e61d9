"""What the offers take off a sale: the combination that is best for the shopper.

The rule:

1. Each piece, and each weighed line, is used by at most one promotion.
2. PERCENT and PRICE work on each piece by itself, rounded half up for each piece, and on the
   price of a weighed line. PRICE never makes anything dearer.
3. N_FOR_M and FIXED_BUNDLE work on pieces only. In each group of N the N - M cheapest are free.
4. Of all ways to give the pieces to promotions the one with the largest saving is taken. Equal
   savings: the one that `kiosk.sale.promotion_search` finds first, which depends on prices, line
   ids and promotion ids, never on chance.
5. The saving of a group is shared over its pieces in proportion to their prices, so that VAT is
   lowered where the price is; minor units left over go to the largest remainders (the earlier
   piece when equal). Shares add up exactly, and no share is larger than its price.
6. Alcohol, tobacco and what is marked NO_DISCOUNT take no part, not even as the paid piece of a
   group. Source: alkoholloven § 8-12; the law forbids discounts on tobacco as well.

7. A line whose price staff set takes part in no promotion: that price is final.
8. A percentage that staff took off a line is taken from what it costs after its promotions,
   rounded half up, and shown as a discount of its own (`STAFF_DISCOUNT`).
9. Coupons come last; `kiosk.sale.coupon` has their rule.

Deposits are never discounted. Promotions are in the sale only while they are valid, so no date is
looked at here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from kiosk.sale.coupon import shares_of
from kiosk.sale.money import divide_half_up, price_of_weight
from kiosk.sale.product import NEVER_DISCOUNTED, Promotion, PromotionKind, Unit
from kiosk.sale.promotion_search import PricedLine, Taken, best_combination
from kiosk.sale.state import Line, Sale, ShownCoupon

STAFF_DISCOUNT: Final = "staff"
"""In place of a promotion's id: staff's own discount."""
STAFF_TITLE: Final = "Avslag"
"""As it stands on the receipt, which is in Norwegian."""


@dataclass(frozen=True, slots=True)
class Discount:
    """What one promotion takes off, and its share of each line: (line id, negative amount)."""

    promotion_id: str
    """Or `STAFF_DISCOUNT`, or the id of a coupon."""
    title: str
    shares: tuple[tuple[int, int], ...]
    is_coupon: bool = False

    @property
    def amount_minor(self) -> int:
        """The whole discount, negative."""
        return sum(amount for _, amount in self.shares)


def discounts(sale: Sale) -> tuple[Discount, ...]:
    """Return the discounts of a sale in the order in which their promotions came into it.

    What staff took off stands after them, and the coupons that take something off last.
    """
    return _recent.discounts(sale.lines, sale.promotions, sale.coupons)


def line_offers(sale: Sale) -> dict[int, int]:
    """Return what all offers together take off each line (negative); lines without are absent."""
    offers: dict[int, int] = {}
    for discount in discounts(sale):
        for line_id, amount in discount.shares:
            offers[line_id] = offers.get(line_id, 0) + amount
    return offers


_Asked = tuple[tuple[Line, ...], tuple[Promotion, ...], tuple[ShownCoupon, ...]]


class _Recent:
    """Discounts of the last few states of a sale, found again by identity of their tuples.

    View, totals and VAT ask about the same state one after the other. Values are immutable and
    kept alive here, so identity is equality; a lost race costs a calculation, nothing else.
    """

    SIZE = 4

    def __init__(self) -> None:
        self._known: tuple[tuple[_Asked, tuple[Discount, ...]], ...] = ()

    def discounts(
        self,
        lines: tuple[Line, ...],
        promotions: tuple[Promotion, ...],
        coupons: tuple[ShownCoupon, ...],
    ) -> tuple[Discount, ...]:
        asked = (lines, promotions, coupons)
        for known, found in self._known:
            if all(one is other for one, other in zip(known, asked, strict=True)):
                return found
        found = _calculate(*asked)
        self._known = ((asked, found), *self._known[: self.SIZE - 1])
        return found


_recent = _Recent()


def _calculate(
    lines: Sequence[Line], promotions: tuple[Promotion, ...], coupons: Sequence[ShownCoupon]
) -> tuple[Discount, ...]:
    offers = _offers(lines, promotions)
    off: dict[int, int] = {}
    _add_up(off, offers)
    by_staff = _by_staff(lines, off)
    _add_up(off, by_staff)
    return (*offers, *by_staff, *_by_coupons(lines, coupons, off))


def _add_up(off: dict[int, int], found: Sequence[Discount]) -> None:
    for discount in found:
        for line_id, amount in discount.shares:
            off[line_id] = off.get(line_id, 0) + amount


def _offers(lines: Sequence[Line], promotions: tuple[Promotion, ...]) -> tuple[Discount, ...]:
    touching: dict[str, list[Promotion]] = {}
    for promotion in promotions:
        for product_id in set(promotion.products):
            touching.setdefault(product_id, []).append(promotion)
    taken: list[Taken] = []
    pieces: list[PricedLine] = []
    for line in lines:
        product = line.product
        if line.removed or line.staff_unit_minor is not None or product.id not in touching:
            continue
        if not NEVER_DISCOUNTED.isdisjoint(product.restrictions):
            continue
        if product.unit is Unit.PIECE and line.weight_g is None:
            pieces.append(PricedLine(line.id, product.id, line.quantity, line.price_minor))
        else:
            taken.extend(_weighed(line, touching[product.id]))
    for group, its_lines in _components(pieces, touching):
        taken.extend(best_of_component(group, its_lines))
    return _by_promotion(taken, promotions)


def _by_coupons(
    lines: Sequence[Line], coupons: Sequence[ShownCoupon], off: dict[int, int]
) -> tuple[Discount, ...]:
    """Return what each coupon takes off after all else, in the order in which they were shown."""
    found = []
    for shown in coupons:
        if shares := shares_of(shown.coupon, lines, off):
            coupon = shown.coupon
            found.append(Discount(coupon.id, coupon.title, shares, is_coupon=True))
            _add_up(off, found[-1:])
    return tuple(found)


def _by_staff(lines: Sequence[Line], off: Mapping[int, int]) -> tuple[Discount, ...]:
    """Return what staff took off, after the offers, as one discount; none where nobody did."""
    discounted = [line for line in lines if line.discount_bp and not line.removed]
    shares = (
        (line.id, -percent_of(line.price_minor + off.get(line.id, 0), line.discount_bp))
        for line in discounted
    )
    found = tuple((line_id, amount) for line_id, amount in shares if amount)
    return (Discount(STAFF_DISCOUNT, STAFF_TITLE, found),) if found else ()


def _weighed(line: Line, promotions: Sequence[Promotion]) -> tuple[Taken, ...]:
    """Return the best single promotion for a weighed or price-labelled line, if any saves."""
    best: Taken | None = None
    for promotion in sorted(promotions, key=lambda promotion: promotion.id):
        saving = 0
        if promotion.kind is PromotionKind.PERCENT:
            saving = percent_of(line.price_minor, promotion.percent_bp)
        elif promotion.kind is PromotionKind.PRICE and line.weight_g is not None:
            saving = line.price_minor - price_of_weight(promotion.price_minor, line.weight_g)
        if saving > (best.saving_minor if best else 0):
            best = Taken(promotion.id, line.id, saving)
    return (best,) if best else ()


def percent_of(price_minor: int, percent_bp: int) -> int:
    """Return so many hundredths of a percent of a price, rounded half up, at most all of it."""
    return divide_half_up(price_minor * min(max(percent_bp, 0), 10_000), 10_000)


def _components(
    pieces: Sequence[PricedLine], touching: dict[str, list[Promotion]]
) -> list[tuple[tuple[Promotion, ...], tuple[PricedLine, ...]]]:
    """Split lines and promotions into parts that have nothing to do with each other.

    A scan then changes one small part, and the others are found in the cache.
    """
    waiting: dict[str, list[PricedLine]] = {}
    for line in pieces:
        waiting.setdefault(line.product_id, []).append(line)
    components = []
    while waiting:
        reached = [next(iter(waiting))]
        group: dict[str, Promotion] = {}
        its_lines: list[PricedLine] = []
        while reached:
            product_id = reached.pop()
            its_lines.extend(waiting.pop(product_id, ()))
            for promotion in touching[product_id]:
                if promotion.id not in group:
                    group[promotion.id] = promotion
                    reached.extend(other for other in promotion.products if other in waiting)
        ordered = tuple(group[promotion_id] for promotion_id in sorted(group))
        components.append((ordered, tuple(sorted(its_lines))))
    return components


@lru_cache(maxsize=256)
def best_of_component(
    promotions: tuple[Promotion, ...], lines: tuple[PricedLine, ...]
) -> tuple[Taken, ...]:
    """Return what each line gives to each promotion; pure, so remembered."""
    return best_combination(promotions, lines)


def _by_promotion(taken: Sequence[Taken], promotions: Sequence[Promotion]) -> tuple[Discount, ...]:
    shares: dict[str, dict[int, int]] = {}
    for promotion_id, line_id, saving in taken:
        of_promotion = shares.setdefault(promotion_id, {})
        of_promotion[line_id] = of_promotion.get(line_id, 0) - saving
    return tuple(
        Discount(promotion.id, promotion.title, tuple(sorted(shares[promotion.id].items())))
        for promotion in promotions
        if promotion.id in shares
    )
