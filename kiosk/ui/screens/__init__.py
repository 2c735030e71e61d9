"""One module for each screen and overlay, named by its `Screen`, `Overlay` or `StaffPage` value.

A module `in_doubt` has a class `InDoubtScreen`. See kiosk/ui/README.md for how to write one.
"""

from enum import StrEnum
from functools import cache
from importlib import import_module

from kiosk.engine.staff_view import StaffStep
from kiosk.engine.view import Overlay, Screen, View
from kiosk.ui.screens.base import BaseScreen


class StaffPage(StrEnum):
    """The screens of staff mode: several steps share one."""

    KEYS = "staff_keys"
    DESK = "staff_desk"
    LINE = "staff_line"
    CHOICE = "staff_choice"
    REVIEW = "staff_review"
    MORE = "staff_more"
    REPORT = "staff_report"
    VOLUME = "staff_volume"
    TOUCH = "staff_touch"
    WAIT = "staff_wait"
    RETURN = "staff_return"
    REFUND = "staff_refund"


PAGES: dict[StaffStep, StaffPage] = {
    StaffStep.NUMBER: StaffPage.KEYS,
    StaffStep.PIN: StaffPage.KEYS,
    StaffStep.NEW_PIN: StaffPage.KEYS,
    StaffStep.NEW_PIN_AGAIN: StaffPage.KEYS,
    StaffStep.PRICE: StaffPage.KEYS,
    StaffStep.ITEM: StaffPage.KEYS,
    StaffStep.DESK: StaffPage.DESK,
    StaffStep.LINE: StaffPage.LINE,
    StaffStep.DISCOUNT: StaffPage.CHOICE,
    StaffStep.REASON: StaffPage.CHOICE,
    StaffStep.REVIEW: StaffPage.REVIEW,
    StaffStep.MORE: StaffPage.MORE,
    StaffStep.REPORT: StaffPage.REPORT,
    StaffStep.VOLUME: StaffPage.VOLUME,
    StaffStep.TOUCH: StaffPage.TOUCH,
    StaffStep.SHELF: StaffPage.WAIT,
    StaffStep.RETURN: StaffPage.RETURN,
    StaffStep.REFUND: StaffPage.REFUND,
}
Name = Screen | StaffPage | Overlay


def screen_of(view: View) -> Screen | StaffPage:
    """Return what stands on the glass: in staff mode its page, else the shopper's screen."""
    return PAGES[view.staff.step] if view.staff is not None else view.screen


def overlay_of(view: View) -> Overlay:
    """Return what lies over the screen: over staff mode nothing does."""
    return view.overlay if view.staff is None else Overlay.NONE


@cache
def screen_class(name: Name) -> type[BaseScreen]:
    """Return the class that draws a screen, a page of staff mode or an overlay."""
    module = import_module(f"kiosk.ui.screens.{name.value}")
    camel = "".join(part.capitalize() for part in name.value.split("_"))
    found: type[BaseScreen] = getattr(module, f"{camel}Screen")
    return found
