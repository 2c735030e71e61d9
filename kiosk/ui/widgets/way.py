"""Where to go instead: a disc, the place in large words, and a sentence under it."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.part import Part

SIGN = "storefront"
"""The kiosk does not know which way the other tills are, so it points nowhere."""


class Way(Part):
    """On the counter. `large` is for a closed till (15b), else it stands over a button (15)."""

    def __init__(self, look: Look, box: Box, *, large: bool) -> None:
        super().__init__(look, box)
        self.large = large
        self.place, self.text = "", ""

    def show(self, place: str, text: str) -> None:
        """Change the words."""
        if (place, text) != (self.place, self.text):
            self.place, self.text = place, text
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the disc at the left of the place; the sentence beside it, or under both."""
        side = 228.0 if self.large else 150.0
        size = 100.0 if self.large else 76.0
        if self.look.layout is Layout.COMPACT or self.box.width < 700:
            side, size = side * 0.6, size * 0.7
        gap = 48 if self.large else 40
        if not self.large:
            self._row(pen, self.box, side, size, gap, self.text)
            return
        under = self.look.size(48) * 1.25 * self._rows(pen)
        upper, lower = self.box.take_bottom(min(under, self.box.height * 0.5), 12)
        self._row(pen, lower, side, size, gap, "")
        pen.text(upper, self.text, Face.MEDIUM, 44, "paa_gran", lines=3, leading=1.35)

    def _rows(self, pen: Pen) -> int:
        return int(pen.width(self.text, Face.MEDIUM, 44) / self.box.width) + 1

    def _row(self, pen: Pen, box: Box, side: float, size: float, gap: float, note: str) -> None:
        side = min(side, box.height)
        disc = Box(box.x, box.y + (box.height - side) / 2, side, side)
        if self.large:
            pen.dot(disc.middle, side / 2, "multe")
        else:
            pen.framed(disc, "gran2", "gran2_kant", side / 2)
        pen.sign(disc.inset(side * 0.26), SIGN, "multe_tekst" if self.large else "paa_gran")
        words = Box(disc.right + gap, box.y, box.right - disc.right - gap, box.height)
        if not note:
            pen.text(words, self.place, Face.DISPLAY, size, "paa_gran", lines=2, leading=1.08)
            return
        wide = pen.width(self.place, Face.DISPLAY, size)
        rows = 1 if wide <= words.width else 2
        high = self.look.size(size) * 1.08 * rows
        note_high = self.look.size(42) * 1.3
        lines = 1 if pen.width(note, Face.MEDIUM, 42) <= words.width else 2
        high = min(high, words.height - note_high * lines)
        top = words.y + (words.height - high - note_high * lines) / 2
        pen.text(Box(words.x, top, words.width, high), self.place, Face.DISPLAY, size, "paa_gran",
                 lines=rows, leading=1.08)  # fmt: skip
        pen.text(Box(words.x, top + high, words.width, note_high * lines), note, Face.MEDIUM, 42,
                 "mint", lines=lines, leading=1.25)  # fmt: skip
