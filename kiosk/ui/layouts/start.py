"""Where things stand on the start screen: picture 01."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

LANGUAGE = 150
ILLUSTRATION = {True: (700, 522), False: (700, 620)}
"""Size of the illustration in units, portrait or not."""
HELLO_TOP, HELLO_HIGH = 49, 165
LEAD_GAP, LEAD_HIGH = 22, 160
TEXT_X = 72
LAMP_WIDE, LAMP_HIGH = 640, 16


@dataclass(frozen=True, slots=True)
class StartBoxes:
    """Boxes of the start screen, in units."""

    areas: Areas
    hello: Box
    lead: Box
    picture: Box
    lamp: Box
    """The scanner's light in the counter's edge."""
    slot: Box
    languages: tuple[Box, ...]
    begin: Box
    info: Box


def start_boxes(look: Look, languages: int, *, notes: int = 0) -> StartBoxes:
    """Return the boxes for a look, a number of languages, and lines more than usual at the foot."""
    info_high = (
        look.size(38)
        * 1.32
        * (2 if look.portrait and not look.big else 3 if look.portrait or not look.big else 4)
    ) + notes * look.size(38) * 1.32
    columns = 2 if look.portrait else 1
    # An odd language leaves a place for "Start uten å skanne".
    rows = (languages + 1 + columns - 1) // columns if languages % 2 else languages // columns + 1
    if look.portrait:
        high = sizes.SLOT + sizes.GAP + rows * (LANGUAGE + sizes.GAP) + info_high
        places = areas(look, counter_height=high)
    else:
        places = areas(look)
    compact = look.layout is Layout.COMPACT
    slot_high, slot_gap = (84, sizes.KEY_GAP) if compact else (sizes.SLOT, sizes.GAP)
    slot, rest = places.inside.take_top(slot_high, slot_gap)
    # In the compact layout it stands on the sheet, beside the illustration.
    info = Box(TEXT_X - 32, look.glass.box.height - 310, places.sheet.width * 0.46, 290)
    if not compact:
        info, rest = rest.take_bottom(min(info_high, rest.height / 3) + 6, sizes.GAP)
    gap = sizes.KEY_GAP if compact else sizes.GAP
    row_high = min(LANGUAGE, (rest.height - (rows - 1) * gap) / rows)
    grid = Box(rest.x, rest.y, rest.width, rows * row_high + (rows - 1) * gap)
    cells = [cell for row in grid.rows(rows, gap) for cell in row.columns(columns, gap)]
    begin = cells[languages]
    if columns == 2 and languages % 2 == 0:
        begin = grid.take_bottom(row_high)[0]
    return StartBoxes(
        places, *_sheet(look, places), slot, tuple(cells[:languages]), begin, info
    )  # fmt: skip


def _sheet(look: Look, places: Areas) -> tuple[Box, Box, Box, Box]:
    """Return hello, lead, illustration and lamp."""
    sheet = places.sheet
    scale = min(1, sheet.height / 700)
    words = sheet.width - 2 * TEXT_X
    hello = Box(TEXT_X, sheet.y + HELLO_TOP * scale, words, HELLO_HIGH)
    lead = Box(TEXT_X, hello.bottom + LEAD_GAP * scale, words, LEAD_HIGH)
    wide, high = (float(side) for side in ILLUSTRATION[look.portrait])
    room = (places.counter.y if look.portrait else look.glass.box.height) - lead.bottom - 12
    fit = max(min(1, room / high), 0.2)
    wide, high = wide * fit, high * fit
    counter = places.counter
    if look.portrait:
        middle = counter.x + counter.width / 2
        # The beam is 10 units left of the picture's middle.
        picture = Box(middle - 340 * fit, counter.y - high, wide, high)
        lamp = Box(middle - LAMP_WIDE * fit / 2, counter.y, LAMP_WIDE * fit, LAMP_HIGH)
    else:
        picture = Box(counter.x - wide, look.glass.box.height - high - 20, wide, high)
        lamp = Box(counter.x, picture.y + high * 0.1, LAMP_HIGH, high * 0.8)
    return hello, lead, picture, lamp
