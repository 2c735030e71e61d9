"""A receipt for a phone says what the paper says, and brings nothing along that could do harm."""

from dataclasses import replace

import pytest

from kiosk.fiscal.electronic import STYLE_HASH, receipt_page, receipt_pdf, word_page
from kiosk.fiscal.layout import ColumnsRow, TextRow, lay_out
from kiosk.fiscal.receipt import Receipt

from .sales import design_receipt

RECEIPT = replace(design_receipt(), electronic=True)


def test_every_row_of_the_paper_is_on_the_page() -> None:
    page = receipt_page(RECEIPT)
    for row in lay_out(RECEIPT):
        match row:
            case TextRow(text):
                assert text in page
            case ColumnsRow(cells):
                assert [cell for cell in cells if f"<span>{cell}</span>" not in page] == []


def test_only_the_heading_tells_it_from_paper() -> None:
    on_paper, on_phone = (
        [row for row in lay_out(one) if not isinstance(row, TextRow) or "KVITT" not in row.text]
        for one in (design_receipt(), RECEIPT)
    )
    assert on_paper == on_phone


def test_a_products_name_is_a_name_and_no_markup() -> None:
    line = replace(RECEIPT.lines[0], name="<script>alert('melk')</script>")
    page = receipt_page(replace(RECEIPT, lines=(line, *RECEIPT.lines[1:])))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = receipt_page(RECEIPT, pdf="x/kvittering.pdf")
    for word in ("<script", "http:", "https:", "src=", "@import", "url("):
        assert word not in page.replace("http://www.w3.org/2000/svg", ""), word
    assert STYLE_HASH.startswith("'sha256-")


def test_the_same_receipt_is_the_same_pdf_and_a_long_one_has_one_page() -> None:
    assert receipt_pdf(RECEIPT) == receipt_pdf(RECEIPT)
    many = replace(RECEIPT, lines=RECEIPT.lines * 60)
    assert receipt_pdf(many).count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("copy", [False, True])
def test_a_copy_says_so_first(copy: bool) -> None:
    receipt: Receipt = replace(design_receipt(copy=copy), electronic=True)
    assert ("KOPI" in receipt_page(receipt)) is copy


def test_who_is_too_early_is_asked_again_by_itself() -> None:
    assert '<meta http-equiv="refresh" content="4">' in word_page("Vent", "Litt til", again_s=4)
    assert "refresh" not in word_page("Utløpt", "Spør i butikken")
