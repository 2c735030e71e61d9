"""The engine's inbox: bounded, with a written answer to "what if it is full?".

| Message | When full |
|---|---|
| scan | refused: the reader gets False, gives its error tone, and the loss is counted |
| weight | never waits in line: one slot for each scale, the newest reading wins |
| touch | dropped and counted: a screen that does not react is touched again |
| answer of a terminal or printer, state of a device | kept: there is room of its own, since each |
| | call is answered once and each device has few states; if even that is full, the engine is |
| | stuck, and the program ends so that it is started again |
"""

import threading
import time
from collections import deque
from dataclasses import dataclass

from drivers.contracts import (
    BarcodeScanned,
    DeviceStateChanged,
    PaymentAnswered,
    PrintDone,
    PrinterStatus,
    RefundAnswered,
    ReversalAnswered,
    TerminalProgress,
    WeightRead,
)
from kiosk.engine.clock import NS_PER_S
from kiosk.engine.elsewhere import WishAnswered
from kiosk.engine.messages import (
    CatalogSwapped,
    CloseDay,
    CloseKiosk,
    Message,
    OpenKiosk,
    StaffSettled,
)
from kiosk.engine.remote_messages import RemoteOrder
from kiosk.engine.shelf import ShelfAnswered
from kiosk.engine.staff_messages import PauseKiosk, RemoteDecision, StaffSeen

CAPACITY = 64
RESERVE = 256
_MUST_KEEP = (
    DeviceStateChanged,
    PaymentAnswered,
    PrintDone,
    PrinterStatus,
    RefundAnswered,
    ReversalAnswered,
    StaffSettled,
    StaffSeen,
    RemoteDecision,
    RemoteOrder,
    ShelfAnswered,
    WishAnswered,
    PauseKiosk,
    CatalogSwapped,
    OpenKiosk,
    CloseDay,
    CloseKiosk,
)


class InboxStuck(Exception):
    """The engine takes nothing any more: the program must end, and be started again."""


@dataclass(frozen=True, slots=True)
class Losses:
    """What was not taken since the start."""

    scans: int = 0
    touches: int = 0
    progress: int = 0


class Inbox:
    """A queue with many writers and one reader. Nothing blocks a writer."""

    def __init__(self, capacity: int = CAPACITY, reserve: int = RESERVE) -> None:
        self._capacity = capacity
        self._limit = capacity + reserve
        self._queue: deque[Message] = deque()
        self._weights: dict[str, WeightRead] = {}
        self._changed = threading.Condition()
        self._stopping = False
        self._lost = {"scans": 0, "touches": 0, "progress": 0}

    @property
    def losses(self) -> Losses:
        """What was not taken since the start."""
        with self._changed:
            return Losses(**self._lost)

    @property
    def stopped(self) -> bool:
        """Whether nothing is taken any more."""
        return self._stopping

    def put(self, message: Message) -> bool:
        """Hand a message over; from any thread; never blocks. False: it was not taken.

        Raises:
            InboxStuck: what must not be lost has no room.
        """
        with self._changed:
            if self._stopping:
                return False
            taken = self._take(message)
            if taken:
                self._changed.notify()
            return taken

    def _take(self, message: Message) -> bool:
        if isinstance(message, WeightRead):
            self._weights[message.device] = message
            return True
        if isinstance(message, _MUST_KEEP):
            if len(self._queue) >= self._limit:
                raise InboxStuck(f"{len(self._queue)} messages wait, the engine takes none")
            self._queue.append(message)
            return True
        if len(self._queue) >= self._capacity:
            self._lost[_name_of(message)] += 1
            return False
        self._queue.append(message)
        return True

    def get(self, timeout_ns: int | None) -> Message | None:
        """Take the next message, waiting at most `timeout_ns`; None when time is up or stopped.

        Touches, scans and answers come in the order they were posted; a weight comes when
        nothing else waits, since only the newest one means anything.
        """
        until_ns = None if timeout_ns is None else time.monotonic_ns() + max(timeout_ns, 0)
        with self._changed:
            while not self._stopping:
                if self._queue:
                    return self._queue.popleft()
                if self._weights:
                    return self._weights.pop(next(iter(self._weights)))
                left_s = None if until_ns is None else (until_ns - time.monotonic_ns()) / NS_PER_S
                if left_s is not None and left_s <= 0:
                    return None
                self._changed.wait(left_s)
            return None

    def stop(self) -> None:
        """Take nothing more, and end the reader's wait."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()


def _name_of(message: Message) -> str:
    if isinstance(message, BarcodeScanned):
        return "scans"
    return "progress" if isinstance(message, TerminalProgress) else "touches"
