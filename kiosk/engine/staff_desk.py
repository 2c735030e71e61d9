"""What an attendant does with the sale in view: decisions, prices, discounts, a look over.

Each is a command with the attendant's id; the sale decides. What may be done at all, and why not,
is in `staff_rights`; a line is in `staff_lines`; tools that are not about lines in `staff_tools`.
"""

from drivers.contracts import BarcodeScanned
from kiosk.engine import (
    attention,
    return_receipts,
    staff_aside,
    staff_lines,
    staff_machine,
    staff_paper,
    staff_returns,
    staff_review,
    staff_tools,
    translate,
)
from kiosk.engine import staff_messages as m
from kiosk.engine.messages import Message, StaffSettled
from kiosk.engine.staff_rights import reasons_for, right_to_decide, why_not
from kiosk.engine.staff_session import (
    NewDiscount,
    NewPrice,
    PayOut,
    Refusal,
    Review,
    StaffSession,
    TakeBack,
    VoidIt,
    Wanted,
)
from kiosk.engine.staff_steps import PROBLEMS, attempted, attendant_id, change, desk, has, to
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool, Why
from kiosk.engine.till import Till
from kiosk.sale.commands import (
    ChangePrice,
    GiveDiscount,
    GiveUpSale,
    Rejected,
)
from kiosk.sale.events import Actor, Interest
from kiosk.sale.intervention import intervention_of
from kiosk.sale.return_events import ByHand
from kiosk.staff import Right

_NEEDS_REASON = (Interest.AGE, Interest.VOUCHER, Interest.PAYMENT_IN_DOUBT)


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on the desk means; False when it is a shopper's."""
    staff = till.staff
    if staff is None or staff.person is None:
        return False
    match message:
        case m.DecisionPressed(intervention_id, approved):
            _decide(till, staff, intervention_id, approved=approved)
        case m.ReasonChosen(reason):
            _because(till, staff, reason)
        case m.ToolPressed(tool):
            _tool(till, staff, tool)
        case m.StaffLinePressed(line_id):
            staff_lines.pressed(till, staff, line_id)
        case m.StaffQuantityPressed(line_id, quantity):
            staff_lines.set_quantity(till, line_id, quantity)
        case m.PricePressed() if staff_lines.is_of_goods(till, staff.chosen_line_id):
            if has(till, Right.CHANGE_PRICE):
                to(till, StaffStep.PRICE)
        case m.DiscountChosen(percent_bp) if staff.step is StaffStep.DISCOUNT:
            _ask_why(till, NewDiscount(staff.chosen_line_id, percent_bp))
        case (
            m.ReturnQuantityPressed()
            | m.ReturnAllPressed()
            | m.ReturnPressed()
            | m.RefundPressed()
            | m.RefundByHandPressed()
        ):
            staff_returns.handle(till, staff, message)
        case m.AddMissingPressed() if staff.step is StaffStep.REVIEW and staff.review is not None:
            if has(till, Right.CHANGE_LINE):
                staff_review.add_missing(till, staff.review)
        case m.ReportPrintPressed() if staff.step is StaffStep.REPORT:
            staff_paper.print_report(till)
        case m.DayClosePressed() if staff.closing and has(till, Right.CLOSE_DAY):
            staff_paper.close_day(till)
        case m.VolumePressed(percent) if staff.step is StaffStep.VOLUME:
            staff_machine.set_volume(till, percent)
        case m.TouchPointMet(x, y) if staff.step is StaffStep.TOUCH:
            staff_machine.point_met(till, x, y)
        case _:
            return False
    return True


def confirm(till: Till) -> None:
    """Take the check key of a price or a code, and "ready" of a look over."""
    staff = till.staff
    if staff is None:
        return
    match staff.step:
        case StaffStep.PRICE if staff.entry and staff.chosen_line_id is not None:
            _ask_why(till, NewPrice(staff.chosen_line_id, int(staff.entry)))
        case StaffStep.ITEM if staff.entry and staff.picking is Tool.RESUME:
            staff_aside.resume(till, staff.entry)
        case StaffStep.ITEM if staff.entry and staff.picking is Tool.RETURN:
            return_receipts.find(till, staff.entry)
        case StaffStep.ITEM if staff.entry and staff.picking is Tool.COPY:
            staff_paper.copy_of(till, staff.entry)
        case StaffStep.ITEM if staff.entry:
            staff_lines.add_by_hand(till, translate.of_typed(till, staff.entry))
        case StaffStep.REVIEW if staff.review is not None:
            _reviewed(till, staff.review)
        case _:
            pass


def scanned(till: Till, scan: BarcodeScanned) -> bool:
    """Take a scan while an attendant is signed in: to add, to look over, to resume."""
    staff = till.staff
    if staff is None or not staff.signed_in:
        return False
    if staff.step is StaffStep.ITEM and staff.picking is Tool.RESUME:
        return staff_aside.resume(till, scan.text)
    if staff.step is StaffStep.ITEM and staff.picking is Tool.RETURN:
        return return_receipts.find(till, scan.text)
    if staff.step is StaffStep.ITEM and staff.picking is Tool.COPY:
        return staff_paper.copy_of(till, scan.text)
    found = translate.of_scan(till, scan.text, scan.aim_id)
    if staff.step is StaffStep.ITEM:
        return staff_lines.add_by_hand(till, found)
    if staff.step is StaffStep.REVIEW and staff.review is not None:
        staff_review.check(till, staff.review, found)
        return True
    return False


