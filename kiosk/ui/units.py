"""The one module that turns the design's units into pixels.

A unit is 0.248 mm on the glass: one pixel of a 21.5 inch 1080 x 1920 panel (4.03 px per mm).
Everything on screen is placed in units from the top left corner, so a smaller panel shows less,
never smaller. Only this module knows that Kivy counts pixels from the bottom left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

UNITS_PER_MM = 4.03
FITTING_SIZES = ((1080, 1920), (1920, 1080), (1333, 833))
"""Units of the three panels of the design, for a window of no known physical size."""


class Layout(StrEnum):
    """How sheet and counter lie, chosen by the units that a panel has."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"
    COMPACT = "compact"


SMALLEST = {
    # Width and height in units from which a layout is used.
    Layout.PORTRAIT: (860, 1500),
    Layout.LANDSCAPE: (1700, 950),
    Layout.COMPACT: (1240, 740),
}


class PanelTooSmall(ValueError):
    """The panel has fewer units than any layout needs. The message says how many it has."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units; x to the right and y down from the screen's top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> tuple[float, float]:
        """The centre."""
        return self.x + self.width / 2, self.y + self.height / 2

    def inset(self, x: float, y: float | None = None) -> "Box":
        """Return the box made smaller by `x` at left and right and `y` (or x) above and below."""
        down = x if y is None else y
        return Box(self.x + x, self.y + down, self.width - 2 * x, self.height - 2 * down)

    def moved(self, x: float, y: float) -> "Box":
        """Return the box moved right by `x` and down by `y`."""
        return Box(self.x + x, self.y + y, self.width, self.height)

    def columns(self, count: int, gap: float) -> tuple["Box", ...]:
        """Return `count` boxes of equal width beside each other with `gap` between."""
        return self.split([1] * count, gap)

    def split(self, shares: Sequence[float], gap: float) -> tuple["Box", ...]:
        """Return boxes beside each other whose widths are as `shares`, with `gap` between."""
        room = self.width - gap * (len(shares) - 1)
        boxes, x = [], self.x
        for share in shares:
            width = room * share / sum(shares)
            boxes.append(Box(x, self.y, width, self.height))
            x += width + gap
        return tuple(boxes)

    def rows(self, count: int, gap: float) -> tuple["Box", ...]:
        """Return `count` boxes of equal height under each other with `gap` between."""
        height = (self.height - gap * (count - 1)) / count
        return tuple(
            Box(self.x, self.y + index * (height + gap), self.width, height)
            for index in range(count)
        )

    def take_left(self, width: float, gap: float = 0) -> tuple["Box", "Box"]:
        """Return the left `width` units and the rest after `gap`."""
        left = Box(self.x, self.y, width, self.height)
        return left, Box(self.x + width + gap, self.y, self.width - width - gap, self.height)

    def take_right(self, width: float, gap: float = 0) -> tuple["Box", "Box"]:
        """Return the right `width` units and the rest before `gap`."""
        right = Box(self.right - width, self.y, width, self.height)
        return right, Box(self.x, self.y, self.width - width - gap, self.height)

    def take_top(self, height: float, gap: float = 0) -> tuple["Box", "Box"]:
        """Return the upper `height` units and the rest under `gap`."""
        top = Box(self.x, self.y, self.width, height)
        return top, Box(self.x, self.y + height + gap, self.width, self.height - height - gap)

    def take_bottom(self, height: float, gap: float = 0) -> tuple["Box", "Box"]:
        """Return the lower `height` units and the rest over `gap`."""
        low = Box(self.x, self.bottom - height, self.width, height)
        return low, Box(self.x, self.y, self.width, self.height - height - gap)

    def contains(self, other: "Box", slack: float = 0.5) -> bool:
        """Return whether `other` lies within, give or take `slack` units."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def overlaps(self, other: "Box", slack: float = 0.5) -> bool:
        """Return whether the boxes share more than `slack` units."""
        return (
            self.x < other.right - slack
            and other.x < self.right - slack
            and self.y < other.bottom - slack
            and other.y < self.bottom - slack
        )


@dataclass(frozen=True)
class Glass:
    """The panel: its pixels and how many of them a millimetre takes."""

    width_px: int
    height_px: int
    px_per_mm: float = UNITS_PER_MM

    @classmethod
    def fitting(cls, width_px: int, height_px: int) -> "Glass":
        """Return a glass for a window without a physical size, scaled to hold the nearest design.

        For windows on a desk only: an installation is told its panel's size.
        """
        width, height = min(
            FITTING_SIZES, key=lambda size: abs(size[0] / size[1] - width_px / height_px)
        )
        return cls(width_px, height_px, UNITS_PER_MM * min(width_px / width, height_px / height))

    @cached_property
    def unit_px(self) -> float:
        """Pixels in one unit."""
        return self.px_per_mm / UNITS_PER_MM

    @cached_property
    def box(self) -> Box:
        """The whole glass in units."""
        return Box(0, 0, self.width_px / self.unit_px, self.height_px / self.unit_px)

    @cached_property
    def layout(self) -> Layout:
        """The layout that fits the units.

        Raises:
            PanelTooSmall: if none does.
        """
        # A unit of slack: 1280 px at 0.96 px a unit is not a whole number.
        width, height = self.box.width + 1, self.box.height + 1
        for layout, (least_width, least_height) in SMALLEST.items():
            if width >= least_width and height >= least_height:
                return layout
        raise PanelTooSmall(
            f"the panel has {width:.0f} x {height:.0f} units of 0.248 mm; a shopper's screen needs "
            "860 x 1500 (portrait) or 1240 x 740 (landscape). Is px_per_mm right?"
        )

    def px(self, units: float) -> float:
        """Return a length in pixels."""
        return units * self.unit_px

    def whole_px(self, units: float) -> int:
        """Return a length in whole pixels, at least one."""
        return max(1, round(units * self.unit_px))

    def rect_px(self, box: Box) -> tuple[float, float, float, float]:
        """Return x, y, width and height in Kivy's pixels, edges on whole pixels."""
        left, right = round(self.px(box.x)), round(self.px(box.right))
        top, bottom = round(self.px(box.y)), round(self.px(box.bottom))
        return left, self.height_px - bottom, right - left, bottom - top

    def at_units(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return where a Kivy position (from the bottom left) is in units from the top left."""
        return x_px / self.unit_px, (self.height_px - y_px) / self.unit_px
