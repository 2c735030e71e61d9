"""What the screen needs about several payments for one sale, and about cards with money on them."""

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.contracts import ValueState
from kiosk.sale.events import Method


class ValueStep(StrEnum):
    """What is done with a gift card or a voucher."""

    ASK = "ask"
    """Scan it, or type its number."""
    READING = "reading"
    """Its issuer is asked what lies on it."""
    SHOWN = "shown"
    """What lies on it, and what it would pay."""
    WORKING = "working"
    """It pays."""
    GIVING_BACK = "giving_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """Of VALUE: one gift card or voucher. Its whole number is never in here."""

    method: Method
    step: ValueStep
    typed: str = field(default="", repr=False)
    """What stands in the field: dots, and the last four digits."""
    can_confirm: bool = False
    problem: ValueState = ValueState.GOOD
    """Why the last one pays for nothing; GOOD when nothing is wrong."""
    locked: bool = False
    """Too many numbers that nobody knows: staff can help."""
    last_four: str = ""
    balance_minor: int = 0
    pays_minor: int = 0
    """What it would pay now, or is paying, or what goes back."""
    left_after_minor: int = 0
    """What would be left to pay by other means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderView:
    """One part of the sale that is paid."""

    attempt_id: str
    method: Method
    amount_minor: int
    last_four: str = ""
    brand: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TendersView:
    """What is paid already, what is left, and what waits to be redeemed."""

    paid: tuple[TenderView, ...] = ()
    """In the order of payment; empty unless a part of an open sale is paid."""
    left_minor: int = 0
    """Of a sale that is paid in part; else the total."""
    vouchers_minor: int = 0
    """Worth of the deposit vouchers that were scanned, and will pay when the shopper does."""
    value: ValueView | None = None
    """Of VALUE."""
