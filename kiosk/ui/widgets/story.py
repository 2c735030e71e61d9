"""What a screen says on its light half: chip, disc, title and sentences, one under another."""

from dataclasses import dataclass

from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.parts import ChipModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.bars import ChipKind, paint_chip
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


COMPACT_TITLE = 0.77
StoryItem = Paragraph | ChipModel | Disc


def title(text: str, size: float = sizes.TITLE, *, lines: int = 3, gap: float = 44) -> Paragraph:
    """Return the largest words of a screen."""
    return Paragraph(
        text=text, size=size, face=Face.DISPLAY, colour="skifer", lines=lines, leading=1.06, gap=gap
    )


def story_box(look: Look, sheet: Box) -> Box:
    """Return the part of the sheet that a story has, within its margins."""
    compact = look.layout is Layout.COMPACT
    side = sizes.MARGIN_COMPACT if compact else sizes.MARGIN
    top = sizes.STORY_TOP_COMPACT if compact else sizes.STORY_TOP
    if look.theme.high_contrast:
        side = min(side, sizes.MARGIN_COMPACT)
    return Box(sheet.x + side, sheet.y + top, sheet.width - 2 * side, sheet.height - top)


class Story(Part):
    """Tells its items from the top down. `bottom` is where the last one ended."""

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
        y = self.box.y
        for item in self.items:
            room = Box(self.box.x, y, self.box.width, self.box.bottom - y)
            match item:
                case Paragraph():
                    y = self._paragraph(pen, room, item)
                case ChipModel():
                    high = min(self.look.size(sizes.CHIP), 100)
                    spot = Box(room.x, room.y, room.width, high)
                    paint_chip(pen, spot, ChipKind(item.kind.value), item.sign, item.text)
                    y = spot.bottom + (44 if self.look.portrait else 28)
                case Disc():
                    y = self._disc(pen, room, item)
        self.bottom = y

    def _paragraph(self, pen: Pen, room: Box, item: Paragraph) -> float:
        if not item.text:
            return room.y
        # What is still to be told keeps its room: a long title gets smaller first.
        rest = self.items[self.items.index(item) + 1 :]
        needed = sum(
            self.look.size(after.size) * after.leading * self._rows(pen, room, after) + item.gap
            for after in rest
            if isinstance(after, Paragraph) and after.text
        )
        size = self._size(item)
        high = max(room.height - needed, self.look.size(size) * item.leading)
        took = pen.text(
            Box(room.x, room.y, room.width, high), item.text, item.face, size, item.colour,
            lines=item.lines, leading=item.leading, valign="top", balance=False,
        )  # fmt: skip
        return took.bottom + (item.gap if self.look.layout is not Layout.COMPACT else item.gap / 2)

    def _size(self, item: Paragraph) -> float:
        """Titles are smaller where the sheet is: the compact layout."""
        compact = self.look.layout is Layout.COMPACT and item.face is Face.DISPLAY
        return item.size * COMPACT_TITLE if compact else item.size

    @staticmethod
    def _rows(pen: Pen, room: Box, item: Paragraph) -> int:
        wide = pen.width(item.text, item.face, item.size)
        return min(item.lines, int(wide / (room.width * 0.9)) + 1)

    def _disc(self, pen: Pen, room: Box, item: Disc) -> float:
        side = item.diameter * (0.6 if self.look.layout is Layout.COMPACT else 1)
        middle = (room.x + side / 2, room.y + side / 2)
        pen.dot(middle, side / 2, "gran3")
        x, y = middle
        unit = side / 200
        points = [(-44, 10), (-16, 36), (48, -28)]
        stroke([(x + dx * unit, y + dy * unit) for dx, dy in points], 15 * unit, "sno", pen)
        return room.y + side + item.gap
