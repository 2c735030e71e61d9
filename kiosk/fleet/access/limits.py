"""How often somebody may: a bucket of tokens for each name, and a lock after wrong passwords."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil
from typing import Final

NAMES_MAX: Final = 20_000
"""Names that a limit remembers; the longest unseen is forgotten first."""
FREE_TRIES: Final = 5
LOCK_S: Final = 30.0
LOCK_S_MAX: Final = 3600.0


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


@dataclass
class Lockout:
    """Five wrong tries are free; then 30 s, and twice as long with each further, at most an hour.

    For a name at an address, so that nobody locks somebody else out from afar. A restart forgets
    it, which gains a guesser five tries; Argon2 and the length of passwords carry the weight.
    """

    clock: Callable[[], float]
    _wrong: OrderedDict[str, tuple[int, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_s(self, *names: str) -> int:
        """Return for how many seconds none of these names may try, 0 for now."""
        with self._lock:
            ends = [self._wrong[name][1] for name in names if name in self._wrong]
        return max(0, ceil(max(ends, default=0.0) - self.clock()))

    def wrong(self, *names: str) -> None:
        """Remember a wrong try."""
        with self._lock:
            for name in names:
                count = self._wrong.pop(name, (0, 0.0))[0] + 1
                lock_s = 0.0
                if count >= FREE_TRIES:
                    lock_s = min(LOCK_S_MAX, LOCK_S * 2.0 ** min(count - FREE_TRIES, 10))
                self._wrong[name] = (count, self.clock() + lock_s)
            while len(self._wrong) > NAMES_MAX:
                self._wrong.popitem(last=False)

    def right(self, *names: str) -> None:
        """Forget wrong tries after a right one."""
        with self._lock:
            for name in names:
                self._wrong.pop(name, None)


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
        self.lockout = Lockout(clock)
