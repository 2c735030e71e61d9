"""X or Z on the screen. Its rows are those of the paper, in Norwegian as the law has them."""

from dataclasses import dataclass

from kiosk.engine.staff_view import ReportRow, ReportView, Why
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel
from kiosk.ui.present.staff_parts import (
    StaffFrameModel,
    present_problem,
    present_staff_frame,
    staff_of,
    why_not,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReportModel:
    """Everything on the report."""

    frame: StaffFrameModel
    rows: tuple[ReportRow, ...]
    heading: str
    banner: BannerModel | None
    print: str
    no_print: str
    """Why it cannot be printed; empty when it can."""
    close: str
    """The next step on the way to a Z; empty where there is none."""
    back: str


def present_staff_report(view: View, words: Translator) -> StaffReportModel:
    """Return the report; one that leads to a Z says that it is not one yet."""
    staff = staff_of(view)
    report = staff.report or ReportView(is_z=False, number=0, rows=(), may_print=Why.NO_SALE)
    return StaffReportModel(
        frame=present_staff_frame(view, words),
        rows=report.rows,
        heading=words(_heading(report)),
        banner=present_problem(staff, words),
        print=words("staff.report.print"),
        no_print=why_not(report.may_print, words),
        close=words("staff.report.close") if report.closing else "",
        back=words("frame.back"),
    )


def _heading(report: ReportView) -> str:
    if report.closing:
        return "staff.report.close_heading"
    return "staff.report.z" if report.is_z else "staff.report.x"
