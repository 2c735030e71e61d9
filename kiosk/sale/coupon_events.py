"""What happened to coupons in a sale. As in `events`."""

from dataclasses import dataclass

from kiosk.sale.events import Actor, Event
from kiosk.sale.product import Coupon


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponTaken(Event):
    """A coupon was shown and counts from here, as it was in the catalog then. It is a line too."""

    line_id: int
    coupon: Coupon
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponRemoved(Event):
    """The shopper keeps the coupon, or staff took it out; it may be shown again."""

    line_id: int
    actor: Actor = Actor.SHOPPER
    attendant_id: str = ""
    where: str = "kiosk"
