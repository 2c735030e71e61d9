"""What happened when goods came back: lines, and the money for them. As `events`, and for ever."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.sale.events import CardFacts, Event, Method, Outcome
from kiosk.sale.product import Product


class ByHand(StrEnum):
    """How staff give money back that whoever took it does not give back."""

    OTHER_TILL = "other_till"
    """Paid out at a staffed till: this one has no cash."""
    BANK = "bank"
    """Transferred to the shopper's account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnEvent(Event):
    """The common part of all events of a return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnBegun(ReturnEvent):
    """In the sale that was: goods of it came back in another, or were about to.

    Written before the first LineReturned, so that whoever asks what came back looks there. A
    power cut in between leaves a name under which nothing is found.
    """

    into: str
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidElsewhere:
    """A payment of a sale that is in another kiosk's record, or what others gave back of ours."""

    attempt_id: str
    service_id: str = ""
    method: Method
    approved_minor: int = 0
    given_back_minor: int = 0
    """By sales that are not in this record."""
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnChecked(ReturnEvent):
    """What the store knows of a receipt before goods of it come back. Comes before LineReturned.

    With `answered` no other kiosk of the store takes goods of it back until this sale is over.
    Without, the store could not be asked, and the attendant took it upon themselves.
    """

    original_sale_id: str
    register_id: str = ""
    """Whose receipt it is; empty: this kiosk's own."""
    answered: bool = True
    payments: tuple[PaidElsewhere, ...] = ()
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineReturned(ReturnEvent):
    """Goods came back. Amounts are what they bring, positive."""

    line_id: int
    """In this sale; from the same numbers as its other lines."""
    original_sale_id: str
    original_line_id: int
    original_receipt: str
    """The number on the receipt that was shown, as it stands there."""
    original_at_utc: str
    product: Product
    """As it was sold: its VAT rate is that of the day."""
    quantity: int
    weight_g: int | None = None
    unit_price_minor: int
    price_minor: int
    """Before offers."""
    gross_minor: int
    """What was paid: after offers, without deposit."""
    deposit_minor: int = 0
    reason: str
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested(ReturnEvent):
    """Money is to go back; committed before the first byte leaves. The amount is positive."""

    refund_id: str
    service_id: str
    """As of a payment: the id under which it is asked about, never reused."""
    method: Method
    amount_minor: int
    currency: str
    of_attempt_id: str = ""
    """The payment of the original sale that it takes back; empty only where that is allowed."""
    of_service_id: str = ""
    transaction_id: str = ""
    transaction_at: str = ""
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundSettled(ReturnEvent):
    """The terminal's or provider's own answer, or that there is none (UNKNOWN).

    UNKNOWN may later be followed by one more with the truth, and DECLINED by APPROVED.
    """

    refund_id: str
    outcome: Outcome
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()
    reason: str = ""
    attendant_id: str = ""
    by_hand: ByHand | None = None
    """Staff give it back, and nobody else was asked; `reason` says why, as a code."""
