"""The sale again, slowly: straight from the events, by trying everything. Shares no code.

Amounts are Decimal kroner, promotions are tried in every combination of single pieces. Only for
a handful of pieces.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from kiosk.sale import events as e
from kiosk.sale.product import Product, Promotion, PromotionKind, Restriction, Unit

ORE = Decimal("0.01")


def kroner(minor: int) -> Decimal:
    return Decimal(minor) / 100


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(ORE, rounding=ROUND_HALF_UP)


@dataclass
class SlowLine:
    product: Product
    quantity: int
    weight_g: int | None
    label: Decimal | None
    removed: bool = False
    staff_each: Decimal | None = None
    """What staff let one piece, or one kilogram, cost."""
    percent_bp: int = 0

    @property
    def price(self) -> Decimal:
        if self.staff_each is not None:
            by_weight = self.weight_g is not None and self.label is None
            return (
                rounded(self.staff_each * (self.weight_g or 0) / 1000)
                if by_weight
                else self.staff_each * self.quantity
            )
        if self.label is not None:
            return self.label
        per_unit = kroner(self.product.unit_price_minor)
        if self.weight_g is not None:
            return rounded(per_unit * self.weight_g / 1000)
        return per_unit * self.quantity

    @property
    def is_pieces(self) -> bool:
        return self.product.unit is Unit.PIECE


@dataclass
class SlowSale:
    lines: dict[int, SlowLine]
    promotions: dict[str, Promotion]

    def live(self) -> list[SlowLine]:
        return [line for line in self.lines.values() if not line.removed]

    def goods(self) -> Decimal:
        return sum((line.price for line in self.live()), Decimal(0))

    def deposit(self) -> Decimal:
        return sum((kroner(x.product.deposit_minor) * x.quantity for x in self.live()), Decimal(0))

    def item_count(self) -> int:
        return sum(line.quantity for line in self.live())

    def saved(self) -> Decimal:
        """Return the largest saving there is."""
        offers = list(self.promotions.values())
        pieces, weighed = [], Decimal(0)
        for line in self.live():
            if line.staff_each is not None:
                continue
            if set(line.product.restrictions) & {
                Restriction.ALCOHOL,
                Restriction.TOBACCO,
                Restriction.NO_DISCOUNT,
            }:
                continue
            if line.is_pieces:
                each = line.price / line.quantity
                pieces += [(line.product.id, each)] * line.quantity
            else:
                weighed += max([Decimal(0), *(_off_weighed(line, offer) for offer in offers)])
        return weighed + _best(tuple(pieces), offers)


def slow_sale(events: list[e.Event]) -> SlowSale:
    sale = SlowSale({}, {})
    for event in events:
        match event:
            case e.ItemAdded():
                by_weight = kroner(event.product.unit_price_minor) * (event.weight_g or 0) / 1000
                own = rounded(by_weight) if event.weight_g else None
                own = (
                    own
                    if own is not None
                    else (kroner(event.product.unit_price_minor) * event.quantity)
                )
                label = None if own == kroner(event.price_minor) else kroner(event.price_minor)
                sale.lines[event.line_id] = SlowLine(
                    event.product, event.quantity, event.weight_g, label
                )
                for promotion in event.promotions:
                    sale.promotions.setdefault(promotion.id, promotion)
            case e.QuantityChanged():
                line = sale.lines[event.line_id]
                sale.lines[event.line_id] = replace(line, quantity=event.quantity)
            case e.PriceChanged():
                sale.lines[event.line_id].staff_each = kroner(event.unit_price_minor)
            case e.DiscountGiven():
                sale.lines[event.line_id].percent_bp = event.percent_bp
            case e.LineRemoved():
                sale.lines[event.line_id].removed = True
            case e.LineRestored():
                sale.lines[event.line_id].removed = False
    return sale


def vat_of(price: Decimal, rate_bp: int) -> Decimal:
    rate = Decimal(rate_bp) / 10_000
    return rounded(price * rate / (1 + rate))


def _off_weighed(line: SlowLine, offer: Promotion) -> Decimal:
    if line.product.id not in offer.products:
        return Decimal(0)
    if offer.kind is PromotionKind.PERCENT:
        return rounded(line.price * offer.percent_bp / 10_000)
    if offer.kind is PromotionKind.PRICE and line.weight_g is not None:
        return line.price - rounded(kroner(offer.price_minor) * line.weight_g / 1000)
    return Decimal(0)


Piece = tuple[str, Decimal]


def _best(pieces: tuple[Piece, ...], offers: list[Promotion]) -> Decimal:
    """Return the best for the first piece, in every way it can be used, and for all others."""
    if not pieces:
        return Decimal(0)
    first, others = pieces[0], pieces[1:]
    best = _best(others, offers)
    for offer in offers:
        if first[0] not in offer.products:
            continue
        for company in range(_size(offer)):
            if company + 1 != _size(offer):
                continue
            for chosen in combinations(range(len(others)), company):
                group = [first, *(others[i] for i in chosen)]
                saving = _saving(offer, group)
                if saving is not None and saving > 0:
                    left = tuple(p for i, p in enumerate(others) if i not in chosen)
                    best = max(best, saving + _best(left, offers))
    return best


def _size(offer: Promotion) -> int:
    if offer.kind in (PromotionKind.PERCENT, PromotionKind.PRICE):
        return 1
    return offer.quantity or len(offer.products)


def _saving(offer: Promotion, group: list[Piece]) -> Decimal | None:
    prices = sorted(price for _, price in group)
    if any(product_id not in offer.products for product_id, _ in group):
        return None
    match offer.kind:
        case PromotionKind.PERCENT:
            return rounded(prices[0] * offer.percent_bp / 10_000)
        case PromotionKind.PRICE:
            return prices[0] - kroner(offer.price_minor)
        case PromotionKind.N_FOR_M:
            return sum(prices[: offer.quantity - offer.pay_quantity], Decimal(0))
        case PromotionKind.FIXED_BUNDLE:
            if offer.quantity == 0 and sorted(i for i, _ in group) != sorted(offer.products):
                return None
            return sum(prices, Decimal(0)) - kroner(offer.price_minor)
