"""Rows of the list, kept by the identity of their line."""

from kiosk.engine.view import Flag, LineView, OfferView
from kiosk.sale.decide_lines import is_countable
from kiosk.sale.intervention import approved_age
from kiosk.sale.product import Unit
from kiosk.sale.promotion import discounts
from kiosk.sale.return_state import ReturnedLine
from kiosk.sale.state import Line, Sale

_Offers = tuple[tuple[str, int], ...]


class LineViews:
    """Makes rows, and makes none twice: a scan into a list of 200 makes one."""

    def __init__(self) -> None:
        self._sale: Sale | None = None
        self._rows: tuple[LineView, ...] = ()
        self._kept: dict[int, tuple[Line, _Offers, Flag, LineView]] = {}

    def of(self, sale: Sale) -> tuple[LineView, ...]:
        """Return the rows of the lines that count, oldest first; what came back stands last."""
        if self._sale is sale:
            return self._rows
        offers = _offers(sale)
        age, stopped = approved_age(sale), _stopped(sale)
        kept = {}
        for line in sale.lines:
            if line.removed:
                continue
            line_offers = offers.get(line.id, ())
            flag = _flag(line, age, stopped)
            old = self._kept.get(line.id)
            if old is None or old[0] is not line or old[1] != line_offers or old[2] is not flag:
                old = (line, line_offers, flag, _row(line, line_offers, flag))
            kept[line.id] = old
        sold = tuple(row for _, _, _, row in kept.values())
        if sale.coupons:
            shown = (*sold, *_coupon_rows(sale))
            sold = tuple(sorted(shown, key=lambda row: row.line_id))
        rows = (*sold, *map(_row_back, sale.returned)) if sale.returned else sold
        self._sale, self._kept, self._rows = sale, kept, rows
        return rows


def _offers(sale: Sale) -> dict[int, _Offers]:
    offers: dict[int, _Offers] = {}
    for discount in discounts(sale):
        for line_id, amount_minor in discount.shares:
            if amount_minor and not discount.is_coupon:
                offers[line_id] = (*offers.get(line_id, ()), (discount.title, amount_minor))
    return offers


def _stopped(sale: Sale) -> frozenset[int | None]:
    return frozenset(call.line_id for call in sale.interventions if call.open)


def _flag(line: Line, age: int, stopped: frozenset[int | None]) -> Flag:
    if line.product.age_limit > age:
        return Flag.AGE
    return Flag.STAFF if line.id in stopped else Flag.NONE


def _row(line: Line, offers: _Offers, flag: Flag) -> LineView:
    product = line.product
    return LineView(
        line_id=line.id,
        name=product.name,
        picture=product.picture,
        category=product.category,
        unit=product.unit,
        quantity=line.quantity,
        weight_g=line.weight_g,
        unit_price_minor=line.unit_price_minor,
        amount_minor=line.price_minor,
        full_price_minor=line.full_price_minor,
        deposit_minor=line.deposit_minor,
        offers=tuple(OfferView(title=title, amount_minor=amount) for title, amount in offers),
        flag=flag,
        age_limit=product.age_limit,
        countable=is_countable(line),
    )


def _coupon_rows(sale: Sale) -> tuple[LineView, ...]:
    """Return a row for each coupon, with what it takes off all goods together."""
    off = {one.promotion_id: one.amount_minor for one in discounts(sale) if one.is_coupon}
    return tuple(
        LineView(
            line_id=shown.line_id,
            name=shown.coupon.title,
            picture="",
            category="",
            unit=Unit.PIECE,
            quantity=1,
            weight_g=None,
            unit_price_minor=0,
            amount_minor=off.get(shown.coupon.id, 0),
            countable=False,
            is_coupon=True,
            minimum_minor=shown.coupon.minimum_minor,
        )
        for shown in sale.coupons
    )


def _row_back(back: ReturnedLine) -> LineView:
    """Goods that came back: amounts negative, and nothing about them can be changed here."""
    product = back.product
    return LineView(
        line_id=back.id,
        name=product.name,
        picture=product.picture,
        category=product.category,
        unit=product.unit,
        quantity=back.quantity,
        weight_g=back.weight_g,
        unit_price_minor=back.unit_price_minor,
        amount_minor=-back.gross_minor,
        deposit_minor=-back.deposit_minor,
        countable=False,
        came_back=True,
    )
