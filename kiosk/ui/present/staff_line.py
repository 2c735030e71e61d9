"""A line, chosen by staff: how many, what price, a discount, or out; a coupon only out."""

from dataclasses import dataclass

from kiosk.engine.staff_view import Tool
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel
from kiosk.ui.present.staff_lines import (
    StaffLineModel,
    StaffListModel,
    present_staff_line,
    present_staff_list,
)
from kiosk.ui.present.staff_parts import (
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
    why_not,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLineStepModel:
    """Everything about the chosen line."""

    frame: StaffFrameModel
    list: StaffListModel
    heading: str
    banner: BannerModel | None
    chosen: StaffLineModel | None
    """None for an instant, while a line that was taken out is still being looked at."""
    line_id: int
    quantity: int
    countable: bool
    is_coupon: bool
    """It has no price, number or discount of its own: it can be taken out, and that is all."""
    count_label: str
    price: str
    discount: str
    discount_reason: str
    """Why there is no discount now; empty when there is."""
    remove: str
    back: str


def present_staff_line_step(view: View, words: Translator) -> StaffLineStepModel:
    """Return what can be done with the chosen line."""
    staff = staff_of(view)
    line = next((line for line in view.lines if line.line_id == staff.chosen_line_id), None)
    is_coupon = line is not None and line.is_coupon
    discount = next((tool for tool in staff.tools if tool.tool is Tool.DISCOUNT), None)
    return StaffLineStepModel(
        frame=present_staff_frame(view, words),
        list=present_staff_list(view, words),
        heading=words("staff.line.title"),
        banner=present_problem(staff, words),
        chosen=present_staff_line(line, {}, words) if line else None,
        line_id=line.line_id if line else 0,
        quantity=line.quantity if line else 0,
        countable=line.countable if line else False,
        is_coupon=is_coupon,
        count_label=words("staff.line.count"),
        price=words("staff.line.price"),
        discount=words("staff.tool.discount"),
        discount_reason=why_not(discount.why_not, words) if discount else "",
        remove=words("staff.line.remove_coupon" if is_coupon else "staff.tool.remove_line"),
        back=words("staff.line.done"),
    )
