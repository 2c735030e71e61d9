"""A counter whose content is one thing under another: pay, receipt, help, bags and their like."""

from collections.abc import Sequence

from kiosk.ui import sizes
from kiosk.ui.layout import Areas, areas
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout

BIG_MORE = 1.18
"""How much higher rows are with large text or high contrast."""


def stacked(
    look: Look, heights: Sequence[float], *, counter_width: float | None = None,
    strip: float | None = None, first_on_top: bool = True,
) -> tuple[Areas, tuple[Box, ...]]:  # fmt: skip
    """Return the screen's blocks and one box for each height, from the top down.

    In portrait the counter is as high as its content. In landscape the counter is as high as the
    glass: the rows stand at its foot, near the hand, and with `first_on_top` the first, which says
    what to do, at its head. Rows that are together higher than the counter all get lower.
    """
    gap = sizes.KEY_GAP if look.layout is Layout.COMPACT else sizes.GAP
    wanted = [height * BIG_MORE if look.big else height for height in heights]
    if look.portrait:
        places = areas(look, counter_height=sum(wanted) + gap * (len(wanted) - 1), strip=strip)
    else:
        places = areas(look, counter_width=counter_width, strip=strip)
    inside = places.inside
    room = inside.height - gap * (len(wanted) - 1)
    shrink = min(1.0, room / sum(wanted))
    boxes: list[Box] = []
    y = inside.bottom
    for height in reversed(wanted):
        y -= height * shrink
        boxes.insert(0, Box(inside.x, y, inside.width, height * shrink))
        y -= gap
    if first_on_top and not look.portrait:
        boxes[0] = Box(inside.x, inside.y, inside.width, boxes[0].height)
    return places, tuple(boxes)


def gap_of(look: Look) -> float:
    """Return the space between things on the counter."""
    return sizes.KEY_GAP if look.layout is Layout.COMPACT else sizes.GAP


def with_staff(look: Look) -> float | None:
    """Return the counter's width where the strip has four buttons: on 1280 x 800 it is wider."""
    return sizes.COUNTER_HELP if look.layout is Layout.COMPACT else None
