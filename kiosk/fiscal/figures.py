"""The figures of X and Z: plain values, in the order of the regulation's list.

Amounts are minor units, VAT included unless named otherwise.

Source: Kassasystemforskriften (FOR-2015-12-18-1616) section 2-8-2, letters a to z.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.sale.invariant import require


class ReportType(StrEnum):
    """X looks, Z closes the day. The values are the schema's own words."""

    X = "X report"
    Z = "Z report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many, and how much together."""

    number: int = 0
    amount_minor: int = 0

    def plus(self, amount_minor: int, number: int = 1) -> "Count":
        """Return this with so many more."""
        return Count(number=self.number + number, amount_minor=self.amount_minor + amount_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCount:
    """How many and how much of one kind: an article group, a means of payment, a correction."""

    key: str
    number: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VatFigure:
    """Turnover at one rate. Returns are taken off."""

    code: str
    """SAF-T standard tax code."""
    rate_bp: int
    net_minor: int
    tax_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GrandTotals:
    """Since the register's first sale, never set back: both counted upwards, VAT included."""

    sales_minor: int = 0
    returns_minor: int = 0

    @property
    def net_minor(self) -> int:
        """Sales less returns."""
        return self.sales_minor - self.returns_minor


NOTHING = Count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Everything that X and Z count. The letters are the regulation's.

    Functions that this kiosk does not have (a drawer, tips, credit sales, delivery receipts) stay
    at nothing; the schema asks for most of them.
    """

    total_minor: int = 0
    """e: cash sales, which cards and wallets are too, returns taken off."""
    groups: tuple[KeyedCount, ...] = ()
    """f: by article group. The number is that of receipts with the group on them, less returns,
    as in the official example."""
    payments: tuple[KeyedCount, ...] = ()
    """g: by means of payment."""
    tips: Count = NOTHING
    """i"""
    vat: tuple[VatFigure, ...] = ()
    """j"""
    opening_float_minor: int = 0
    """k"""
    receipts: int = 0
    """l: sales receipts, paper or not; one for goods sold and goods taken back too."""
    drawer_openings: int = 0
    """m"""
    copies: Count = NOTHING
    """n"""
    provisional: Count = NOTHING
    """o"""
    returns: Count = NOTHING
    """p: counted upwards, those on a receipt for both too."""
    discounts: Count = NOTHING
    """q: lines with a discount that staff gave at the till, and coupons that were shown there.
    Campaigns, which come by themselves, are none."""
    aborted: Count = NOTHING
    """r: also sales that were set aside and not taken up again; no day takes them along."""
    corrections: tuple[KeyedCount, ...] = ()
    """s: only what lowered the sum, by kind."""
    price_lookups: tuple[KeyedCount, ...] = ()
    """t: by article group."""
    other_corrections: tuple[KeyedCount, ...] = ()
    """u: prices that staff lowered, by line."""
    deliveries: Count = NOTHING
    """v"""
    training: Count = NOTHING
    """w"""
    grand: GrandTotals = GrandTotals()
    """x, y, z"""


def checked(figures: Figures) -> Figures:
    """Return the figures; ones that contradict themselves must never be reported."""
    for name, amount in (
        ("groups", sum(row.amount_minor for row in figures.groups)),
        ("payments", sum(row.amount_minor for row in figures.payments)),
        ("VAT", sum(row.net_minor + row.tax_minor for row in figures.vat)),
    ):
        require(amount == figures.total_minor, f"{name}: {amount}, total {figures.total_minor}")
    return figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One X or Z, complete: what is printed, shown, journaled and exported is this."""

    type: ReportType
    number: int
    """Z: gap-free since the register's first. X: a series of its own."""
    business_day: str
    """The local day it closes, YYYY-MM-DD; after midnight it is not the day it was made."""
    at_local: str
    """When it was made, ISO 8601 with the offset of the shop's time zone."""
    company_name: str
    org_number: str
    register_id: str
    operator_id: str
    figures: Figures
