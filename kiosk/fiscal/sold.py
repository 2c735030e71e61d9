"""What a completed sale sold and took back, line by line, as all who count it do.

A line's amount is after offers; VAT is taken out of it and rounded half up for each line, and the
net amount of the sale is the sum of its rounded lines. Deposits are lines of their own, outside
the VAT base. What came back stands in lines of its own: quantity and amounts are negative, as the
mirror of what was sold. Source: the official example of SAF-T Cash Register 1.00 (75.12, not
75.13; a return of -1 for -16.40).
"""

from dataclasses import dataclass

from kiosk.fiscal import codes
from kiosk.sale.invariant import require
from kiosk.sale.product import Unit
from kiosk.sale.promotion import STAFF_DISCOUNT, discounts
from kiosk.sale.return_state import ReturnedLine
from kiosk.sale.state import Line, Sale
from kiosk.sale.tax import tax_within
from kiosk.sale.totals import totals


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """One line that was sold or came back: goods, or the deposit on them."""

    line_id: int
    """The sale's line it is, or whose deposit it is."""
    article_id: str
    name: str
    group: str
    quantity_milli: int
    """Thousandths of a piece, or grams."""
    unit: Unit
    unit_price_minor: int
    offers_minor: int
    """What campaigns took off, zero or negative; `gross_minor` is after that."""
    staff_minor: int = 0
    """What staff's own discount took off, zero or negative; `gross_minor` is after that too."""
    coupons_minor: int = 0
    """What coupons took off, zero or negative; `gross_minor` is after that too."""
    lowered_minor: int = 0
    """By how much staff lowered the price itself, zero or more; `gross_minor` is after that."""
    gross_minor: int
    tax_minor: int
    vat_code: str
    rate_bp: int
    came_back: bool = False
    """Then quantity and amounts are negative, and what offers had taken off is positive."""

    @property
    def net_minor(self) -> int:
        """Without VAT."""
        return self.gross_minor - self.tax_minor


def sold_lines(sale: Sale) -> tuple[SoldLine, ...]:
    """Return the lines of a sale that count, each followed by its deposit; what came back last."""
    off = _taken_off(sale)
    lines: list[SoldLine] = []
    for line in sale.live_lines:
        lines.append(_goods(line, *(of_kind.get(line.id, 0) for of_kind in off)))
        if line.deposit_minor:
            lines.append(_deposit(line.id, line.quantity, line.product.deposit_minor))
    for back in sale.returned:
        lines.append(_goods_back(back))
        if back.deposit_minor:
            lines.append(_deposit(back.id, -back.quantity, back.product.deposit_minor))
    total = totals(sale).total_minor
    gross = sum(line.gross_minor for line in lines)
    require(gross == total, f"sale {sale.id}: lines of {gross}, total {total}")
    return tuple(lines)


def net_minor(lines: tuple[SoldLine, ...]) -> int:
    """Return the sum without VAT: of the rounded lines, as the signature wants it."""
    return sum(line.net_minor for line in lines)


def _taken_off(sale: Sale) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Return by line what campaigns took off, what staff did, and what coupons did."""
    offers: dict[int, int] = {}
    staff: dict[int, int] = {}
    coupons: dict[int, int] = {}
    for discount in discounts(sale):
        into = staff if discount.promotion_id == STAFF_DISCOUNT else offers
        into = coupons if discount.is_coupon else into
        for line_id, share_minor in discount.shares:
            into[line_id] = into.get(line_id, 0) + share_minor
    return offers, staff, coupons


def _goods(line: Line, offers_minor: int, staff_minor: int, coupons_minor: int) -> SoldLine:
    product = line.product
    gross = line.price_minor + offers_minor + staff_minor + coupons_minor
    full = line.price_minor if line.full_price_minor is None else line.full_price_minor
    weighed = line.weight_g is not None
    return SoldLine(
        line_id=line.id,
        article_id=product.id,
        name=product.name,
        group=codes.article_group(product.article_group),
        quantity_milli=line.weight_g if line.weight_g is not None else line.quantity * 1000,
        unit=Unit.KILOGRAM if weighed else Unit.PIECE,
        unit_price_minor=line.unit_price_minor,
        offers_minor=offers_minor,
        staff_minor=staff_minor,
        coupons_minor=coupons_minor,
        lowered_minor=full - line.price_minor,
        gross_minor=gross,
        tax_minor=tax_within(gross, product.vat_rate_bp),
        vat_code=product.vat_code,
        rate_bp=product.vat_rate_bp,
    )


def _goods_back(back: ReturnedLine) -> SoldLine:
    product = back.product
    weighed = back.weight_g is not None
    return SoldLine(
        line_id=back.id,
        article_id=product.id,
        name=product.name,
        group=codes.article_group(product.article_group),
        quantity_milli=-(back.weight_g if back.weight_g is not None else back.quantity * 1000),
        unit=Unit.KILOGRAM if weighed else Unit.PIECE,
        unit_price_minor=back.unit_price_minor,
        offers_minor=back.price_minor - back.gross_minor,
        gross_minor=-back.gross_minor,
        tax_minor=-tax_within(back.gross_minor, product.vat_rate_bp),
        vat_code=product.vat_code,
        rate_bp=product.vat_rate_bp,
        came_back=True,
    )


def _deposit(line_id: int, quantity: int, deposit_minor: int) -> SoldLine:
    return SoldLine(
        line_id=line_id,
        article_id=codes.DEPOSIT_ARTICLE,
        name=codes.ARTICLE_GROUPS[codes.DEPOSIT_GROUP].norwegian,
        group=codes.DEPOSIT_GROUP,
        quantity_milli=quantity * 1000,
        unit=Unit.PIECE,
        unit_price_minor=deposit_minor,
        offers_minor=0,
        gross_minor=quantity * deposit_minor,
        tax_minor=0,
        vat_code=codes.DEPOSIT_VAT_CODE,
        rate_bp=0,
        came_back=quantity < 0,
    )
