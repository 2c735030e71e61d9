"""What is sold: products as they were when the line was added; promotions and coupons on them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What a unit price is for."""

    PIECE = "piece"
    KILOGRAM = "kilogram"


class Restriction(StrEnum):
    """A rule of law or of the shop that a product falls under."""

    ALCOHOL = "alcohol"
    TOBACCO = "tobacco"
    ENERGY_DRINK = "energy_drink"
    MEDICINE = "medicine"
    NO_DISCOUNT = "no_discount"
    RECALLED = "recalled"
    NOT_FOR_SELF_SERVICE = "not_for_self_service"


NEVER_DISCOUNTED: Final = frozenset(
    {Restriction.ALCOHOL, Restriction.TOBACCO, Restriction.NO_DISCOUNT}
)
"""Goods that no offer, discount or coupon may touch. Source: alkoholloven § 8-12,
tobakksskadeloven § 23; NO_DISCOUNT is the shop's own mark."""


class PromotionKind(StrEnum):
    """How a promotion lowers a price."""

    N_FOR_M = "n_for_m"
    """Take `quantity`, pay for `pay_quantity`; the cheapest of the group are free."""
    PERCENT = "percent"
    """`percent_bp` hundredths of a percent off each of the products."""
    FIXED_BUNDLE = "fixed_bundle"
    """`quantity` of the group (or one of each of `products`) together for `price_minor`."""
    PRICE = "price"
    """Each of the products at `price_minor` per unit instead of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """A campaign on one or more products, valid from a local date to a local date, both included.

    Dates are ISO `YYYY-MM-DD` in the shop's own time zone; an empty date is no limit.
    """

    id: str
    kind: PromotionKind
    title: str
    products: tuple[str, ...]
    """Ids of the products in the group, in the order of the campaign."""
    quantity: int = 0
    """N_FOR_M: how many to take. FIXED_BUNDLE: how many of the group, 0 for one of each."""
    pay_quantity: int = 0
    percent_bp: int = 0
    price_minor: int = 0
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coupon:
    """A slip of the shop's own that takes something off, valid from a local date to a local date.

    It takes either `amount_minor` or `percent_bp` off its goods. One that somebody else pays for
    (a manufacturer's) is none of these: it would be a means of payment, and leave VAT as it is.
    """

    id: str
    """Of the campaign: one sale takes one slip of it."""
    title: str
    """As on the receipt."""
    amount_minor: int = 0
    percent_bp: int = 0
    products: tuple[str, ...] = ()
    """Ids of the goods that it is for; empty is all that may be discounted."""
    minimum_minor: int = 0
    """What those goods must cost, offers taken off and deposits left out."""
    valid_from: str = ""
    valid_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as the catalog had it when it was added; an open sale keeps these prices."""

    id: str
    """The shop's article number, e.g. "4011"."""
    name: str
    unit: Unit = Unit.PIECE
    unit_price_minor: int
    """Price per piece or per kilogram, VAT included."""
    vat_code: str
    """SAF-T standard tax code, e.g. "3" (25 %), "31" (15 %). Source: Standard_Tax_Codes.csv."""
    vat_rate_bp: int
    """VAT rate in hundredths of a percent, e.g. 1500."""
    article_group: str = "04003"
    """SAF-T article group, BasicType 04, e.g. "04006" food."""
    category: str = ""
    """Id of the look-up category, e.g. "fruit"."""
    picture: str = ""
    """Name of the picture, without folder and ending; empty where there is none."""
    deposit_minor: int = 0
    """Deposit (pant) for each piece, outside the VAT base."""
    age_limit: int = 0
    restrictions: tuple[Restriction, ...] = ()
    quantity_limit: int = 0
    """How many one sale may hold; 0 is no limit."""
    recalled_batches: tuple[str, ...] = ()
    """Batch numbers (AI 10) that must not be sold."""
