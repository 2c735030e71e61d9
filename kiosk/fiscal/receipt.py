"""A receipt as data: what Norwegian law wants of it, in the order in which it is printed.

Built from the sale alone, by the same functions that fill the screen: name, quantity and amount of
a line are one and the same on screen, receipt and journal. Nothing here knows paper or printers.

Five kinds: for goods sold, for goods taken back, for both, for training, and a provisional one for
a sale that is still open. Each is numbered in a series of its own.

Source: Kassasystemforskriften (FOR-2015-12-18-1616) sections 2-8-4 to 2-8-7: seller, number, date
and time, cash register, operator, each line with quantity, unit, text and price, reductions, VAT
base and amount per rate, total, means of payment, and the terminal's transaction id when it is
integrated; for returns the receipt that is taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.fiscal.numbers import CODE, number_text
from kiosk.fiscal.texts import ReceiptKind
from kiosk.sale.attempts import counts
from kiosk.sale.events import CardFacts, Method, Outcome, Series
from kiosk.sale.invariant import require
from kiosk.sale.product import Unit
from kiosk.sale.promotion import Discount, discounts
from kiosk.sale.return_events import ByHand
from kiosk.sale.return_state import Refund, ReturnedLine
from kiosk.sale.returning import series_of
from kiosk.sale.state import Attempt, Line, Phase, Sale
from kiosk.sale.tax import TaxedAmount, tax_split
from kiosk.sale.totals import Totals, totals


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    """Who sells, and through which till. Comes from configuration."""

    name: str
    legal_name: str
    address: str
    """Street, postal code and place on one line."""
    org_number: str
    """Nine digits."""
    in_foretaksregisteret: bool = True
    register_id: str
    """The cash register's own id; one kiosk is one cash register."""
    operator_id: str
    exchange_days: int = 30
    declared: bool = False
    """Whether a product declaration was filed for this build; without it the receipt says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An offer's share on one line; `amount_minor` is negative."""

    title: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    """One line that was sold. `amount_minor` is before offers and deposit, as on the screen."""

    line_id: int
    name: str
    unit: Unit
    quantity: int
    weight_g: int | None
    tare_g: int
    unit_price_minor: int
    amount_minor: int
    deposit_unit_minor: int
    deposit_minor: int
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """Goods that came back. All amounts as printed: what they bring is negative."""

    line_id: int
    name: str
    unit: Unit
    quantity: int
    weight_g: int | None
    unit_price_minor: int
    amount_minor: int
    """At the price of the sale, before offers."""
    offers_minor: int
    """What offers had taken off and is not paid out: positive, or zero."""
    deposit_unit_minor: int
    deposit_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Which receipt was taken back, from when, and by whom."""

    number: str
    at_local: datetime
    attendant_id: str
    reason: str
    """A code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """One approved payment; a negative one went back to the shopper."""

    method: Method
    amount_minor: int
    transaction_id: str
    card: CardFacts
    by_hand: ByHand | None = None
    """Staff gave it back: `method` is what was paid by, and gave nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything that a receipt says. Amounts are in minor units of `currency`."""

    kind: ReceiptKind
    copy: bool
    shop: ShopFacts
    number: int
    series: Series
    at_local: datetime
    currency: str
    lines: tuple[ReceiptLine, ...]
    totals: Totals
    tax: tuple[TaxedAmount, ...]
    """VAT per rate, the lowest first, deposits not included."""
    tenders: tuple[Tender, ...]
    """None on a provisional receipt."""
    coupons: tuple[Offer, ...] = ()
    """What coupons take off all goods together, after the offers of the lines."""
    returned: tuple[ReturnLine, ...] = ()
    taken_back: TakenBack | None = None
    electronic: bool = False
    """Shown on a phone instead of on paper, and says so."""

    @property
    def number_text(self) -> str:
        """The number as it is printed, its series before it."""
        return number_text(self.series, self.number)

    @property
    def exit_code(self) -> str:
        """What the exit gate and the exchange desk scan: which receipt, not what was bought."""
        shop, at = self.shop, self.at_local
        total = self.totals.total_minor
        return f"{CODE}/{shop.register_id}/{self.number_text}/{at:%Y%m%d}/{total}"


