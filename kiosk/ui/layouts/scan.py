"""Where things stand on the scanning screen: pictures 02, 14, 21 and 24."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout


@dataclass(frozen=True, slots=True)
class ScanBoxes:
    """Boxes of the scanning screen, in units."""

    areas: Areas
    slot: Box
    adds: tuple[Box, ...]
    """Look-ups, code, price check: as many as there is room for."""
    total: Box
    total_size: float
    pay: Box
    pay_size: float
    sheet: Box
    header: Box | None
    """Count and hint over the list; None where the top bar says it."""
    lines: Box
    strip: tuple[Box, ...] | None = None
    """Four boxes (find, help, language, adjust) instead of the strip."""


HEADER = 70
HEADER_LANDSCAPE = 20


def scan_boxes(look: Look) -> ScanBoxes:
    """Return the boxes for a look."""
    if look.portrait:
        return _big_portrait(look) if look.big else _portrait(look)
    return _compact(look) if look.layout is Layout.COMPACT or look.big else _landscape(look)


def _sheet(look: Look, places: Areas) -> Box:
    """Return the sheet, which runs under the counter's edge or off the glass."""
    edge = sizes.SHEET_EDGE_COMPACT if look.layout is Layout.COMPACT else sizes.SHEET_EDGE
    area = places.sheet
    right = edge if look.portrait else edge - 1
    return Box(area.x + edge, area.y, area.width - edge - right, area.height)


def _portrait(look: Look) -> ScanBoxes:
    total_high, under_total = 162, 30
    places = areas(
        look,
        counter_height=sizes.SLOT + sizes.GAP + sizes.ADD + sizes.GAP + total_high + under_total
        + sizes.PRIMARY,
    )  # fmt: skip
    slot, rest = places.inside.take_top(sizes.SLOT, sizes.GAP)
    adds, rest = rest.take_top(sizes.ADD, sizes.GAP)
    total, rest = rest.take_top(total_high, under_total)
    sheet = _sheet(look, places)
    header, lines = sheet.take_top(HEADER)
    return ScanBoxes(
        places, slot, adds.columns(3, sizes.GAP), total, 140, rest, 76, sheet,
        header.inset(sizes.SHEET_PAD, 0).moved(0, 9), lines,
    )  # fmt: skip


def _landscape(look: Look) -> ScanBoxes:
    places = areas(look)
    slot, rest = places.inside.take_top(sizes.SLOT, sizes.GAP)
    adds, rest = rest.take_top(2 * sizes.ADD + sizes.GAP, sizes.GAP)
    pay, rest = rest.take_bottom(200, sizes.GAP)
    total, _ = rest.take_top(220)
    sheet = _sheet(look, places)
    cells = tuple(box for row in adds.rows(2, sizes.GAP) for box in row.columns(2, sizes.GAP))
    _, lines = sheet.take_top(HEADER_LANDSCAPE)
    return ScanBoxes(places, slot, cells, total, 148, pay, 76, sheet, None, lines)


def _compact(look: Look) -> ScanBoxes:
    roomy = look.layout is not Layout.COMPACT
    places = areas(look)
    slot, rest = places.inside.take_top(sizes.SLOT, sizes.GAP_LARGE)
    adds, rest = rest.take_top(sizes.ADD if roomy else sizes.SECONDARY_LOW, sizes.GAP_LARGE)
    pay, rest = rest.take_bottom(200 if roomy else 150, sizes.GAP)
    total, _ = rest.take_top(min(rest.height, 240 if roomy else 190))
    sheet = _sheet(look, places)
    _, lines = sheet.take_top(0)
    size = 140 if roomy else 116
    return ScanBoxes(
        places, slot, adds.columns(2, sizes.KEY_GAP if not roomy else sizes.GAP), total, size, pay,
        70 if not roomy else 76, sheet, None, lines,
    )  # fmt: skip


def _big_portrait(look: Look) -> ScanBoxes:
    button, total_high = 122, 172
    places = areas(
        look,
        counter_height=total_high + sizes.GAP + 206,
        strip=2 * button + sizes.GAP,
    )
    total, rest = places.inside.take_top(total_high, sizes.GAP)
    cells = tuple(
        box for row in places.strip.rows(2, sizes.GAP) for box in row.columns(2, sizes.GAP)
    )
    sheet = places.sheet
    edge = 32
    lines = Box(sheet.x + edge, sheet.y + 12, sheet.width - 2 * edge, sheet.height - 12)
    slot, _ = lines.take_top(sizes.MORE_LINES + 40)
    return ScanBoxes(places, slot, (), total, 140, rest, 76, sheet, None, lines, cells)
