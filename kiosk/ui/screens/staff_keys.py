"""Number keys of staff mode. A PIN is dots: the screen is told how many digits, and no digit."""

from functools import partial

from kiosk.engine.staff_messages import StaffConfirmed, StaffDigitTyped
from kiosk.engine.view import View
from kiosk.ui import sizes
from kiosk.ui.layouts.staff import staff_key_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_keys import present_staff_keys
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Banner, Key, Part, Words
from kiosk.ui.widgets.staff import StaffBar, StaffWideKey, staff_counter

KEYS = "123456789<0>"
"""In reading order; < deletes, > confirms."""
DOT, DOT_GAP = 22.0, 30.0


class StaffKeysScreen(StaffBase):
    """Title, what has been typed, and large keys."""

    def build(self) -> None:
        """Make the parts."""
        look, boxes = self.look, staff_key_boxes(self.look)
        self.bar = self.add(StaffBar(look, boxes.areas.top))
        self.title = self.add(Words(look, boxes.title, face=Face.DISPLAY, size=sizes.TITLE))
        self.lead = self.add(Words(look, boxes.lead, size=sizes.LEAD, lines=3, valign="top"))
        self.field = self.add(_Field(look, boxes.field))
        self.banner = self.add(Banner(look, boxes.slot))
        self.add(staff_counter(look, boxes.areas.counter))
        for box, key in zip(boxes.keys, KEYS, strict=True):
            self._add_key(box, key)
        self.back = self.add_back(boxes.back)

    def _add_key(self, box: Box, key: str) -> None:
        if key == "<":
            self.add(
                StaffWideKey(self.look, box, "", sign="backspace", name="delete",
                             on_press=lambda: self.send(StaffDigitTyped("\b")))
            )  # fmt: skip
        elif key == ">":
            self.add(
                StaffWideKey(self.look, box, "", sign="check", confirm=True, name="confirm",
                             on_press=lambda: self.send(StaffConfirmed()))
            )  # fmt: skip
        else:
            self.add(
                Key(self.look, box, key, size=56, name=f"key-{key}",
                    on_press=partial(self.send, StaffDigitTyped(key)))
            )  # fmt: skip

    def show(self, view: View) -> None:
        """Show title, digits or dots, and what did not work."""
        model = present_staff_keys(view, self.words)
        self.bar.show(model.frame)
        self.title.show(model.title)
        self.lead.show(model.lead)
        self.field.show(model.field, model.dots, model.placeholder)
        self.banner.show(model.banner)
        self.back.show_button(model.back)

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        return self.typed(text)


class _Field(Part):
    """What has been typed, or one dot for each digit."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.text, self.dots, self.placeholder = "", 0, ""

    def show(self, text: str, dots: int, placeholder: str) -> None:
        """Change what is shown."""
        if (text, dots, placeholder) != (self.text, self.dots, self.placeholder):
            self.text, self.dots, self.placeholder = text, dots, placeholder
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw digits, dots, or the placeholder."""
        pen.raised(self.box, "sno", 40)
        inside = self.box.inset(48, 12)
        if self.dots:
            step = min(2 * DOT + DOT_GAP, inside.width / self.dots)
            for index in range(self.dots):
                x = inside.x + DOT + index * step
                pen.dot((x, inside.middle[1]), min(DOT, step * 0.4), "skifer")
        elif self.text:
            pen.text(inside, self.text, Face.BOLD, sizes.TITLE, "skifer")
        else:
            pen.text(inside, self.placeholder, Face.MEDIUM, sizes.LEAD, "skifer2", lines=2)
