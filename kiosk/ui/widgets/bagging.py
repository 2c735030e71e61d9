"""What the bag scale saw: the last scanned item, an arrow, and the bag with a question mark."""

from kiosk.ui import pictures
from kiosk.ui.look import Look
from kiosk.ui.paint import FLOOR, Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.drawings import ARROWS, stroke
from kiosk.ui.widgets.part import Part

CARD = 330
"""Side of the item's card where there is room."""
ARROW = 100
BAG = "bag-scale"


class BaggingPicture(Part):
    """Lower in less room; without a known item the bag stands alone."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.picture, self.last = "", ""

    def show(self, box: Box, picture: str, last: str) -> None:
        """Show an item's picture, and the word under it."""
        if (box, picture, last) != (self.box, self.picture, self.last):
            self.box, self.picture, self.last = box, picture, last
            self._place()
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw card, arrow and bag, their feet on about one line."""
        name = f"{BAG}-contrast" if self.look.theme.high_contrast else BAG
        texture = pictures.picture(name)
        if texture is None or self.box.height < 60:
            return
        scale = min(1.0, self.box.height / (texture.height / 2))
        wide, high = texture.width / 2 * scale, texture.height / 2 * scale
        right = Box(self.box.right - wide, self.box.bottom - high, wide, high)
        if not self.last:
            pen.picture(right.moved(-(self.box.width - wide) / 2, 0), name)
            return
        pen.picture(right, name)
        side = min(CARD * scale + 20, CARD, self.box.height, self.box.width - wide - 60)
        card = Box(self.box.x, self.box.bottom - side - 38 * scale, side, side)
        self._paint_card(pen, card)
        arrow = Box(card.right, card.y, right.x - card.right, card.height)
        reach = min(ARROW * scale, arrow.width - 24) / 2
        self._paint_arrow(pen, arrow.middle, reach)

    def _paint_card(self, pen: Pen, card: Box) -> None:
        pen.raised(card, "sno", 40)
        room = card.inset(12, card.height * 0.1)
        need = self.look.size(38) * 1.25
        words, rest = room.take_bottom(max(min(need, room.height * 0.3), FLOOR * 1.25), 8)
        least = pen.width(self.last, Face.SEMIBOLD, 38) * FLOOR / self.look.size(38) * 1.03
        if least + 2 <= room.width:
            pen.text(words, self.last, Face.SEMIBOLD, 38, "skifer", align="middle")
        else:
            # The picture alone, where there is no room for its word.
            rest = room
        side = min(rest.width, rest.height)
        x, y = rest.middle
        square = Box(x - side / 2, y - side / 2, side, side)
        if not pen.picture(square, self.picture):
            pen.sign(square.inset(side * 0.2), "basket", "skifer2")

    @staticmethod
    def _paint_arrow(pen: Pen, middle: tuple[float, float], reach: float) -> None:
        x, y = middle
        unit = reach / 56
        for points in ARROWS["arrow-right"]:
            stroke([(x + dx * unit, y + dy * unit) for dx, dy in points], 20 * unit, "skifer", pen)
