"""Sheet and counter, and what stands on the counter: prompt, toast, total."""

from collections.abc import Callable

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets.button import Pressable
from kiosk.ui.widgets.part import Part

TIGHT = 500
"""A toast narrower than this has no picture."""
KR = 56
KR_GAP = 10
RUN_OUT = 4
CORNER = 56.0
"""The counter runs past the screen's edges, else its soft edge shows as a hairline."""
SHADOW_REACH, SHADOW_BORDER = 40, 136
SHEET_REACH, SHEET_BORDER = 40, 120


class Sheet(Part):
    """The light sheet that one reads from. It runs under the counter's edge."""

    def __init__(self, look: Look, box: Box, *, open_below: bool = False) -> None:
        super().__init__(look, box)
        self.open_below = open_below
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw shadow and sheet."""
        if self.look.theme.high_contrast and self.open_below:
            return
        pen.shadow(self.box.inset(-SHEET_REACH), "sheet", SHEET_BORDER)
        if self.open_below:
            pen.fill(self.box, "sno", (40, 40, 0, 0))
        else:
            pen.raised(self.box, "sno", 40)


class Counter(Part):
    """The dark green counter, at the bottom (portrait) or at the right."""

    def __init__(
        self, look: Look, box: Box, *, colour: str = "gran", corner: float = CORNER
    ) -> None:  # fmt: skip
        super().__init__(look, box)
        self.colour, self.corner = colour, corner
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw shadow and counter; in high contrast a line where it begins."""
        box = self.box
        if self.look.theme.high_contrast:
            pen.fill(box, self.colour)
            edge = Box(box.x, box.y, box.width, 8) if self.look.portrait else Box(
                box.x, box.y, 8, box.height
            )  # fmt: skip
            pen.fill(edge, "paa_gran")
            return
        pen.shadow(box.inset(-SHADOW_REACH), "counter", SHADOW_BORDER)
        # The corners are smooth; past them a plain rectangle covers the soft edge, which would
        # show as a hairline at the glass's rim.
        if self.look.portrait:
            body = Box(box.x, box.y, box.width, box.height + RUN_OUT)
            pen.fill(body, self.colour, (self.corner, self.corner, 0.0, 0.0))
            pen.fill(body.take_top(self.corner)[1], self.colour)
        else:
            body = Box(box.x, box.y, box.width + RUN_OUT, box.height)
            pen.fill(body, self.colour, (self.corner, 0.0, 0.0, self.corner))
            pen.fill(body.take_left(self.corner)[1], self.colour)


class Prompt(Part):
    """A yellow sign that guides the eye and what to do now."""

    def __init__(
        self, look: Look, box: Box, text: str = "", *, sign: str = "barcode", lines: int = 1
    ) -> None:
        super().__init__(look, box)
        self.text, self.sign, self.lines = text, sign, lines
        self.repaint()

    def show(self, text: str, *, sign: str = "") -> None:
        """Change the sentence; an empty one shows nothing."""
        if (text, sign or self.sign) != (self.text, self.sign):
            self.text, self.sign = text, sign or self.sign
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw sign and sentence from the left."""
        if self.text:
            pen.sign_and_text(
                self.box, self.sign, self.text, Face.DISPLAY, 52, "paa_gran", sign_size=68,
                gap=28, align="left", sign_colour="multe", lines=self.lines, leading=1.1,
            )  # fmt: skip


class Toast(Part):
    """What just happened, with Angre, in the prompt's slot."""

    def __init__(
        self, look: Look, box: Box, *, undo: str = "", on_undo: Callable[[], None] | None = None
    ) -> None:
        super().__init__(look, box)
        self.text, self.picture, self.sign = "", "", ""
        height = box.height - 18
        probe = Pen(self.ink, look)
        tight = box.width < TIGHT
        self.tight = tight
        gap, pad = (12, 20) if tight else (12, 36)
        sign = "" if tight and look.big else "arrow-counter-clockwise"
        wide = probe.width(undo, Face.BOLD, 40) + 2 * pad
        wide += look.size(46) + gap if sign else 0
        self.button = _UndoButton(
            look, Box(box.right - 9 - wide, box.y + 9, wide, height), undo,
            sign=sign, on_press=on_undo, name="undo",
        )  # fmt: skip
        self.add_widget(self.button)

    def show(self, text: str, *, picture: str = "", sign: str = "") -> None:
        """Tell what happened."""
        if (text, picture, sign) != (self.text, self.picture, self.sign):
            self.text, self.picture, self.sign = text, picture, sign
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the white pill, the product's picture and the sentence."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "sno", "kant", 36)
        else:
            pen.fill(self.box, "sno", 36)
        square = Box(self.box.x + 30, self.box.y + (self.box.height - 64) / 2, 64, 64)
        x = self.box.x + (26 if self.tight else 36)
        if self.tight:
            pass  # The words come before the picture where there is room for one.
        elif pen.picture(square, self.picture):
            x = square.right + 20
        elif self.sign:
            pen.sign(square.inset(6), self.sign, "skifer")
            x = square.right + 20
        words = Box(x, self.box.y, self.button.box.x - x - 12, self.box.height)
        pen.text(words, self.text, Face.SEMIBOLD, 40, "skifer", lines=2, leading=1.05)


