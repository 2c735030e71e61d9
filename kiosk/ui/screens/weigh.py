"""04 weighing: weight, unit price and price together and equal, only while the scale is steady."""

from kiosk.engine.messages import BackPressed, LookupPressed, WeighConfirmed
from kiosk.engine.view import View
from kiosk.ui import kivy_setup, sizes  # noqa: F401  (before Kivy)
from kiosk.ui.layouts.weigh import weigh_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.weigh import FigureModel, present_weigh
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Chip, Part, PrimaryButton, SecondaryButton, Slot, Words


class WeighScreen(BaseScreen):
    """The picture, the three figures, and the button that waits until the scale is steady."""

    def build(self) -> None:
        """Make the parts."""
        boxes = weigh_boxes(self.look)
        self.picture = self.add(ProductPicture(self.look, boxes.picture))
        self.title = self.add(
            Words(self.look, boxes.title, face=Face.DISPLAY, size=sizes.TITLE, lines=2,
                  leading=1.05)
        )  # fmt: skip
        self.number = self.add(
            Words(self.look, boxes.number, face=Face.MEDIUM, size=sizes.LEAD, colour="skifer2")
        )
        self.chip = self.add(Chip(self.look, boxes.chip))
        self.figures = self.add(_Figures(self.look, boxes.figures))
        self.tare = self.add(
            Words(self.look, boxes.tare, face=Face.REGULAR, size=sizes.BODY, colour="skifer2")
        )
        self.add_frame(boxes.areas)
        self.slot = self.add(Slot(self.look, boxes.slot))
        self.go = self.add(
            PrimaryButton(
                self.look, boxes.go, sign="plus", sign_after=False, name="add",
                on_press=lambda: self.send(WeighConfirmed(self.agreed_g)),
            )
        )  # fmt: skip
        # What stood there when the finger came down is what the shopper agrees to.
        self.shown_g = self.agreed_g = 0
        self.go.on_down = self._agree
        self.swap = self.add(
            SecondaryButton(self.look, boxes.swap, sign="arrows-clockwise", name="swap",
                            on_press=lambda: self.send(LookupPressed()))
        )  # fmt: skip
        self.cancel = self.add(
            SecondaryButton(self.look, boxes.cancel, sign="x", name="cancel",
                            on_press=lambda: self.send(BackPressed()))
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show what the scale says."""
        model = present_weigh(view, self.words)
        self.shown_g = (view.weigh.weight_g or 0) if view.weigh is not None else 0
        self.show_frame(model.frame)
        self.picture.show(model.picture)
        self.title.show(model.name)
        self.number.show(model.number)
        self.chip.show(model.state)
        self.figures.show(model.figures)
        self.tare.show(model.tare)
        self.slot.show(model.slot)
        if model.add.enabled:
            self.go.ready(model.add.text)
        else:
            self.go.wait(model.add.text)
        self.swap.show(model.swap)
        self.cancel.show(model.cancel)

    def _agree(self) -> None:
        self.agreed_g = self.shown_g


class ProductPicture(Part):
    """A product, large, on a white tile."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.picture: str | None = None

    def show(self, picture: str) -> None:
        """Change the picture."""
        if picture != self.picture:
            self.picture = picture
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the tile and the picture, or a basket."""
        pen.raised(self.box, "sno", self.box.width * 0.17)
        if not pen.picture(self.box.inset(self.box.width * 0.14), self.picture or ""):
            pen.sign(self.box.inset(self.box.width * 0.28), "basket", "skifer2")


NUMBER, UNIT = 104, 48
UNIT_GAP = 10
BASELINE = 55
"""From a row's hairline up to the line that figures and words stand on."""
MIDDLE = 0.3636
"""From that line up to the middle of the figures, in em."""


class _Figures(Part):
    """Three rows whose figures end at one line and whose units begin at one."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.figures: tuple[FigureModel, ...] = ()

    def show(self, figures: tuple[FigureModel, ...]) -> None:
        """Change the figures."""
        if figures != self.figures:
            self.figures = figures
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the sheet and its rows."""
        pen.raised(self.box, "sno", 40)
        inside = self.box.inset(min(48, self.box.width * 0.06), 0)
        high = (self.box.height - 36) / 3
        shrink = min(1.0, high / 162)
        unit_wide = max(pen.width(row.amount.unit, Face.SEMIBOLD, UNIT) for row in self.figures) + 2
        # Figures are large already: they do not grow with the shopper's text size.
        figure = NUMBER * shrink * NUMBER / self.look.size(NUMBER)
        y = self.box.y + 21
        for index, row in enumerate(self.figures):
            baseline = y + high - BASELINE * shrink
            unit, rest = inside.take_right(unit_wide + 10, UNIT_GAP)
            number_wide = pen.width(row.amount.figures, Face.DISPLAY, figure) + 2
            number, label = rest.take_right(number_wide, 12)
            self._write(pen, unit, baseline, row.amount.unit, Face.SEMIBOLD, UNIT, "left", "skifer")
            self._write(pen, number, baseline, row.amount.figures, Face.DISPLAY,
                figure,
                        "right", "skifer")  # fmt: skip
            self._write(pen, label, baseline, row.label, Face.MEDIUM, UNIT, "left", "skifer2")
            y += high
            if index < 2:
                pen.rule(inside.x, y - 2, inside.width)

    def _write(self, pen: Pen, box: Box, baseline: float, text: str, face: Face, size: float,
               align: str, colour: str) -> None:  # fmt: skip
        middle = baseline - MIDDLE * self.look.size(size)
        high = self.look.size(size) * 1.3
        pen.text(Box(box.x, middle - high / 2, box.width, high), text, face, size, colour,
                 align=align)  # fmt: skip
