"""The thread of a device that speaks when it likes: connect, read, lose, come back.

A driver gives four hooks: `connect`, `on_connected`, `step` and `disconnect`. Everything else is
the same for all of them and lives here: back-off, states posted and logged once, statistics, a
stop that ends every wait at once, and a crash that is never swallowed.
"""

import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.announcer import StateAnnouncer
from drivers.contracts import DeviceKind, DeviceState, Post, Statistics
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, Flag
from drivers.errors import DeviceClosed, DeviceError

STOP_TIMEOUT_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """How long to wait before the next attempt to connect: doubling, between two limits."""

    first_s: float = 0.2
    limit_s: float = 5.0

    def after(self, failures: int) -> float:
        """Seconds to wait after so many failures in a row (1 or more)."""
        doublings = min(failures - 1, 16)
        return min(self.limit_s, self.first_s * (1 << doublings))


DEFAULT_BACKOFF: Final = Backoff()
OnCrash = Callable[[BaseException], None]


class ReaderThread(ABC):
    """Base of input devices. Subclasses add the calls of their kind.

    Hooks run on the reader thread only. Calls from outside put work into a queue of the subclass
    and raise `self.wake`, which ends the read that is running.
    """

    def __init__(
        self,
        name: str,
        kind: DeviceKind,
        *,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        self.stopping = Flag()
        self.wake = Flag()
        self.clock = clock
        self._name = name
        self._kind = kind
        self._backoff = backoff
        self._on_crash = on_crash
        self._announcer = StateAnnouncer(name, kind)
        self._counters: Counter[str] = Counter()
        self._counters_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.post: Post = _nobody_listens

    # --- hooks ----------------------------------------------------------------------------------

    @abstractmethod
    def connect(self) -> None:
        """Open the device. Raises DeviceError while it is not there."""

    def on_connected(self) -> None:  # noqa: B027  # many devices need no greeting
        """Greet the device; READY is announced when this returns, unless it announced FAULT."""

    @abstractmethod
    def step(self) -> None:
        """Read and post once; returns within about a second. Raises DeviceError when lost."""

    @abstractmethod
    def disconnect(self) -> None:
        """Close the device; also after a failed `connect`. Must not raise."""

    # --- the device -----------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name from configuration."""
        return self._name

    @property
    def kind(self) -> DeviceKind:
        """What it is for."""
        return self._kind

    @property
    def state(self) -> DeviceState:
        """The state as last announced."""
        return self._announcer.state

    def start(self, post: Post) -> None:
        """Start the thread; a device that is not there becomes a LOST state, not an error."""
        if self._thread is not None:
            raise DeviceClosed(f"{self._name}: can be started only once.")
        self.post = post
        self._announcer.attach(post)
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and close the device; idempotent, at most one second."""
        self.stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_TIMEOUT_S)

    def statistics(self) -> Statistics:
        """Counters since start."""
        with self._counters_lock:
            return Statistics({**self._counters, "losses": self._announcer.losses})

    def count(self, what: str, by: int = 1) -> None:
        """Add to a counter."""
        with self._counters_lock:
            self._counters[what] += by

    def announce(self, state: DeviceState, reason: str = "") -> None:
        """Post and log a change of state, once."""
        self._announcer.announce(state, reason)

    # --- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._connect_until_stopped()
        except BaseException as error:
            # A dead reader would look like a quiet one: say so, and let the process end.
            self.disconnect()
            if self._on_crash is not None:
                self._on_crash(error)
                return
            self.announce(DeviceState.FAULT, f"crashed: {type(error).__name__}: {error}")
            raise
        self.announce(DeviceState.STOPPED)

    def _connect_until_stopped(self) -> None:
        failures = 0
        while not self.stopping.is_set():
            steady = Deadline(self.clock, self._backoff.limit_s)
            try:
                self.connect()
                self.on_connected()
                if self.stopping.is_set():
                    break  # it may have been the stop that ended the greeting
                if self.state is not DeviceState.FAULT:  # which on_connected may have found
                    self.announce(DeviceState.READY)
                # A device that connects and dies at once must not flicker at full speed: only a
                # connection that lasted forgets earlier failures.
                self._read_until_stopped()
            except DeviceError as error:
                if self.stopping.is_set():
                    break
                failures = 1 if steady.passed() else failures + 1
                self.announce(DeviceState.LOST, str(error))
            finally:
                self.disconnect()
            self._wait_for_next_attempt(self._backoff.after(failures or 1))

    def _read_until_stopped(self) -> None:
        while not self.stopping.is_set():
            self.step()
            self._announcer.settle()

    def _wait_for_next_attempt(self, seconds: float) -> None:
        self._announcer.settle()
        self.stopping.wait(seconds)


def _nobody_listens(_event: object) -> bool:
    return False
