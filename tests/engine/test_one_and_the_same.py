"""The list on the screen and the receipt are one and the same data, to the letter and the øre."""

from kiosk.engine.line_views import LineViews
from kiosk.engine.view import LineView
from kiosk.fiscal.layout import ColumnsRow, Size, lay_out
from kiosk.fiscal.receipt import ReceiptLine
from tests.fiscal.sales import design_receipt, design_sale


def facts(line: LineView | ReceiptLine) -> tuple[object, ...]:
    offers = tuple((offer.title, offer.amount_minor) for offer in line.offers)
    return (
        line.line_id,
        line.name,
        line.unit,
        line.quantity,
        line.weight_g,
        line.unit_price_minor,
        line.amount_minor,
        line.deposit_minor,
        offers,
    )


def test_the_lines_of_the_screen_are_the_lines_of_the_receipt() -> None:
    on_screen = LineViews().of(design_sale())
    assert [facts(line) for line in design_receipt().lines] == [facts(line) for line in on_screen]


def test_the_names_on_paper_are_the_names_on_the_screen_in_the_same_order() -> None:
    rows = [row for row in lay_out(design_receipt()) if isinstance(row, ColumnsRow)]
    bold = [row.cells[0] for row in rows if row.size is Size.BOLD]
    names = [line.name for line in LineViews().of(design_sale())]
    assert bold[: len(names)] == names
