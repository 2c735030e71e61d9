"""What an attendant does with one line: out, more or fewer, by hand; goods and coupons alike.

A coupon is a line that can be taken out and nothing else: it has no price and no number of its own.
"""

from kiosk.engine import coupons, staff_review, translate
from kiosk.engine.staff_session import StaffSession
from kiosk.engine.staff_steps import attempted, attendant_id, change, desk, has, to
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.till import Till
from kiosk.engine.view import Screen
from kiosk.sale.commands import AddItem, ChangeQuantity, RemoveLine
from kiosk.sale.events import Actor
from kiosk.sale.state import Phase
from kiosk.staff import Right


def is_of_goods(till: Till, line_id: int | None) -> bool:
    """Return whether a line has a price that staff could change."""
    return any(line.id == line_id for line in till.sale.live_lines)


def pressed(till: Till, staff: StaffSession, line_id: int) -> None:
    """Open the line that was touched, close it again, or take it out if that is what was picked."""
    if not is_of_goods(till, line_id) and coupons.of_line(till, line_id) is None:
        return
    if staff.picking is Tool.REMOVE_LINE:
        remove(till, line_id)
    elif staff.step in (StaffStep.DESK, StaffStep.LINE):
        if staff.chosen_line_id == line_id:
            desk(till)
        elif has(till, Right.CHANGE_LINE):
            to(till, StaffStep.LINE, chosen_line_id=line_id, picking=None)


def remove(till: Till, line_id: int) -> None:
    """Take a line out under the attendant's id. A coupon may be shown again, as to the shopper."""
    gone = RemoveLine(
        at_utc=till.now_utc(),
        line_id=line_id,
        actor=Actor.STAFF,
        attendant_id=attendant_id(till),
        reason="staff",
    )
    if attempted(till, gone):
        desk(till)


def set_quantity(till: Till, line_id: int, quantity: int) -> None:
    """Set how many there are; none takes the line out."""
    if not has(till, Right.CHANGE_LINE):
        return
    if quantity <= 0:
        remove(till, line_id)
        return
    attempted(
        till,
        ChangeQuantity(
            at_utc=till.now_utc(),
            line_id=line_id,
            quantity=quantity,
            actor=Actor.STAFF,
            attendant_id=attendant_id(till),
        ),
    )


def add_by_hand(till: Till, found: translate.Found) -> bool:
    """Add what the attendant scanned or typed; tobacco too, which a shopper cannot."""
    if not isinstance(found, AddItem):
        change(till, entry="", problem=StaffProblem.UNKNOWN_CODE, added_line_id=None)
        return False
    if till.sale.phase not in (Phase.NONE, Phase.OPEN):
        change(till, problem=StaffProblem.NOT_NOW)
        return False
    if not attempted(till, *till.opening(), staff_review.by_staff(till, found)):
        change(till, entry="", added_line_id=None)
        return False
    if till.session.screen is Screen.START:
        till.session = till.session.at(Screen.SCAN)
    added = [line.id for line in till.sale.live_lines if line.product.id == found.product.id]
    change(till, entry="", problem=StaffProblem.NONE, added_line_id=added[-1])
    return True
