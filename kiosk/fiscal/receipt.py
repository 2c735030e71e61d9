"""A receipt as data: what Norwegian law wants of it, in the order in which it is printed.

Built from the sale alone, by the same functions that fill the screen: name, quantity and amount of
a line are one and the same on screen, receipt and journal. Nothing here knows paper or printers.

Source: Kassasystemforskriften (FOR-2015-12-18-1616) section 2-8-4: seller, number, date and time,
cash register, operator, each line with quantity, unit, text and price, reductions, VAT base and
amount per rate, total, means of payment, and the terminal's transaction id when it is integrated.
"""

from dataclasses import dataclass
from datetime import datetime

from kiosk.fiscal.texts import ReceiptKind
from kiosk.sale.attempts import counts
from kiosk.sale.events import CardFacts, Method
from kiosk.sale.invariant import require
from kiosk.sale.product import Unit
from kiosk.sale.promotion import Discount, discounts
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
class Tender:
    """One approved payment."""

    method: Method
    amount_minor: int
    transaction_id: str
    card: CardFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Everything that a receipt says. Amounts are in minor units of `currency`."""

    kind: ReceiptKind
    copy: bool
    shop: ShopFacts
    number: int
    at_local: datetime
    currency: str
    lines: tuple[ReceiptLine, ...]
    totals: Totals
    tax: tuple[TaxedAmount, ...]
    """VAT per rate, the lowest first, deposits not included."""
    tenders: tuple[Tender, ...]

    @property
    def exit_code(self) -> str:
        """What the exit gate and the exchange desk scan: which receipt, not what was bought."""
        shop, at = self.shop, self.at_local
        return f"SK1/{shop.register_id}/{self.number}/{at:%Y%m%d}/{self.totals.total_minor}"


def build_receipt(sale: Sale, shop: ShopFacts, *, copy: bool, at_local: datetime) -> Receipt:
    """Return the receipt of a completed sale, or its copy.

    `at_local` is when the sale was completed in the shop's own time zone; it must be aware, so
    that nobody prints UTC by mistake. A sale without a receipt number is refused, and so is one
    whose VAT table, deposits and payments do not add up to its total, to the øre.
    """
    require(sale.receipt_number > 0, f"sale {sale.id} has no receipt number")
    require(sale.phase in (Phase.COMPLETED, Phase.CLOSED), f"sale {sale.id} is {sale.phase}")
    require(at_local.tzinfo is not None, "a receipt's time needs a time zone")
    found = discounts(sale)
    receipt = Receipt(
        kind=ReceiptKind.TRAINING if sale.training else ReceiptKind.SALE,
        copy=copy,
        shop=shop,
        number=sale.receipt_number,
        at_local=at_local,
        currency=sale.currency,
        lines=tuple(_line(line, found) for line in sale.live_lines),
        totals=totals(sale),
        tax=tuple(sorted(tax_split(sale), key=lambda row: (row.rate_bp, row.code))),
        tenders=tuple(_tender(each) for each in sale.attempts if counts(each)),
    )
    _check(receipt)
    return receipt


def _line(line: Line, found: tuple[Discount, ...]) -> ReceiptLine:
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


def _check(receipt: Receipt) -> None:
    """A receipt that contradicts itself must never reach paper."""
    total = receipt.totals.total_minor
    sold = sum(
        line.amount_minor + line.deposit_minor + sum(offer.amount_minor for offer in line.offers)
        for line in receipt.lines
    )
    require(sold == total, f"lines of receipt {receipt.number} add up to {sold}, not {total}")
    taxed = sum(row.gross_minor for row in receipt.tax) + receipt.totals.deposit_minor
    require(taxed == total, f"VAT of receipt {receipt.number} adds up to {taxed}, not {total}")
    paid = sum(tender.amount_minor for tender in receipt.tenders)
    require(paid == total, f"receipt {receipt.number}: paid {paid}, not {total}")
