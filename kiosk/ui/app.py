"""`KioskApp`: the window, the hop from the engine's thread to Kivy's, and what watches the screen.

Views arrive on any thread. The newest wins: nothing queues up behind a slow frame.
"""

import io
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from kiosk.engine.touch import AS_IT_IS
from kiosk.engine.view import View
from kiosk.ui import kivy_setup, pictures  # noqa: F401  (before Kivy)
from kiosk.ui.bridge import Bridge
from kiosk.ui.masked import masked as masked_view
from kiosk.ui.pace import Pace
from kiosk.ui.panel import PanelMap
from kiosk.ui.screens import StaffPage, screen_of
from kiosk.ui.sounds import Sounds, can_be_heard, open_player
from kiosk.ui.speech import Narrator, open_voice
from kiosk.ui.theme import Brand, theme_of
from kiosk.ui.units import Glass

from kivy.app import App  # isort: skip
from kivy.base import EventLoop  # isort: skip
from kivy.clock import Clock  # isort: skip
from kivy.config import Config  # isort: skip
from kivy.graphics.opengl import glFinish  # isort: skip

T = TypeVar("T")
TAP_S = 0.05
FRAME_S = 1 / 60
"""Least time from one frame to the next, unless a new view comes. Kivy's interrupt clock turns at
once when anything is thrown away on the canvas, so without it a movement takes the whole core, and
the engine waits for the interpreter."""
SOUNDS_AFTER_S = 1.0
PICTURE_EVERY_S = 0.1
ANSWER_TIMEOUT_S = 5.0
KEYS = {
    # SDL key codes as Kivy names them
    9: "tab", 13: "enter", 271: "numpadenter", 8: "backspace",
    273: "up", 274: "down", 275: "right", 276: "left",
    282: "f1",
}  # fmt: skip


