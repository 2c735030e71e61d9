"""15 out of order: first what works, then where to go. Never a bare error code."""

from dataclasses import dataclass

from kiosk.engine.view import OutOfOrderView, View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import (
    ChipModel,
    FrameModel,
    Kind,
    PrimaryModel,
    present_frame,
    sentence,
)
from kiosk.ui.present.start import IN_TEXT

FAULTS = {
    "terminal": ("fault.terminal", "fault.lost.terminal"),
    "scanner": ("fault.scanner", "fault.lost.scanner"),
    "printer": ("fault.printer", "fault.lost.printer"),
    "scale": ("fault.scale", "fault.lost.scale"),
    "journal": ("fault.journal", "fault.lost.journal"),
    "disk": ("fault.journal", "fault.lost.journal"),
}
"""Title and what is lost, by `OutOfOrderView.fault`."""

UNKNOWN_FAULT = FAULTS["journal"]
"""A fault that the screen has no words for still says that the till does not work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfOrderModel:
    """Everything on the out-of-order screen."""

    frame: FrameModel
    chip: ChipModel
    title: str
    works_label: str
    works: str
    """Empty when nothing does."""
    works_not_label: str
    works_not: str
    elsewhere: str
    elsewhere_hint: str
    start: PrimaryModel | None
    """None when the kiosk cannot sell."""


def present_out_of_order(view: View, words: Translator) -> OutOfOrderModel:
    """Return the out-of-order screen; the view must have `out_of_order`."""
    assert view.out_of_order is not None, "OUT_OF_ORDER without out_of_order"
    fault = view.out_of_order
    title, lost = FAULTS.get(fault.fault, UNKNOWN_FAULT)
    if fault.fault == "scanner" and not fault.can_start:
        lost = "fault.lost.scanner_closed"
    works = [words(IN_TEXT[method]) for method in fault.works]
    return OutOfOrderModel(
        frame=present_frame(view, words),
        chip=ChipModel(kind=Kind.WAITING, sign="wrench", text=words("fault.told")),
        title=words(title),
        works_label=words("fault.works"),
        works=sentence(words.all_of(works)) if works else "",
        works_not_label=words("fault.works_not"),
        works_not=words(lost),
        elsewhere=words("fault.elsewhere"),
        elsewhere_hint=words("fault.elsewhere_hint"),
        start=_start(fault, words),
    )


def _start(fault: OutOfOrderView, words: Translator) -> PrimaryModel | None:
    if not fault.can_start:
        return None
    key = "fault.start.terminal" if fault.fault == "terminal" else "fault.start.other"
    return PrimaryModel(text=words(key))
