"""White cards: a state, what works, a line of the sale, a reason for calling help."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.lines import LineModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.lines import paint_name, paint_picture, paint_rows, row_sizes
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.tiles import Tile


class StateCard(Part):
    """A white card on the counter: what something else says about itself."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.label, self.text, self.sign = "", "", ""

    def show(self, label: str, text: str, sign: str) -> None:
        """Change label, text and sign; nothing is drawn without a text."""
        if (label, text, sign) != (self.label, self.text, self.sign):
            self.label, self.text, self.sign = label, text, sign
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the card."""
        if not self.text:
            return
        if self.look.theme.high_contrast:
            pen.framed(self.box, "sno", "kant", 40)
        else:
            pen.fill(self.box, "sno", 40)
        side = min(112, self.box.height - 40, self.box.width * 0.15)
        square = Box(self.box.x + 40, self.box.y + (self.box.height - side) / 2, side, side)
        if not self.look.theme.high_contrast:
            pen.fill(square, "gran_lys", 28)
        pen.sign(square.inset(side * 0.16), self.sign, "gran3")
        words = Box(square.right + 32, self.box.y + 16, self.box.right - square.right - 60,
                    self.box.height - 32)  # fmt: skip
        wide = pen.width(self.label, Face.REGULAR, 40)
        rows = 1 if wide * 0.86 <= words.width else 2
        text_high = min(self.look.size(52) * 1.2, words.height * 0.45)
        label_high = min(self.look.size(40) * 1.25 * rows, words.height - text_high)
        top = words.y + (words.height - label_high - text_high) / 2
        label = Box(words.x, top, words.width, label_high)
        pen.text(label, self.label, Face.REGULAR, 40, "skifer2", lines=rows, leading=1.1)
        text = Box(words.x, label.bottom, words.width, text_high)
        pen.text(text, self.text, Face.BOLD, 52, "skifer")


class InfoCard(Part):
    """A white card on the rim: a round sign, a bold word and what it is about."""

    def __init__(self, look: Look, box: Box, *, sign: str, ground: str, colour: str) -> None:
        super().__init__(look, box)
        self.sign, self.ground, self.colour = sign, ground, colour
        self.label, self.text = "", ""

    def show(self, label: str, text: str) -> None:
        """Change the words; nothing is drawn without a text."""
        if (label, text) != (self.label, self.text):
            self.label, self.text = label, text
            self.repaint()

    def height_for(self, text: str, width: float, one_line: float) -> float:
        """Return how high a card `width` wide is: `one_line`, and a line more for a long text."""
        words = width - 38 - 2 * min(54, one_line / 2 - 16) - 36 - 28
        wide = Pen(self.ink, self.look).width(text, Face.REGULAR, 42)
        return one_line + (self.look.size(42) * 1.35 if wide > words else 0)

    def paint(self, pen: Pen) -> None:
        """Draw the card."""
        if not self.text:
            return
        pen.raised(self.box, "sno", 40)
        radius = min(54, self.box.height / 2 - 16)
        x, y = self.box.x + 38 + radius, self.box.y + self.box.height / 2
        if not self.look.theme.high_contrast:
            pen.dot((x, y), radius, self.ground)
        pen.sign(Box(x - radius, y - radius, 2 * radius, 2 * radius).inset(radius * 0.44),
                 self.sign, self.colour)  # fmt: skip
        left = x + radius + 36
        words = Box(left, self.box.y + 16, self.box.right - left - 28, self.box.height - 32)
        label_high = self.look.size(48) * 1.2
        rows = 1 if pen.width(self.text, Face.REGULAR, 42) <= words.width else 2
        text_high = min(self.look.size(42) * 1.35 * rows, words.height - label_high)
        top = words.y + (words.height - label_high - text_high) / 2
        pen.text(Box(words.x, top, words.width, label_high), self.label, Face.BOLD, 48, "skifer")
        pen.text(Box(words.x, top + label_high, words.width, text_high), self.text, Face.REGULAR,
                 42, "skifer2", lines=2, leading=1.35)  # fmt: skip


class LineCard(Part):
    """One line of the sale on a white card of its own."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.line: LineModel | None = None

    def show(self, line: LineModel, box: Box) -> None:
        """Show a line in a box."""
        if (line, box) != (self.line, self.box):
            self.line = line
            self.box = box
            self._place()
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw card, picture, name and second lines."""
        if self.line is None:
            return
        measures = row_sizes(self.look)
        pen.raised(self.box, "sno", 40)
        words = self.box.inset(40, 17)
        top = words.y + measures.pad
        if measures.picture:
            square = Box(words.x, top + 2, measures.picture, measures.picture)
            paint_picture(pen, square, self.line, "rim")
            _, words = words.take_left(measures.picture, 28)
        paint_name(pen, Box(words.x, top, words.width, measures.name), self.line, 42,
                   Face.SEMIBOLD)  # fmt: skip
        paint_rows(pen, Box(words.x, top + measures.name, words.width, words.height),
                   self.line.rows)  # fmt: skip


class ReasonTile(Tile):
    """A reason for calling help; the chosen one has a check in place of its sign."""

    chosen = False

    def show_reason(self, text: str, sign: str, *, chosen: bool) -> None:
        """Change words, sign and whether it is the one."""
        self.chosen = chosen
        self.show_tile(text, sign="check" if chosen else sign)

    def _paint_square(self, pen: Pen, square: Box) -> None:
        if not self.chosen or self.look.theme.high_contrast:
            super()._paint_square(pen, square)
            return
        pen.fill(square, "gran_lys", 28)
        pen.sign(square.inset(square.width * 0.16), self.sign, "gran3")
