"""A receipt as PDF: one page as long as the receipt, 80 mm wide, from the same rows as on paper."""

import io
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import segno
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from kiosk.fiscal.layout import (
    CodeRow,
    ColumnsRow,
    CutRow,
    Row,
    RuleRow,
    Size,
    SpaceRow,
    TextRow,
    lay_out,
)
from kiosk.fiscal.receipt import Receipt

FONTS: Final = Path(__file__).parents[2] / "ui" / "assets" / "fonts"
"""The kiosk's own; only files, so nothing of the screen is imported."""
WIDTH_MM: Final = 80.0
EDGE_MM: Final = 5.0
INNER_MM: Final = WIDTH_MM - 2 * EDGE_MM
TALLEST_MM: Final = 5_000.0
"""PDF ends at 200 inches (5,080 mm): some 900 lines."""
POINTS: Final = {Size.NORMAL: 9.0, Size.BOLD: 9.0, Size.LARGE: 15.0}
LINE_MM: Final = {Size.NORMAL: 4.4, Size.BOLD: 4.4, Size.LARGE: 7.0}
INDENT_MM: Final = 1.8
RULE_MM: Final = 4.6
SPACE_MM: Final = 2.2
CODE_MM: Final = 23.0
CUT_MM: Final = 3.0
_TABLE_MM: Final = (14.0, 20.0, 16.0, 20.0)


def receipt_pdf(receipt: Receipt) -> bytes:
    """Return the receipt as a PDF of one page; the same receipt gives the same bytes."""
    rows = lay_out(receipt)
    height_mm = _drawn(receipt, rows, TALLEST_MM).height_mm
    return bytes(_drawn(receipt, rows, height_mm + EDGE_MM).pdf.output())


@dataclass(frozen=True, slots=True)
class _Drawn:
    pdf: FPDF
    height_mm: float


def _drawn(receipt: Receipt, rows: tuple[Row, ...], height_mm: float) -> _Drawn:
    """Draw once on endless paper to learn the length, then on a page of that length."""
    pdf = FPDF(unit="mm", format=(WIDTH_MM, height_mm))
    pdf.set_creation_date(_moment(receipt.at_local))
    pdf.set_title(f"Kvittering {receipt.number_text}")
    pdf.set_author(receipt.shop.name)
    pdf.set_lang("nb-NO")
    pdf.set_margins(EDGE_MM, EDGE_MM)
    pdf.set_auto_page_break(auto=False)
    pdf.c_margin = 0
    for style, weight in (("", "Regular"), ("B", "Bold")):
        pdf.add_font("receipt", style, FONTS / f"SelvkasseSans-{weight}.otf")
    pdf.add_page()
    for row in rows:
        _draw(pdf, row)
    return _Drawn(pdf, pdf.get_y())


def _moment(at_local: datetime) -> datetime:
    """The time of the sale: a PDF that is made again is the same."""
    return at_local.replace(microsecond=0)


def _draw(pdf: FPDF, row: Row) -> None:
    match row:
        case TextRow(text, size, centered):
            _paragraph(pdf, text, size, "C" if centered else "L", INNER_MM)
        case ColumnsRow(cells, size, indent):
            _columns(pdf, cells, size, indent * INDENT_MM)
        case RuleRow():
            y = pdf.get_y() + RULE_MM / 2
            pdf.set_dash_pattern(dash=1.1, gap=0.7)
            pdf.set_line_width(0.3)
            pdf.line(EDGE_MM, y, WIDTH_MM - EDGE_MM, y)
            pdf.set_y(pdf.get_y() + RULE_MM)
        case SpaceRow():
            pdf.set_y(pdf.get_y() + SPACE_MM)
        case CodeRow(data, caption):
            _code(pdf, data, caption)
        case CutRow():
            pdf.set_y(pdf.get_y() + CUT_MM)


def _font(pdf: FPDF, size: Size) -> None:
    pdf.set_font("receipt", "" if size is Size.NORMAL else "B", POINTS[size])


def _paragraph(
    pdf: FPDF, text: str, size: Size, align: str, width_mm: float, line_mm: float = 0
) -> None:
    _font(pdf, size)
    pdf.multi_cell(
        width_mm, line_mm or LINE_MM[size], text, align=align,
        new_x=XPos.LMARGIN, new_y=YPos.NEXT,
    )  # fmt: skip


def _columns(pdf: FPDF, cells: tuple[str, ...], size: Size, indent_mm: float) -> None:
    """Name on the left, wrapped where it is long; amounts on the right of its first line."""
    _font(pdf, size)
    line_mm = LINE_MM[size]
    top_mm = pdf.get_y()
    if len(cells) == len(_TABLE_MM):
        for at, (cell, width_mm) in enumerate(zip(cells, _TABLE_MM, strict=True)):
            pdf.cell(width_mm, line_mm, cell, align="R" if at else "L")
        pdf.set_xy(EDGE_MM, top_mm + line_mm)
        return
    first, *others = cells
    right_mm = WIDTH_MM - EDGE_MM
    for cell in reversed(others):
        width_mm = pdf.get_string_width(cell)
        right_mm -= width_mm
        pdf.set_xy(right_mm, top_mm)
        pdf.cell(width_mm, line_mm, cell, align="R")
        right_mm -= 2
    pdf.set_xy(EDGE_MM + indent_mm, top_mm)
    if first:
        width_mm = max(right_mm - EDGE_MM - indent_mm, INNER_MM / 3)
        _paragraph(pdf, first, size, "L", width_mm)
    else:
        pdf.set_xy(EDGE_MM, top_mm + line_mm)


def _code(pdf: FPDF, data: str, caption: str) -> None:
    top_mm = pdf.get_y() + 1
    drawn = io.BytesIO()
    segno.make(data, error="m", micro=False).save(drawn, kind="png", scale=8, border=0)
    pdf.image(drawn, x=EDGE_MM, y=top_mm, w=CODE_MM, h=CODE_MM, alt_text=caption)
    pdf.set_xy(EDGE_MM + CODE_MM + 4, top_mm + 4)
    pdf.set_left_margin(EDGE_MM + CODE_MM + 4)
    _paragraph(pdf, caption, Size.NORMAL, "L", INNER_MM - CODE_MM - 4)
    pdf.set_left_margin(EDGE_MM)
    pdf.set_xy(EDGE_MM, max(pdf.get_y(), top_mm + CODE_MM))
