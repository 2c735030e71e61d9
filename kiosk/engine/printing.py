"""From a receipt's neutral rows to the elements that a printer driver takes."""

from collections.abc import Sequence

from drivers.contracts import (
    Align,
    Columns,
    Cut,
    Feed,
    PrintElement,
    PrintJob,
    Qr,
    Rule,
    Text,
    Weight,
)
from kiosk.fiscal.layout import (
    CodeRow,
    ColumnsRow,
    CutRow,
    Row,
    RuleRow,
    SpaceRow,
    TextRow,
    lay_out,
)
from kiosk.fiscal.receipt import Receipt


def print_job(print_id: str, receipt: Receipt) -> PrintJob:
    """Return the job that puts the receipt on paper under the id of its PrintStarted."""
    return job_of_rows(print_id, lay_out(receipt))


def job_of_rows(print_id: str, rows: Sequence[Row]) -> PrintJob:
    """Return rows as a job, one element for each row."""
    return PrintJob(print_id=print_id, elements=tuple(_element(row) for row in rows))


def _element(row: Row) -> PrintElement:
    match row:
        case TextRow(text, size, centered):
            return Text(text, Weight(size.value), Align.CENTER if centered else Align.LEFT)
        case ColumnsRow(cells, size, indent):
            return Columns(cells, Weight(size.value), indent)
        case RuleRow():
            return Rule()
        case SpaceRow():
            return Feed(1)
        case CodeRow(data, caption):
            return Qr(data, caption)
        case CutRow():
            return Cut()
