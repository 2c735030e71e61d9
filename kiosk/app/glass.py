"""The kiosk's glass from outside: what it shows and where it can be touched.

For the device bench, the demonstration and the tests of the whole kiosk, and only where the
configuration opens it (`[bench] socket`). A tap becomes a real touch in the window, a picture is
what the window really shows: the glass gives nobody a way around the screen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol
from uuid import uuid4

import msgspec

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from drivers.sim.control import Remote
from kiosk.engine.messages import CloseDay, Message, RemoteDecision
from kiosk.engine.view import View

FRAME_LOOK_S = 0.05
"""How often a wait for the next frame looks whether there is one."""
FRAME_WAIT_MAX_S = 4.0


class Window(Protocol):
    """What the screen offers to an onlooker; callable from any thread."""

    def tap(self, x: float, y: float) -> None:
        """Touch and lift at a fraction of the width from the left, and of the height from above."""

    def texts(self) -> list[tuple[str, float, float]]:
        """The texts that can be read now, each with its centre as fractions."""

    def screenshot_png(self) -> bytes:
        """What the window shows."""

    def frames(self) -> int:
        """How many frames were flipped since start."""

    def shown_seq(self) -> int:
        """The number of the newest view that a frame has shown."""

    def scan_latencies_ms(self) -> list[float]:
        """Of each scan since start: last byte to the flipped frame that shows it."""


class Glass:
    """Serves a window over the control socket; `post` puts a message into the engine's inbox."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "tap",
        "texts",
        "picture",
        "view",
        "waiting",
        "staff",
        "close_day",
        "latencies",
    )

    def __init__(
        self,
        window: Window,
        post: Callable[[Message], bool],
        latest_view: Callable[[], View],
        kiosk_id: str,
    ) -> None:
        self._window = window
        self._post = post
        self._latest_view = latest_view
        self._kiosk_id = kiosk_id

    def tap(self, x: float, y: float) -> None:
        """Touch the glass."""
        self._window.tap(x, y)

    def texts(self) -> list[tuple[str, float, float]]:
        """What can be read."""
        return self._window.texts()

    def picture(self, path: str) -> None:
        """Write what the window shows to `path` as a PNG, whole or not at all."""
        draft = Path(f"{path}.part")
        draft.write_bytes(self._window.screenshot_png())
        draft.replace(path)

    def view(self) -> dict[str, Any]:
        """The engine's latest view, as JSON values."""
        built: dict[str, Any] = msgspec.to_builtins(self._latest_view())
        return built

    def waiting(self) -> list[dict[str, str]]:
        """What waits for staff, oldest first, with the name of the line it is about."""
        view = self._latest_view()
        names = {line.line_id: line.name for line in view.lines}
        return [
            {
                "id": one.id,
                "kind": one.kind.value,
                "detail": one.detail,
                "name": names.get(one.line_id or 0, ""),
            }
            for one in view.waiting
        ]

    def staff(self, intervention_id: str, approved: bool) -> None:
        """Decide from afar, as the store's board does: what may only be decided here stays."""
        self._post(
            RemoteDecision(
                decision_id=uuid4().hex,
                kiosk_id=self._kiosk_id,
                sale_id=self._latest_view().sale_id,
                intervention_id=intervention_id,
                approved=approved,
                attendant_id="bench",
            )
        )

    def close_day(self) -> None:
        """Make the Z report now."""
        self._post(CloseDay())

    def latencies(self) -> list[float]:
        """Scan to frame, in milliseconds, one for each scan that was shown."""
        return self._window.scan_latencies_ms()

    def state(self) -> dict[str, Any]:
        """What stands on the screen, in short."""
        view = self._latest_view()
        return {
            "screen": view.screen,
            "overlay": view.overlay,
            "seq": view.seq,
            "frames": self._window.frames(),
            "shown_seq": self._window.shown_seq(),
            "items": view.totals.item_count,
        }


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
        deadline = Deadline(SYSTEM_CLOCK, min(timeout_s, FRAME_WAIT_MAX_S))
        while (number := int(self.remote.state()["frames"])) <= after:
            if deadline.passed():
                return None
            ready((), FRAME_LOOK_S)
        path = self.folder / "frame.png"
        self.picture(path)
        return number, path.read_bytes()

    def picture(self, path: Path) -> None:
        """Write what the window shows to `path` as a PNG."""
        self.remote.call("picture", str(path.resolve()))

    def state(self) -> dict[str, Any]:
        """What stands on the screen, in short."""
        return self.remote.state()

    def view(self) -> View:
        """The engine's latest view."""
        return msgspec.convert(self.remote.call("view"), View)

    def texts(self) -> list[tuple[str, float, float]]:
        """What can be read, each text with its centre as fractions of the screen."""
        return [(text, x, y) for text, x, y in self.remote.call("texts")]

    def staff(self, intervention_id: str, approved: bool) -> None:
        """Decide from afar."""
        self.remote.call("staff", intervention_id, approved)

    def close_day(self) -> None:
        """Make the Z report now."""
        self.remote.call("close_day")

    def waiting(self) -> list[dict[str, str]]:
        """What waits for staff, each with id, kind, detail and the name of its line."""
        found: list[dict[str, str]] = self.remote.call("waiting")
        return found
