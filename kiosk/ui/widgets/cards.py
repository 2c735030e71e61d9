"""Cards and drawings: amounts, states, illustrations, arrows, reminders, bags, switches."""

from collections.abc import Callable

import segno

from kiosk.ui import pictures
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.lines import LineModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.button import Pressable
from kiosk.ui.widgets.lines import paint_name, paint_picture, paint_rows, row_sizes
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.tiles import Tile

ARROWS = {
    # Points on a circle of radius 100: the shaft, then the head.
    "arrow-right": (((-50, 0), (50, 0)), ((4, -52), (56, 0), (4, 52))),
    "arrow-left": (((50, 0), (-50, 0)), ((-4, -52), (-56, 0), (-4, 52))),
    "arrow-down": (((0, -50), (0, 50)), ((-52, 4), (0, 56), (52, 4))),
}


class Illustration(Part):
    """A drawing from assets/illustrations at its own size, its foot on the box's lower edge."""

    def __init__(self, look: Look, box: Box, name: str, *, align: str = "left") -> None:
        super().__init__(look, box)
        self.name = f"{name}-contrast" if look.theme.high_contrast else name
        self.align = align
        self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw it, smaller where there is less room, never larger."""
        texture = pictures.picture(self.name)
        if texture is None:
            return
        scale = min(
            1.0, self.box.width / (texture.width / 2), self.box.height / (texture.height / 2)
        )
        width, height = texture.width / 2 * scale, texture.height / 2 * scale
        free = self.box.width - width
        x = self.box.x + {"left": 0.0, "middle": free / 2, "right": free}[self.align]
        pen.picture(Box(x, self.box.bottom - height, width, height), self.name)


class ArrowDisc(Part):
    """A yellow disc with an arrow: the way to go. It guides the eye and is no control."""

    def __init__(self, look: Look, box: Box, sign: str = "arrow-right") -> None:
        super().__init__(look, box)
        self.sign = sign
        self.repaint()

    def show(self, sign: str) -> None:
        """Point another way; a sign that is no arrow stands in the middle."""
        if sign != self.sign:
            self.sign = sign
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw disc and arrow."""
        x, y = self.box.middle
        radius = self.box.width / 2
        pen.dot((x, y), radius, "multe")
        if self.sign not in ARROWS:
            pen.sign(self.box.inset(radius * 0.55), self.sign, "multe_tekst")
            return
        for stroke in ARROWS[self.sign]:
            points = [(x + dx * radius / 100, y + dy * radius / 100) for dx, dy in stroke]
            pen.line(points, radius * 0.17, "multe_tekst")


class BigAmount(Part):
    """What is to pay, alone on the sheet: label over the largest number there is."""

    def __init__(self, look: Look, box: Box, *, size: float) -> None:
        super().__init__(look, box)
        self.size_units = size
        self.label, self.figures, self.unit = "", "", ""

    def show(self, label: str, figures: str, unit: str) -> None:
        """Change the words."""
        if (label, figures, unit) != (self.label, self.figures, self.unit):
            self.label, self.figures, self.unit = label, figures, unit
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw label, number and unit on the number's baseline."""
        label, rest = self.box.take_top(self.look.size(48) * 1.3, 20)
        pen.text(label, self.label, Face.MEDIUM, 48, "skifer2")
        paint_amount(pen, rest, self.figures, self.unit, self.size_units, "skifer", unit_size=88)


