"""Where things stand when we ask "Er du der fortsatt?": picture 10."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

RING = 260
CONTENT = 944
APART = 36


@dataclass(frozen=True, slots=True)
class StillThereBoxes:
    """Boxes of the raised counter, in units."""

    areas: Areas
    ring: Box
    title: Box
    lead: Box
    yes: Box
    leave: Box


def still_there_boxes(look: Look) -> StillThereBoxes:
    """Return the boxes for a look."""
    compact = look.layout is Layout.COMPACT
    places = areas(look, counter_height=CONTENT + (160 if look.big else 0))
    apart = APART if not compact else sizes.GAP
    inside = places.inside
    low = inside.take_bottom(apart - sizes.GAP)[1]
    leave, rest = low.take_bottom(sizes.SECONDARY if not compact else sizes.SECONDARY_LOW, apart)
    yes, rest = rest.take_bottom(
        sizes.PRIMARY_CALM if not compact else 150, 35 if not compact else 12
    )
    lead_high = (
        look.size(46) * 1.35 * (2 if look.portrait and not look.big else 4 if not compact else 3)
    )
    lead, rest = rest.take_bottom(min(lead_high, rest.height * 0.6), sizes.KEY_GAP)
    side = min(RING, rest.height, rest.width * 0.3)
    ring_y = rest.y + (rest.height - side) / 2 + (sizes.EDGE - 40)
    ring = Box(rest.x + 3, ring_y, side, side)
    title = Box(ring.right + 58, rest.y, rest.right - ring.right - 58, rest.height)
    if not look.portrait:
        title = Box(ring.right + 28, rest.y, rest.right - ring.right - 28, rest.height)
    return StillThereBoxes(places, ring, title, lead, yes, leave)
