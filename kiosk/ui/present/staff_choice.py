"""A choice in staff mode: why something is refused or changed, or how much discount."""

from dataclasses import dataclass

from kiosk.engine.staff_messages import DiscountChosen, ReasonChosen
from kiosk.engine.staff_view import StaffStep
from kiosk.engine.view import View
from kiosk.sale.return_events import ByHand
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel, sentence
from kiosk.ui.present.staff_lines import StaffListModel, present_staff_list
from kiosk.ui.present.staff_parts import (
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
)

REASONS: dict[str, str] = {
    "no_id": "staff.reason.no_id",
    "too_young": "staff.reason.too_young",
    "intoxicated": "staff.reason.intoxicated",
    "not_in_order": "staff.reason.not_in_order",
    "customer_agrees": "staff.reason.customer_agrees",
    "damaged": "staff.reason.damaged",
    "short_date": "staff.reason.short_date",
    "price_on_shelf": "staff.reason.price_on_shelf",
    "goodwill": "staff.reason.goodwill",
    "customer_left": "staff.reason.customer_left",
    "cannot_pay": "staff.reason.cannot_pay",
    "mistake": "staff.reason.mistake",
    "regret": "staff.reason.regret",
    "wrong_item": "staff.reason.wrong_item",
    "wrong_price": "staff.reason.wrong_price",
    "recalled": "staff.reason.recalled",
    "other": "staff.reason.other",
    ByHand.OTHER_TILL: "staff.by_hand.other_till",
    ByHand.BANK: "staff.by_hand.bank",
}
"""Texts of the codes that are known; a shop's own code is shown with its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceModel:
    """One answer."""

    name: str
    text: str
    intent: ReasonChosen | DiscountChosen


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffChoiceModel:
    """Everything on the choice."""

    frame: StaffFrameModel
    list: StaffListModel
    heading: str
    banner: BannerModel | None
    choices: tuple[ChoiceModel, ...]
    back: str


def present_staff_choice(view: View, words: Translator) -> StaffChoiceModel:
    """Return the reasons, the ways to give money back, or the discounts within the role's limit."""
    staff = staff_of(view)
    discount = staff.step is StaffStep.DISCOUNT
    choices = (
        tuple(_percent(percent_bp, words) for percent_bp in staff.percents_bp)
        if discount
        else tuple(_reason(reason, words) for reason in staff.reasons)
    )
    return StaffChoiceModel(
        frame=present_staff_frame(view, words),
        list=present_staff_list(view, words),
        heading=_heading(view, words),
        banner=present_problem(staff, words),
        choices=choices,
        back=words("frame.back"),
    )


def _heading(view: View, words: Translator) -> str:
    staff = staff_of(view)
    if ByHand.BANK in staff.reasons:
        return words("staff.choice.by_hand")
    if staff.step is not StaffStep.DISCOUNT:
        return words("staff.choice.why")
    chosen = staff.chosen_line_id
    line = next((line for line in view.lines if line.line_id == chosen), None)
    if line is None:
        return words("staff.choice.discount_all")
    return words("staff.choice.discount_line", name=line.name)


def _percent(percent_bp: int, words: Translator) -> ChoiceModel:
    """Return a discount: 2500 is "25 %", 1250 is "12,5 %"."""
    whole, rest = divmod(percent_bp, 100)
    figure = f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)
    text = words("staff.choice.percent", figure=figure)
    return ChoiceModel(
        name=f"percent-{percent_bp}", text=text, intent=DiscountChosen(percent_bp=percent_bp)
    )


def _reason(reason: str, words: Translator) -> ChoiceModel:
    key = REASONS.get(reason)
    text = words(key) if key else sentence(reason.replace("_", " "))
    return ChoiceModel(name=f"reason-{reason}", text=text, intent=ReasonChosen(reason=reason))