class AmountRow(Part):
    """Label at the left, amount at the right of one row on the counter; under each other if narrow."""

    def __init__(self, look: Look, box: Box, *, size: float) -> None:
        super().__init__(look, box)
        self.size_units = size
        self.label, self.figures, self.unit = "", "", ""

    def show(self, label: str, figures: str, unit: str) -> None:
        """Change the words."""
        if (label, figures, unit) != (self.label, self.figures, self.unit):
            self.label, self.figures, self.unit = label, figures, unit
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw both on one baseline."""
        need = amount_width(pen, self.figures, self.unit, self.size_units, 56)
        label = pen.width(self.label, Face.DISPLAY, 52) + 28
        if need + label <= self.box.width:
            # The label's middle is lower, so that the baselines meet.
            shift = (self.look.size(self.size_units) - self.look.size(52)) * 0.36
            words = Box(self.box.x, self.box.y + shift, label, self.box.height)
            right = Box(self.box.right - need, self.box.y, need, self.box.height)
            pen.text(words, self.label, Face.DISPLAY, 52, "paa_gran")
            paint_amount(pen, right, self.figures, self.unit, self.size_units, "paa_gran", 56)
            return
        top, low = self.box.take_top(min(self.look.size(52) * 1.2, self.box.height * 0.4))
        pen.text(top, self.label, Face.DISPLAY, 52, "paa_gran")
        paint_amount(pen, low, self.figures, self.unit, self.size_units, "paa_gran", 56)


def amount_width(pen: Pen, figures: str, unit: str, size: float, unit_size: float) -> float:
    """Return how wide an amount with its unit is."""
    gap = size * 0.18
    return pen.width(figures, Face.BOLD, size) + gap + pen.width(unit, Face.BOLD, unit_size) + 2


def paint_amount(
    pen: Pen, box: Box, figures: str, unit: str, size: float, colour: str, unit_size: float
) -> None:
    """Draw figures and, smaller on their baseline, the unit. A long amount gets smaller."""
    wide = amount_width(pen, figures, unit, size, unit_size)
    if wide > box.width:
        size, unit_size = size * box.width / wide, unit_size * box.width / wide
    number = pen.width(figures, Face.BOLD, size) + 1
    pen.text(Box(box.x, box.y, number, box.height), figures, Face.BOLD, size, colour, fit=False)
    shift = (pen.look.size(size) - pen.look.size(unit_size)) * 0.36
    rest = Box(box.x + number + size * 0.18 - 1, box.y + shift, box.width, box.height)
    pen.text(Box(rest.x, rest.y, pen.width(unit, Face.BOLD, unit_size) + 1, rest.height), unit,
             Face.BOLD, unit_size, colour, fit=False)  # fmt: skip


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
        side = min(112, self.box.height - 40)
        square = Box(self.box.x + 40, self.box.y + (self.box.height - side) / 2, side, side)
        if not self.look.theme.high_contrast:
            pen.fill(square, "gran_lys", 28)
        pen.sign(square.inset(side * 0.21), self.sign, "gran3")
        words = Box(square.right + 32, self.box.y + 16, self.box.right - square.right - 60,
                    self.box.height - 32)  # fmt: skip
        label_high = min(self.look.size(40) * 1.3, words.height * 0.44)
        text_high = min(self.look.size(52) * 1.2, words.height - label_high)
        top = words.y + (words.height - label_high - text_high) / 2
        pen.text(Box(words.x, top, words.width, label_high), self.label, Face.MEDIUM, 40, "skifer2")
        pen.text(Box(words.x, top + label_high, words.width, text_high), self.text, Face.BOLD, 52,
                 "skifer")  # fmt: skip


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

    def paint(self, pen: Pen) -> None:
        """Draw the card."""
        if not self.text:
            return
        pen.raised(self.box, "sno", 40)
        radius = min(54, self.box.height / 2 - 16)
        x, y = self.box.x + 38 + radius, self.box.y + self.box.height / 2
        if not self.look.theme.high_contrast:
            pen.dot((x, y), radius, self.ground)
        pen.sign(Box(x - radius, y - radius, 2 * radius, 2 * radius).inset(radius * 0.5),
                 self.sign, self.colour)  # fmt: skip
        left = x + radius + 36
        words = Box(left, self.box.y + 16, self.box.right - left - 28, self.box.height - 32)
        label_high = self.look.size(48) * 1.2
        rows = 1 if pen.width(self.text, Face.MEDIUM, 42) <= words.width else 2
        text_high = min(self.look.size(42) * 1.35 * rows, words.height - label_high)
        top = words.y + (words.height - label_high - text_high) / 2
        pen.text(Box(words.x, top, words.width, label_high), self.label, Face.BOLD, 48, "skifer")
        pen.text(Box(words.x, top + label_high, words.width, text_high), self.text, Face.MEDIUM,
                 42, "skifer2", lines=2, leading=1.35)  # fmt: skip


class Reminder(Part):
    """A yellow sign and what not to forget, on the counter."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.sign, self.text = "", ""

    def show(self, sign: str, text: str) -> None:
        """Change it; nothing is drawn without a text."""
        if (sign, text) != (self.sign, self.text):
            self.sign, self.text = sign, text
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw sign and words from the left."""
        if self.text:
            pen.sign_and_text(
                self.box, self.sign, self.text, Face.SEMIBOLD, 46, "paa_gran", sign_size=56,
                gap=28, align="left", sign_colour="multe", lines=2, leading=1.1,
            )  # fmt: skip


class Switch(Pressable):
    """A setting: sign, name, and its state as a word and as a mark that moves."""

    radius = 38

    def __init__(
        self, look: Look, box: Box, *, sign: str, name: str,
        on_press: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.state, self.on, self.available = "", False, True
        super().__init__(look, box, sign=sign, on_press=on_press, name=name)

    def show_switch(self, text: str, state: str, *, on: bool, available: bool) -> None:
        """Change everything that it tells."""
        wanted = (text, state, on, available)
        if wanted != (self.text, self.state, self.on, self.available):
            self.text, self.state, self.on, self.available = wanted
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the row; not available, it is an outline that says when it comes."""
        if not self.available:
            pen.framed(self.box, "gran", "av_kant", self.radius)
        elif self.look.theme.high_contrast:
            pen.framed(self.box, "gran_ned" if self.pressed else "sno", "kant", self.radius)
        else:
            pen.fill(self.box, "mint" if self.pressed else "sno", self.radius)
        strong, weak = ("skifer", "skifer2") if self.available else ("paa_gran", "mint")
        inside = self.box.inset(32, 0)
        mark, rest = inside.take_left(60, 24)
        x, y = mark.middle
        pen.sign(Box(x - 30, y - 30, 60, 60), self.sign, strong if self.available else "mint")
        if self.available:
            track, rest = rest.take_right(112, 20)
            self._paint_track(pen, track)
        need = pen.width(self.state, Face.MEDIUM, 40) + 2
        state, rest = rest.take_right(min(need, rest.width * 0.5), 20)
        pen.text(state, self.state, Face.MEDIUM, 40, weak, align="right")
        pen.text(rest, self.text, Face.BOLD, 46, strong, lines=2, leading=1.1)

    def _paint_track(self, pen: Pen, room: Box) -> None:
        x, y = room.middle
        track = Box(x - 56, y - 32, 112, 64)
        if self.on:
            pen.fill(track, "gran3", 32)
        else:
            pen.framed(track, "sno", "kant", 32, 4)
        knob = track.right - 32 if self.on else track.x + 32
        pen.dot((knob, y), 24, "sno" if self.on else "kant")
        if self.on:
            pen.sign(Box(knob - 18, y - 18, 36, 36), "check", "gran3")


