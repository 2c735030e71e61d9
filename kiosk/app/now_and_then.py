"""A thread that looks at something of the machine now and then, until it is stopped."""

import threading
from abc import ABC, abstractmethod

from drivers.deadline import Flag, ready

STOP_S = 1.0


class NowAndThen(ABC):
    """Call `start` once and `stop` at the end; `look` is what is done in between."""

    def __init__(self, name: str, every_s: float) -> None:
        self._every_s = every_s
        self._stopping = Flag()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; may be called twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    @abstractmethod
    def look(self) -> bool:
        """Look once; return whether there was something to tell."""

    def _run(self) -> None:
        while not ready([self._stopping], self._every_s):
            self.look()
