"""X and Z on paper: everything the regulation lists is there, on both widths.

After a change that is meant, look at the new paper, then write it down again with
`UPDATE_GOLDEN=1 pytest tests/fiscal/test_report_layout.py`.
"""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.printer.document import PaperFormat, chunks_of
from drivers.sim.escpos_stream import commands
from drivers.sim.print_head import PrintHead
from kiosk.engine.printing import job_of_rows
from kiosk.fiscal.figures import (
    Count,
    Figures,
    GrandTotals,
    KeyedCount,
    Report,
    ReportType,
    VatFigure,
)
from kiosk.fiscal.layout import ColumnsRow, CutRow, Row, TextRow
from kiosk.fiscal.report_layout import lay_out_report
from tests.fiscal.reports import z_report

FOLDER = Path(__file__).parents[1] / "data" / "receipts"

# Each number is another one, so that none can stand in for another.
Z = z_report(
    412,
    Figures(
        total_minor=12_345_678,
        groups=(
            KeyedCount(key="04006", number=301, amount_minor=10_000_000),
            KeyedCount(key="04007", number=42, amount_minor=2_300_078),
            KeyedCount(key="PANT", number=77, amount_minor=45_600),
        ),
        payments=(
            KeyedCount(key="CARD", number=310, amount_minor=12_000_000),
            KeyedCount(key="VIPPS", number=29, amount_minor=345_678),
        ),
        vat=(
            VatFigure(code="3", rate_bp=2500, net_minor=1_840_062, tax_minor=460_016),
            VatFigure(code="31", rate_bp=1500, net_minor=8_695_652, tax_minor=1_304_348),
            VatFigure(code="7", rate_bp=0, net_minor=45_600, tax_minor=0),
        ),
        receipts=339,
        copies=Count(number=11, amount_minor=111_100),
        aborted=Count(number=13, amount_minor=131_300),
        training=Count(number=2, amount_minor=2_200),
        corrections=(
            KeyedCount(key="Delete line", number=17, amount_minor=17_170),
            KeyedCount(key="Reduce quantity", number=5, amount_minor=5_050),
        ),
        price_lookups=(KeyedCount(key="04006", number=19, amount_minor=19_190),),
        grand=GrandTotals(sales_minor=4_567_890_123, returns_minor=98_700),
    ),
)
X = replace(Z, type=ReportType.X, number=3)


def rows(report: Report = Z, *, declared: bool = True) -> tuple[Row, ...]:
    return lay_out_report(report, shop_name="Nærmat Torshov", declared=declared)


def cells(report: Report = Z) -> list[tuple[str, ...]]:
    return [row.cells for row in rows(report) if isinstance(row, ColumnsRow)]


@pytest.mark.parametrize("columns", [48, 32])
@pytest.mark.parametrize("name", ["z", "x"])
def test_the_report_is_the_golden_one(name: str, columns: int) -> None:
    paper = PaperFormat(columns=columns, code_page="cp858")
    elements = job_of_rows("z-1", rows({"z": Z, "x": X}[name], declared=False)).elements
    head = PrintHead(columns * 12, proof=True, auto_status=True)
    for command in commands(b"".join(chunks_of(elements, paper))):
        assert head.do(command)
    (printed,) = head.cut
    golden = FOLDER / f"report-{name}-{columns}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(printed.text, encoding="utf-8")
    assert printed.text == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("letter", "row"),
    [
        ("c", ("22.11.2026", "kl. 00:04:09")),
        ("d, h", ("Kasse NT-0477-03", "Operatør SCO-03")),
        ("e", ("Kontantsalg", "123\u00a0456,78")),
        ("f", ("Øl: 42", "23\u00a0000,78")),
        ("g", ("Vipps: 29", "3\u00a0456,78")),
        ("i", ("Drikkepenger: 0", "0,00")),
        ("j", ("15 % grunnlag", "86\u00a0956,52")),
        ("j", ("15 % avgift", "13\u00a0043,48")),
        ("j", ("Pant* grunnlag", "456,00")),
        ("k", ("Inngående veksel", "0,00")),
        ("l", ("Salgskvitteringer: 339", "")),
        ("m", ("Skuffåpninger uten salg: 0", "")),
        ("n", ("Kopier: 11", "1\u00a0111,00")),
        ("o", ("Foreløpige kvitteringer: 0", "0,00")),
        ("p", ("Returer: 0", "0,00")),
        ("q", ("Manuelle rabatter: 0", "0,00")),
        ("r", ("Avbrutte salg: 13", "1\u00a0313,00")),
        ("s", ("Redusert antall: 5", "50,50")),
        ("t", ("Mat: 19", "191,90")),
        ("u", ("Andre korreksjoner: 0", "0,00")),
        ("v", ("Utleveringskvitteringer: 0", "0,00")),
        ("w", ("Treningskvitteringer: 2", "22,00")),
        ("x", ("Grand total salg", "45\u00a0678\u00a0901,23")),
        ("y", ("Grand total retur", "987,00")),
        ("z", ("Grand total netto", "45\u00a0677\u00a0914,23")),
    ],
)
def test_each_letter_of_the_regulation_has_its_row(letter: str, row: tuple[str, ...]) -> None:
    assert row in cells(), letter


def test_type_number_company_and_day_stand_on_top() -> None:
    words = [row.text for row in rows() if isinstance(row, TextRow)]
    assert words[0] == "Z-RAPPORT NR. 412"
    assert "Org.nr. 999 999 999 MVA" in words
    assert ("Gjelder dag", "21.11.2026") in cells()
    assert rows(X)[0].text == "X-RAPPORT NR. 3"


def test_it_cannot_be_taken_for_a_receipt_and_ends_with_one_cut() -> None:
    words = [row.text for row in rows() if isinstance(row, TextRow)]
    assert "Ikke kvittering for kjøp" in words
    assert [row for row in rows() if isinstance(row, CutRow)] == [rows()[-1]]


def test_only_an_undeclared_build_says_so() -> None:
    def said(*, declared: bool) -> list[str]:
        found = rows(declared=declared)
        return [row.text for row in found if isinstance(row, TextRow) and "Prøve" in row.text]

    assert said(declared=True) == []
    assert len(said(declared=False)) == 1
