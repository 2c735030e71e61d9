"""Where sheet and counter lie: the same blocks at the bottom (portrait) or at the right."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.units import Box, Layout


@dataclass(frozen=True, slots=True)
class Areas:
    """The blocks of one screen, in units."""

    top: Box
    """The top bar."""
    sheet: Box
    """What one reads: under the top bar, up to the counter."""
    counter: Box
    inside: Box
    """The counter without padding and strip: build it from the bottom up."""
    strip: Box


def edge(look: Look) -> float:
    """Return the counter's padding at left and right."""
    if look.layout is Layout.COMPACT:
        return sizes.EDGE_COMPACT
    return sizes.SHEET_EDGE if look.theme.high_contrast else sizes.EDGE


def top_bar(look: Look) -> float:
    """Return the height of the top bar."""
    if look.layout is Layout.COMPACT:
        return sizes.TOP_BAR_COMPACT
    return sizes.TOP_BAR_BIG if look.big else sizes.TOP_BAR


def areas(
    look: Look,
    *,
    counter_height: float | None = None,
    counter_width: float | None = None,
    strip: float | None = None,
) -> Areas:
    """Return the blocks for a counter whose content takes `counter_height` units (portrait).

    `counter_height` is without padding and strip. In landscape the counter takes `counter_width`
    (740 by default), in the compact layout 521 of 1333, wider in proportion when asked.
    """
    glass = look.glass.box
    strip_high = sizes.STRIP if strip is None else strip
    foot = sizes.COUNTER_FOOT
    if look.portrait:
        content = counter_height or 0
        high = sizes.COUNTER_TOP + content + sizes.GAP + strip_high + foot
        counter = Box(0, glass.height - high, glass.width, high)
        top_width = glass.width
    else:
        wide = counter_width or sizes.COUNTER_WIDE
        if look.layout is Layout.COMPACT:
            wide = wide * sizes.COUNTER_COMPACT / sizes.COUNTER_WIDE
            foot = sizes.EDGE_COMPACT
        counter = Box(glass.width - wide, 0, wide, glass.height)
        top_width = counter.x
    inner = counter.inset(edge(look), 0)
    strip_box, rest = Box(inner.x, counter.y, inner.width, counter.height - foot).take_bottom(
        strip_high, sizes.GAP
    )
    pad = sizes.COUNTER_TOP if look.layout is not Layout.COMPACT else sizes.EDGE_COMPACT
    inside = Box(rest.x, rest.y + pad, rest.width, rest.height - pad)
    top = Box(0, 0, top_width, top_bar(look))
    sheet = Box(
        0, top.bottom, top_width, (counter.y if look.portrait else glass.height) - top.bottom
    )
    return Areas(top, sheet, counter, inside, strip_box)
