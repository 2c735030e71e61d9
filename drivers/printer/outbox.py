"""Events that are owed to the engine: posted in order, kept while its inbox is full."""

import threading
from collections import deque

from drivers.contracts import DeviceEvent, Post


class Outbox:
    """Safe from any thread. A driver calls `settle` in its loop; nothing owed is ever dropped.

    It cannot grow without end: the driver takes a bounded number of calls, each owes one answer,
    and a status is owed only when it has changed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._post: Post | None = None
        self._owed: deque[DeviceEvent] = deque()

    def attach(self, post: Post) -> None:
        """Say where to post."""
        self._post = post

    def put(self, event: DeviceEvent) -> None:
        """Owe an event, and post what can be posted."""
        with self._lock:
            self._owed.append(event)
        self.settle()

    def settle(self) -> None:
        """Post what is owed, in order, until the inbox takes no more."""
        with self._lock:
            while self._owed and self._post is not None and self._post(self._owed[0]):
                self._owed.popleft()
