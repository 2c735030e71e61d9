"""What somebody wants to happen to a sale. Imperative, frozen; ids, times and prices come inside.

`decide` turns a command into events or refuses it with `Rejected`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.sale.events import (
    Actor,
    CardFacts,
    Entry,
    Interest,
    Method,
    Outcome,
    Policy,
    ReceiptChoice,
)
from kiosk.sale.policy import DEFAULT_POLICIES
from kiosk.sale.product import Coupon, Product, Promotion

PRICE_ON_SHELF = "price_on_shelf"
"""Reason of a ChangePrice: the shelf promises this price, and the shelf's price holds."""

SUSPENDED = "suspended"
"""Reason of an AbortSale whose goods may be taken up again by `StartSale.resumes`."""


class Reason(StrEnum):
    """Why a command is refused. The screen owns the words."""

    NO_SALE = "no_sale"
    SALE_IS_BEING_PAID = "sale_is_being_paid"
    SALE_IS_OVER = "sale_is_over"
    PART_PAID = "part_paid"
    """Lines stand as they are while a part is paid; it may be taken back first."""
    NO_SUCH_LINE = "no_such_line"
    NOT_COUNTABLE = "not_countable"
    QUANTITY_LIMIT = "quantity_limit"
    TOO_MANY_LINES = "too_many_lines"
    AMOUNT_LIMIT = "amount_limit"
    NOT_FOR_SELF_SERVICE = "not_for_self_service"
    EXPIRED = "expired"
    RECALLED = "recalled"
    NOTHING_TO_PAY = "nothing_to_pay"
    NEEDS_STAFF = "needs_staff"
    PAYMENT_IN_DOUBT = "payment_in_doubt"
    NO_SUCH_ATTEMPT = "no_such_attempt"
    PAID_ALREADY = "paid_already"
    NOT_PAID = "not_paid"
    COPY_USED = "copy_used"
    BAD_QUANTITY = "bad_quantity"
    BAD_PRICE = "bad_price"
    STILL_OWED = "still_owed"
    """A receipt or a reversal is not settled yet."""
    ALCOHOL_HOURS = "alcohol_hours"
    """Not at this hour, not even by staff (alkoholloven § 3-7)."""
    OVER_STAFF_LIMIT = "over_staff_limit"
    """More off than the attendant's role may give."""
    NEVER_DISCOUNTED = "never_discounted"
    """Alcohol, tobacco, and what the shop marks so."""
    COUPON_USED = "coupon_used"
    """One slip of a campaign for each sale."""
    COUPON_NOT_VALID = "coupon_not_valid"
    """Not yet, or not any more."""
    NOT_RETURNABLE = "not_returnable"
    """Was not sold, or is back already."""
    OTHER_RECEIPT = "other_receipt"
    """A return takes back from one receipt."""


