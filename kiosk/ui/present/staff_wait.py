"""Staff wait for the store's answer."""

from dataclasses import dataclass

from kiosk.engine.staff_view import Tool
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.staff_parts import StaffFrameModel, present_staff_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffWaitModel:
    """Everything on the wait."""

    frame: StaffFrameModel
    title: str
    lead: str
    back: str


def present_staff_wait(view: View, words: Translator) -> StaffWaitModel:
    """Return what is waited for."""
    returns = view.staff is not None and view.staff.picking is Tool.RETURN
    return StaffWaitModel(
        frame=present_staff_frame(view, words),
        title=words("staff.keys.receipt" if returns else "staff.keys.shelf"),
        lead=words("staff.keys.shelf_lead"),
        back=words("frame.back"),
    )