class _UndoButton(Pressable):
    """Angre: green in the white toast."""

    radius = 30
    ring_colour = "skifer"

    def paint(self, pen: Pen) -> None:
        """Draw sign and word."""
        if self.look.theme.high_contrast:
            pen.framed(self.box, "gran", "paa_gran", self.radius)
        else:
            pen.fill(self.box, "gran_ned" if self.pressed else "gran", self.radius)
        gap = 12
        pen.sign_and_text(self.box.inset(12, 0), self.sign, self.text, Face.BOLD, 40,
                          "paa_gran", sign_size=46, gap=gap)  # fmt: skip


class Total(Part):
    """Å betale, deposit and savings; the largest number on the screen, without rolling digits."""

    def __init__(self, look: Look, box: Box, *, size: float = 140) -> None:
        super().__init__(look, box)
        self.size_units = size
        self.words: tuple[str, str, tuple[tuple[str, str], ...]] = ("", "", ())
        self.repaint()

    def show(self, label: str, amount: str, notes: tuple[tuple[str, str], ...]) -> None:
        """Tell the amount in kroner, its label and notes as (sign, words)."""
        if (label, amount, notes) != self.words:
            self.words = (label, amount, notes)
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw beside each other in portrait, under each other at the right."""
        if not self.words[1]:
            return
        if self.look.portrait:
            self._paint_wide(pen)
        else:
            self._paint_narrow(pen)

    def _paint_wide(self, pen: Pen) -> None:
        label, amount, notes = self.words
        number = self._number_width(pen, amount)
        self._paint_number(pen, self.box.right - number, self.box)
        left = Box(self.box.x, self.box.y, self.box.width - number - 20, self.box.height)
        big = self.look.big
        title, note = (38, 34) if big else (47, 38)
        title_high, note_high = self.look.size(title) * 1.25, self.look.size(note) * 1.36
        high = title_high + len(notes) * note_high
        y = left.y + max((left.height - high) / 2, 0)
        pen.text(Box(left.x, y, left.width, title_high), label, Face.SEMIBOLD if big else Face.BOLD,
                 title, "paa_gran")  # fmt: skip
        y += title_high
        for sign, words in notes:
            row = Box(left.x, y, left.width, note_high)
            pen.sign_and_text(row, "" if big else sign, words, Face.MEDIUM, note, "mint",
                              sign_size=40, gap=12, align="left")  # fmt: skip
            y += note_high

    def _paint_narrow(self, pen: Pen) -> None:
        label, _, notes = self.words
        title, note = (40, 36) if self.look.layout is Layout.COMPACT else (46, 38)
        if self.look.big:
            title, note = 34, 28
        top, low = self.box.take_top(self.look.size(title) * 1.3)
        pen.text(top, label, Face.BOLD, title, "paa_gran")
        wide = pen.width(label, Face.BOLD, title) + 12
        room = Box(top.x + wide, top.y, top.width - wide, top.height)
        for note_sign, words in notes[-1:]:
            need = pen.width(words, Face.MEDIUM, note) + self.look.size(40) + 12 + 1
            # The word comes before its sign where there is room for one.
            sign = note_sign if need <= room.width else ""
            spot, _ = room.take_right(min(need, room.width))
            pen.sign_and_text(spot, sign, words, Face.MEDIUM, note, "mint", sign_size=40, gap=12,
                              align="left")  # fmt: skip
        self._paint_number(pen, low.x, low)

    def _number_width(self, pen: Pen, amount: str) -> float:
        if self.look.big and self.look.portrait:
            return pen.width(amount, Face.FIGURES, self.size_units)
        return (
            pen.width(amount, Face.FIGURES, self.size_units)
            + KR_GAP
            + pen.width("kr", Face.SEMIBOLD, KR)
        )

    def _paint_number(self, pen: Pen, x: float, room: Box) -> None:
        amount = self.words[1]
        wide = min(pen.width(amount, Face.FIGURES, self.size_units), room.width)
        number = pen.text(Box(x, room.y, wide + 1, room.height), amount, Face.FIGURES,
                          self.size_units, "paa_gran")  # fmt: skip
        # "kr" stands on the number's baseline: the figures' middle is 0.36 em over it.
        shift = (self.look.size(self.size_units) - self.look.size(KR)) * 0.36
        left = number.right + KR_GAP
        if (
            not (self.look.big and self.look.portrait)
            and left + pen.width("kr", Face.SEMIBOLD, KR) <= room.right + 2
        ):
            pen.text(Box(left, room.y + shift, pen.width("kr", Face.SEMIBOLD, KR) + 1, room.height),
                     "kr", Face.SEMIBOLD, KR, "paa_gran")  # fmt: skip


class Dim(Part):
    """Dims the screen under an overlay."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, look.glass.box)
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Lay skifer at 72 % over everything; nothing in high contrast."""
        pen.dim(self.box)
