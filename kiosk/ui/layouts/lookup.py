"""Where things stand on the look-up screen: picture 03."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

COLUMNS, ROWS = 3, 4
TILE_HIGH, TILE_GAP_X, TILE_GAP_Y = 240, 20, 16
TILE_EDGE = 40
TITLE_HIGH = 82
TITLE_SHIFT = 3
FOOT = 22
KEY_COLUMNS = 11
BACK_WIDE = 300
COMPACT_COUNTER = 820


@dataclass(frozen=True, slots=True)
class LookupBoxes:
    """Boxes of the look-up screen, in units."""

    areas: Areas
    title: Box
    grid: Box
    tiles: tuple[Box, ...]
    """In reading order; the last is for "Flere varer"."""
    back: Box
    field: Box
    keys: tuple[tuple[Box, ...], ...]
    delete: Box


def lookup_boxes(look: Look) -> LookupBoxes:
    """Return the boxes for a look."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    high = sizes.SECONDARY_LOW + 3 * (sizes.KEY_LETTER + gap)
    wide: float = sizes.COUNTER_WIDER
    if compact:
        wide = COMPACT_COUNTER * sizes.COUNTER_WIDE / sizes.COUNTER_COMPACT
    places = areas(look, counter_height=high - 2, counter_width=wide)
    field_row, rest = places.inside.take_top(sizes.SECONDARY_LOW, gap)
    if not look.portrait:
        key_high = min(sizes.KEY_LETTER + 24, (rest.height - 2 * gap) / 3)
        rest = rest.take_bottom(3 * key_high + 2 * gap)[0]
        field_row = Box(field_row.x, rest.y - gap - field_row.height, field_row.width,
                        field_row.height)  # fmt: skip
    back, field = field_row.take_left(BACK_WIDE if not compact else 230, gap)
    rows = rest.rows(3, gap)
    key_gap = sizes.LETTER_GAP if not compact else 6
    keys = [row.columns(KEY_COLUMNS, key_gap) for row in rows]
    last = keys[2]
    delete = Box(last[7].x, last[7].y, rest.right - last[7].x, last[7].height)
    keys[2] = last[:7]
    title, grid, tiles = _tiles(look, places)
    return LookupBoxes(places, title, grid, tiles, back, field, tuple(keys), delete)


def _tiles(look: Look, places: Areas) -> tuple[Box, Box, tuple[Box, ...]]:
    sheet = places.sheet
    edge = TILE_EDGE if look.layout is not Layout.COMPACT else sizes.SHEET_EDGE_COMPACT
    shift = 0 if look.big else TITLE_SHIFT
    title, room = sheet.inset(edge, 0).take_top(TITLE_HIGH * (1.3 if look.big else 1), 18)
    title = Box(title.x + 14, title.y - shift, title.width - 14, title.height)
    columns, rows = COLUMNS, ROWS
    if look.big or look.layout is Layout.COMPACT:
        columns = 2
    if look.layout is Layout.COMPACT or look.big:
        rows = 3
    if look.settings.lower_controls and look.portrait:
        rows = 2
    foot = FOOT if look.portrait else sizes.COUNTER_FOOT
    least = (room.height - foot - (rows - 1) * TILE_GAP_Y) / rows
    high = min(TILE_HIGH if not look.big else 340, least)
    gap_x = TILE_GAP_X if look.layout is not Layout.COMPACT else sizes.KEY_GAP
    grid_high = rows * high + (rows - 1) * TILE_GAP_Y
    # The tiles stand at the bottom, nearest the keys.
    top = room.bottom - foot - grid_high if look.portrait else room.y
    grid = Box(room.x, top, room.width, grid_high)
    tiles = tuple(box for row in grid.rows(rows, TILE_GAP_Y) for box in row.columns(columns, gap_x))
    return title, grid, tiles