def build_receipt(sale: Sale, shop: ShopFacts, *, copy: bool, at_local: datetime) -> Receipt:
    """Return the receipt of a completed sale or return, or its copy.

    `at_local` is when it was completed in the shop's own time zone; it must be aware, so that
    nobody prints UTC by mistake. A sale without a receipt number is refused, and so is one whose
    VAT table, deposits and payments do not add up to its total, to the øre.
    """
    require(sale.receipt_number > 0, f"sale {sale.id} has no receipt number")
    require(sale.phase in (Phase.COMPLETED, Phase.CLOSED), f"sale {sale.id} is {sale.phase}")
    series = series_of(sale)
    receipt = replace(
        _of_goods(sale, shop, series, sale.receipt_number, at_local),
        copy=copy,
        tenders=(
            *(_tender(each) for each in sale.attempts if counts(each)),
            *(_gone_back(each) for each in sale.refunds if each.outcome is Outcome.APPROVED),
        ),
    )
    _check(receipt)
    paid = sum(tender.amount_minor for tender in receipt.tenders)
    total = receipt.totals.total_minor
    require(paid == total, f"receipt {receipt.number_text}: paid {paid}, not {total}")
    return receipt


def build_provisional(sale: Sale, shop: ShopFacts, *, number: int, at_local: datetime) -> Receipt:
    """Return what an open sale would cost, on paper that is no receipt."""
    receipt = _of_goods(sale, shop, Series.PROVISIONAL, number, at_local)
    _check(receipt)
    return receipt


def _of_goods(
    sale: Sale, shop: ShopFacts, series: Series, number: int, at_local: datetime
) -> Receipt:
    require(at_local.tzinfo is not None, "a receipt's time needs a time zone")
    found = [one for one in discounts(sale) if not one.is_coupon]
    coupons = [one for one in discounts(sale) if one.is_coupon]
    return Receipt(
        kind=ReceiptKind(series.value),
        copy=False,
        shop=shop,
        number=number,
        series=series,
        at_local=at_local,
        currency=sale.currency,
        lines=tuple(_line(line, found) for line in sale.live_lines),
        totals=totals(sale),
        tax=tuple(sorted(tax_split(sale), key=lambda row: (row.rate_bp, row.code))),
        tenders=(),
        coupons=tuple(Offer(title=one.title, amount_minor=one.amount_minor) for one in coupons),
        returned=tuple(_return_line(line) for line in sale.returned),
        taken_back=_taken_back(sale, at_local) if sale.returned else None,
    )


def _return_line(line: ReturnedLine) -> ReturnLine:
    return ReturnLine(
        line_id=line.id,
        name=line.product.name,
        unit=line.product.unit,
        quantity=line.quantity,
        weight_g=line.weight_g,
        unit_price_minor=line.unit_price_minor,
        amount_minor=-line.price_minor,
        offers_minor=line.price_minor - line.gross_minor,
        deposit_unit_minor=line.product.deposit_minor,
        deposit_minor=-line.deposit_minor,
    )


def _taken_back(sale: Sale, at_local: datetime) -> TakenBack:
    """A return takes back from one receipt, so its first line speaks for all."""
    first = sale.returned[0]
    return TakenBack(
        number=first.original_receipt,
        at_local=datetime.fromisoformat(first.original_at).astimezone(at_local.tzinfo),
        attendant_id=first.attendant_id,
        reason=first.reason,
    )


def _line(line: Line, found: Sequence[Discount]) -> ReceiptLine:
    return ReceiptLine(
        line_id=line.id,
        name=line.product.name,
        unit=line.product.unit,
        quantity=line.quantity,
        weight_g=line.weight_g,
        tare_g=line.tare_g,
        unit_price_minor=line.unit_price_minor,
        amount_minor=line.price_minor,
        deposit_unit_minor=line.product.deposit_minor,
        deposit_minor=line.deposit_minor,
        offers=tuple(
            Offer(title=discount.title, amount_minor=share)
            for discount in found
            for line_id, share in discount.shares
            if line_id == line.id and share
        ),
    )


def _tender(attempt: Attempt) -> Tender:
    return Tender(
        method=attempt.method,
        amount_minor=attempt.approved_minor,
        transaction_id=attempt.transaction_id,
        card=attempt.card,
    )


def _gone_back(refund: Refund) -> Tender:
    return Tender(
        method=refund.method,
        amount_minor=-refund.amount_minor,
        transaction_id=refund.transaction_id,
        card=refund.card,
        by_hand=refund.by_hand,
    )


def _check(receipt: Receipt) -> None:
    """A receipt that contradicts itself must never reach paper."""
    sums = receipt.totals
    sold = sum(
        line.amount_minor + line.deposit_minor + sum(offer.amount_minor for offer in line.offers)
        for line in receipt.lines
    )
    back = sum(
        line.amount_minor + line.offers_minor + line.deposit_minor for line in receipt.returned
    )
    number, total = receipt.number_text, sums.total_minor
    lines = sold + back + sum(coupon.amount_minor for coupon in receipt.coupons)
    require(lines == total, f"lines of receipt {number} add up to {lines}, not {total}")
    deposit = sums.deposit_minor - sums.returned_deposit_minor
    taxed = sum(row.gross_minor for row in receipt.tax) + deposit
    require(taxed == total, f"VAT of receipt {number} adds up to {taxed}, not {total}")
