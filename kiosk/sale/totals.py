"""What a sale amounts to, in minor units."""

from dataclasses import dataclass

from kiosk.sale.attempts import paid_minor
from kiosk.sale.invariant import require
from kiosk.sale.promotion import discounts
from kiosk.sale.returning import refunded_minor
from kiosk.sale.state import Line, Sale


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The sums of a sale: total = goods + deposit - saved - returned, left = total - paid."""

    item_count: int
    """Pieces; something weighed counts as one."""
    goods_minor: int
    """Before offers."""
    deposit_minor: int
    saved_minor: int
    """What the offers take off, as a positive amount."""
    total_minor: int
    """Negative when more came back than was bought."""
    paid_minor: int
    """Less what went back."""
    left_minor: int
    """Negative: to go back."""
    returned_minor: int = 0
    """What goods that came back bring, deposit included, as a positive amount."""
    returned_deposit_minor: int = 0


def totals(sale: Sale) -> Totals:
    """Return the sums of the lines that count and of the attempts that pay for them."""
    item_count = goods = deposit = 0
    for line in sale.lines:
        if not line.removed:
            item_count += line.quantity
            goods += line.price_minor
            deposit += line.product.deposit_minor * line.quantity
    saved = -sum(discount.amount_minor for discount in discounts(sale))
    require(0 <= saved <= goods, f"offers of {saved} on goods of {goods}")
    back = sum(line.gross_minor + line.deposit_minor for line in sale.returned)
    total = goods + deposit - saved - back
    paid = paid_minor(sale) - refunded_minor(sale)
    return Totals(
        item_count=item_count,
        goods_minor=goods,
        deposit_minor=deposit,
        saved_minor=saved,
        total_minor=total,
        paid_minor=paid,
        left_minor=total - paid,
        returned_minor=back,
        returned_deposit_minor=sum(line.deposit_minor for line in sale.returned),
    )


def gross_of(line: Line) -> int:
    """Return what a line costs before offers, with its deposit."""
    return line.price_minor + line.deposit_minor
