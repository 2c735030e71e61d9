"""Where things stand on the price check."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

EDGE = 48
TITLE_HIGH = 130


@dataclass(frozen=True, slots=True)
class PriceCheckBoxes:
    """Boxes of the price check, in units."""

    areas: Areas
    title: Box
    lead: Box
    card: Box
    slot: Box
    buy: Box
    back: Box


def price_check_boxes(look: Look) -> PriceCheckBoxes:
    """Return the boxes for a look."""
    compact = look.layout is Layout.COMPACT
    gap = sizes.GAP if not compact else sizes.KEY_GAP
    high = sizes.SLOT + sizes.GAP + sizes.PRIMARY_TALL + sizes.GAP + sizes.SECONDARY
    places = areas(look, counter_height=high)
    back, rest = places.inside.take_bottom(sizes.SECONDARY, gap)
    if look.portrait:
        slot, buy = rest.take_top(sizes.SLOT, sizes.GAP)
    else:
        buy, rest = rest.take_bottom(sizes.PRIMARY_TALL if not compact else 150, gap)
        slot = rest.take_bottom(sizes.SLOT * 1.3)[0]
    edge = EDGE if not compact else 30
    sheet = places.sheet.inset(edge, 0)
    head = Box(sheet.x + 24, sheet.y + 16, sheet.width - 48, sheet.height - 16)
    title, rest = head.take_top(TITLE_HIGH)
    lead = rest.take_top(look.size(sizes.LEAD) * 1.3 * 3)[0]
    foot = sizes.GAP_LARGE if look.portrait else sizes.COUNTER_FOOT
    card = Box(sheet.x, title.bottom + 16, sheet.width, sheet.bottom - title.bottom - 16 - foot)
    return PriceCheckBoxes(places, title, lead, card, slot, buy, back)
