"""Lines: added, changed, removed, put back."""

from kiosk.sale import commands as c
from kiosk.sale import events as e
from kiosk.sale.commands import Reason, Rejected
from kiosk.sale.coupon_events import CouponRemoved
from kiosk.sale.evolve import replay_on
from kiosk.sale.intervention import ITSELF, age_events, next_id, resolved_itself
from kiosk.sale.money import price_of_weight
from kiosk.sale.phases import refuse_change_of_lines
from kiosk.sale.product import Unit
from kiosk.sale.restriction import is_past_best_before, refuse_too_much, refuse_unsaleable
from kiosk.sale.state import Line, Sale


def add_item(sale: Sale, command: c.AddItem, limits: c.Limits) -> tuple[e.Event, ...]:
    """Add a product, or raise the quantity of the newest line when it is the same thing."""
    refuse_change_of_lines(sale, command.actor)
    price_minor = price_of(command)
    refuse_unsaleable(command)
    same = _newest_if_same(sale, command)
    more_minor = price_minor + command.product.deposit_minor * command.quantity
    refuse_too_much(sale, limits, command.product, command.quantity, more_minor, same)
    if same is not None:
        return (
            e.QuantityChanged(
                at_utc=command.at_utc,
                line_id=same.id,
                quantity=same.quantity + command.quantity,
                actor=command.actor,
                attendant_id=command.attendant_id,
            ),
        )
    added = _item_added(sale, command, price_minor)
    raised = _expired_raised(sale, command, added.line_id, limits)
    return _with_age(sale, (added, *raised), command.at_utc, limits.policies[e.Interest.AGE])


def price_of(command: c.AddItem) -> int:
    """Return the price of what is added, in minor units, before offers and without deposit.

    Refuses what cannot be counted or weighed (BAD_QUANTITY) or has no price (BAD_PRICE). A label's
    own price stands for one piece or one package; the weight beside it is then only shown.
    """
    product, weight_g = command.product, command.weight_g
    is_priced_package = command.label_price_minor is not None and product.unit is Unit.KILOGRAM
    if command.quantity < 1 or command.tare_g < 0:
        raise Rejected(Reason.BAD_QUANTITY)
    if weight_g is not None and weight_g <= 0:
        raise Rejected(Reason.BAD_QUANTITY)
    if product.unit is Unit.KILOGRAM and command.quantity != 1:
        raise Rejected(Reason.BAD_QUANTITY)
    if product.unit is Unit.KILOGRAM and weight_g is None and not is_priced_package:
        raise Rejected(Reason.BAD_QUANTITY)
    if command.label_price_minor is not None:
        price = command.label_price_minor * command.quantity
    elif product.unit is Unit.KILOGRAM and weight_g is not None:
        price = price_of_weight(product.unit_price_minor, weight_g)
    else:
        price = product.unit_price_minor * command.quantity
    nothing_for_something = price == 0 and product.unit_price_minor > 0
    if price < 0 or nothing_for_something:
        raise Rejected(Reason.BAD_PRICE)
    return price


def is_countable(line: Line) -> bool:
    """Whether plus and minus make sense to a shopper: pieces at the product's own price.

    What staff gave cheaper was given for so many, not for more of them.
    """
    return _is_by_the_piece(line) and line.staff_unit_minor is None and not line.discount_bp


def _is_by_the_piece(line: Line) -> bool:
    return (
        line.product.unit is Unit.PIECE
        and line.weight_g is None
        and line.price_minor == line.unit_price_minor * line.quantity
    )


def change_quantity(sale: Sale, command: c.ChangeQuantity, limits: c.Limits) -> tuple[e.Event, ...]:
    """Set the quantity of a line of pieces; 0 removes it."""
    refuse_change_of_lines(sale, command.actor)
    line = live_line(sale, command.line_id)
    if command.quantity < 0:
        raise Rejected(Reason.BAD_QUANTITY)
    if command.quantity == 0:
        out = c.RemoveLine(
            at_utc=command.at_utc,
            line_id=line.id,
            actor=command.actor,
            attendant_id=command.attendant_id,
        )
        return _removed(sale, line, out)
    by_staff = command.actor is e.Actor.STAFF
    if not (_is_by_the_piece(line) if by_staff else is_countable(line)):
        raise Rejected(Reason.NOT_COUNTABLE)
    more = command.quantity - line.quantity
    if more == 0:
        return ()
    if more > 0:
        each_minor = line.product.unit_price_minor + line.product.deposit_minor
        refuse_too_much(sale, limits, line.product, more, more * each_minor, line)
    return (
        e.QuantityChanged(
            at_utc=command.at_utc,
            line_id=line.id,
            quantity=command.quantity,
            actor=command.actor,
            attendant_id=command.attendant_id,
        ),
    )


