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
from kiosk.ui import sizes
from kiosk.ui.layouts.wallet_keys import wallet_key_boxes
from kiosk.ui.present.wallet_keys import Leave, WalletKeysModel, present_wallet_keys
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.screens.code import KEYS, Digits
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box, Layout
from kiosk.ui.widgets import Banner, Key, SecondaryButton, WideKey, Words


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
        self.title.show(model.title)
        self.lead.show(model.lead)
        self.field.show(model.field, model.placeholder)
        self.banner.show(model.banner)
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
        keys = boxes.keys
        self.title = self.add(
            Words(look, keys.title, face=Face.DISPLAY, size=sizes.SUBTITLE + 8, lines=2,
                  leading=1.06)
        )  # fmt: skip
        lines = 2 if look.portrait else 3
        self.lead = self.add(Words(look, keys.lead, size=sizes.LEAD, lines=lines, valign="top"))
        self.field = self.add(Digits(look, keys.field))
        self.banner = self.add(Banner(look, keys.slot))
        self.add_frame(keys.areas)
        for box, key in zip(keys.keys, KEYS, strict=True):
            self._add_key(box, key)
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

    def _add_key(self, box: Box, key: str) -> None:
        if key == "<":
            self.add(
                WideKey(self.look, box, "", sign="backspace", name="delete",
                        on_press=partial(self.send, self.typed("\b")))
            )  # fmt: skip
        elif key == ">":
            self.add(
                WideKey(self.look, box, "", sign="check", confirm=True, name="confirm",
                        on_press=partial(self.send, self.confirmed()))
            )  # fmt: skip
        else:
            self.add(
                Key(self.look, box, key, size=56, name=f"key-{key}",
                    on_press=partial(self.send, self.typed(key)))
            )  # fmt: skip

    def key_typed(self, text: str) -> bool:
        """Type on a physical keypad."""
        if text == "\b" or (len(text) == 1 and text in "0123456789"):
            self.send(self.typed(text))
            return True
        return False
