"""Drawings: illustrations, the arrow that shows the way, a QR code for a phone."""

import segno

from kiosk.ui import pictures
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part

ARROWS = {
    # Points on a circle of radius 100: the shaft, then the head.
    "arrow-right": (((-50, 0), (50, 0)), ((4, -52), (56, 0), (4, 52))),
    "arrow-left": (((50, 0), (-50, 0)), ((-4, -52), (-56, 0), (-4, 52))),
    "arrow-down": (((0, -50), (0, 50)), ((-52, 4), (0, 56), (52, 4))),
}
QUIET = 4
"""Modules of light around a QR code (ISO/IEC 18004, 6.3.8)."""


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
        for shape in ARROWS[self.sign]:
            points = [(x + dx * radius / 100, y + dy * radius / 100) for dx, dy in shape]
            stroke(points, radius * 0.17, "multe_tekst", pen)


def stroke(points: list[tuple[float, float]], width: float, colour: str, pen: Pen) -> None:
    """Draw a line with round ends and corners: Kivy's smooth line has neither."""
    pen.line(points, width, colour)
    for point in points:
        pen.dot(point, width / 2, colour)


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
        side = min(self.box.width, self.box.height)
        x, y = self.box.middle
        self.paint_card(pen, Box(x - side / 2, y - side / 2, side, side))

    def paint_card(self, pen: Pen, card: Box) -> None:
        """Draw the code on white, filling a square."""
        rows = qr_rows(self.data)
        # White also in high contrast: a camera wants dark on light.
        pen.fill(card, "#FFFFFF", 40)
        module = card.width / (len(rows) + 2 * QUIET)
        for row_number, row in enumerate(rows):
            for start, length in runs(row):
                pen.fill(
                    Box(card.x + (QUIET + start) * module, card.y + (QUIET + row_number) * module,
                        length * module, module),
                    "#10211B",
                )  # fmt: skip


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
