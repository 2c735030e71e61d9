"""`Part`: a piece of the screen in a box, painted again whole when what it shows changes."""

from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)
from kiosk.ui.look import Look
from kiosk.ui.paint import PaintedText, Pen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box

from kivy.graphics import InstructionGroup  # isort: skip
from kivy.uix.widget import Widget  # isort: skip


class Part(Widget):
    """Something to look at. Subclasses set what they show and implement `paint`."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(size_hint=(None, None))
        self.look = look
        self.box = box
        self.painted: tuple[PaintedText, ...] = ()
        # Children draw into the canvas after this group, so repainting does not lose them.
        self.ink = InstructionGroup()
        self.canvas.add(self.ink)
        self._place()

    def paint(self, pen: Pen) -> None:
        """Draw everything, in units from the screen's top left corner."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Throw the drawing away and draw again."""
        self.ink.clear()
        pen = Pen(self.ink, self.look)
        self.paint(pen)
        self.painted = tuple(pen.texts)

    def move_to(self, box: Box) -> None:
        """Take another box; painted again only if it differs."""
        if box != self.box:
            self.box = box
            self._place()
            self.repaint()

    def _place(self) -> None:
        x, y, width, height = self.look.glass.rect_px(self.box)
        self.pos = (x, y)
        self.size = (width, height)


class Words(Part):
    """Plain words in a box."""

    def __init__(
        self, look: Look, box: Box, text: str = "", *, face: Face = Face.MEDIUM, size: float = 42,
        colour: str = "skifer", align: str = "left", valign: str = "middle", lines: int = 1,
        leading: float = 1.3,
    ) -> None:  # fmt: skip
        super().__init__(look, box)
        self.text = text
        self.face, self.size_units, self.colour = face, size, colour
        self.align, self.valign, self.lines, self.leading = align, valign, lines, leading
        self.repaint()

    def show(self, text: str) -> None:
        """Change the words."""
        if text != self.text:
            self.text = text
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw the words."""
        pen.text(
            self.box, self.text, self.face, self.size_units, self.colour, align=self.align,
            valign=self.valign, lines=self.lines, leading=self.leading,
        )  # fmt: skip
