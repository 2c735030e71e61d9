"""What a sale knows of goods that came back in it, and of the money for them."""

from dataclasses import dataclass

from kiosk.sale.events import CardFacts, Method, Outcome
from kiosk.sale.product import Product
from kiosk.sale.return_events import ByHand, PaidElsewhere


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedLine:
    """Goods that came back; amounts positive, as in LineReturned."""

    id: int
    original_sale_id: str
    original_line_id: int
    original_receipt: str
    original_at: str
    product: Product
    quantity: int
    weight_g: int | None
    unit_price_minor: int
    price_minor: int
    gross_minor: int
    deposit_minor: int
    reason: str
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """What the store knows of the receipt from which goods came back, and this record does not."""

    sale_id: str
    register_id: str
    """Whose receipt it is; empty: this kiosk's own."""
    payments: tuple[PaidElsewhere, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """One attempt to give money back."""

    id: str
    service_id: str
    method: Method
    amount_minor: int
    currency: str
    requested_at: str
    of_attempt_id: str = ""
    of_service_id: str = ""
    of_transaction_id: str = ""
    of_transaction_at: str = ""
    outcome: Outcome | None = None
    """None while it is with the terminal."""
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()
    reason: str = ""
    by_hand: ByHand | None = None
    """Given back by staff: whoever took the payment knows nothing of it."""