class KioskApp(App):
    """The screen of one kiosk. `run()` blocks in the main thread until `stop()`."""

    def __init__(
        self,
        bridge: Bridge,
        *,
        width_px: int = 1080,
        height_px: int = 1920,
        px_per_mm: float | None = None,
        fullscreen: bool = False,
        brand: Brand | None = None,
        motion: bool = True,
        volume: float = 0.0,
        on_frame_shown: Callable[[int, int], None] | None = None,
    ) -> None:
        """Prepare the window.

        `px_per_mm` is asked for at installation; None scales the design to a window on a desk.
        `volume` is the loudness of the sounds, 0 to 1; at 0 no mixer is opened.
        `on_frame_shown(view.seq, monotonic_ns)` is called after the flip that first shows a view.

        Raises:
            BrandRefused: if the brand's colours cannot be read.
        """
        super().__init__()
        self.bridge = bridge
        self.theme = theme_of(brand or Brand())
        self.glass = self._glass(width_px, height_px, px_per_mm)
        self.px_per_mm = px_per_mm
        self.fullscreen = fullscreen
        self.pace = Pace(wanted=motion)
        self.on_frame_shown = on_frame_shown
        self.frames_shown = 0
        """Flips so far. An idle screen does not flip: watch `heartbeats` for life."""
        self.heartbeats = 0
        """Turns of Kivy's loop, once a second at least."""
        self._volume = volume
        self._sounds: Sounds | None = None
        self._voiced = False
        self._panel = PanelMap()
        self.frame_s = FRAME_S
        self._flipped_at = 0.0
        self._came = threading.Event()
        """Set when a view comes: it is drawn without waiting for the next frame's time."""
        self._latest: View | None = None
        self._drawn_seq: int | None = None
        self._draw_soon = Clock.create_trigger(self._draw_latest)
        Config.set("graphics", "width", str(width_px))
        Config.set("graphics", "height", str(height_px))
        if fullscreen:
            Config.set("graphics", "fullscreen", "auto")

    @staticmethod
    def _glass(width_px: int, height_px: int, px_per_mm: float | None) -> Glass:
        if px_per_mm is None:
            return Glass.fitting(width_px, height_px)
        return Glass(width_px, height_px, px_per_mm)

    # Kivy's side

    def build(self) -> Any:
        """Make the root widget and listen to the bridge."""
        from kivy.core.window import Window  # opens the window: as late as possible

        from kiosk.ui.stage import Stage

        width, height = (int(side) for side in Window.system_size)
        if self.fullscreen:
            self.glass = self._glass(width, height, self.px_per_mm)
        # Without a desktop SDL lays its surface down anew with the first flip after the window has
        # filled the screen: a frame in it would be lost, and the glass black until the next one.
        Window.flip()
        self.stage = Stage(self.glass, self.theme, self.bridge.send, pace=self.pace)
        Window.bind(on_flip=self._flip, on_key_down=self._key_down)
        EventLoop.add_postproc_module(self._panel)
        Clock.schedule_interval(self._beat, 1)
        self._unloaded = pictures.load_all()
        Clock.schedule_interval(self._load_picture, PICTURE_EVERY_S)
        if self._volume:
            # After the first frame: a shopper may scan before the kiosk can be heard.
            Clock.schedule_once(self._open_sounds, SOUNDS_AFTER_S)
        self.bridge.subscribe(self.show)
        return self.stage

    def open_settings(self, *_: Any) -> bool:
        """Open nothing, and say so. Behind F1 Kivy keeps a panel of its own that covers the till,
        takes every touch and turns the screen: anybody with a keyboard could close the shop.
        """
        return False

    def show(self, view: View) -> None:
        """Show a view soon. Any thread; an older view that was not drawn yet is skipped."""
        self._latest = view
        self._came.set()
        self._draw_soon()

    def _draw_latest(self, _dt: float) -> None:
        self._came.clear()
        view, self._latest = self._latest, None
        if view is not None:
            if self._voiced:
                view = replace(view, can_read_aloud=True)
            self.stage.show(view)
            self._drawn_seq = view.seq
            # Where a finger really is gets measured without any map.
            measuring = screen_of(view) is StaffPage.TOUCH
            self._panel.by = AS_IT_IS if measuring else view.touch
            if self._sounds is not None:
                self._sounds.volume = view.volume_percent / 100
                self._sounds.show(view)

    def _open_sounds(self, _dt: float) -> None:
        self._sounds = Sounds(open_player(), self._volume)
        voice = open_voice() if can_be_heard() else None
        if voice is not None:
            self._voiced = True
            self.stage.narrator = Narrator(voice)
            if self.stage.view is not None and self._latest is None:
                self.show(self.stage.view)

    def _flip(self, window: Any) -> bool:
        # In place of Kivy's own handler: what we tell must come after the flip, not before.
        began = time.perf_counter()
        # Where the processor draws, its threads are not done when Kivy is; a screen that copies the
        # picture (virtio's, a USB adapter's) would copy it black, or as it was before.
        glFinish()
        window.flip()
        # Wait for the frame itself: what we tell must be true, and no queue may build up.
        glFinish()
        self.pace.drawn(time.perf_counter() - began)
        self.frames_shown += 1
        seq, self._drawn_seq = self._drawn_seq, None
        if seq is not None and self.on_frame_shown is not None:
            self.on_frame_shown(seq, time.monotonic_ns())
        early_s = self._flipped_at + self.frame_s - time.perf_counter()
        if early_s > 0:
            self._came.wait(early_s)
        self._flipped_at = time.perf_counter()
        return True

    def _beat(self, _dt: float) -> None:
        self.heartbeats += 1
        self.stage.warm_up()

    def _load_picture(self, _dt: float) -> bool:
        # One at a time while the loop turns anyway; the last one ends the interval.
        return next(self._unloaded, None) is not None

    def _key_down(self, _window: Any, key: int, _scan: int, text: str | None, mods: Any) -> bool:
        name = KEYS.get(key, "")
        if name == "tab" and "shift" in (mods or ()):
            name = "shift-tab"
        return self.stage.key(name, text or "")

    # From other threads

    def stop(self, *args: Any) -> None:
        """End `run()`. Any thread."""
        if threading.current_thread() is threading.main_thread():
            super().stop(*args)
        else:
            Clock.schedule_once(lambda _: super(KioskApp, self).stop(*args))

    def set_units(self, px_per_mm: float) -> None:
        """Change how many pixels a millimetre takes, and draw again. Any thread."""
        glass = Glass(self.glass.width_px, self.glass.height_px, px_per_mm)
        Clock.schedule_once(lambda _: self.stage.set_glass(glass))

    def tap(self, x_px: float, y_px: float) -> None:
        """Touch the screen at a pixel counted from the top left, as on a screenshot. Any thread."""
        from kiosk.ui.remote import tap

        Clock.schedule_once(lambda _: tap(x_px, self.glass.height_px - y_px, TAP_S))

    def screenshot_png(self, *, masked: bool = False) -> bytes:
        """Return what is on the glass as a PNG. Any thread; empty if Kivy does not answer.

        `masked` is for somebody elsewhere: without anything a shopper typed, and empty while an
        attendant is at the kiosk or one screen fades into another.
        """
        return self._on_kivys_thread(self._grab_masked if masked else self._grab, b"")

    def _grab_masked(self) -> bytes:
        """Draw the view without private texts, picture it before it is flipped, and draw it back.

        The glass never shows it: what is pictured lies in the buffer that is drawn on.
        """
        stage, view = self.stage, self.stage.view
        # Through a screen that fades in, the one before can still be read.
        fading = any(child not in (stage.screen, stage.overlay) for child in stage.children)
        if view is None or view.staff is not None or fading:
            return b""
        self.stage.show(masked_view(view))
        try:
            return self._grab()
        finally:
            self.stage.show(view)

    def visible_texts(self) -> list[tuple[str, float, float]]:
        """Return each text that can be read and its centre, as fractions from the top left.

        Any thread; empty if Kivy does not answer. Under an overlay only the overlay is read.
        """
        return self._on_kivys_thread(self._read, [])

    def _on_kivys_thread(self, look: Callable[[], T], otherwise: T) -> T:
        if threading.current_thread() is threading.main_thread():
            return look()
        done = threading.Event()
        taken: list[T] = []

        def take(_dt: float) -> None:
            taken.append(look())
            done.set()

        Clock.schedule_once(take)
        done.wait(ANSWER_TIMEOUT_S)
        return taken[0] if taken else otherwise

    def _read(self) -> list[tuple[str, float, float]]:
        whole = self.stage.glass.box
        if self.stage.top is None:
            return []
        return [
            (text.text, text.box.middle[0] / whole.width, text.box.middle[1] / whole.height)
            for text in self.stage.top.visible_texts()
        ]

    def _grab(self) -> bytes:
        from kivy.core.window import Window
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
        from PIL import Image

        width, height = (int(side) for side in Window.system_size)
        Window.dispatch("on_draw")
        pixels = glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE)
        image = Image.frombytes("RGB", (width, height), pixels)
        picture = io.BytesIO()
        # Rows come from the bottom up.
        image.transpose(Image.Transpose.FLIP_TOP_BOTTOM).save(picture, "PNG", compress_level=1)
        return picture.getvalue()
