"""Number keys of staff mode: signing in, a new price, an item by hand. A PIN is only dots."""

from dataclasses import dataclass

from kiosk.engine.staff_view import StaffStep, Tool
from kiosk.engine.view import LineView, View
from kiosk.sale.product import Unit
from kiosk.ui.i18n import Translator, money
from kiosk.ui.present.parts import BannerModel, Kind
from kiosk.ui.present.staff_parts import (
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
)

TEXTS: dict[StaffStep, tuple[str, str]] = {
    StaffStep.NUMBER: ("staff.keys.number", "staff.keys.number_lead"),
    StaffStep.PIN: ("staff.keys.pin", "staff.keys.pin_lead"),
    StaffStep.NEW_PIN: ("staff.keys.new_pin", "staff.keys.new_pin_lead"),
    StaffStep.NEW_PIN_AGAIN: ("staff.keys.new_pin_again", "staff.keys.new_pin_again_lead"),
    StaffStep.PRICE: ("staff.keys.price", "staff.keys.price_lead"),
    StaffStep.ITEM: ("staff.keys.item", "staff.keys.item_lead"),
}
"""Title and sentence of each step that has keys."""
PICKING = {
    Tool.RESUME: ("staff.keys.resume", "staff.keys.resume_lead"),
    Tool.RETURN: ("staff.keys.return", "staff.keys.return_lead"),
    Tool.COPY: ("staff.keys.copy", "staff.keys.copy_lead"),
}
"""ITEM while a sale that was set aside, or a receipt, is looked for."""
SECRET = (StaffStep.PIN, StaffStep.NEW_PIN, StaffStep.NEW_PIN_AGAIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffKeysModel:
    """Everything on the keys."""

    frame: StaffFrameModel
    title: str
    lead: str
    field: str
    """What has been typed, where it may be read."""
    dots: int
    """How many digits of a PIN have been typed; the digits are not known to the screen."""
    placeholder: str
    banner: BannerModel | None
    can_confirm: bool
    back: str


def present_staff_keys(view: View, words: Translator) -> StaffKeysModel:
    """Return the keys of the step that is asked."""
    staff = staff_of(view)
    title, lead = TEXTS[staff.step]
    if staff.step is StaffStep.ITEM and staff.picking in PICKING:
        title, lead = PICKING[staff.picking]
    secret = staff.step in SECRET
    line = next((line for line in view.lines if line.line_id == staff.chosen_line_id), None)
    return StaffKeysModel(
        frame=present_staff_frame(view, words),
        title=words(title),
        lead=_price_lead(line, words) if staff.step is StaffStep.PRICE and line else words(lead),
        field="" if secret else _typed(staff.step, staff.entry),
        dots=staff.digits if secret else 0,
        placeholder=words("staff.keys.pin_empty" if secret else "code.empty"),
        banner=present_problem(staff, words) or _added(view, words),
        can_confirm=bool(staff.entry or staff.digits),
        back=words("frame.back"),
    )


def _typed(step: StaffStep, entry: str) -> str:
    """Return the digits as they are meant: øre fill a price from the right, as on a card terminal.

    What is no number is shown as it is rather than refused: the screen decides nothing.
    """
    if step is StaffStep.PRICE and entry.isdecimal():
        return f"{money(int(entry))} kr"
    return entry


def _added(view: View, words: Translator) -> BannerModel | None:
    """Say what went into the sale, and what it makes the sum: the list is not in sight here."""
    added_id = staff_of(view).added_line_id
    line = next((line for line in view.lines if line.line_id == added_id), None)
    if line is None:
        return None
    text = words("staff.keys.added", name=line.name, price=money(line.amount_minor))
    return BannerModel(kind=Kind.DONE, sign="check-circle", text=text)


def _price_lead(line: LineView, words: Translator) -> str:
    """Return which price it is: "Oppvaskmiddel 500 ml, nå 36,90 kr/stk"."""
    per_kilogram = line.unit is Unit.KILOGRAM
    price = (words.per_kilogram if per_kilogram else words.per_piece)(line.unit_price_minor)
    return words("staff.keys.price_of", name=line.name, price=price)
