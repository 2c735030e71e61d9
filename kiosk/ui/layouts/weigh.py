"""Where things stand while weighing: picture 04."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

EDGE = 48
PICTURE = 330
WORDS_GAP = 56
FIGURES = 522


@dataclass(frozen=True, slots=True)
class WeighBoxes:
    """Boxes of the weighing screen, in units."""

    areas: Areas
    picture: Box
    title: Box
    number: Box
    chip: Box
    figures: Box
    tare: Box
    slot: Box
    go: Box
    swap: Box
    cancel: Box


def weigh_boxes(look: Look) -> WeighBoxes:
    """Return the boxes for a look."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    secondary = sizes.SECONDARY if not compact else sizes.SECONDARY_LOW
    rows = 1 if look.portrait else 2
    high = sizes.SLOT + sizes.GAP + sizes.PRIMARY_TALL + sizes.GAP + secondary
    places = areas(look, counter_height=high)
    choices, rest = places.inside.take_bottom(rows * secondary + (rows - 1) * gap, gap)
    swap, cancel = choices.columns(2, sizes.GAP) if rows == 1 else choices.rows(2, gap)
    if look.portrait:
        slot, go = rest.take_top(sizes.SLOT, sizes.GAP)
    else:
        go, rest = rest.take_bottom(sizes.PRIMARY_TALL if not compact else 150, gap)
        slot, _ = rest.take_bottom(sizes.SLOT * 1.3)
    return WeighBoxes(places, *_sheet(look, places), slot, go, swap, cancel)


def _sheet(look: Look, places: Areas) -> tuple[Box, Box, Box, Box, Box, Box]:
    """Return picture, title, number, chip, figures and tare."""
    sheet = places.sheet
    inside = Box(sheet.x + EDGE, sheet.y, sheet.width - 2 * EDGE, sheet.height - 12)
    tare_high = look.size(sizes.BODY) * 1.4
    # What is left when the figures are as high as designed decides the picture's size.
    room = inside.height - tare_high - 4
    figures_high = min(FIGURES if not look.big else FIGURES * 1.1, room * 0.6)
    top_pad = 36 if look.portrait else 8
    side = min(PICTURE, room - figures_high - top_pad - 30)
    head = Box(inside.x, inside.y + top_pad, inside.width, side)
    picture, words = head.take_left(side, WORDS_GAP * side / PICTURE)
    shares = (155, 65, 76)
    scale = min(1.0, side / PICTURE)
    title = Box(words.x, words.y - 6 * scale, words.width, shares[0] * scale)
    number = Box(words.x, title.bottom + 2, words.width, shares[1] * scale)
    chip_high = min(look.size(sizes.CHIP) if look.big else sizes.CHIP, 90)
    chip = Box(words.x, number.bottom + 20 * scale, words.width, chip_high)
    figures = Box(inside.x, head.bottom + 30, inside.width, figures_high)
    tare = Box(inside.x + 9, figures.bottom + 28, inside.width, tare_high)
    if not look.portrait:
        tare = Box(tare.x, figures.bottom + 8, tare.width, tare_high)
    return picture, title, number, chip, figures, tare
