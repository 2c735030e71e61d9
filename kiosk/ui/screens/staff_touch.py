"""Touch: one ring after another, on an otherwise empty glass.

Here a touch is taken as the panel gives it, before any map: that is what is measured. Whoever finds
nothing to touch that works waits for the sign-out; until all is proven, nothing has changed.
"""

from typing import Any

from kiosk.engine.staff_messages import StaffBackPressed, TouchPointMet
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_touch import StaffTouchModel, present_staff_touch
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets.part import Part
from kiosk.ui.widgets.staff import StaffButton

RING, STROKE, DOT = 78, 10, 12
CANCEL_HIGH, CANCEL_WIDE = 132, 520
WORDS_HIGH = 150


class StaffTouchScreen(StaffBase):
    """The ring, what to do with it, and a way out."""

    def build(self) -> None:
        """Make the parts."""
        glass = self.look.glass.box
        self.rings = self.add(_Rings(self.look, glass))
        middle = glass.width / 2
        wide = min(CANCEL_WIDE, glass.width * 0.5)
        box = Box(middle - wide / 2, glass.height * 0.68, wide, CANCEL_HIGH)
        self.cancel = self.add(
            StaffButton(self.look, box, name="back", on_press=lambda: self.send(StaffBackPressed()))
        )

    def show(self, view: View) -> None:
        """Show the ring that is to be touched now."""
        model = present_staff_touch(view, self.words)
        self.rings.show(model)
        self.cancel.show_button(model.cancel)

    def on_touch_down(self, touch: Any) -> bool:
        """Take the touch as it is, unless it is the way out."""
        if not super().on_touch_down(touch):
            glass = self.look.glass
            self.send(TouchPointMet(x=touch.x / glass.width_px, y=1 - touch.y / glass.height_px))
        return True


class _Rings(Part):
    """A dark glass with one ring on it."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.model: StaffTouchModel | None = None

    def show(self, model: StaffTouchModel) -> None:
        """Show another ring."""
        if model != self.model:
            self.model = model
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw ground, words and ring."""
        model = self.model
        if model is None:
            return
        pen.fill(self.box, "blaabaer9")
        said = model.banner.text if model.banner else model.title
        words = Box(self.box.x + 60, self.box.height * 0.48, self.box.width - 120, WORDS_HIGH)
        pen.text(words, said, Face.DISPLAY, sizes.PROMPT, "paa_gran", align="middle", lines=2)
        below = Box(words.x, words.bottom, words.width, 60)
        pen.text(below, model.progress, Face.MEDIUM, sizes.SECOND, "blaabaer9_svak", align="middle")
        x, y = model.target[0] * self.box.width, model.target[1] * self.box.height
        ring = Box(x - RING, y - RING, 2 * RING, 2 * RING)
        pen.ring(ring, RING, "paa_gran", STROKE, 0)
        pen.dot((x, y), DOT, "multe")
