"""What is taken off: a lower price or a percentage, by staff; and coupons, by whoever has one."""

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.coupon import is_valid
from kiosk.sale.coupon_events import CouponTaken
from kiosk.sale.decide_lines import live_line
from kiosk.sale.money import price_of_weight
from kiosk.sale.phases import refuse_change_of_lines
from kiosk.sale.product import NEVER_DISCOUNTED
from kiosk.sale.state import Line, Sale

WHOLE_BP = 10_000


def change_price(sale: Sale, command: c.ChangePrice) -> tuple[e.Event, ...]:
    """Set a lower price for a line: never dearer, never below what the role may give."""
    _refuse_nobody(command.attendant_id, command.reason)
    refuse_change_of_lines(sale, e.Actor.STAFF)
    line = live_line(sale, command.line_id)
    own_minor = own_unit_minor(line)
    if not 0 <= command.unit_price_minor <= own_minor:
        raise Rejected(Reason.BAD_PRICE)
    if _is_never_discounted(line) and command.reason != c.PRICE_ON_SHELF:
        raise Rejected(Reason.NEVER_DISCOUNTED)
    off_minor = own_minor - command.unit_price_minor
    if off_minor * WHOLE_BP > own_minor * command.price_off_bp_max:
        raise Rejected(Reason.OVER_STAFF_LIMIT)
    if command.unit_price_minor == _unit_now_minor(line):
        return ()
    return (
        e.PriceChanged(
            at_utc=command.at_utc,
            line_id=line.id,
            unit_price_minor=command.unit_price_minor,
            price_minor=_price_at(line, command.unit_price_minor),
            reason=command.reason,
            attendant_id=command.attendant_id,
        ),
    )


def give_discount(sale: Sale, command: c.GiveDiscount) -> tuple[e.Event, ...]:
    """Take a percentage off one line, or off all that may be discounted."""
    _refuse_nobody(command.attendant_id, command.reason)
    refuse_change_of_lines(sale, e.Actor.STAFF)
    if not 0 <= command.percent_bp <= WHOLE_BP:
        raise Rejected(Reason.BAD_PRICE)
    if command.percent_bp > command.percent_bp_max:
        raise Rejected(Reason.OVER_STAFF_LIMIT)
    if command.line_id is None:
        wanted = [line for line in sale.live_lines if not _is_never_discounted(line)]
    else:
        wanted = [live_line(sale, command.line_id)]
    if not wanted or any(_is_never_discounted(line) for line in wanted):
        raise Rejected(Reason.NEVER_DISCOUNTED)
    return tuple(
        e.DiscountGiven(
            at_utc=command.at_utc,
            line_id=line.id,
            percent_bp=command.percent_bp,
            reason=command.reason,
            attendant_id=command.attendant_id,
        )
        for line in wanted
        if line.discount_bp != command.percent_bp
    )


def take_coupon(sale: Sale, command: c.TakeCoupon) -> tuple[e.Event, ...]:
    """Let a coupon count, also one that waits for more goods; `kiosk.sale.coupon` has its rule."""
    refuse_change_of_lines(sale, command.actor)
    coupon = command.coupon
    if bool(coupon.amount_minor > 0) is bool(0 < coupon.percent_bp <= WHOLE_BP):
        raise Rejected(Reason.BAD_PRICE)
    if not is_valid(coupon, command.today):
        raise Rejected(Reason.COUPON_NOT_VALID)
    if any(one.coupon.id == coupon.id for one in sale.coupons):
        raise Rejected(Reason.COUPON_USED)
    return (
        CouponTaken(
            at_utc=command.at_utc,
            line_id=sale._next_line_id,
            coupon=coupon,
            actor=command.actor,
            attendant_id=command.attendant_id,
        ),
    )


def own_unit_minor(line: Line) -> int:
    """Return the line's own price per kilogram where a weight was multiplied, else per piece."""
    if line.staff_unit_minor is None:
        return _unit_now_minor(line)
    if is_by_weight(line):
        return line.product.unit_price_minor
    return (line.full_price_minor or 0) // line.quantity


def is_by_weight(line: Line) -> bool:
    """Whether the line's price is a weight times a price per kilogram, not a label's."""
    if line.weight_g is None:
        return False
    own = line.price_minor if line.full_price_minor is None else line.full_price_minor
    return own == price_of_weight(line.product.unit_price_minor, line.weight_g)


def _unit_now_minor(line: Line) -> int:
    if line.staff_unit_minor is not None:
        return line.staff_unit_minor
    if is_by_weight(line):
        return line.product.unit_price_minor
    return line.price_minor // line.quantity


def _price_at(line: Line, unit_price_minor: int) -> int:
    if is_by_weight(line) and line.weight_g is not None:
        return price_of_weight(unit_price_minor, line.weight_g)
    return unit_price_minor * line.quantity


def _is_never_discounted(line: Line) -> bool:
    return not NEVER_DISCOUNTED.isdisjoint(line.product.restrictions)


def _refuse_nobody(attendant_id: str, reason: str) -> None:
    """What is given away is given by somebody, for a reason: the record must have both."""
    if not attendant_id or not reason:
        raise Rejected(Reason.NEEDS_STAFF)
