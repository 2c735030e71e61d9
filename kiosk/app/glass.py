"""The kiosk's glass from outside: what it shows and where it can be touched.

For the device bench, the demonstration and the tests of the whole kiosk, and only where the
configuration opens it (`[bench] socket`). A tap becomes a real touch in the window, a picture is
what the window really shows: the glass gives nobody a way around the screen.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import msgspec

from drivers.sim.control import Remote
from kiosk.engine.messages import StaffSettled
from kiosk.engine.view import View


class Window(Protocol):
    """What the screen offers to an onlooker; callable from any thread."""

    def tap(self, x: float, y: float) -> None:
        """Touch and lift at a fraction of the width from the left, and of the height from above."""

    def texts(self) -> list[tuple[str, float, float]]:
        """The texts that can be read now, each with its centre as fractions."""

    def screenshot_png(self) -> bytes:
        """What the window shows."""

    def wait_for_frame(self, after: int, timeout_s: float) -> int | None:
        """The number of the newest frame once it is above `after`; None when time runs out."""

    def scan_latencies_ms(self) -> list[float]:
        """Of each scan since start: last byte to the flipped frame that shows it."""


class Glass:
    """Serves a window over the control socket; `post` puts a message into the engine's inbox."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "tap", "texts", "picture", "wait_for_frame", "view", "staff", "latencies"
    )  # fmt: skip

    def __init__(self, window: Window, post: Any, latest_view: Any, folder: Path) -> None:
        self._window = window
        self._post = post
        self._latest_view = latest_view
        self._folder = folder

    def tap(self, x: float, y: float) -> None:
        """Touch the glass."""
        self._window.tap(x, y)

    def texts(self) -> list[tuple[str, float, float]]:
        """What can be read."""
        return self._window.texts()

    def picture(self, path: str) -> None:
        """Write what the window shows to `path` as a PNG."""
        Path(path).write_bytes(self._window.screenshot_png())

    def wait_for_frame(self, after: int, timeout_s: float) -> int | None:
        """Wait for the glass to change."""
        return self._window.wait_for_frame(after, min(timeout_s, 4.0))

    def view(self) -> dict[str, Any]:
        """The engine's latest view, as JSON values."""
        built: dict[str, Any] = msgspec.to_builtins(self._latest_view())
        return built

    def staff(self, intervention_id: str, approved: bool) -> None:
        """An attendant's word on an intervention."""
        self._post(StaffSettled(intervention_id, approved, attendant_id="bench", where="kiosk"))

    def latencies(self) -> list[float]:
        """Scan to frame, in milliseconds, one for each scan that was shown."""
        return self._window.scan_latencies_ms()

    def state(self) -> dict[str, Any]:
        """What stands on the screen, in short."""
        view: View = self._latest_view()
        return {"screen": view.screen, "overlay": view.overlay, "seq": view.seq}


@dataclass(frozen=True, slots=True)
class GlassClient:
    """The same from another process."""

    remote: Remote
    folder: Path

    def tap(self, x: float, y: float) -> None:
        """Touch the glass."""
        self.remote.call("tap", x, y)

    def next_frame(self, after: int, timeout_s: float) -> tuple[int, bytes] | None:
        """Wait for a frame newer than `after`; its number and its picture, or None."""
        number = self.remote.call("wait_for_frame", after, timeout_s)
        if number is None:
            return None
        path = self.folder / "frame.png"
        self.remote.call("picture", str(path))
        return number, path.read_bytes()

    def view(self) -> View:
        """The engine's latest view."""
        return msgspec.convert(self.remote.call("view"), View)

    def texts(self) -> list[tuple[str, float, float]]:
        """What can be read, each text with its centre as fractions of the screen."""
        return [(text, x, y) for text, x, y in self.remote.call("texts")]

    def staff(self, intervention_id: str, approved: bool) -> None:
        """An attendant's word on an intervention."""
        self.remote.call("staff", intervention_id, approved)
