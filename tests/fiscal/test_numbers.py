import pytest

from kiosk.fiscal.numbers import ReceiptRef, number_text, read_ref
from kiosk.sale.events import Series
from tests.fiscal.sales import design_receipt


@pytest.mark.parametrize("series", Series)
def test_a_number_reads_back_as_its_series(series: Series) -> None:
    assert read_ref(number_text(series, 18204)) == ReceiptRef(number=18204, series=series)


def test_the_code_of_a_receipt_names_it_and_its_register() -> None:
    receipt = design_receipt()
    assert read_ref(receipt.exit_code) == ReceiptRef(number=18204, register_id="NT-0477-03")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "R",
        "-5",
        "X12",
        "R0",
        "18204kr",
        "1234567890123",  # an EAN-13 is no receipt
        "SK1/NT-0477-03/18204",
        "SK1//18204/20261121/21395",
        "SK2/NT-0477-03/18204/20261121/21395",
        "SK1/NT-0477-03/\u0661/20261121/21395",
        "SK-S:sale-1",
    ],
)
def test_what_names_no_receipt_is_none(text: str) -> None:
    assert read_ref(text) is None
