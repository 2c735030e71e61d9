"""Tells the engine when another catalog has taken the place of the one it reads."""

from collections.abc import Callable
from pathlib import Path

from kiosk.app.now_and_then import NowAndThen
from kiosk.engine.messages import CatalogSwapped, Message

LOOK_EVERY_S = 2.0


class CatalogWatch(NowAndThen):
    """Looks at the file's identity now and then; an import replaces it by a rename."""

    def __init__(self, path: Path, send: Callable[[Message], bool]) -> None:
        super().__init__("catalog-watch", LOOK_EVERY_S)
        self._path = path
        self._send = send
        self._seen = _identity(path)

    def look(self) -> bool:
        """Look once; tell the engine and return True when there is another file."""
        found = _identity(self._path)
        if found is None or found == self._seen:
            return False
        if self._send(CatalogSwapped()):
            self._seen = found
        return True


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino
