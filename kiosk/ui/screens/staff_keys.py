"""Number keys of staff mode. A PIN is dots: the screen is told how many digits, and no digit."""

from kiosk.engine.staff_messages import StaffConfirmed, StaffDigitTyped
from kiosk.engine.view import View
from kiosk.ui.layouts.staff import staff_key_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.staff_keys import present_staff_keys
from kiosk.ui.screens.asking import Keypad, Question
from kiosk.ui.screens.staff_base import StaffBase
from kiosk.ui.units import Box
from kiosk.ui.widgets.staff import StaffBar, StaffWideKey, staff_counter
from kiosk.ui.widgets.typed import Digits

DOT, DOT_GAP = 22.0, 30.0


class StaffKeysScreen(StaffBase):
    """Title, what has been typed, and large keys."""

    def build(self) -> None:
        """Make the parts."""
        look, boxes = self.look, staff_key_boxes(self.look)
        self.bar = self.add(StaffBar(look, boxes.areas.top))
        self.field = _DigitsOrDots(look, boxes.question.field)
        self.question = Question(self, boxes.question, self.field, short=True)
        self.add(staff_counter(look, boxes.areas.counter))
        self.keypad = Keypad(
            self, boxes.keys, typed=StaffDigitTyped, confirmed=StaffConfirmed(), wide=StaffWideKey
        )
        self.back = self.add_back(boxes.back)

    def show(self, view: View) -> None:
        """Show title, digits or dots, and what did not work."""
        model = present_staff_keys(view, self.words)
        self.bar.show(model.frame)
        self.field.count(model.dots)
        self.question.show(model)
        self.back.show_button(model.back)

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        return self.keypad.key_typed(text)


class _DigitsOrDots(Digits):
    """What has been typed, or one dot for each digit."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.dots = 0

    def count(self, dots: int) -> None:
        """Change how many dots there are; with none, the digits are shown."""
        if dots != self.dots:
            self.dots = dots
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw digits, dots, or the placeholder."""
        if not self.dots:
            super().paint(pen)
            return
        pen.raised(self.box, "sno", 40)
        inside = self.box.inset(48, 12)
        step = min(2 * DOT + DOT_GAP, inside.width / self.dots)
        for index in range(self.dots):
            x = inside.x + DOT + index * step
            pen.dot((x, inside.middle[1]), min(DOT, step * 0.4), "skifer")
