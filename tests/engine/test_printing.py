from drivers.contracts import Align, Columns, Cut, Feed, Qr, Rule, Text, Weight
from kiosk.engine.printing import job_of_rows, print_job
from kiosk.fiscal.layout import (
    CodeRow,
    ColumnsRow,
    CutRow,
    RuleRow,
    Size,
    SpaceRow,
    TextRow,
    lay_out,
)
from tests.fiscal.sales import design_receipt


def test_every_row_becomes_its_element() -> None:
    rows = (
        TextRow("KOPI", Size.LARGE, centered=True),
        TextRow("* utenfor"),
        ColumnsRow(("Bananer", "22,65"), Size.BOLD, 2),
        RuleRow(),
        SpaceRow(),
        CodeRow("SK1/1", "Skann"),
        CutRow(),
    )
    job = job_of_rows("p1", rows)
    assert job.print_id == "p1"
    assert job.elements == (
        Text("KOPI", Weight.LARGE, Align.CENTER),
        Text("* utenfor", Weight.NORMAL, Align.LEFT),
        Columns(("Bananer", "22,65"), Weight.BOLD, 2),
        Rule(),
        Feed(1),
        Qr("SK1/1", "Skann"),
        Cut(),
    )


def test_a_whole_receipt_becomes_a_job_row_by_row() -> None:
    job = print_job("s1-1", design_receipt())
    assert len(job.elements) == len(lay_out(design_receipt()))
    assert job.elements[-1] == Cut()