class Silence(Part):
    """A clock and what happens when nobody answers."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.text = ""

    def show(self, text: str) -> None:
        """Change the sentence; an empty one shows nothing."""
        if text != self.text:
            self.text = text
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw it from the left."""
        pen.sign_and_text(self.box, "clock" if self.text else "", self.text, Face.MEDIUM, 42,
                          "paa_gran", sign_size=48, gap=24, align="left", lines=2,
                          leading=1.1)  # fmt: skip


class QrCard(Part):
    """A QR code on white with its quiet zone of four modules, for a phone to scan."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.data = ""

    def show(self, data: str) -> None:
        """Show another code; nothing is drawn without data."""
        if data != self.data:
            self.data = data
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the modules as rectangles: sharp at every size."""
        if not self.data:
            return
        rows = qr_rows(self.data)
        side = min(self.box.width, self.box.height)
        x, y = self.box.middle
        card = Box(x - side / 2, y - side / 2, side, side)
        # White also in high contrast: a camera wants dark on light.
        pen.fill(card, "#FFFFFF", 40)
        module = side / (len(rows) + 2 * QUIET)
        for row_number, row in enumerate(rows):
            for start, length in runs(row):
                pen.fill(
                    Box(card.x + (QUIET + start) * module, card.y + (QUIET + row_number) * module,
                        length * module, module),
                    "#10211B",
                )  # fmt: skip


QUIET = 4
"""Modules of light around a QR code (ISO/IEC 18004, 6.3.8)."""


def qr_rows(data: str) -> tuple[tuple[bool, ...], ...]:
    """Return the dark modules of a QR code with error correction M, row by row, no quiet zone."""
    code = segno.make_qr(data, error="m")
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules in a row."""
    found: list[tuple[int, int]] = []
    for index, dark in enumerate(row):
        if not dark:
            continue
        if found and sum(found[-1]) == index:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((index, 1))
    return found


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
        pen.sign(square.inset(square.width * 0.22), self.sign, "gran3")


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
        words = self.box.inset(40, 12)
        top = words.y + measures.pad
        if measures.picture:
            square = Box(words.x, top + 2, measures.picture, measures.picture)
            paint_picture(pen, square, self.line, "rim")
            _, words = words.take_left(measures.picture, 28)
        paint_name(pen, Box(words.x, top, words.width, measures.name), self.line, 42,
                   Face.SEMIBOLD)  # fmt: skip
        paint_rows(pen, Box(words.x, top + measures.name, words.width, words.height),
                   self.line.rows)  # fmt: skip
