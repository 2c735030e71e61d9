"""What is paid already: a row for each part, with its amount."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.pay import TenderModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.part import Part

ROW = 100
ROW_LEAST = 64
GAP = 16
PAD = 24


class TenderRow(Part):
    """One part that is paid, on the tint of things done."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.model: TenderModel | None = None

    def show(self, model: TenderModel) -> None:
        """Show another part."""
        if model != self.model:
            self.model = model
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw sign, name and amount."""
        if self.model is None:
            return
        if self.look.theme.high_contrast:
            pen.framed(self.box, "sno", "kant", 28)
        else:
            pen.fill(self.box, "gran_lys", 28)
        small = self.look.layout is Layout.COMPACT
        size = 36 if small else 42
        inside = self.box.inset(PAD, 0)
        amount = pen.width(self.model.amount, Face.BOLD, size) + 4
        words = Box(inside.x, inside.y, inside.width - amount - PAD / 2, inside.height)
        right = Box(inside.right - amount, inside.y, amount, inside.height)
        pen.text(right, self.model.amount, Face.BOLD, size, "skifer", align="right")
        sign, room = 0 if small else 52, words.width - (0 if small else 70)
        whole = f"{self.model.name} {self.model.digits}".strip()
        # The amount tells which part it is; the digits are for who has two cards.
        text = whole if pen.width(whole, Face.SEMIBOLD, size) <= room else self.model.name
        if sign:
            pen.sign_and_text(words, "check-circle", text, Face.SEMIBOLD, size, "gran3",
                              sign_size=sign, gap=18, align="left")  # fmt: skip
        else:
            pen.text(words, text, Face.SEMIBOLD, size, "gran3")


def rows_of(look: Look, room: Box, count: int) -> list[Box]:
    """Return the boxes of as many parts as fit, from the top down; at least one."""
    high = min(look.size(ROW), max(ROW_LEAST, (room.height - GAP * (count - 1)) / max(count, 1)))
    fit = max(1, int((room.height + GAP) // (high + GAP)))
    return [
        Box(room.x, room.y + index * (high + GAP), room.width, high)
        for index in range(min(count, fit))
    ]
