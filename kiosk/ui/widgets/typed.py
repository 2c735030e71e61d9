"""What has been typed so far, on a white sheet, or words that stand where it will."""

from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part


class Typed(Part):
    """Subclasses say how it is painted."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.text, self.placeholder = "", ""

    def show(self, text: str, placeholder: str) -> None:
        """Change what has been typed."""
        if (text, placeholder) != (self.text, self.placeholder):
            self.text, self.placeholder = text, placeholder
            self.repaint()


class Digits(Typed):
    """The digits, large."""

    def paint(self, pen: Pen) -> None:
        """Draw digits, or the placeholder."""
        pen.raised(self.box, "sno", 40)
        inside = self.box.inset(48, 12)
        if self.text:
            pen.text(inside, self.text, Face.BOLD, sizes.TITLE, "skifer")
        else:
            pen.text(inside, self.placeholder, Face.MEDIUM, sizes.LEAD, "skifer2", lines=2)
