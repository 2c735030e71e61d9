"""Elements to rows of text for a paper of so many columns: wrapping, columns, rules.

Widths are in characters of font A (12 dots): 48 on 80 mm paper, 32 on 58 mm. A large character
takes two columns, or one where two would break it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from drivers.contracts import Align, Columns, Cut, Feed, PrintElement, Qr, Rule, Text, Weight

SOFT_HYPHEN = "\u00ad"
GAP = 1
"""Columns between two cells at the least."""


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row of text that fits the paper."""

    text: str
    weight: Weight = Weight.NORMAL
    align: Align = Align.LEFT
    tall: bool = False
    """LARGE without the double width, where that would break a word or part an amount."""


@dataclass(frozen=True, slots=True)
class QrRow:
    """A QR code in the middle of the paper."""

    data: str


@dataclass(frozen=True, slots=True)
class FeedRow:
    """Empty rows."""

    lines: int


@dataclass(frozen=True, slots=True)
class CutRow:
    """Feed to the cutter and cut."""


Row = TextRow | QrRow | FeedRow | CutRow


def rows_of(elements: Sequence[PrintElement], columns: int) -> tuple[Row, ...]:
    """Return the rows for paper of `columns` columns. No text is ever cut off, only wrapped."""
    return tuple(row for element in elements for row in _rows(element, columns))


def _rows(element: PrintElement, columns: int) -> list[Row]:
    match element:
        case Text(text, weight, align):
            text = hyphenated(text, width_of(weight, columns))
            tall = weight is Weight.LARGE and _longest_word(text) > columns // 2
            width = columns if tall else width_of(weight, columns)
            parts = balanced(text, width) if align is Align.CENTER else wrap(text, width)
            return [TextRow(part, weight, align, tall) for part in parts]
        case Columns(cells, weight, indent):
            needed = indent + sum(map(len, cells)) + GAP * (len(cells) - 1)
            tall = weight is Weight.LARGE and needed > columns // 2
            width = columns if tall else width_of(weight, columns)
            return [TextRow(part, weight, tall=tall) for part in tabulate(cells, width, indent)]
        case Rule():
            return [TextRow("-" * columns)]
        case Feed(lines):
            return [FeedRow(lines)]
        case Qr(data, caption):
            under = [TextRow(part, align=Align.CENTER) for part in balanced(caption, columns)]
            return [QrRow(data), *(under if caption else [])]
        case Cut():
            return [CutRow()]


def width_of(weight: Weight, columns: int) -> int:
    """How many characters of a weight fit on the paper."""
    return columns // 2 if weight is Weight.LARGE else columns


def hyphenated(text: str, width: int) -> str:
    """Break words at their soft hyphens where they are too long for the paper, else join them."""
    return " ".join(
        word.replace(SOFT_HYPHEN, "- ")
        if len(word.replace(SOFT_HYPHEN, "")) > width
        else word.replace(SOFT_HYPHEN, "")
        for word in text.split()
    )


def wrap(text: str, width: int) -> list[str]:
    """Break text at spaces into parts of at most `width`; a longer word is broken where it must."""
    parts: list[str] = []
    part = ""
    for word in text.split():
        left = word
        if part and len(part) + 1 + len(word) <= width:
            part = f"{part} {word}"
            continue
        if part:
            parts.append(part)
        while len(left) > width:
            parts.append(left[:width])
            left = left[width:]
        part = left
    return [*parts, part] if part or not parts else parts


def balanced(text: str, width: int) -> list[str]:
    """Wrap text into as few rows as `wrap`, and as equal as they can be: for centred text."""
    parts = wrap(text, width)
    for narrower in range(width - 1, _longest_word(text) - 1, -1):
        tighter = wrap(text, narrower)
        if len(tighter) > len(parts):
            break
        parts = tighter
    return parts


def _longest_word(text: str) -> int:
    return max((len(word) for word in text.split()), default=0)


def tabulate(cells: Sequence[str], width: int, indent: int = 0) -> list[str]:
    """Lay out one row of cells: the first on the left and wrapped, the others right-aligned.

    Three cells or more stand in columns of equal width, so that the figures of a table are under
    each other. Figures too wide to stand beside anything get a row of their own, never two cuts.
    """
    if not cells:
        return [""]
    first, others = cells[0], cells[1:]
    margin = " " * indent
    if not others:
        return [margin + part for part in wrap(first, width - indent)]
    right = _right_cells(others, width)
    room = width - indent - len(right)
    if room < 1:
        return [*(margin + part for part in wrap(first, width - indent)), *_stacked(others, width)]
    *above, last = wrap(first, room)
    return [*(margin + part for part in above), f"{margin}{last.ljust(room)}{right}"]


def _right_cells(others: Sequence[str], width: int) -> str:
    share = 0 if len(others) == 1 else width // (len(others) + 1)
    return "".join(cell.rjust(max(share, len(cell) + GAP)) for cell in others)


def _stacked(others: Sequence[str], width: int) -> list[str]:
    return [part.rjust(width) for cell in others for part in wrap(cell, width)]
