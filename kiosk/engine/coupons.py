"""Coupons at the scanner: one that the catalog knows counts at once, any other is for staff.

Paper that looks like the shop's coupons (`[payment] coupon_prefixes`) and is in no table, or holds
on other days, is looked at by somebody before the shopper pays: the kiosk takes nothing off.
"""

from kiosk.engine.attention import call_staff
from kiosk.engine.place import SHOPPING, screen_of
from kiosk.engine.till import Till
from kiosk.engine.view import Notice, Screen, Tone
from kiosk.sale.commands import TakeCoupon
from kiosk.sale.coupon import is_valid
from kiosk.sale.events import Interest
from kiosk.sale.product import Coupon
from kiosk.sale.promotion import discounts
from kiosk.sale.state import Phase, ShownCoupon

UNKNOWN, OUT_OF_DATE = "coupon", "coupon_date"
"""What an intervention about a coupon says of it."""


def scanned(till: Till, text: str) -> bool | None:
    """Take a code that is a coupon's: True when it was taken; None when it is something else."""
    coupon = till.catalog.coupon_of(text)
    if coupon is None and not text.startswith(till.config.coupon_prefixes):
        return None
    if till.sale.phase is not Phase.OPEN or screen_of(till) not in SHOPPING:
        till.refuse(Notice.PAY_WITH_IT_LATER)
        return False
    if coupon is None:
        return _for_staff(till, UNKNOWN)
    if not is_valid(coupon, till.today()):
        return _for_staff(till, OUT_OF_DATE)
    return _take(till, coupon)


def of_line(till: Till, line_id: int | None) -> ShownCoupon | None:
    """Return the coupon that stands in a line."""
    return next((one for one in till.sale.coupons if one.line_id == line_id), None)


def _for_staff(till: Till, detail: str) -> bool:
    call_staff(till, Interest.VOUCHER, detail)
    till.session = till.session.told(Notice.COUPON_SEEN).with_tone(Tone.ADDED)
    return True


def _take(till: Till, coupon: Coupon) -> bool:
    take = TakeCoupon(at_utc=till.now_utc(), coupon=coupon, today=till.today())
    if not till.attempted(take):
        return False
    takes_off = any(one.is_coupon and one.promotion_id == coupon.id for one in discounts(till.sale))
    if takes_off:
        notice = Notice.COUPON_TAKEN
    else:
        notice = Notice.COUPON_WAITS if coupon.minimum_minor else Notice.COUPON_NO_GOODS
    session = (
        till.session
        if screen_of(till) in (Screen.PAY, Screen.BAGS)
        else till.session.at(Screen.SCAN)
    )
    till.session = session.told(notice, coupon.minimum_minor).with_tone(Tone.ADDED)
    till.change(added_line_id=till.sale.coupons[-1].line_id, open_line_id=None, toast=None)
    return True
