"""The engine's own thread: takes messages from the inbox, and looks at the time when none comes."""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from drivers.contracts import DeviceEvent
from kiosk.engine.clock import Clock
from kiosk.engine.inbox import Inbox, InboxStuck, Losses
from kiosk.engine.messages import Message, Tick
from kiosk.engine.staff_view import Untaken

logger = logging.getLogger(__name__)

STOP_S = 5.0
"""How long `stop` waits for the message under way: a commit, at most."""


class Handles(Protocol):
    """What the thread drives: an `Engine`."""

    @property
    def untaken(self) -> tuple[Untaken, ...]:
        """Money for goods that are gone, refused by a wallet or late; asked from any thread."""

    def start(self) -> None:
        """Take up what an earlier life left behind."""

    def handle(self, message: Message) -> None:
        """Take one message."""

    def stop(self) -> None:
        """End in order: the last call."""

    def deadline_ns(self) -> int | None:
        """Return when a Tick is due."""


class EngineThread:
    """Runs one engine. A thread that dies says so: the program must end and be started again."""

    def __init__(
        self,
        engine: Handles,
        clock: Clock,
        *,
        inbox: Inbox | None = None,
        died: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._inbox = inbox or Inbox()
        self._died = died
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._handled = 0

    @property
    def handled(self) -> int:
        """How many messages and ticks were handled: the watchdog wants to see it move."""
        return self._handled

    @property
    def losses(self) -> Losses:
        """What the inbox had no room for."""
        return self._inbox.losses

    @property
    def untaken(self) -> tuple[Untaken, ...]:
        """Money for goods that are gone, refused by a wallet or late."""
        return self._engine.untaken

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Start the thread; it recovers first, then takes messages."""
        self._thread.start()

    def post(self, event: DeviceEvent) -> bool:
        """Hand over a device's event; the `post` that drivers are started with."""
        return self._put(event)

    def send(self, message: Message) -> bool:
        """Hand over a finger's intent, or any other message."""
        return self._put(message)

    def _put(self, message: Message) -> bool:
        """Never raises into a driver's thread: a stuck engine is the whole program's end."""
        try:
            return self._inbox.put(message)
        except InboxStuck as error:
            logger.error("engine: stuck, %s", error)
            if self._died is None:
                raise
            self._died(error)
            return False

    def stop(self) -> None:
        """End the thread after the message under way. May be called twice."""
        self._inbox.stop()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(STOP_S)

    def _run(self) -> None:
        try:
            self._engine.start()
            self._handled += 1
            while (message := self._next()) is not None:
                self._engine.handle(message)
                self._handled += 1
            self._engine.stop()
        except BaseException as error:
            logger.exception("engine: the thread died")
            self._inbox.stop()
            if self._died is None:
                raise
            self._died(error)

    def _next(self) -> Message | None:
        """Return the next message; a Tick when a deadline comes first; None when stopped."""
        deadline_ns = self._engine.deadline_ns()
        timeout_ns = None if deadline_ns is None else deadline_ns - self._clock.monotonic_ns()
        message = self._inbox.get(timeout_ns)
        return Tick() if message is None and not self._inbox.stopped else message
