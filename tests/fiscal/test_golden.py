"""The receipt of the design on both paper widths, to the byte and to the letter.

After a change that is meant, look at the new paper, then write it down again with
`UPDATE_GOLDEN=1 pytest tests/fiscal/test_golden.py`.
"""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from drivers.printer.document import PaperFormat, chunks_of
from drivers.sim.escpos_stream import commands
from drivers.sim.print_head import PrintHead
from kiosk.engine.printing import print_job
from kiosk.fiscal.receipt import Receipt, build_provisional, build_receipt
from tests.fiscal.sales import (
    AT_LOCAL,
    LATER_LOCAL,
    SHOP,
    design_combined,
    design_receipt,
    design_return,
    open_sale,
)

FOLDER = Path(__file__).parents[1] / "data" / "receipts"

RECEIPTS = {
    "sale": design_receipt(),
    "copy": design_receipt(copy=True),
    "training": design_receipt(training=True),
    "return": build_receipt(design_return(), SHOP, copy=False, at_local=LATER_LOCAL),
    "combined": build_receipt(design_combined(), SHOP, copy=False, at_local=LATER_LOCAL),
    "provisional": build_provisional(open_sale(), SHOP, number=3, at_local=AT_LOCAL),
}


def bytes_of(receipt: Receipt, columns: int, code_page: str = "cp858") -> bytes:
    paper = PaperFormat(columns=columns, code_page=code_page)
    return b"".join(chunks_of(print_job("s1-1", receipt).elements, paper))


def paper_of(data: bytes, columns: int) -> str:
    head = PrintHead(columns * 12, proof=True, auto_status=True)
    for command in commands(data):
        assert head.do(command)
    assert head.unknown == []
    (paper,) = head.cut
    return paper.text


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("name", RECEIPTS)
def test_the_receipt_is_the_golden_one(name: str, columns: int) -> None:
    data = bytes_of(RECEIPTS[name], columns)
    now = f"{paper_of(data, columns)}\nbytes {len(data)}\nsha256 {sha256(data).hexdigest()}\n"
    golden = FOLDER / f"{name}-{columns}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("code_page", ["cp858", "cp865", "cp850", "cp1252"])
def test_norwegian_letters_survive_the_wire_in_every_code_page(code_page: str) -> None:
    text = paper_of(bytes_of(design_receipt(), 48, code_page), 48)
    for word in ("Nærmat Torshov", "Kneippbrød", "Yoghurt blåbær", "Operatør", "kontaktløs"):
        assert word in text


@pytest.mark.parametrize("columns", [48, 32])
def test_no_row_is_wider_than_the_paper(columns: int) -> None:
    head = PrintHead(columns * 12, proof=True, auto_status=True)
    for command in commands(bytes_of(design_receipt(), columns)):
        head.do(command)
    for mark in head.cut[0].marks:
        assert getattr(mark, "columns", 0) <= columns, mark
