"""Named counts for a driver's `statistics`."""

import threading


class Counters:
    """Counts of the names it was made with, from any thread."""

    def __init__(self, *names: str) -> None:
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(names, 0)

    def count(self, name: str) -> None:
        """One more."""
        with self._lock:
            self._counts[name] += 1

    def all(self) -> dict[str, int]:
        """A copy."""
        with self._lock:
            return dict(self._counts)
