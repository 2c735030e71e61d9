"""What the screens with keys share: what is asked, on the sheet, and the keys for digits."""

from collections.abc import Callable
from functools import partial
from typing import Final, Protocol

from kiosk.engine.messages import Intent
from kiosk.ui import sizes
from kiosk.ui.layouts.question import QuestionBoxes
from kiosk.ui.present.parts import BannerModel
from kiosk.ui.screens.base import BaseScreen
from kiosk.ui.typeset import Face
from kiosk.ui.units import Box
from kiosk.ui.widgets import Banner, Key, WideKey, Words
from kiosk.ui.widgets.typed import Typed

KEYS: Final = "123456789<0>"
"""In reading order; < deletes, > confirms."""


class Asking(Protocol):
    """The model of a screen that asks for something to be typed."""

    @property
    def title(self) -> str:
        """What is asked."""

    @property
    def lead(self) -> str:
        """What it is for, and what becomes of it."""

    @property
    def field(self) -> str:
        """What has been typed, as it may be read."""

    @property
    def placeholder(self) -> str:
        """Stands where it will."""

    @property
    def banner(self) -> BannerModel | None:
        """What did not work."""


class Question:
    """Title, sentence, what has been typed, and what did not work: from the top of the sheet.

    A `short` title has one line, and its letters are larger.
    """

    def __init__(
        self, screen: BaseScreen, boxes: QuestionBoxes, field: Typed, *, short: bool = False
    ) -> None:
        look = screen.look
        size, lines = (sizes.TITLE, 1) if short else (sizes.SUBTITLE + 8, 2)
        self._title = screen.add(
            Words(look, boxes.title, face=Face.DISPLAY, size=size, lines=lines, leading=1.06)
        )
        lines = 2 if look.portrait else 3
        self._lead = screen.add(Words(look, boxes.lead, size=sizes.LEAD, lines=lines, valign="top"))
        self._field = screen.add(field)
        self._banner = screen.add(Banner(look, boxes.slot))

    def show(self, model: Asking) -> None:
        """Show what the model asks."""
        self._title.show(model.title)
        self._lead.show(model.lead)
        self._field.show(model.field, model.placeholder)
        self._banner.show(model.banner)


class Keypad:
    """Twelve large keys, and the same digits on a keyboard that is plugged in.

    `typed` says what a digit sends, and what "\\b" does, which deletes; `confirmed` is sent by the
    check.
    """

    def __init__(
        self,
        screen: BaseScreen,
        boxes: tuple[Box, ...],
        *,
        typed: Callable[[str], Intent],
        confirmed: Intent,
        wide: type[WideKey] = WideKey,
    ) -> None:
        self._send, self._typed = screen.send, typed
        for box, key in zip(boxes, KEYS, strict=True):
            match key:
                case "<":
                    press = partial(self._press, "\b")
                    part: Key | WideKey = wide(
                        screen.look, box, "", sign="backspace", name="delete", on_press=press
                    )
                case ">":
                    press = partial(screen.send, confirmed)
                    part = wide(
                        screen.look, box, "", sign="check", confirm=True, name="confirm",
                        on_press=press,
                    )  # fmt: skip
                case _:
                    press = partial(self._press, key)
                    part = Key(screen.look, box, key, size=56, name=f"key-{key}", on_press=press)
            screen.add(part)

    def key_typed(self, text: str) -> bool:
        """Send a digit, or "\\b"; return whether it was one."""
        if text != "\b" and (len(text) != 1 or text not in "0123456789"):
            return False
        self._press(text)
        return True

    def _press(self, key: str) -> None:
        self._send(self._typed(key))
