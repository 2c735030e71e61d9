"""How fast this panel draws, and whether anything may move on it.

Without a GPU a frame of 1080 x 1920 takes 30 to 100 ms. Kivy would queue frames faster than they
are drawn, and whatever waits for the queue (a texture, a picture of the screen) would wait for
seconds. So every flip waits until its frame is really drawn, and where that takes long nothing
moves: a change is one frame, and the shopper sees it at once.
"""

from dataclasses import dataclass

SLOW_S = 0.045
"""Above this a movement of 180 ms has fewer than four frames: a stutter, not a movement."""
FAST_S = 0.025
SHARE = 0.3
"""How much the newest frame counts in the mean."""


@dataclass(slots=True)
class Pace:
    """The mean time of the last frames. `moves` says whether movement is shown."""

    wanted: bool = True
    """False for pictures and tests, where every change is shown at once."""
    frame_s: float = 0.0
    _slow: bool = False

    @property
    def moves(self) -> bool:
        """Whether changes may slide and fade."""
        return self.wanted and not self._slow

    def drawn(self, seconds: float) -> None:
        """Note how long a frame took. Between the two limits it stays as it was."""
        self.frame_s += (seconds - self.frame_s) * SHARE
        if self.frame_s > SLOW_S:
            self._slow = True
        elif self.frame_s < FAST_S:
            self._slow = False
