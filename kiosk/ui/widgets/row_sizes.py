"""How high the rows of a list are, by kind: known before they are painted."""

from dataclasses import dataclass

from kiosk.ui import typeset
from kiosk.ui.look import Look
from kiosk.ui.present.lines import LineModel, RowKind
from kiosk.ui.typeset import Face
from kiosk.ui.units import Layout


@dataclass(frozen=True, slots=True)
class RowSizes:
    """Measures of a row in units; the second set is for large text and high contrast."""

    side: float
    """From the sheet's edge to the words."""
    pad: float
    picture: float
    name: float
    """Height of the name's line."""
    row: float
    """Height of each second line."""
    flag: float
    least: float
    bar: float
    open_picture: float
    open_name: float
    added: float
    control: float
    control_wide: float
    count_wide: float
    gap: float
    """Between picture and words."""
    added_size: float
    open_pad: float
    open_foot: float


NORMAL = RowSizes(
    side=40, pad=12, picture=88, name=50, row=44, flag=62, least=112, bar=14, open_picture=124,
    open_name=58, added=44, control=92, control_wide=92, count_wide=116,
    gap=28, added_size=48, open_pad=22, open_foot=24,
)  # fmt: skip
BIG = RowSizes(
    side=20, pad=26, picture=0, name=72, row=66, flag=92, least=124, bar=0, open_picture=0,
    open_name=80, added=66, control=124, control_wide=150, count_wide=130, gap=0,
    added_size=48, open_pad=42, open_foot=46,
)  # fmt: skip
BIG_COMPACT = RowSizes(
    side=20, pad=20, picture=0, name=70, row=58, flag=80, least=112, bar=0, open_picture=0,
    open_name=76, added=60, control=112, control_wide=140, count_wide=110, gap=0,
    added_size=46, open_pad=26, open_foot=30,
)  # fmt: skip
COMPACT = RowSizes(
    side=27, pad=12, picture=84, name=48, row=46, flag=62, least=112, bar=14, open_picture=100,
    open_name=50, added=46, control=87, control_wide=87, count_wide=120, gap=23, added_size=40,
    open_pad=17, open_foot=19,
)  # fmt: skip
CONTROLS_GAP = 8
AMOUNT_GAP = 20
BIG_OPEN_SIDE = 42
NAME = 42
"""Text size of a name; of an open line it is `added_size`."""
FLAGS = (RowKind.AGE, RowKind.STAFF)


def row_sizes(look: Look) -> RowSizes:
    """Return the measures for a look."""
    if look.big:
        return BIG_COMPACT if look.layout is Layout.COMPACT else BIG
    return COMPACT if look.layout is Layout.COMPACT else NORMAL


def row_height(sizes: RowSizes, line: LineModel, name_lines: int = 1) -> float:
    """Return how high a line's row is. The same for all lines of a kind."""
    second_name = sizes.open_name if line.is_open else sizes.name
    longer = second_name * (name_lines - 1)
    if not line.is_open and not line.rows:
        return max(sizes.least, 2 * sizes.pad + sizes.name + longer)
    seconds = sum(sizes.flag if row.kind in FLAGS else sizes.row for row in line.rows)
    if not line.is_open:
        return max(sizes.least, 2 * sizes.pad + sizes.name + seconds + longer)
    # With large texts the price has a line of its own.
    price = sizes.open_name if sizes.open_picture == 0 else 0
    words = (sizes.added if line.added else 0) + sizes.open_name + longer + price + seconds
    words = max(words, sizes.open_picture - sizes.control / 4 if not line.added else 0)
    return sizes.open_pad + words + CONTROLS_GAP + sizes.control + sizes.open_foot


def name_lines(look: Look, sizes: RowSizes, width: float, line: LineModel) -> int:
    """Return whether a name takes one line or two in a row of `width` units.

    What is longer than two is shortened at the end.
    """
    size = sizes.added_size if line.is_open else NAME
    face = Face.BOLD if line.is_open else Face.SEMIBOLD
    size_px = look.glass.whole_px(look.size(size))
    picture = sizes.open_picture if line.is_open else sizes.picture
    room = width - 2 * sizes.side - picture - sizes.gap
    if line.is_open and not picture:
        room = width - 2 * BIG_OPEN_SIDE
    else:
        room -= typeset.width_px(line.amount, face, size_px) / look.glass.unit_px + AMOUNT_GAP + 1
    return 1 if typeset.width_px(line.name, face, size_px) <= look.glass.px(room) else 2
