"""What may be done in staff mode now, and why not."""

from collections.abc import Mapping

from kiosk.engine import coupons
from kiosk.engine.place import AT_THE_END, screen_of
from kiosk.engine.staff_session import AGE_REASONS, REASONS, Refusal, StaffSession, Wanted
from kiosk.engine.staff_view import Tool, Why
from kiosk.engine.till import Till
from kiosk.sale.attempts import in_doubt, with_terminal
from kiosk.sale.events import Interest
from kiosk.sale.intervention import blocking, intervention_of
from kiosk.sale.state import Phase
from kiosk.staff import Right

RIGHTS: Mapping[Tool, Right] = {
    Tool.CHANGE_LINE: Right.CHANGE_LINE,
    Tool.REMOVE_LINE: Right.CHANGE_LINE,
    Tool.ADD_ITEM: Right.CHANGE_LINE,
    Tool.COPY: Right.COPY,
    Tool.RETURN: Right.RETURN,
    Tool.PROVISIONAL: Right.COPY,
    Tool.VOID_SALE: Right.VOID_SALE,
    Tool.PAUSE: Right.OPEN_CLOSE,
    Tool.CLOSE: Right.OPEN_CLOSE,
    Tool.OPEN: Right.OPEN_CLOSE,
    Tool.DISCOUNT: Right.DISCOUNT,
    Tool.SUSPEND: Right.SUSPEND,
    Tool.RESUME: Right.SUSPEND,
    Tool.DEVICE_CHECK: Right.CHECK_DEVICES,
    Tool.ZERO_BAG_SCALE: Right.CHECK_DEVICES,
    Tool.TO_TILL: Right.SUSPEND,
    Tool.X_REPORT: Right.REPORT,
    Tool.CLOSE_DAY: Right.CLOSE_DAY,
    Tool.TRAINING: Right.TRAIN,
    Tool.VOLUME: Right.CHECK_DEVICES,
    Tool.TOUCH: Right.CHECK_DEVICES,
}
"""MORE needs none: behind it is what else may be done."""

_ABOUT_LINES = (
    Tool.CHANGE_LINE,
    Tool.REMOVE_LINE,
    Tool.DISCOUNT,
    Tool.VOID_SALE,
    Tool.SUSPEND,
    Tool.TO_TILL,
    Tool.PROVISIONAL,
)
_BETWEEN_SALES = (Tool.TRAINING, Tool.CLOSE_DAY, Tool.RESUME)


def right_to_decide(kind: Interest) -> Right:
    """Return the right that a decision of this kind needs."""
    if kind in (Interest.AGE, Interest.ALCOHOL_HOURS):
        return Right.DECIDE_AGE
    return Right.DECIDE_MONEY if kind is Interest.PAYMENT_IN_DOUBT else Right.DECIDE


def why_not(till: Till, staff: StaffSession, tool: Tool) -> Why:
    """Return why a tool cannot be used by this attendant now, or NONE."""
    right = RIGHTS.get(tool)
    if right is not None and not (till.door and till.door.may(staff.person, right)):
        return Why.NO_RIGHT
    if tool in _ABOUT_LINES:
        return _about_the_sale(till, tool, staff.chosen_line_id)
    match tool:
        case Tool.ADD_ITEM if till.sale.phase not in (Phase.NONE, Phase.OPEN):
            return Why.BEING_PAID
        case Tool.COPY:
            return _copy(till)
        case Tool.RETURN if till.sale.phase not in (Phase.NONE, Phase.OPEN):
            return Why.BEING_PAID
        case Tool.RETURN if not till.health.can_print():
            return Why.NO_PRINTER
        case Tool.OPEN if not (till.closing or till.paused):
            return Why.NOTHING_TO_OPEN
        case _ if tool in _BETWEEN_SALES and till.sale.phase is not Phase.NONE:
            return Why.SALE_OPEN
        case Tool.X_REPORT | Tool.CLOSE_DAY if not till.register.keeps_days:
            return Why.NO_REGISTER
        case Tool.TRAINING if till.config.training:
            return Why.ONLY_HERE
        case Tool.DEVICE_CHECK if not till.health.can_print():
            return Why.NO_PRINTER
        case _:
            return Why.NONE


def _about_the_sale(till: Till, tool: Tool, chosen_line_id: int | None) -> Why:
    sale = till.sale
    if sale.phase in (Phase.NONE, Phase.COMPLETED, Phase.ABORTED, Phase.CLOSED):
        return Why.NO_SALE
    if sale.phase is not Phase.OPEN or with_terminal(sale) or in_doubt(sale):
        return Why.BEING_PAID
    coupon_will_do = tool in (Tool.CHANGE_LINE, Tool.REMOVE_LINE) and bool(sale.coupons)
    if tool is not Tool.VOID_SALE and not sale.live_lines and not coupon_will_do:
        return Why.NO_LINE
    if tool is Tool.DISCOUNT and coupons.of_line(till, chosen_line_id) is not None:
        return Why.NO_LINE
    if tool in (Tool.SUSPEND, Tool.TO_TILL, Tool.PROVISIONAL) and not till.health.can_print():
        return Why.NO_PRINTER
    return Why.NONE


def _copy(till: Till) -> Why:
    """One of the sale that stands here, or, between two sales, of any that is closed."""
    sale = till.sale
    if sale.phase is Phase.NONE:
        return Why.NONE if till.health.can_print() else Why.NO_PRINTER
    if screen_of(till) not in AT_THE_END:
        return Why.SALE_OPEN
    if any(one.printed is None for one in sale.prints):
        return Why.COPY_USED
    on_paper = [one for one in sale.prints if one.printed or one.in_doubt]
    if any(one.copy for one in on_paper):
        return Why.COPY_USED
    return Why.NONE if till.health.can_print() else Why.NO_PRINTER


def reasons_for(till: Till, wanted: Wanted) -> tuple[str, ...]:
    """Return the reasons that may be given for what is wanted."""
    if isinstance(wanted, Refusal):
        call = intervention_of(till.sale, wanted.intervention_id)
        if call is not None and call.kind is Interest.AGE:
            return AGE_REASONS
    return REASONS[type(wanted)]


def all_decided(till: Till) -> bool:
    """Return whether nothing that stops the shopper is left to decide."""
    return blocking(till.sale) is None and not till.session.help_id