def remove_line(sale: Sale, command: c.RemoveLine) -> tuple[e.Event, ...]:
    """Take a line out, or a coupon; what only it called for is resolved by itself."""
    refuse_change_of_lines(sale, command.actor)
    if any(one.line_id == command.line_id for one in sale.coupons):
        return (
            CouponRemoved(
                at_utc=command.at_utc,
                line_id=command.line_id,
                actor=command.actor,
                attendant_id=command.attendant_id,
                where=command.where,
            ),
        )
    line = live_line(sale, command.line_id)
    return _removed(sale, line, command)


def restore_line(sale: Sale, command: c.RestoreLine, limits: c.Limits) -> tuple[e.Event, ...]:
    """Put a removed line back, and with it whatever it called for.

    Refused with NEEDS_STAFF, to a shopper, when an attendant took it out or said no to it.
    """
    refuse_change_of_lines(sale, command.actor)
    line = next((one for one in sale.lines if one.id == command.line_id), None)
    if line is None:
        raise Rejected(Reason.NO_SUCH_LINE)
    if not line.removed:
        return ()
    about_it = [i for i in sale.interventions if i.line_id == line.id]
    refused = any(i.approved is False and i.where != ITSELF for i in about_it)
    if command.actor is e.Actor.SHOPPER and (refused or line.removed_by_staff):
        raise Rejected(Reason.NEEDS_STAFF)
    more_minor = line.price_minor + line.deposit_minor
    refuse_too_much(sale, limits, line.product, line.quantity, more_minor)
    back = e.LineRestored(
        at_utc=command.at_utc,
        line_id=line.id,
        actor=command.actor,
        attendant_id=command.attendant_id,
    )
    events: list[e.Event] = [back]
    latest = {i.kind: i for i in about_it if i.kind is not e.Interest.AGE}
    gone = [i for i in latest.values() if i.where == ITSELF]
    for ahead, intervention in enumerate(gone):
        again = e.InterventionRaised(
            at_utc=command.at_utc,
            intervention_id=next_id(sale, ahead),
            kind=intervention.kind,
            policy=intervention.policy,
            line_id=line.id,
            detail=intervention.detail,
        )
        events.append(again)
    return _with_age(sale, tuple(events), command.at_utc, limits.policies[e.Interest.AGE])


def _newest_if_same(sale: Sale, command: c.AddItem) -> Line | None:
    """Return the newest line if the item can only be one more of it."""
    newest = next((line for line in reversed(sale.lines) if not line.removed), None)
    if newest is None or newest.product != command.product or not is_countable(newest):
        return None
    if command.own_line or command.label_price_minor is not None or command.weight_g is not None:
        return None
    if command.batch or command.best_before or command.expiry:
        return None
    if newest.batch or newest.best_before:
        return None
    known = {promotion.id for promotion in sale.promotions}
    brings_new_offer = any(promotion.id not in known for promotion in command.promotions)
    return None if brings_new_offer else newest


def _item_added(sale: Sale, command: c.AddItem, price_minor: int) -> e.ItemAdded:
    return e.ItemAdded(
        at_utc=command.at_utc,
        line_id=sale._next_line_id,
        product=command.product,
        quantity=command.quantity,
        weight_g=command.weight_g,
        tare_g=command.tare_g,
        price_minor=price_minor,
        entry=command.entry,
        code=command.code,
        batch=command.batch,
        best_before=command.best_before,
        expiry=command.expiry,
        promotions=command.promotions,
        actor=command.actor,
        attendant_id=command.attendant_id,
    )


def _expired_raised(
    sale: Sale, command: c.AddItem, line_id: int, limits: c.Limits
) -> tuple[e.Event, ...]:
    if not is_past_best_before(command):
        return ()
    return (
        e.InterventionRaised(
            at_utc=command.at_utc,
            intervention_id=next_id(sale),
            kind=e.Interest.EXPIRED,
            policy=limits.policies[e.Interest.EXPIRED],
            line_id=line_id,
            detail=command.best_before,
        ),
    )


def live_line(sale: Sale, line_id: int) -> Line:
    """Return the line that counts under this id; NO_SUCH_LINE when there is none."""
    line = next((one for one in sale.lines if one.id == line_id and not one.removed), None)
    if line is None:
        raise Rejected(Reason.NO_SUCH_LINE)
    return line


def _removed(sale: Sale, line: Line, command: c.RemoveLine) -> tuple[e.Event, ...]:
    gone = e.LineRemoved(
        at_utc=command.at_utc,
        line_id=line.id,
        actor=command.actor,
        attendant_id=command.attendant_id,
        reason=command.reason,
        where=command.where,
    )
    resolved = tuple(
        resolved_itself(intervention, command.at_utc, "line_removed")
        for intervention in sale.interventions
        if intervention.open
        and intervention.line_id == line.id
        and intervention.kind is not e.Interest.AGE
    )
    return _with_age(sale, (gone, *resolved), command.at_utc)


def _with_age(
    sale: Sale, events: tuple[e.Event, ...], at_utc: str, policy: e.Policy | None = None
) -> tuple[e.Event, ...]:
    """Add what follows for the age check."""
    return (*events, *age_events(replay_on(sale, events), at_utc, policy))
