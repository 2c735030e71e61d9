"""Where things stand on the letter keys for an e-mail address."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

EDGE = 72
EDGE_COMPACT = 40
TITLE_HIGH = 130
FIELD_HIGH = 150
ROWS = 5
COMPACT_COUNTER = 860


@dataclass(frozen=True, slots=True)
class SendMailBoxes:
    """Boxes of the letter keys, in units."""

    areas: Areas
    title: Box
    lead: Box
    field: Box
    slot: Box
    keys: tuple[tuple[Box, ...], ...]
    """Rows of letters and signs, as the model has them."""
    back: Box
    ending: Box
    """".no", which most addresses here end with."""
    delete: Box
    confirm: Box


def send_mail_boxes(look: Look, rows: tuple[str, ...]) -> SendMailBoxes:
    """Return the boxes for a look and its rows of keys."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    high = ROWS * sizes.KEY_LETTER + (ROWS - 1) * gap
    wide: float = sizes.COUNTER_WIDER
    if compact:
        wide = COMPACT_COUNTER * sizes.COUNTER_WIDE / sizes.COUNTER_COMPACT
    places = areas(look, counter_height=high, counter_width=wide)
    room = places.inside
    if not look.portrait:
        each = min(sizes.KEY_LETTER + 24, (room.height - (ROWS - 1) * gap) / ROWS)
        room = room.take_bottom(ROWS * each + (ROWS - 1) * gap)[0]
    lines = room.rows(ROWS, gap)
    key_gap = sizes.LETTER_GAP if not compact else 6
    keys = tuple(
        line.columns(len(row), key_gap) for line, row in zip(lines[:-1], rows, strict=True)
    )
    back, ending, delete, confirm = lines[-1].split((34, 16, 20, 30), key_gap)
    title, lead, field, slot = _sheet(look, places)
    return SendMailBoxes(places, title, lead, field, slot, keys, back, ending, delete, confirm)


def _sheet(look: Look, places: Areas) -> tuple[Box, Box, Box, Box]:
    edge = EDGE if look.layout is not Layout.COMPACT else EDGE_COMPACT
    sheet = places.sheet.inset(edge, 0)
    sheet = Box(sheet.x, sheet.y + 16, sheet.width, sheet.height - 16)
    title, sheet = sheet.take_top(min(TITLE_HIGH, sheet.height * 0.28))
    lead_high = look.size(sizes.LEAD) * 1.3 * (2 if look.portrait else 3) + 8
    lead, sheet = sheet.take_top(min(lead_high, sheet.height * 0.4), 28)
    field, sheet = sheet.take_top(min(FIELD_HIGH, sheet.height * 0.5), 28)
    lines = 2 if look.layout is not Layout.COMPACT else 3
    slot_high = look.size(sizes.BODY) * 1.25 * lines + 16
    return title, lead, field, sheet.take_top(min(slot_high, sheet.height - 12))[0]