class Rejected(Exception):
    """The sale refuses a command; nothing has changed. `reason` is a code, not a text."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Upper bounds of one sale, from configuration."""

    lines: int = 500
    quantity: int = 99
    """Of one line."""
    total_minor: int = 2_000_000
    policies: Mapping[Interest, Policy] = field(default_factory=lambda: DEFAULT_POLICIES)
    """When each kind of intervention stops the shopper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """The common part of all commands: `at_utc` as in events."""

    at_utc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSale(Command):
    """Open a new sale."""

    sale_id: str
    kiosk_id: str
    currency: str = "NOK"
    training: bool = False
    resumes: str = ""
    """The id of the sale that was set aside and is taken up by this one."""
    resumed_from: str = ""
    """The kiosk where it was set aside, when that was another one."""
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddItem(Command):
    """Add a product: pieces, a weight, or a label that carries its own price.

    `label_price_minor` overrides the unit price; `today` (local ISO date) is what dates are
    compared with. A piece product of the newest line, same price and batch, raises its quantity.
    """

    product: Product
    quantity: int = 1
    weight_g: int | None = None
    tare_g: int = 0
    label_price_minor: int | None = None
    entry: Entry = Entry.SCANNED
    code: str = ""
    batch: str = ""
    best_before: str = ""
    expiry: str = ""
    promotions: tuple[Promotion, ...] = ()
    today: str
    own_line: bool = False
    """Never one more of the newest line."""
    alcohol_closed: bool = False
    """Alcohol must not be sold at this moment; the caller has looked at the clock."""
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQuantity(Command):
    """Set the quantity of a line of pieces; 0 removes it."""

    line_id: int
    quantity: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveLine(Command):
    """Take a line out of the sale. `reason` is staff's, a code."""

    line_id: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    reason: str = ""
    where: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePrice(Command):
    """Sell a line for less than its own price; staff only, never dearer.

    `unit_price_minor` is per piece, or per kilogram where a weight was multiplied. Refused below
    what `price_off_bp_max` hundredths of a percent take off the line's own price. Alcohol and
    tobacco are lowered only to what the shelf says (reason `PRICE_ON_SHELF`): anything else would
    be a discount, which the law forbids.
    """

    line_id: int
    unit_price_minor: int
    reason: str
    attendant_id: str
    price_off_bp_max: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveDiscount(Command):
    """Take a percentage off a line, or off every line that may be discounted; staff only.

    It is taken from what the line costs after its offers; 0 takes an earlier one back.
    """

    line_id: int | None = None
    percent_bp: int
    reason: str
    attendant_id: str
    percent_bp_max: int = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreLine(Command):
    """Undo a removal."""

    line_id: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCoupon(Command):
    """Let a coupon count in this sale. Refused when one of its campaign does, or on other days."""

    coupon: Coupon
    today: str
    """Local ISO date, which its own dates are compared with."""
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUpPrice(Command):
    """Note that a price was shown without a sale of the item."""

    product: Product


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseIntervention(Command):
    """Ask for a person. A second one of the same kind and line changes nothing."""

    intervention_id: str
    kind: Interest
    policy: Policy
    line_id: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIntervention(Command):
    """Settle an intervention. A late or repeated decision changes nothing."""

    intervention_id: str
    approved: bool
    attendant_id: str = ""
    where: str = "kiosk"
    reason: str = ""
    decision_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBags(Command):
    """The bag question is answered (bags bought are AddItem commands of their own)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPayment(Command):
    """Pay what is left by one method. Refused while an attempt is open or in doubt."""

    attempt_id: str
    service_id: str
    method: Method
    amount_minor: int | None = None
    """None pays all that is left."""
    alcohol_closed: bool = False
    """Alcohol must not be handed over at this moment."""
    partial: bool = False
    """Take an approval of less than the amount as a part payment, instead of giving it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortPayment(Command):
    """Wish to stop the running attempt."""

    actor: Actor = Actor.SHOPPER


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePayment(Command):
    """What the terminal or provider answered, compared here with what was asked."""

    attempt_id: str
    outcome: Outcome
    amount_minor: int = 0
    currency: str = ""
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()
    reason: str = ""
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReversal(Command):
    """Give back what an attempt took."""

    attempt_id: str
    service_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleReversal(Command):
    """The answer to a reversal."""

    attempt_id: str
    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleCapture(Command):
    """The answer to a capture: taken, or (not `done`) refused."""

    attempt_id: str
    done: bool
    reason: str = ""
    released: bool = False
    """Done, because all of it went back before anything was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteSale(Command):
    """Give the paid sale its receipt number.

    An open sale with lines and nothing to pay (all of it free) is completed by this alone:
    RequestPayment refuses it with NOTHING_TO_PAY and no attempt is made up.
    """

    receipt_number: int
    """The next of `returning.series_of`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveProvisional(Command):
    """Print what an open sale would cost, on paper that is no receipt."""

    number: int
    attendant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerReceipt(Command):
    """Paper, phone or none; may change from none to paper until the sale is closed."""

    choice: ReceiptChoice
    actor: Actor = Actor.SHOPPER


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPrint(Command):
    """A receipt is about to go to the printer."""

    print_id: str
    copy: bool = False
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlePrint(Command):
    """How the print ended."""

    print_id: str
    printed: bool
    in_doubt: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortSale(Command):
    """End without payment. Refused while money may have moved."""

    reason: str
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    where: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpSale(Command):
    """End without payment, giving back what was paid in part first.

    With nothing paid it is AbortSale. Refused while an attempt runs or is in doubt, and when all is
    paid.
    """

    reason: str
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    where: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkResumed(Command):
    """Note on a sale that was set aside that another goes on with it. Once only."""

    into: str
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSale(Command):
    """Let the next shopper in. Refused while anything is owed."""
