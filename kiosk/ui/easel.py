"""A kiosk's window without an engine, driven step by step: for gallery, bench and tests."""

from pathlib import Path

from kiosk.engine.messages import Intent
from kiosk.engine.view import View
from kiosk.ui.app import KioskApp
from kiosk.ui.remote import RemoteTouch

from kivy.base import EventLoop  # isort: skip
from kivy.clock import Clock  # isort: skip


class Easel:
    """Shows views, remembers intents, and turns Kivy's loop only when told."""

    def __init__(self, width_px: int, height_px: int, *, motion: bool = False) -> None:
        self.sent: list[Intent] = []
        self.app = KioskApp(self, width_px=width_px, height_px=height_px, motion=motion)
        # Nobody looks between two turns: do not wait for the next frame's time.
        Clock._max_fps = 0
        self.app.frame_s = 0
        self.app._run_prepare()
        EventLoop.idle()

    def send(self, intent: Intent) -> None:
        """Remember what was pressed."""
        self.sent.append(intent)

    def subscribe(self, callback: object) -> None:
        """Views are given by `show`."""

    def turn(self, times: int = 2) -> None:
        """Let Kivy's loop turn."""
        for _ in range(times):
            EventLoop.idle()

    def show(self, view: View) -> None:
        """Show a view and draw it."""
        self.app.show(view)
        self.turn()

    def picture(self, path: Path) -> None:
        """Write what is on the glass."""
        self.turn()
        path.write_bytes(self.app.screenshot_png())

    def tap(self, x_px: float, y_px: float) -> None:
        """Touch a pixel, counted from the bottom left, and lift the finger."""
        touch = RemoteTouch(x_px, y_px)
        touch.begin()
        self.turn(1)
        touch.end()
        self.turn(1)

    def drag(self, start_px: tuple[float, float], end_px: tuple[float, float]) -> None:
        """Touch, move in steps, and lift."""
        touch = RemoteTouch(*start_px)
        touch.begin()
        for step in range(1, 6):
            x = start_px[0] + (end_px[0] - start_px[0]) * step / 5
            y = start_px[1] + (end_px[1] - start_px[1]) * step / 5
            touch.go(x, y)
        touch.end()
        self.turn(1)
