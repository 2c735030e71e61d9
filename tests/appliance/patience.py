"""Waiting for a condition, never for a time: an emulated processor is slow and nobody's fault."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

PATIENCE_S: Final = 600.0
"""Costs nothing where it works. A loaded machine without hardware help needs much of it."""
LOOK_EVERY_S: Final = 0.25
"""Each look costs an emulated processor some of the time that is waited for."""
Seen = TypeVar("Seen")


class NeverHappened(Exception):
    """What was waited for did not come. The message says what, and what was seen last."""


def until(
    what: str,
    look: Callable[[], Seen],
    good: Callable[[Seen], bool] = bool,
    *,
    patience_s: float = PATIENCE_S,
    every_s: float = LOOK_EVERY_S,
) -> Seen:
    """Look until it is good, and return it; NeverHappened when it is not in time."""
    ends = time.monotonic() + patience_s
    while True:
        seen = look()
        if good(seen):
            return seen
        if time.monotonic() > ends:
            raise NeverHappened(f"Waited {patience_s:.0f} s for {what}; last seen: {seen!r}")
        time.sleep(every_s)
