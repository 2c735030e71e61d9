"""Time comes in from outside: one clock for deadlines, one for the record."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

NS_PER_S = 1_000_000_000


class Clock(Protocol):
    """Where the engine reads the time."""

    def monotonic_ns(self) -> int:
        """Nanoseconds on the clock of `time.monotonic_ns`: never jumps, means nothing by itself."""

    def utc_now(self) -> datetime:
        """The time of day, aware, in UTC. May jump when the machine's clock is set."""


class SystemClock:
    """The machine's own clocks."""

    def monotonic_ns(self) -> int:
        """Return `time.monotonic_ns()`."""
        return time.monotonic_ns()

    def utc_now(self) -> datetime:
        """Return the time of day in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is moved: for tests and simulations."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed_ns = 0

    def monotonic_ns(self) -> int:
        """Return nanoseconds since an arbitrary origin; never 0, as on a machine that is up."""
        return NS_PER_S + self._elapsed_ns

    def utc_now(self) -> datetime:
        """Return the start plus what has been advanced, to the microsecond."""
        return self._start + timedelta(microseconds=self._elapsed_ns // 1000)

    def advance(self, seconds: float) -> None:
        """Move both clocks forward."""
        self._elapsed_ns += round(seconds * NS_PER_S)

    def advance_to(self, deadline_ns: int) -> None:
        """Move both clocks to a deadline; a deadline that has passed moves nothing."""
        self._elapsed_ns = max(self._elapsed_ns, deadline_ns - NS_PER_S)


def utc_text(moment: datetime) -> str:
    """Return `moment` as events carry it: ISO 8601, microseconds, `+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
