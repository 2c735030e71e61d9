"""Number keys of a wallet: a phone number, or the code that came to it."""

from functools import partial

from kiosk.engine.messages import (
    AbortPaymentPressed,
    BackPressed,
    Intent,
    WalletConfirmed,
    WalletDigitTyped,
    WalletPhonePressed,
)
from kiosk.engine.view import View
from kiosk.ui.layouts.wallet_keys import wallet_key_boxes
from kiosk.ui.present.wallet_keys import Leave, WalletKeysModel, present_wallet_keys
from kiosk.ui.screens.asking import Keypad, Question
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.units import Layout
from kiosk.ui.widgets import SecondaryButton
from kiosk.ui.widgets.typed import Digits


class WalletKeysScreen(BaseScreen):
    """Title, what has been typed, and large keys."""

    staff_once_called = True

    def present(self, view: View) -> WalletKeysModel:
        """Return what the keys show; other screens with such keys have their own."""
        return present_wallet_keys(view, self.words)

    def typed(self, digit: str) -> Intent:
        """Return what a key says; "\\b" is the one that deletes."""
        return WalletDigitTyped(digit)

    def confirmed(self) -> Intent:
        """Return what the check key says."""
        return WalletConfirmed()

    def build(self) -> None:
        """Wait for the first view: whether there is a second button decides the last row."""
        self._has_other: bool | None = None

    def show(self, view: View) -> None:
        """Show title, digits and what did not work."""
        model = self.present(view)
        if bool(model.other) is not self._has_other:
            self._has_other = bool(model.other)
            self.clear_widgets()
            self._lay_out()
        self._show(model)

    def _show(self, model: WalletKeysModel) -> None:
        self.show_frame(model.frame)
        self.question.show(model)
        stop = model.leave is Leave.STOP
        self.leave.on_press = partial(self.send, AbortPaymentPressed() if stop else BackPressed())
        self.leave.show(
            model.waiting or model.leave_text, sign="clock" if model.waiting else "arrow-left",
            enabled=not model.waiting,
        )  # fmt: skip
        if self.look.layout is Layout.COMPACT and self.other is not None:
            self.leave.show(self.leave.text, sign="")
        if self.other is not None:
            self.other.show(model.other)

    def _lay_out(self) -> None:
        look = self.look
        boxes = wallet_key_boxes(look, other=bool(self._has_other))
        asked = boxes.keys.question
        self.question = Question(self, asked, Digits(look, asked.field))
        self.add_frame(boxes.keys.areas)
        self.keypad = Keypad(self, boxes.keys.keys, typed=self.typed, confirmed=self.confirmed())
        self.leave = self.add(
            SecondaryButton(look, boxes.leave, sign="arrow-left", name="leave",
                            on_press=lambda: self.send(BackPressed()))
        )  # fmt: skip
        self.other: SecondaryButton | None = None
        if boxes.other is not None:
            self.other = self.add(
                SecondaryButton(look, boxes.other, name="other",
                                sign="" if look.layout is Layout.COMPACT else "device-mobile",
                                on_press=partial(self.send, WalletPhonePressed()))
            )  # fmt: skip

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        return self.keypad.key_typed(text)