# --- decisions ----------------------------------------------------------------------------------


def _decide(till: Till, staff: StaffSession, intervention_id: str, *, approved: bool) -> None:
    call = attention.call_of(till, intervention_id)
    is_help = intervention_id == till.session.help_id
    if (call is None or not call.open) and not is_help:
        change(till, problem=StaffProblem.DECIDED_ALREADY)
        return
    kind = call.kind if call else Interest.HELP
    if not has(till, right_to_decide(kind)):
        return
    looks_over = (kind is Interest.WEIGHT and not approved) or (
        kind is Interest.RANDOM_CHECK and approved and staff.step is not StaffStep.REVIEW
    )
    if looks_over:
        wanted = till.config.check_items if kind is Interest.RANDOM_CHECK else 0
        review = Review(intervention_id=intervention_id, wanted=wanted)
        to(till, StaffStep.REVIEW, review=review)
    elif not approved and kind in _NEEDS_REASON:
        _ask_why(till, Refusal(intervention_id))
    else:
        settle(till, intervention_id, approved=approved)


def settle(till: Till, intervention_id: str, *, approved: bool, reason: str = "") -> None:
    """Write the decision down, under the attendant's id."""
    word = StaffSettled(intervention_id, approved, attendant_id(till), "kiosk", reason)
    try:
        attention.settled_by_staff(till, word)
    except Rejected as rejected:
        change(till, problem=PROBLEMS.get(rejected.reason, StaffProblem.NOT_NOW))


def _ask_why(till: Till, wanted: Wanted) -> None:
    to(till, StaffStep.REASON, wanted=wanted)


def _because(till: Till, staff: StaffSession, reason: str) -> None:
    """Do what waited for its reason. A reason that is not offered is none."""
    wanted = staff.wanted
    if wanted is None or reason not in reasons_for(till, wanted):
        return
    rules = till.door.rules(staff.person) if till.door else None
    at_utc, who = till.now_utc(), attendant_id(till)
    done = True
    match wanted:
        case Refusal(intervention_id):
            settle(till, intervention_id, approved=False, reason=reason)
        case NewPrice(line_id, unit_price_minor):
            done = attempted(
                till,
                ChangePrice(
                    at_utc=at_utc,
                    line_id=line_id,
                    unit_price_minor=unit_price_minor,
                    reason=reason,
                    attendant_id=who,
                    price_off_bp_max=rules.price_off_bp if rules else 0,
                ),
            )
        case NewDiscount(line_id, percent_bp):
            done = attempted(
                till,
                GiveDiscount(
                    at_utc=at_utc,
                    line_id=line_id,
                    percent_bp=percent_bp,
                    reason=reason,
                    attendant_id=who,
                    percent_bp_max=rules.discount_bp if rules else 0,
                ),
            )
        case VoidIt():
            done = void(till, reason)
        case TakeBack():
            staff_returns.take_back(till, staff, reason)
            return
        case PayOut():
            staff_returns.give_by_hand(till, ByHand(reason))
            return
    if done:
        desk(till)
    elif till.staff is not None:
        desk(till, till.staff.problem)


def void(till: Till, reason: str) -> bool:
    """End the sale without payment, once parts that were paid are back; the kiosk is free then.

    The attendant stays signed in.
    """
    ended = GiveUpSale(
        at_utc=till.now_utc(), reason=reason, actor=Actor.STAFF, attendant_id=attendant_id(till)
    )
    if not attempted(till, ended):
        return False
    till.forget_if_over()
    return True


# --- lines --------------------------------------------------------------------------------------


def _tool(till: Till, staff: StaffSession, tool: Tool) -> None:
    reason = why_not(till, staff, tool)
    if reason is not Why.NONE:
        problem = StaffProblem.NO_RIGHT if reason is Why.NO_RIGHT else StaffProblem.NOT_NOW
        change(till, problem=problem)
        return
    match tool:
        case Tool.CHANGE_LINE if staff.chosen_line_id is not None:
            to(till, StaffStep.LINE)
        case Tool.REMOVE_LINE if staff.chosen_line_id is not None:
            staff_lines.remove(till, staff.chosen_line_id)
        case Tool.CHANGE_LINE | Tool.REMOVE_LINE:
            change(till, picking=None if staff.picking is tool else tool)
        case Tool.DISCOUNT:
            to(till, StaffStep.DISCOUNT)
        case Tool.ADD_ITEM | Tool.RESUME:
            to(till, StaffStep.ITEM, picking=tool)
        case Tool.VOID_SALE:
            _ask_why(till, VoidIt())
        case Tool.RETURN:
            staff_returns.open_tool(till)
        case Tool.PROVISIONAL:
            staff_returns.give_provisional(till)
        case Tool.MORE:
            to(till, StaffStep.MORE)
        case _:
            staff_tools.use(till, tool)


# --- a look over --------------------------------------------------------------------------------


def _reviewed(till: Till, review: Review) -> None:
    """Settle what the look over was for. The record says how many were looked at and missing."""
    call = intervention_of(till.sale, review.intervention_id)
    reason = f"checked:{len(review.checked) + len(review.to_add)},missing:{review.missing}"
    if call is not None and call.kind is Interest.RANDOM_CHECK:
        till.checked(found=review.missing > 0)
    elif review.missing:
        till.bags.found.add(review.intervention_id)
    settle(till, review.intervention_id, approved=True, reason=reason)
    desk(till)
