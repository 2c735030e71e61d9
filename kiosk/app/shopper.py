"""A scripted shopper: reads the screen, touches it, scans, weighs, pays. A person, only faster.

It finds a button by the words that can be read on the glass and touches it there; it knows nothing
of the program behind. Each wait has an end, and says what was on the screen when it came.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.store import Store
from kiosk.engine.view import Overlay, Screen, View

PATIENCE_S = 20.0
LOOK_EVERY_S = 0.03
REST_S = 0.3
"""A screen without a new frame for so long has slid and faded into place."""
SETTLE_S = 5.0
"""Longest wait for that: a countdown draws a frame each second."""


class ShopperLost(Exception):
    """The screen did not show what was waited for."""


@dataclass(slots=True)
class Shopper:
    """Does one thing after the other in a running store, taking pictures on the way."""

    store: Store
    album: Path
    tell: Callable[[str], None] = print
    _pictures: int = field(default=0)

    def wait_for(self, what: str, condition: Callable[[View], bool]) -> View:
        """Wait until the kiosk's view fulfils `condition`."""
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while True:
            view = self.store.glass.view()
            if condition(view):
                return view
            if deadline.passed():
                shown = ", ".join(text for text, _, _ in self.store.glass.texts())
                raise ShopperLost(f"Waited {PATIENCE_S:.0f} s for {what}. On the screen: {shown}")
            ready((), LOOK_EVERY_S)

    def wait_for_screen(self, screen: Screen) -> View:
        """Wait until `screen` stands on the glass with nothing over it."""
        return self.wait_for(
            f"the screen {screen}", lambda v: v.screen is screen and v.overlay is Overlay.NONE
        )

    def wait_for_text(self, wanted: str) -> tuple[float, float]:
        """Wait until `wanted` can be read; return where its centre is."""
        deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
        while True:
            texts = self.store.glass.texts()
            for text, x, y in texts:
                if text == wanted:
                    return x, y
            if deadline.passed():
                shown = ", ".join(text for text, _, _ in texts)
                raise ShopperLost(f"Looked for {wanted!r}. On the screen: {shown}")
            ready((), LOOK_EVERY_S)

    def press(self, words: str) -> None:
        """Touch the button that says `words`."""
        self.settle()
        self.store.glass.tap(*self.wait_for_text(words))

    def scan(self, text: str, aim: str) -> View:
        """Hold a code to the scanner, and wait for its line."""
        before = self.store.glass.view().totals.item_count
        self.store.far_end("scanner").call("scan", text, aim=aim)
        return self.wait_for("the scanned line", lambda v: v.totals.item_count > before)

    def look(self, name: str) -> None:
        """Take a picture of the screen as it stands when everything has come to rest."""
        self.settle()
        self._pictures += 1
        path = self.album / f"{self._pictures:02d}-{name}.png"
        self.store.glass.remote.call("picture", str(path.resolve()))

    def settle(self) -> None:
        """Wait until the newest view is on the glass and nothing moves any more."""
        glass = self.store.glass
        given_up = Deadline(SYSTEM_CLOCK, SETTLE_S)
        frames, resting = -1, Deadline(SYSTEM_CLOCK, REST_S)
        while not given_up.passed():
            state = glass.state()
            if state["frames"] != frames or state["shown_seq"] < state["seq"]:
                frames, resting = state["frames"], Deadline(SYSTEM_CLOCK, REST_S)
            elif resting.passed():
                return
            ready((), LOOK_EVERY_S)
