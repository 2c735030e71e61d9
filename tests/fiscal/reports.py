"""Z reports of one shop, for tests that give their figures."""

from kiosk.fiscal.figures import Figures, Report, ReportType


def z_report(number: int, figures: Figures) -> Report:
    """Return the Z report of a day that ended four minutes after midnight."""
    return Report(
        type=ReportType.Z,
        number=number,
        business_day="2026-11-21",
        at_local="2026-11-22T00:04:09+01:00",
        company_name="Nærmat Torshov AS",
        org_number="999999999",
        register_id="NT-0477-03",
        operator_id="SCO-03",
        figures=figures,
    )
