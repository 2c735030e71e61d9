"""How often somebody may: a bucket of tokens for each name. In memory: a restart fills them."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final

NAMES_MAX: Final = 20_000
"""Names that a limit remembers; the longest unseen is forgotten first."""


class Buckets:
    """`burst` at once, then `per_second`; each name has a bucket of its own."""

    def __init__(self, *, burst: int, per_second: float, clock: Callable[[], float]) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> int:
        """Take a token; return 0, or in how many seconds there will be one."""
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(name, (self._burst, now))
            tokens = min(self._burst, tokens + (now - then) * self._per_second)
            wait_s = 0 if tokens >= 1 else max(1, ceil((1 - tokens) / self._per_second))
            self._buckets[name] = (tokens if wait_s else tokens - 1, now)
            while len(self._buckets) > NAMES_MAX:
                self._buckets.popitem(last=False)
            return wait_s


class Limits:
    """All limits of the server."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.requests = Buckets(burst=200, per_second=20, clock=clock)
        self.streams = Buckets(burst=20, per_second=0.5, clock=clock)
        self.commands = Buckets(burst=30, per_second=2, clock=clock)
        self.sign_ins_of_address = Buckets(burst=30, per_second=0.2, clock=clock)
        """A store's people share an address, so it may fail more often than a name."""
        self.sign_ins_of_name = Buckets(burst=20, per_second=1 / 30, clock=clock)
        """From everywhere together: slow enough that no list of passwords gets far."""
