"""Waiting: a clock from outside, deadlines on it, and a flag that wakes a poll.

Nothing in `drivers` sleeps. A wait is a poll on what may happen and on the flags that end it, with
the time left until a deadline; so `stop()` ends every wait at once.
"""

import math
import os
import select
import time
import weakref
from collections.abc import Sequence
from typing import Protocol


class Clock(Protocol):
    """The time that only moves forward, in nanoseconds."""

    def monotonic_ns(self) -> int:
        """Nanoseconds since some moment in the past."""


class SystemClock:
    """The machine's own clock."""

    def monotonic_ns(self) -> int:
        """Return `time.monotonic_ns()`."""
        return time.monotonic_ns()


SYSTEM_CLOCK = SystemClock()


class Deadline:
    """A moment on a clock after which one waits no longer."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._at_ns = clock.monotonic_ns() + round(seconds * 1e9)

    def left_s(self) -> float:
        """Seconds left, never below 0."""
        return max(0, self._at_ns - self._clock.monotonic_ns()) / 1e9

    def passed(self) -> bool:
        """Whether it is too late."""
        return self._clock.monotonic_ns() >= self._at_ns


class Flag:
    """A flag between threads that a poll can wait on, unlike `threading.Event`.

    Used twice by each thread: `stopping` is set once and stays; `wake` says "look at your queue".
    """

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        # Closed with the object: a late set() from another thread must never hit a closed (or
        # worse, reused) number.
        weakref.finalize(self, os.close, self._fd)

    def set(self) -> None:
        """Raise it. Safe from any thread, and more than once."""
        os.eventfd_write(self._fd, 1)

    def clear(self) -> None:
        """Lower it, if it is up."""
        try:
            os.eventfd_read(self._fd)
        except BlockingIOError:
            return

    def is_set(self) -> bool:
        """Whether it is up."""
        return self.wait(0)

    def wait(self, seconds: float) -> bool:
        """Wait until it is up, at most `seconds`; say whether it is."""
        return bool(ready((self,), seconds))

    def fileno(self) -> int:
        """The descriptor to poll; readable while the flag is up."""
        return self._fd


class HasFileno(Protocol):
    """Anything that can be polled."""

    def fileno(self) -> int:
        """Its descriptor."""


def ready(
    readable: Sequence[HasFileno | int], seconds: float, *, writable: Sequence[HasFileno | int] = ()
) -> frozenset[int]:
    """Wait for any of these at most `seconds`, and return the descriptors that are ready.

    A descriptor that hung up is ready too: the read or write that follows will say so.
    """
    poll = select.poll()
    for source in readable:
        poll.register(source, select.POLLIN)
    for sink in writable:
        poll.register(sink, select.POLLOUT)
    # Rounded up: a wait of 0.4 ms must not become a busy loop of waits of 0.
    return frozenset(fd for fd, _ in poll.poll(math.ceil(max(0.0, seconds) * 1000)))
