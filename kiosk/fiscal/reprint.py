"""An old Z from the record, as it was made: shown or printed again, it is the same report.

A Z stands in the journal in full, so nothing is counted anew; its number, day and figures are what
they were, and the paper says that it is printed again and when.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from kiosk.fiscal import amounts
from kiosk.fiscal.events import REGISTER, RegisterStarted, ZReportMade
from kiosk.fiscal.figures import Report
from kiosk.fiscal.layout import ColumnsRow, CutRow, Row, Size, TextRow
from kiosk.fiscal.register import Recorded
from kiosk.fiscal.report_layout import lay_out_report

AGAIN = "UTSKRIFT PÅ NYTT"


class ReportJournal(Protocol):
    """What is needed of the journal; it only reads."""

    def all_of(self, sale_id: str, kind: str) -> Sequence[Recorded]:
        """Return all events of a kind, oldest first."""

    def newest_of(self, sale_id: str, kind: str) -> Recorded | None:
        """Return the newest event of a kind."""


def z_reports(journal: ReportJournal) -> tuple[Report, ...]:
    """Return every Z that was ever made, oldest first."""
    made = (record.event for record in journal.all_of(REGISTER, ZReportMade.__name__))
    return tuple(event.report for event in made if isinstance(event, ZReportMade))


def z_report(journal: ReportJournal, number: int) -> Report | None:
    """Return the Z with this number; None when there is none."""
    return next((one for one in z_reports(journal) if one.number == number), None)


def lay_out_again(journal: ReportJournal, report: Report, at_local: datetime) -> tuple[Row, ...]:
    """Return the rows of a Z that is printed again, with the shop's name as it is now."""
    started = journal.newest_of(REGISTER, RegisterStarted.__name__)
    shop = started.event if started and isinstance(started.event, RegisterStarted) else None
    rows = lay_out_report(
        report,
        shop_name=shop.shop_name if shop else report.company_name,
        declared=bool(shop and shop.declared),
    )
    again = ColumnsRow((amounts.date(at_local), amounts.time_of_day(at_local)))
    mark = TextRow(AGAIN, Size.LARGE, centered=True)
    small = (_smaller(row) for row in rows if not isinstance(row, CutRow))
    return (mark, again, *small, CutRow())


def _smaller(row: Row) -> Row:
    """Nothing stands as large as the mark."""
    if isinstance(row, TextRow | ColumnsRow) and row.size is Size.LARGE:
        return replace(row, size=Size.BOLD)
    return row
