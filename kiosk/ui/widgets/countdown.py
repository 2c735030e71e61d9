"""The countdown: the number is the message, the ring is decoration. It steps once a second."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part


class Countdown(Part):
    """Seconds left of `whole_s`, in a square box."""

    def __init__(self, look: Look, box: Box, *, whole_s: int) -> None:
        super().__init__(look, box)
        self.whole_s = whole_s
        self.left_s = whole_s
        self.repaint()

    def show(self, left_s: int) -> None:
        """Step to `left_s` seconds."""
        if left_s != self.left_s:
            self.left_s = left_s
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the ring and the number."""
        # Ring 300, stroke 27 and number 117 in proportion to the box.
        stroke = self.box.width * 27 / 300
        radius = (self.box.width - stroke) / 2
        pen.arc(self.box.middle, radius, stroke, "gran2")
        turn = max(0.0, min(1.0, self.left_s / self.whole_s))
        if turn > 0:
            pen.arc(self.box.middle, radius, stroke, "multe", turn)
        pen.text(self.box, str(self.left_s), Face.DISPLAY, self.box.width * 117 / 300,
                 "paa_gran", align="middle", scaled=False)  # fmt: skip
