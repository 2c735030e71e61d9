"""Small sentences on the counter: what not to forget, and what silence does."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part


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
