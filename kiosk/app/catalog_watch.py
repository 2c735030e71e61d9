"""Tells the engine when another catalog has taken the place of the one it reads."""

import threading
from collections.abc import Callable
from pathlib import Path

from drivers.deadline import Flag, ready
from kiosk.engine.messages import CatalogSwapped, Message

LOOK_EVERY_S = 2.0
STOP_S = 1.0


class CatalogWatch:
    """Looks at the file's identity now and then; an import replaces it by a rename."""

    def __init__(self, path: Path, send: Callable[[Message], bool]) -> None:
        self._path = path
        self._send = send
        self._seen = _identity(path)
        self._stopping = Flag()
        self._thread = threading.Thread(target=self._run, name="catalog-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; may be called twice."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)

    def look(self) -> bool:
        """Look once; tell the engine and return True when there is another file."""
        found = _identity(self._path)
        if found is None or found == self._seen:
            return False
        if self._send(CatalogSwapped()):
            self._seen = found
        return True

    def _run(self) -> None:
        while not ready([self._stopping], LOOK_EVERY_S):
            self.look()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
