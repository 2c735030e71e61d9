"""Where things stand in staff mode: pictures 13 and 23. The shopper's strip is off."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas, top_bar
from kiosk.ui.layouts.code import KEY_GAP_X, KEY_GAP_Y, code_boxes
from kiosk.ui.layouts.question import QuestionBoxes
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout


@dataclass(frozen=True, slots=True)
class StaffSizes:
    """Measures of staff mode's counter in one layout, in units."""

    pad: float
    """Left and right, and under the last row."""
    top: float
    heading: float
    under_heading: float
    card: float
    card_pad: float
    answer: float
    tool: float
    leave: float
    gap: float
    tool_gap: float
    foot: float


PORTRAIT = StaffSizes(
    pad=44, top=19, heading=81, under_heading=14, card=291, card_pad=28, answer=116, tool=119,
    leave=128, gap=20, tool_gap=17, foot=31,
)  # fmt: skip
PORTRAIT_BIG = StaffSizes(
    pad=44, top=19, heading=92, under_heading=10, card=336, card_pad=26, answer=128, tool=132,
    leave=148, gap=20, tool_gap=16, foot=34,
)  # fmt: skip
LANDSCAPE = StaffSizes(
    pad=36, top=13, heading=81, under_heading=13, card=279, card_pad=28, answer=102, tool=94,
    leave=110, gap=23, tool_gap=18, foot=28,
)  # fmt: skip
LANDSCAPE_BIG = StaffSizes(
    pad=36, top=12, heading=84, under_heading=10, card=272, card_pad=18, answer=104, tool=100,
    leave=118, gap=18, tool_gap=14, foot=24,
)  # fmt: skip
COMPACT = StaffSizes(
    pad=29, top=10, heading=81, under_heading=8, card=198, card_pad=12, answer=82, tool=82,
    leave=92, gap=12, tool_gap=10, foot=18,
)  # fmt: skip
LANDSCAPE_WIDE, COMPACT_WIDE = 880, 690
SHEET_GAP = 28
SHEET_PAD = 40
HEADER, HEADER_TOP = 58, 18
TOOL_COLUMNS = 3
CARDS = 2
"""Decisions that stand on the counter at once; the next come up when one is decided."""


@dataclass(frozen=True, slots=True)
class StaffBoxes:
    """The blocks of staff mode, in units."""

    bar: Box
    sheet: Box
    counter: Box
    header: Box
    """The sheet's first row."""
    list: Box
    heading: Box
    """The counter's first row."""
    rows: tuple[Box, ...]
    """One for each height asked for, at the counter's foot, from the top down."""


def staff_sizes(look: Look) -> StaffSizes:
    """Return the measures for a look."""
    if look.layout is Layout.COMPACT:
        return COMPACT
    if look.portrait:
        return PORTRAIT_BIG if look.big else PORTRAIT
    return LANDSCAPE_BIG if look.big else LANDSCAPE


def staff_boxes(look: Look, heights: list[float], gaps: list[float]) -> StaffBoxes:
    """Return the blocks for a counter of rows that high; `gaps` are over each row but the first.

    In landscape the counter is as high as the glass: the rows stand at its foot, near the hand.
    """
    measures, glass = staff_sizes(look), look.glass.box
    content = sum(heights) + sum(gaps)
    if look.portrait:
        high = measures.top + measures.heading + measures.under_heading + content + measures.foot
        counter = Box(0, glass.height - high, glass.width, high)
        bar = Box(0, 0, glass.width, top_bar(look))
        below = counter.y
    else:
        wide = COMPACT_WIDE if look.layout is Layout.COMPACT else LANDSCAPE_WIDE
        counter = Box(glass.width - wide, 0, wide, glass.height)
        bar = Box(0, 0, counter.x, top_bar(look))
        below = glass.height
    inner = counter.inset(measures.pad, 0)
    heading = Box(inner.x, counter.y + measures.top, inner.width, measures.heading)
    room = counter.bottom - measures.foot - heading.bottom - measures.under_heading
    shrink = min(1.0, (room - sum(gaps)) / sum(heights)) if heights else 1.0
    y = counter.bottom - measures.foot - sum(heights) * shrink - sum(gaps)
    rows: list[Box] = []
    for index, height in enumerate(heights):
        y += gaps[index - 1] if index else 0
        rows.append(Box(inner.x, y, inner.width, height * shrink))
        y += height * shrink
    sheet, header = _sheet(look, bar, below)
    listed = Box(sheet.x, header.bottom + 4, sheet.width, below - header.bottom - 4)
    return StaffBoxes(bar, sheet, counter, header, listed, heading, tuple(rows))


def _sheet(look: Look, bar: Box, below: float) -> tuple[Box, Box]:
    compact = look.layout is Layout.COMPACT
    edge = sizes.SHEET_EDGE if not compact else sizes.SHEET_EDGE_COMPACT
    pad, gap = (SHEET_PAD, SHEET_GAP) if not compact else (27, 16)
    if look.theme.high_contrast:
        edge, gap = 20, 8
    if look.big:
        pad = 20
    top = bar.bottom + gap
    sheet = Box(edge, top, bar.width - 2 * edge, below - top)
    high = HEADER if not look.big else 78
    over = HEADER_TOP if not (look.big or compact) else 6
    header = Box(sheet.x + pad, sheet.y + over, sheet.width - 2 * pad, high)
    return sheet, header


@dataclass(frozen=True, slots=True)
class StaffKeyBoxes:
    """Boxes of staff mode's number keys, in units."""

    areas: Areas
    question: QuestionBoxes
    keys: tuple[Box, ...]
    """Twelve: 1 to 9, delete, 0, check."""
    back: Box


def staff_key_boxes(look: Look) -> StaffKeyBoxes:
    """Return the boxes for a look: the way back takes the place of the strip."""
    code = code_boxes(look)
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    back_high = sizes.SECONDARY_LOW if not compact else 96
    keys_high = 4 * sizes.KEY_DIGIT + 3 * KEY_GAP_Y
    places = areas(look, counter_height=keys_high, strip=back_high)
    # In landscape the keys stand at the foot, near the hand.
    keys = places.inside.take_bottom(min(keys_high, places.inside.height), gap)[0]
    boxes = tuple(box for row in keys.rows(4, KEY_GAP_Y) for box in row.columns(3, KEY_GAP_X))
    return StaffKeyBoxes(places, code.question, boxes, places.strip)
