"""Parts of the wallet's screens: the code in its owner's colour, and what to do, in steps."""

from kiosk.sale.events import Method
from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.wallet import StepModel
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.drawings import QrCard
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.paying import SQUARES

FRAME = 13
"""Around the code: in the owner's colour, so that one sees from afar what it is for."""
RADIUS = 52
DISC = 36
"""Radius of a step's number."""


class WalletCode(QrCard):
    """A QR code on white, framed in the colour of the wallet it is for."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.method = Method.VIPPS

    def show_code(self, data: str, method: Method) -> None:
        """Show another code, or another wallet's."""
        if (data, method) != (self.data, self.method):
            self.data, self.method = data, method
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the frame, and the code on white within it."""
        if not self.data:
            return
        side = min(self.box.width, self.box.height)
        x, y = self.box.middle
        outer = Box(x - side / 2, y - side / 2, side, side)
        ground, _ = SQUARES.get(self.method, ("linje", "skifer"))
        pen.fill(outer, "kant" if self.look.theme.high_contrast else ground, RADIUS)
        self.paint_card(pen, outer.inset(FRAME))


class SignDisc(Part):
    """A sign on a disc: yellow where it points at the next step, calm where we wait."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.sign, self.calm = "", False

    def show(self, sign: str, *, calm: bool) -> None:
        """Show another sign."""
        if (sign, calm) != (self.sign, self.calm):
            self.sign, self.calm = sign, calm
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw disc and sign."""
        radius = self.box.width / 2
        if not (self.calm and self.look.theme.high_contrast):
            pen.dot(self.box.middle, radius, "gran_lys" if self.calm else "multe")
        colour = "gran3" if self.calm else "multe_tekst"
        pen.sign(self.box.inset(radius * 0.55), self.sign, colour)


class Steps(Part):
    """What to do, one under another, each with its number in a ring."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.steps: tuple[StepModel, ...] = ()

    def show(self, steps: tuple[StepModel, ...]) -> None:
        """Change the steps."""
        if steps != self.steps:
            self.steps = steps
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw each step in a row of its own."""
        if not self.steps:
            return
        for row, step in zip(self.box.rows(len(self.steps), 0), self.steps, strict=True):
            radius = min(DISC, row.height / 2 - 4)
            middle = (row.x + radius, row.middle[1])
            ring = Box(row.x, middle[1] - radius, 2 * radius, 2 * radius)
            pen.framed(ring, "gran2", "gran2_kant", radius, 3)
            if step.done:
                pen.sign(ring.inset(radius * 0.4), "check", "paa_gran")
            else:
                pen.text(ring, step.number, Face.BOLD, min(42, radius * 1.2), "paa_gran",
                         align="middle", scaled=False)  # fmt: skip
            words = row.take_left(2 * radius, sizes.GAP_LARGE)[1]
            pen.text(words, step.text, Face.SEMIBOLD, 44, "paa_gran", lines=2, leading=1.1)
