"""Where things stand on the number keys."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

EDGE = 72
TITLE_HIGH = 130
FIELD_HIGH = 200
KEY_GAP_X, KEY_GAP_Y = 15, 13


@dataclass(frozen=True, slots=True)
class CodeBoxes:
    """Boxes of the number-key screen, in units."""

    areas: Areas
    title: Box
    lead: Box
    field: Box
    slot: Box
    keys: tuple[Box, ...]
    """Twelve: 1 to 9, delete, 0, check."""
    back: Box
    check: Box
    """Price check."""


def code_boxes(look: Look) -> CodeBoxes:
    """Return the boxes for a look."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    secondary = sizes.SECONDARY_LOW if not compact else 96
    keys_high = 4 * sizes.KEY_DIGIT + 3 * KEY_GAP_Y
    places = areas(look, counter_height=keys_high + gap + secondary)
    row, rest = places.inside.take_bottom(secondary, gap)
    if not look.portrait:
        rest = rest.take_bottom(min(keys_high, rest.height))[0]
    back, check = row.columns(2, gap)
    keys = tuple(box for line in rest.rows(4, KEY_GAP_Y) for box in line.columns(3, KEY_GAP_X))
    edge = EDGE if not compact else 40
    sheet = places.sheet.inset(edge, 0)
    title, sheet = Box(sheet.x, sheet.y + 16, sheet.width, sheet.height - 16).take_top(TITLE_HIGH)
    lead_high = look.size(sizes.LEAD) * 1.3 * (2 if look.portrait else 3) + 8
    lead, sheet = sheet.take_top(min(lead_high, sheet.height * 0.46), 28)
    field_high = min(FIELD_HIGH, sheet.height * 0.5)
    slot_high = look.size(sizes.BODY) * 1.25 * 2 + 16
    field, sheet = sheet.take_top(field_high, 28)
    slot = sheet.take_top(min(slot_high, sheet.height - 12))[0]
    return CodeBoxes(places, title, lead, field, slot, keys, back, check)
