"""Amounts larger than anything else: alone on the sheet, or at the right of the counter."""

from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part

SMALLEST = 34


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
        label, rest = self.box.take_top(self.look.size(48) * 1.3, 8)
        pen.text(label, self.label, Face.MEDIUM, 48, "skifer2")
        paint_amount(
            pen,
            rest,
            self.figures,
            self.unit,
            self.size_units,
            "skifer",
            unit_size=self.size_units * 0.425,
        )


class AmountRow(Part):
    """Label at the left and amount at the right of the counter; under each other if narrow."""

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
        need = amount_width(pen, self.figures, self.unit, self.size_units, 54)
        label = pen.width(self.label, Face.DISPLAY, 52) + 28
        if need + label <= self.box.width:
            # The label's middle is lower, so that the baselines meet.
            shift = (self.look.size(self.size_units) - self.look.size(52)) * 0.36
            words = Box(self.box.x, self.box.y + shift, label, self.box.height)
            right = Box(self.box.right - need, self.box.y, need, self.box.height)
            pen.text(words, self.label, Face.DISPLAY, 52, "paa_gran")
            paint_amount(pen, right, self.figures, self.unit, self.size_units, "paa_gran", 54)
            return
        top, low = self.box.take_top(min(self.look.size(52) * 1.2, self.box.height * 0.4))
        pen.text(top, self.label, Face.DISPLAY, 52, "paa_gran")
        paint_amount(pen, low, self.figures, self.unit, self.size_units, "paa_gran", 54)


def amount_width(pen: Pen, figures: str, unit: str, size: float, unit_size: float) -> float:
    """Return how wide an amount with its unit is."""
    gap = size * 0.13
    number = pen.width(figures, Face.FIGURES, size)
    return number + gap + pen.width(unit, Face.SEMIBOLD, unit_size) + 2


def paint_amount(
    pen: Pen, box: Box, figures: str, unit: str, size: float, colour: str, unit_size: float
) -> None:
    """Draw figures and, smaller on their baseline, the unit. A long amount gets smaller."""
    # Step by step: with large text, sizes do not grow in proportion.
    while size > SMALLEST and (
        amount_width(pen, figures, unit, size, unit_size) > box.width
        or pen.look.size(size) > box.height
    ):
        size, unit_size = size * 0.95, max(unit_size * 0.95, SMALLEST)
    number = pen.width(figures, Face.FIGURES, size) + 1
    pen.text(Box(box.x, box.y, number, box.height), figures, Face.FIGURES, size, colour, fit=False)
    shift = (pen.look.size(size) - pen.look.size(unit_size)) * 0.36
    rest = Box(box.x + number + size * 0.13 - 1, box.y + shift, box.width, box.height)
    pen.text(Box(rest.x, rest.y, pen.width(unit, Face.SEMIBOLD, unit_size) + 1, rest.height), unit,
             Face.SEMIBOLD, unit_size, colour, fit=False)  # fmt: skip
