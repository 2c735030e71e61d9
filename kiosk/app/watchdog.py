"""The kiosk's word to systemd: it is up, it lives, it stops.

systemd ends a service of `Type=notify` that says nothing for `WatchdogSec=` and starts it again.
So `WATCHDOG=1` is said only when both halves of the kiosk have moved since it was said last: the
engine has handled a message, and the screen's loop has turned. A kiosk with a frozen screen and a
living engine is as dead to a shopper as one without either. What neither counter shows, a device
that is lost, is a state on the screen and no reason to start again.

Where there is no systemd (a bench, a developer's desk) all this does nothing.

Reference:
    https://www.freedesktop.org/software/systemd/man/252/sd_notify.html
"""

import logging
import os
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Final

from drivers.deadline import SYSTEM_CLOCK, Clock, Flag, ready

logger = logging.getLogger(__name__)

LOOKS_PER_TIMEOUT: Final = 5
"""Two looks are needed to see that something moved; five leave room for a slow one."""
DEFAULT_TIMEOUT_S: Final = 15.0
"""Where systemd sets none: the looks go on for the sake of STATUS."""
STOP_S: Final = 1.0
NS_PER_S: Final = 1_000_000_000


class Notifier:
    """Sends lines to the service manager's socket. Never blocks for long, never raises."""

    def __init__(self, address: str = "") -> None:
        """`address` is NOTIFY_SOCKET's: a path, or `@` and an abstract name; empty for nobody."""
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self._deaf = not address

    @property
    def listened_to(self) -> bool:
        """Whether there is anybody to tell."""
        return not self._deaf

    def tell(self, *lines: str) -> bool:
        """Send "NAME=value" lines as one message; say whether it went."""
        if self._deaf:
            return False
        message = "\n".join(lines).encode()
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
                # A manager whose queue is full must not hold up the thread that looks.
                sender.settimeout(STOP_S)
                sender.sendto(message, self._address)
        except OSError as error:
            logger.warning("watchdog: systemd was not told, %s", error)
            return False
        return True


class Watchdog:
    """Looks at two counters and feeds systemd's watchdog while both move.

    `engine` and `screen` return counters that only grow. `poke` gives the engine something to
    handle, so that one that waits for a shopper can show that it lives; its answer is not used.
    """

    def __init__(
        self,
        notifier: Notifier,
        *,
        engine: Callable[[], int],
        screen: Callable[[], int],
        poke: Callable[[], object],
        timeout_s: float = DEFAULT_TIMEOUT_S,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._notifier = notifier
        self._counters = {"engine": engine, "screen": screen}
        self._poke = poke
        self._look_every_s = timeout_s / LOOKS_PER_TIMEOUT
        self._clock = clock
        self._fed_at = dict.fromkeys(self._counters, 0)
        """The counters when it was fed last. Both start at 0, and at 0 nothing has moved."""
        self._fed_ns = clock.monotonic_ns()
        self._up = False
        self._stuck: tuple[str, ...] = ()
        self._stopping = Flag()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def start(self) -> None:
        """Begin to look, if anybody listens."""
        if self._notifier.listened_to:
            self._thread.start()

    def stop(self) -> None:
        """Say that the kiosk stops, and look no more. May be called twice."""
        if not self._stopping.is_set():
            self._stopping.set()
            self._notifier.tell("STOPPING=1", "STATUS=Stopping")
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def look(self) -> bool:
        """Look once; feed and return True when both counters have moved since the last feeding."""
        counts = {name: counter() for name, counter in self._counters.items()}
        still = tuple(name for name, count in counts.items() if count == self._fed_at[name])
        self._poke()
        if still:
            self._tell_stuck(still)
            return False
        self._feed(counts)
        return True

    def _feed(self, counts: dict[str, int]) -> None:
        status = "STATUS=Selling: {screen} beats of the screen, {engine} steps".format(**counts)
        lines = ["WATCHDOG=1", status]
        if not self._up:
            # First up, then alive: a watchdog counts from READY.
            lines.insert(0, "READY=1")
        if not self._notifier.tell(*lines):
            return  # not heard, so not fed: the next look tries the same again
        if self._stuck:
            logger.warning("watchdog: %s moves again", " and ".join(self._stuck))
        self._up, self._stuck = True, ()
        self._fed_at = counts
        self._fed_ns = self._clock.monotonic_ns()

    def _tell_stuck(self, still: tuple[str, ...]) -> None:
        """Say once, after more than one look, what does not move; before READY it may be slow."""
        silent_s = (self._clock.monotonic_ns() - self._fed_ns) / NS_PER_S
        if not self._up or silent_s <= 2 * self._look_every_s or still == self._stuck:
            return
        self._stuck = still
        names = " and ".join(still)
        logger.error("watchdog: %s has not moved for %.0f s", names, silent_s)
        self._notifier.tell(f"STATUS=Stuck: {names} has not moved for {silent_s:.0f} s")

    def _run(self) -> None:
        while not ready([self._stopping], self._look_every_s):
            self.look()


def timeout_of(environment: Mapping[str, str] = os.environ) -> float:
    """Return systemd's WatchdogSec= in seconds, as WATCHDOG_USEC tells it."""
    given = environment.get("WATCHDOG_USEC", "")
    return int(given) / 1e6 if given.isdecimal() and int(given) > 0 else DEFAULT_TIMEOUT_S
