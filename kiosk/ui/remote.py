"""Touches that come from elsewhere than the glass: the device bench and the tests."""

from typing import Any

from kiosk.ui import kivy_setup  # noqa: F401  (before Kivy)

from kivy.base import EventLoop  # isort: skip
from kivy.clock import Clock  # isort: skip
from kivy.input.motionevent import MotionEvent  # isort: skip

_count = 0


class RemoteTouch(MotionEvent):
    """A finger at a window position in pixels from the bottom left."""

    def __init__(self, x_px: float, y_px: float) -> None:
        global _count
        _count += 1
        width, height = EventLoop.window.system_size
        super().__init__(
            "remote", f"remote-{_count}", {"x": x_px / width, "y": y_px / height},
            is_touch=True, type_id="touch",
        )  # fmt: skip

    def depack(self, args: Any) -> None:
        """Take the position from 0 to 1."""
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)

    def begin(self) -> None:
        """Put the finger down."""
        EventLoop.post_dispatch_input("begin", self)

    def go(self, x_px: float, y_px: float) -> None:
        """Move the finger."""
        width, height = EventLoop.window.system_size
        self.move({"x": x_px / width, "y": y_px / height})
        EventLoop.post_dispatch_input("update", self)

    def end(self) -> None:
        """Lift the finger."""
        EventLoop.post_dispatch_input("end", self)


def tap(x_px: float, y_px: float, seconds: float) -> None:
    """Touch for `seconds`. Kivy's thread only."""
    touch = RemoteTouch(x_px, y_px)
    touch.begin()
    Clock.schedule_once(lambda _: touch.end(), seconds)
