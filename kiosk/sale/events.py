"""What happened to a sale. Past tense, frozen, complete: replaying them gives the same sale.

Every event carries `at_utc`, an ISO 8601 time with microseconds and `+00:00`, given by the caller.
No event ever holds personal data: no phone number, no e-mail, no full card number.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.sale.product import Product, Promotion


class Entry(StrEnum):
    """How a line came into the sale."""

    SCANNED = "scanned"
    PICKED = "picked"
    TYPED = "typed"
    LABEL = "label"
    """A price or weight label printed by the shop's own scale, or an element string with one."""
    STAFF = "staff"


class Actor(StrEnum):
    """Who did it."""

    SHOPPER = "shopper"
    STAFF = "staff"
    KIOSK = "kiosk"


class Method(StrEnum):
    """Means of payment that the kiosk knows."""

    CARD = "card"
    VIPPS = "vipps"
    KLARNA = "klarna"
    STREX = "strex"
    GIFT_CARD = "gift_card"
    DEPOSIT_VOUCHER = "deposit_voucher"
    """A slip of the machine that takes empties back: worth what it says, once."""


class Outcome(StrEnum):
    """How an attempt stands. UNKNOWN is neither approved nor declined, and blocks a new charge."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"
    REVERSED = "reversed"


class ReceiptChoice(StrEnum):
    """What the shopper wants; silence is paper, the lawful default."""

    PAPER = "paper"
    PHONE = "phone"
    NONE = "none"


class Series(StrEnum):
    """Receipts are numbered in series of their own, each without a gap."""

    SALE = "sale"
    TRAINING = "training"
    RETURN = "return"
    COMBINED = "combined"
    """Goods sold and goods that came back, on one receipt."""
    PROVISIONAL = "provisional"


class Interest(StrEnum):
    """Kinds of intervention (design.md); each has a policy in configuration."""

    AGE = "age"
    ALCOHOL_HOURS = "alcohol_hours"
    WEIGHT = "weight"
    UNKNOWN_ITEM = "unknown_item"
    PRICE_QUERY = "price_query"
    QUANTITY_LIMIT = "quantity_limit"
    RECALLED = "recalled"
    EXPIRED = "expired"
    HELP = "help"
    RANDOM_CHECK = "random_check"
    VOUCHER = "voucher"
    PAYMENT_IN_DOUBT = "payment_in_doubt"
    DEVICE = "device"
    WALKED_AWAY = "walked_away"
    """Nobody answered "are you still there?": goods may lie about."""


class Policy(StrEnum):
    """When an intervention stops the shopper."""

    BLOCKS_NOW = "blocks_now"
    BEFORE_PAYMENT = "before_payment"
    NOTED = "noted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The common part of all events."""

    at_utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleStarted(Event):
    """The first scan or touch of a shopper."""

    sale_id: str
    kiosk_id: str
    currency: str
    training: bool = False
    resumes: str = ""
    """The sale that was set aside and goes on in this one."""
    resumed_from: str = ""
    """The kiosk where it was set aside, when that was another one of the store."""
    attendant_id: str = ""
    """Who took it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemAdded(Event):
    """A new line. `price_minor` is the line's own gross price for its whole quantity or weight."""

    line_id: int
    product: Product
    quantity: int
    weight_g: int | None = None
    tare_g: int = 0
    price_minor: int
    entry: Entry
    code: str = ""
    """The product's code without personal content: a GTIN, an item reference or an article id."""
    batch: str = ""
    best_before: str = ""
    expiry: str = ""
    promotions: tuple[Promotion, ...] = ()
    """All promotions that touch this product and are valid today: replay needs no catalog."""
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityChanged(Event):
    """A line of pieces now counts `quantity` (at least 1)."""

    line_id: int
    quantity: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRemoved(Event):
    """The line no longer counts; it stays in the record (a line correction)."""

    line_id: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    reason: str = ""
    where: str = "kiosk"
    """Where who did it was: "kiosk" or "remote"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChanged(Event):
    """Staff lowered a line's price: `price_minor` is the new one of all of it."""

    line_id: int
    unit_price_minor: int
    price_minor: int
    reason: str
    actor: Actor = Actor.STAFF
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscountGiven(Event):
    """Staff took a percentage off a line, after its offers; 0 took it back."""

    line_id: int
    percent_bp: int
    reason: str
    actor: Actor = Actor.STAFF
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRestored(Event):
    """The removal was undone: the line stands where it stood."""

    line_id: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLookedUp(Event):
    """A price check (SAF-T 13022), nothing sold."""

    product_id: str
    article_group: str
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionRaised(Event):
    """Something needs a person."""

    intervention_id: str
    kind: Interest
    policy: Policy
    line_id: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterventionResolved(Event):
    """A person, or the cause going away, settled it. Where: "kiosk", "remote" or "itself"."""

    intervention_id: str
    approved: bool
    attendant_id: str = ""
    where: str = "kiosk"
    reason: str = ""
    decision_id: str = ""
    """Of a decision that came over the wire: by it a repetition is known, also after a restart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BagsAnswered(Event):
    """The carrier-bag question was answered; bought bags are lines of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequested(Event):
    """Committed before the first byte leaves. The amount is frozen from here."""

    attempt_id: str
    method: Method
    amount_minor: int
    currency: str
    service_id: str
    """The id under which the terminal is asked about it: at most 10 characters, never reused."""
    partial: bool = False
    """Whether an approval of less than `amount_minor` pays that much of the sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAbortRequested(Event):
    """The shopper or the kiosk wishes to stop the attempt. A wish, not a result."""

    attempt_id: str
    actor: Actor = Actor.SHOPPER


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFacts:
    """What a receipt may show of a card. Never a full card number, never an expiry."""

    brand: str = ""
    last_four: str = ""
    entry_mode: str = ""
    aid: str = ""
    terminal_id: str = ""
    approval_code: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSettled(Event):
    """The terminal's or provider's own answer, or that there is none (UNKNOWN).

    UNKNOWN may later be followed by one more PaymentSettled with the truth.
    """

    attempt_id: str
    outcome: Outcome
    amount_minor: int = 0
    currency: str = ""
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()
    reason: str = ""
    """A code for logs and staff (nexo ErrorCondition); shoppers never see it."""
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalRequested(Event):
    """Money that was taken wrongly must go back; committed before the first byte leaves."""

    attempt_id: str
    service_id: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalSettled(Event):
    """The answer to a reversal; not `done` leaves a task for staff."""

    attempt_id: str
    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequested(Event):
    """The goods are handed over: what an approval reserved is to be taken. See `capture`.

    Committed together with SaleCompleted, before the provider hears of it.
    """

    attempt_id: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCaptured(Event):
    """The provider's own account says that it was taken. May come after the sale is closed."""

    attempt_id: str
    released: bool = False
    """Nothing was taken, and nothing is owed any more: the goods came back before, and all that was
    reserved for them was let go instead (the refund of the return stands for it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRefused(Event):
    """The provider will not take it: the goods are gone, the money is not here, people must look.

    May be followed by PaymentCaptured, never by another of these for the same attempt.
    """

    attempt_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleCompleted(Event):
    """Paid in full. The receipt number is the next of its own gap-free series."""

    receipt_number: int
    total_minor: int
    """Negative when more came back than was bought."""
    series: Series = Series.SALE
    """Training sales are of their own series whatever stands here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAnswered(Event):
    """The receipt question was answered, or time ran out (actor KIOSK)."""

    choice: ReceiptChoice
    actor: Actor = Actor.SHOPPER


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintStarted(Event):
    """Committed before the first byte of a receipt leaves for the printer."""

    print_id: str
    copy: bool = False
    attendant_id: str = ""
    """Who asked for it in staff mode; empty for what the shopper gets by themselves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSettled(Event):
    """How a print ended. Not printed and not in doubt means that no paper carries it."""

    print_id: str
    printed: bool
    in_doubt: bool = False
    reason: str = ""
    late_copy_minor: int | None = None
    """Of a copy made after its sale was closed: the sale's total, so that the day's figures can
    count it without knowing a sale of an earlier day. None for every other print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleGivenUp(Event):
    """Nobody goes on with a sale that is paid in part: all of that goes back, then it is aborted.

    Committed before the first reversal, so that a power cut between two of them changes nothing.
    """

    reason: str
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    where: str = "kiosk"
    """Of the word that ended it: "kiosk" or "remote"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionalGiven(Event):
    """A provisional receipt is about to be printed: what the sale would cost now."""

    number: int
    """In the series of provisional receipts."""
    total_minor: int
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleAborted(Event):
    """Ended without payment: the shopper left, cancelled, or staff voided it."""

    reason: str
    amount_minor: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    where: str = "kiosk"
    """Where who did it was: "kiosk" or "remote"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleResumed(Event):
    """A sale that was set aside goes on as another one; it cannot be taken up again."""

    into: str
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleClosed(Event):
    """Nothing more is owed: the kiosk is free for the next shopper."""
