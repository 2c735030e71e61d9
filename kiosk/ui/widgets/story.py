"""What a screen says on its light half: chip, disc, title and sentences, one under another."""

from dataclasses import dataclass

from kiosk.ui import sizes, typeset
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.parts import ChipModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.bars import paint_chip
from kiosk.ui.widgets.drawings import stroke
from kiosk.ui.widgets.part import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A text of the story; an empty one takes no room. Sizes and gap in units."""

    text: str
    size: float = sizes.LEAD
    face: Face = Face.MEDIUM
    colour: str = "skifer2"
    lines: int = 3
    leading: float = 1.35
    gap: float = 44
    """Under it."""


@dataclass(frozen=True, slots=True)
class Disc:
    """The green check of something done."""

    diameter: float = 200
    gap: float = 38


SCALES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64)
TITLE_COMPACT = 0.77
TITLE_BIG = 0.88
DISC_COMPACT = 0.6
CHIP_MOST = 100
CHIP_GAP = 44
CHECK = ((-44.0, 10.0), (-16.0, 36.0), (48.0, -28.0))
"""Points of the check on a disc of diameter 200."""

StoryItem = Paragraph | ChipModel | Disc


def title(text: str, size: float = sizes.TITLE, *, lines: int = 3, gap: float = 44) -> Paragraph:
    """Return the largest words of a screen."""
    return Paragraph(
        text=text, size=size, face=Face.DISPLAY, colour="skifer", lines=lines, leading=1.06, gap=gap
    )


def story_box(look: Look, sheet: Box) -> Box:
    """Return the part of the sheet that a story has, within its margins."""
    side, top = {
        Layout.PORTRAIT: (sizes.MARGIN, sizes.STORY_TOP),
        Layout.LANDSCAPE: (sizes.MARGIN_LANDSCAPE, sizes.STORY_TOP_LANDSCAPE),
        Layout.COMPACT: (sizes.MARGIN_COMPACT, sizes.STORY_TOP_COMPACT),
    }[look.layout]
    if look.theme.high_contrast:
        side = min(side, sizes.MARGIN_COMPACT)
    return Box(sheet.x + side, sheet.y + top, sheet.width - 2 * side, sheet.height - top)


class Story(Part):
    """Tells its items from the top down. `bottom` is where the last one ended.

    A story that is too long for its box is told in smaller type: all of it by the same measure,
    so that a title stays larger than what is said under it.
    """

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.items: tuple[StoryItem, ...] = ()
        self.bottom = box.y

    def show(self, *items: StoryItem) -> None:
        """Tell other items."""
        if items != self.items:
            self.items = items
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw each item under the one before it."""
        items = [item for item in self.items if not isinstance(item, Paragraph) or item.text]
        scale = next((scale for scale in SCALES if self._height(items, scale) <= self.box.height),
                     SCALES[-1])  # fmt: skip
        y = self.box.y
        for item in items:
            high = self._item_height(item, scale)
            self._paint_item(pen, Box(self.box.x, y, self.box.width, high), item, scale)
            y += high + self._gap(item, scale)
        self.bottom = y

    def _paint_item(self, pen: Pen, box: Box, item: StoryItem, scale: float) -> None:
        match item:
            case Paragraph():
                pen.text(
                    box, item.text, item.face, self._size(item) * scale, item.colour,
                    lines=item.lines, leading=item.leading, valign="top", balance=False,
                )  # fmt: skip
            case ChipModel():
                paint_chip(pen, box, item)
            case Disc():
                paint_done(pen, Box(box.x, box.y, box.height, box.height))

    def _height(self, items: list[StoryItem], scale: float) -> float:
        """Return how high the items are together; the last one's gap does not count."""
        gaps = sum(self._gap(item, scale) for item in items[:-1])
        return gaps + sum(self._item_height(item, scale) for item in items)

    def _item_height(self, item: StoryItem, scale: float) -> float:
        match item:
            case Paragraph():
                size = self.look.size(self._size(item) * scale)
                px = self.look.glass.whole_px
                rows = typeset.lines_of(item.text, item.face, px(size), px(self.box.width) + 1)
                return size * item.leading * len(rows)
            case ChipModel():
                return min(self.look.size(sizes.CHIP), CHIP_MOST)
            case Disc():
                small = self.look.layout is Layout.COMPACT
                return item.diameter * scale * (DISC_COMPACT if small else 1)

    def _gap(self, item: StoryItem, scale: float) -> float:
        gap = CHIP_GAP if isinstance(item, ChipModel) else item.gap
        return gap * scale * (0.5 if self.look.layout is Layout.COMPACT else 1)

    def _size(self, item: Paragraph) -> float:
        """Titles are smaller where the sheet is (1280 x 800) and grow less with large text."""
        if item.face is not Face.DISPLAY:
            return item.size
        if self.look.layout is Layout.COMPACT:
            return item.size * TITLE_COMPACT
        return item.size * TITLE_BIG if self.look.big else item.size


def paint_done(pen: Pen, box: Box) -> None:
    """Draw the green disc with its check into a square."""
    x, y = box.middle
    pen.dot((x, y), box.width / 2, "gran3")
    unit = box.width / 200
    points = [(x + dx * unit, y + dy * unit) for dx, dy in CHECK]
    stroke(points, 15 * unit, "sno", pen)
