"""Number keys for a code that cannot be scanned."""

from functools import partial

from kiosk.engine.messages import BackPressed, CodeConfirmed, DigitTyped, PriceCheckPressed
from kiosk.engine.view import View
from kiosk.ui import kivy_setup, sizes  # noqa: F401  (before Kivy)
from kiosk.ui.layouts.code import code_boxes
from kiosk.ui.look import Look
from kiosk.ui.paint import Pen
from kiosk.ui.present.code import present_code
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Banner, Key, Part, SecondaryButton, WideKey, Words

KEYS = "123456789<0>"
"""In reading order; < deletes, > confirms."""


class CodeScreen(BaseScreen):
    """Title, the digits typed so far, and large keys."""

    def build(self) -> None:
        """Make the parts."""
        boxes = code_boxes(self.look)
        self.title = self.add(Words(self.look, boxes.title, face=Face.DISPLAY, size=sizes.TITLE))
        self.lead = self.add(Words(self.look, boxes.lead, size=sizes.LEAD, lines=3, valign="top"))
        self.field = self.add(Digits(self.look, boxes.field))
        self.notice = self.add(Banner(self.look, boxes.slot))
        self.add_frame(boxes.areas)
        for box, key in zip(boxes.keys, KEYS, strict=True):
            if key == "<":
                self.delete = self.add(
                    WideKey(self.look, box, "", sign="backspace", name="delete",
                            on_press=lambda: self.send(DigitTyped("\b")))
                )  # fmt: skip
            elif key == ">":
                self.confirm = self.add(
                    WideKey(self.look, box, "", sign="check", confirm=True, name="confirm",
                            on_press=lambda: self.send(CodeConfirmed()))
                )  # fmt: skip
            else:
                self.add(
                    Key(self.look, box, key, size=56, name=f"key-{key}",
                        on_press=partial(self.send, DigitTyped(key)))
                )  # fmt: skip
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
        self.title.show(model.title)
        self.lead.show(model.lead)
        self.field.show(model.code, model.placeholder)
        self.notice.show(model.notice)
        self.back.show(model.back)

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        if text == "\b" or (len(text) == 1 and text in "0123456789"):
            self.send(DigitTyped(text))
            return True
        return False


class Digits(Part):
    """The digits, large, on a white sheet."""

    def __init__(self, look: Look, box: Box) -> None:
        super().__init__(look, box)
        self.code, self.placeholder = "", ""

    def show(self, code: str, placeholder: str) -> None:
        """Change the digits."""
        if (code, placeholder) != (self.code, self.placeholder):
            self.code, self.placeholder = code, placeholder
            self.repaint()

    def paint(self, pen: Pen) -> None:
        """Draw digits, or the placeholder."""
        pen.raised(self.box, "sno", 40)
        inside = self.box.inset(48, 12)
        if self.code:
            pen.text(inside, self.code, Face.BOLD, sizes.TITLE, "skifer")
        else:
            pen.text(inside, self.placeholder, Face.MEDIUM, sizes.LEAD, "skifer2", lines=2)
