"""A kind of carrier bag on the bag question: picture, name, price, and how many."""

from collections.abc import Callable

from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.bags import BagModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.button import Ghost
from kiosk.ui.widgets.part import Part

COUNT = 88
"""Between minus and plus."""


class BagTile(Part):
    """A white card with minus, count and plus. Minus does nothing while there is none."""

    def __init__(
        self, look: Look, box: Box, product_id: str, *, on_count: Callable[[int], None]
    ) -> None:
        super().__init__(look, box)
        self.bag: BagModel | None = None
        self.on_count = on_count
        side = min(sizes.STEP, box.height - 40)
        y = box.y + (box.height - side) / 2
        right = box.right - 36
        self.plus = self._step("plus", Box(right - side, y, side, side), product_id)
        self.minus = self._step("minus", Box(right - 2 * side - COUNT, y, side, side), product_id)
        self.repaint()

    def show_bag(self, bag: BagModel) -> None:
        """Show a bag and its count."""
        if bag != self.bag:
            self.bag = bag
            self.minus.enabled = bag.quantity > 0
            self.repaint()

    def _step(self, sign: str, box: Box, product_id: str) -> Ghost:
        button = Ghost(
            self.look, box, sign=sign, sign_size=54, repeats=True, name=f"{sign}-{product_id}",
            on_press=lambda: self._count(sign),
        )  # fmt: skip
        self.add_widget(button)
        return button

    def _count(self, sign: str) -> None:
        if self.bag is not None:
            self.on_count(self.bag.more if sign == "plus" else self.bag.fewer)

    def paint(self, pen: Pen) -> None:
        """Draw the card, the words and the count."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "sno", "kant", 38)
        else:
            pen.fill(self.box, "sno", 38)
        if self.bag is None:
            return
        left = self.box.x + 36
        if not self.look.big and self.look.layout is not Layout.COMPACT:
            side = min(124, self.box.height - 48)
            square = Box(left, self.box.y + (self.box.height - side) / 2, side, side)
            pen.fill(square, "rim", 28)
            if not pen.picture(square.inset(side * 0.12), self.bag.tile.picture):
                pen.sign(square.inset(side * 0.22), "bag", "skifer")
            left = square.right + 32
        words = Box(left, self.box.y + 12, self.minus.box.x - left - 16, self.box.height - 24)
        name_high = min(self.look.size(46) * 1.2, words.height / 2)
        high = name_high + min(self.look.size(40) * 1.25, words.height / 2)
        top = words.y + (words.height - high) / 2
        pen.text(Box(words.x, top, words.width, name_high), self.bag.tile.name, Face.BOLD, 46,
                 "skifer")  # fmt: skip
        pen.text(Box(words.x, top + name_high, words.width, high - name_high), self.bag.tile.price,
                 Face.MEDIUM, 40, "skifer2")  # fmt: skip
        count = Box(self.minus.box.right, self.minus.box.y, self.plus.box.x - self.minus.box.right,
                    self.minus.box.height)  # fmt: skip
        pen.text(count, str(self.bag.quantity), Face.BOLD, 56, "skifer", align="middle")
