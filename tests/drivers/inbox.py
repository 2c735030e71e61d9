"""An inbox for driver tests: keeps what drivers post, and waits for it without sleeping."""

import threading
from collections.abc import Callable
from typing import TypeVar

from drivers.contracts import DeviceEvent, DeviceState, DeviceStateChanged
from drivers.deadline import SYSTEM_CLOCK, Deadline

WAIT_S = 60.0
"""How long a test waits before it fails: never reached on success, so it may be generous."""
E = TypeVar("E")


class Inbox:
    """Takes events from any thread. `room` is how many more it takes; None for any number."""

    def __init__(self) -> None:
        self.events: list[DeviceEvent] = []
        self.room: int | None = None
        self._changed = threading.Condition(threading.RLock())

    def post(self, event: DeviceEvent) -> bool:
        with self._changed:
            if self.room == 0:
                return False
            if self.room is not None:
                self.room -= 1
            self.events.append(event)
            self._changed.notify_all()
            return True

    def of(self, kind: type[E]) -> list[E]:
        with self._changed:
            return [event for event in self.events if isinstance(event, kind)]

    def states(self) -> list[DeviceState]:
        return [event.state for event in self.of(DeviceStateChanged)]

    def wait_until(self, holds: Callable[["Inbox"], bool], what: str = "") -> None:
        deadline = Deadline(SYSTEM_CLOCK, WAIT_S)
        with self._changed:
            while not holds(self):
                if deadline.passed():
                    raise AssertionError(f"waited in vain for {what or holds}; got {self.events}")
                # Counters change without an event, so look again now and then.
                self._changed.wait(0.01)

    def wait_for(self, kind: type[E], count: int = 1) -> list[E]:
        self.wait_until(lambda inbox: len(inbox.of(kind)) >= count, f"{count} x {kind.__name__}")
        return self.of(kind)

    def wait_for_state(self, state: DeviceState, count: int = 1) -> None:
        self.wait_until(
            lambda inbox: inbox.states().count(state) >= count, f"{count} x {state.value}"
        )

    def clear(self) -> None:
        with self._changed:
            self.events.clear()
