"""Letter keys for the e-mail address that the link to a receipt goes to."""

from functools import partial

from kiosk.engine.messages import BackPressed, LinkConfirmed, LinkDigitTyped
from kiosk.engine.view import View
from kiosk.ui import (
    kivy_setup,  # noqa: F401  (before Kivy)
    sizes,
)
from kiosk.ui.layouts.send_mail import send_mail_boxes
from kiosk.ui.paint import Pen
from kiosk.ui.present.send_mail import ENDING, SendMailModel, present_send_mail
from kiosk.ui.screens.asking import Question
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Layout
from kiosk.ui.widgets import Key, SecondaryButton, WideKey
from kiosk.ui.widgets.typed import Typed


class SendMailScreen(BaseScreen):
    """Title, the address so far, and keys as they lie on the shopper's own keyboard."""

    staff_once_called = True

    def build(self) -> None:
        """Wait for the first view: the language decides which keys there are."""
        self._rows: tuple[str, ...] = ()

    def show(self, view: View) -> None:
        """Show the address so far and what did not work."""
        model = present_send_mail(view, self.words)
        if model.rows != self._rows:
            self._rows = model.rows
            self.clear_widgets()
            self._lay_out(model.rows)
        self._show(model)

    def _show(self, model: SendMailModel) -> None:
        self.show_frame(model.frame)
        self.question.show(model)
        self.back.show(model.back)
        compact = self.look.layout is Layout.COMPACT or self.look.big
        self.confirm.show("" if compact else model.confirm)

    def _lay_out(self, rows: tuple[str, ...]) -> None:
        look = self.look
        boxes = send_mail_boxes(look, rows)
        field = _Address(look, boxes.question.field)
        self.question = Question(self, boxes.question, field)
        self.add_frame(boxes.areas)
        for line, row in zip(boxes.keys, rows, strict=True):
            for box, key in zip(line, row, strict=True):
                self.add(
                    Key(look, box, key, name=f"key-{key}",
                        on_press=partial(self.send, LinkDigitTyped(key)))
                )  # fmt: skip
        self.back = self.add(
            SecondaryButton(look, boxes.back, name="leave", sign="",
                            on_press=lambda: self.send(BackPressed()))
        )  # fmt: skip
        self.add(
            Key(look, boxes.ending, ENDING, size=44, name="key-ending",
                on_press=partial(self.send, LinkDigitTyped(ENDING)))
        )  # fmt: skip
        self.add(
            WideKey(look, boxes.delete, "", sign="backspace", name="delete",
                    on_press=partial(self.send, LinkDigitTyped("\b")))
        )  # fmt: skip
        self.confirm = self.add(
            WideKey(look, boxes.confirm, "", sign="check", confirm=True, name="confirm",
                    on_press=partial(self.send, LinkConfirmed()))
        )  # fmt: skip

    def key_typed(self, text: str) -> bool:
        """Type on a physical keyboard."""
        if text == "\b" or (len(text) == 1 and (text.isalnum() or text in "@.-_+")):
            self.send(LinkDigitTyped(text.lower()))
            return True
        return False


class _Address(Typed):
    """The address: on two lines where the glass is narrow."""

    def paint(self, pen: Pen) -> None:
        """Draw the address, or an example of one."""
        pen.raised(self.box, "sno", 40)
        narrow = self.look.layout is Layout.COMPACT
        inside = self.box.inset(20 if narrow else 48, 10)
        text = self.text or self.placeholder
        lines = text.replace("@", "@\n").split("\n") if narrow else [text]
        face, colour = (Face.BOLD, "skifer") if self.text else (Face.MEDIUM, "skifer2")
        for box, line in zip(inside.rows(len(lines), 0), lines, strict=True):
            # Never cut off at its end: that is where the mistakes are.
            pen.text(box, line, face, sizes.SUBTITLE if not narrow else sizes.BODY, colour,
                     scaled=False)  # fmt: skip
