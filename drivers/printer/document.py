"""A job as ESC/POS bytes, built with python-escpos, one chunk for each row.

The bytes are in chunks because a real-time status request may go between two rows, and must not go
into the middle of a command: some printers do not take it out of the stream there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final

from drivers.contracts import Align, Columns, PrintElement, Qr, Text, Weight
from drivers.printer.codepage import printable, slot_of
from drivers.printer.layout import CutRow, FeedRow, QrRow, Row, TextRow, rows_of

INIT: Final = b"\x1b@"
NEW_LINE: Final = b"\n"
QR_MODULE_DOTS: Final = 7
QR_ERROR_CORRECTION_M: Final = 1
ID_ALPHABET: Final = bytes(range(0x21, 0x7F))
"""Printable and without the space; the command allows 20 to 7E."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperFormat:
    """What the printer prints on, and with which letters."""

    columns: int = 48
    code_page: str = "cp858"
    code_page_slot: int | None = None
    """The `ESC t` number where the printer's differs from Epson's."""


def chunks_of(elements: Sequence[PrintElement], paper: PaperFormat) -> tuple[bytes, ...]:
    """Return the bytes of a whole job: initialise, code page, then one chunk for each row."""
    slot = slot_of(paper.code_page) if paper.code_page_slot is None else paper.code_page_slot
    plain = [_printable(element, paper.code_page) for element in elements]
    style = _Style()
    rows = [_bytes_of(row, paper, style) for row in rows_of(plain, paper.columns)]
    return (INIT + b"\x1bt" + bytes([slot]), *rows)


def _builder() -> Any:
    """Return python-escpos's printer that only collects bytes.

    Imported at the first use: it reads a table of all printers there are, which would take a tenth
    of the kiosk's start.
    """
    from escpos.printer import Dummy

    return Dummy()


def cut_off() -> bytes:
    """Return what cuts off half a receipt that an earlier job left in the printer."""
    printer = _builder()
    printer.cut(mode="PART")
    return NEW_LINE + INIT + bytes(printer.output)


def process_id(print_id: str) -> bytes:
    """Return the four bytes under which the printer proves a print.

    The same for the same `print_id` in every life of the kiosk, so that a proof which the printer
    kept through a crash of ours is still known.
    """
    number = int.from_bytes(blake2b(print_id.encode(), digest_size=8).digest())
    digits = []
    for _ in range(4):
        number, digit = divmod(number, len(ID_ALPHABET))
        digits.append(ID_ALPHABET[digit])
    return bytes(digits)


@dataclass(slots=True)
class _Style:
    """What the printer is set to; only changes are sent."""

    weight: Weight | None = None
    align: Align | None = None
    tall: bool = False


def _printable(element: PrintElement, code_page: str) -> PrintElement:
    match element:
        case Text():
            return replace(element, text=printable(element.text, code_page))
        case Columns():
            return replace(element, cells=tuple(printable(c, code_page) for c in element.cells))
        case Qr():
            return replace(element, caption=printable(element.caption, code_page))
        case _:
            return element


def _bytes_of(row: Row, paper: PaperFormat, style: _Style) -> bytes:
    printer = _builder()
    match row:
        case TextRow(text, weight, align, tall):
            _set(printer, style, weight, align, tall=tall)
            # Trailing blanks are not printed, but they take time on a slow line.
            shown = text.rstrip() if align is Align.LEFT else text
            printer._raw(shown.encode(paper.code_page) + NEW_LINE)
        case QrRow(data):
            _set(printer, style, Weight.NORMAL, Align.CENTER)
            printer.qr(data, ec=QR_ERROR_CORRECTION_M, size=QR_MODULE_DOTS, native=True)
            printer._raw(NEW_LINE)
        case FeedRow(lines):
            printer._raw(NEW_LINE * lines)
        case CutRow():
            printer.cut(mode="PART")
    return bytes(printer.output)


def _set(printer: Any, style: _Style, weight: Weight, align: Align, *, tall: bool = False) -> None:
    if (weight, tall) != (style.weight, style.tall):
        large = weight is Weight.LARGE
        printer.set(
            bold=weight is not Weight.NORMAL,
            normal_textsize=not large,
            double_width=(large and not tall) or None,
            double_height=large or None,
        )
        style.weight, style.tall = weight, tall
    if align is not style.align:
        printer.set(align=align.value)
        style.align = align
