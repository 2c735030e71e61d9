"""Number keys for a code that cannot be scanned."""

from kiosk.engine.messages import BackPressed, CodeConfirmed, DigitTyped, PriceCheckPressed
from kiosk.engine.view import View
from kiosk.ui.layouts.code import code_boxes
from kiosk.ui.present.code import present_code
from kiosk.ui.screens.asking import Keypad, Question
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.widgets import SecondaryButton
from kiosk.ui.widgets.typed import Digits


class CodeScreen(BaseScreen):
    """Title, the digits typed so far, and large keys."""

    def build(self) -> None:
        """Make the parts."""
        boxes = code_boxes(self.look)
        field = Digits(self.look, boxes.question.field)
        self.question = Question(self, boxes.question, field, short=True)
        self.add_frame(boxes.areas)
        self.keypad = Keypad(self, boxes.keys, typed=DigitTyped, confirmed=CodeConfirmed())
        self.back = self.add(
            SecondaryButton(self.look, boxes.back, sign="arrow-left", name="back",
                            on_press=lambda: self.send(BackPressed()))
        )  # fmt: skip
        self.check = self.add(
            SecondaryButton(self.look, boxes.check, self.words("scan.price_check"), sign="tag",
                            name="price-check", on_press=lambda: self.send(PriceCheckPressed()))
        )  # fmt: skip

    def show(self, view: View) -> None:
        """Show the digits."""
        model = present_code(view, self.words)
        self.show_frame(model.frame)
        self.question.show(model)
        self.back.show(model.back)

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        return self.keypad.key_typed(text)
