"""A sale as the fold of its events: frozen values, nothing but what the events said."""

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
from kiosk.sale.product import Coupon, Product, Promotion
from kiosk.sale.return_state import Elsewhere, Refund, ReturnedLine


class Phase(StrEnum):
    """Where a sale is in its life."""

    NONE = "none"
    """No sale: the start screen."""
    OPEN = "open"
    """Lines may change."""
    PAYING = "paying"
    """An attempt is with a terminal or provider: nothing may change."""
    IN_DOUBT = "in_doubt"
    """An attempt's end is unknown: no new charge until it is settled."""
    PAID = "paid"
    """Enough is approved, the receipt number is not given yet."""
    COMPLETED = "completed"
    """Has a receipt number; the receipt may be owed."""
    ABORTED = "aborted"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the sale; a removed one stays with `removed` true."""

    id: int
    product: Product
    quantity: int
    weight_g: int | None
    tare_g: int
    price_minor: int
    """Gross price of the whole quantity or weight, before offers, without deposit."""
    entry: Entry
    code: str = ""
    batch: str = ""
    best_before: str = ""
    removed: bool = False
    removed_by_staff: bool = False
    staff_unit_minor: int | None = None
    """The price per piece or kilogram that staff set; such a line takes part in no offer."""
    full_price_minor: int | None = None
    """What all of it would cost at its own price, once staff set another."""
    discount_bp: int = 0
    """Staff's discount in hundredths of a percent, taken after offers."""

    @property
    def unit_price_minor(self) -> int:
        """The price per piece or kilogram: the product's own, or what staff set."""
        own = self.product.unit_price_minor
        return own if self.staff_unit_minor is None else self.staff_unit_minor

    @property
    def deposit_minor(self) -> int:
        """The linked deposit line's amount."""
        return self.product.deposit_minor * self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCoupon:
    """A coupon that counts, as a line among the others."""

    line_id: int
    coupon: Coupon


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt to pay."""

    id: str
    service_id: str
    method: Method
    amount_minor: int
    currency: str
    requested_at: str
    partial: bool = False
    """Whether an approval of less than `amount_minor` pays that much."""
    outcome: Outcome | None = None
    """None while it is with the terminal."""
    abort_requested: bool = False
    approved_minor: int = 0
    """What was really taken, in `approved_currency`; other than asked makes a reversal due."""
    approved_currency: str = ""
    reversal_due: bool = False
    """The approval does not pay for this sale: the money must go back."""
    overpays: bool = False
    """It did pay, until goods were taken out and the sale came to cost less than was paid."""
    transaction_id: str = ""
    transaction_at: str = ""
    card: CardFacts = CardFacts()
    reason: str = ""
    reversal_service_id: str = ""
    reversal_reason: str = ""
    reversed: bool | None = None
    """None: no reversal, or one under way; False: refused, a task for staff."""
    unconfirmed: bool = False
    """Staff have said that nothing was taken; whoever would have taken it has not said so yet."""
    capture_due: bool = False
    """The goods are handed over: what was reserved is to be taken."""
    captured: bool | None = None
    """None: not due, or under way; False: refused, a task for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """Something that needs, or needed, a person."""

    id: str
    kind: Interest
    policy: Policy
    raised_at: str
    line_id: int | None = None
    detail: str = ""
    resolved_at: str = ""
    approved: bool | None = None
    attendant_id: str = ""
    where: str = ""
    decision_id: str = ""

    @property
    def open(self) -> bool:
        """Whether it still waits."""
        return self.approved is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """One receipt on its way to paper."""

    id: str
    copy: bool
    printed: bool | None = None
    in_doubt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Who does not go on with a sale that is paid in part, and why."""

    reason: str
    actor: Actor
    attendant_id: str = ""
    where: str = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """Everything that is known about one sale."""

    id: str = ""
    kiosk_id: str = ""
    currency: str = "NOK"
    training: bool = False
    phase: Phase = Phase.NONE
    started_at: str = ""
    completed_at: str = ""
    lines: tuple[Line, ...] = ()
    """In the order they were added, removed ones included."""
    promotions: tuple[Promotion, ...] = ()
    coupons: tuple[ShownCoupon, ...] = ()
    """In the order in which they were shown; those that wait for their minimum too."""
    interventions: tuple[Intervention, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    returned: tuple[ReturnedLine, ...] = ()
    """Goods that came back in this sale."""
    elsewhere: Elsewhere | None = None
    """What the store said of the receipt they are of, where it was asked."""
    refunds: tuple[Refund, ...] = ()
    returned_in: tuple[str, ...] = ()
    """The sales in which goods of this one came back."""
    bags_answered: bool = False
    receipt_number: int = 0
    receipt_choice: ReceiptChoice | None = None
    phone_receipt: bool = False
    """A phone got, or gets, the receipt: paper after that is the one copy, marked KOPI."""
    prints: tuple[Print, ...] = ()
    given_up: GivenUp | None = None
    """Set: every part payment goes back, then the sale is aborted."""
    end_reason: str = ""
    resumes: str = ""
    """The sale that was set aside and goes on in this one."""
    resumed_into: str = ""
    """The sale that goes on with this one, which was set aside."""
    _next_line_id: int = field(default=1)

    @property
    def live_lines(self) -> tuple[Line, ...]:
        """The lines that count."""
        return tuple(line for line in self.lines if not line.removed)


NO_SALE = Sale()
