"""Tells the engine when the disk fills, while there is still room for the shopper who is here.

A disk that is full stops the till wherever it stands, between money and goods too. Nothing is lost
by that, but somebody waits. So no next shopper is taken up long before: a sale of ten goods writes
340 kB (`python -m tests.bench disk`), a whole machine about a megabyte, and here many are left.
"""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kiosk.app.now_and_then import NowAndThen
from kiosk.engine.messages import DiskFilling, Message

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 30.0
SHUT_BYTES: Final = 50_000_000
"""Below it nobody new is served."""
OPEN_BYTES: Final = 100_000_000
"""From here on they are again; in between it stays as it is, so that it does not flicker."""


class DiskWatch(NowAndThen):
    """Looks at the disk that the journal lies on."""

    def __init__(self, folder: Path, send: Callable[[Message], bool]) -> None:
        super().__init__("disk-watch", LOOK_EVERY_S)
        self._folder = folder
        self._send = send
        self._filling = False

    def look(self) -> bool:
        """Look once; say it each time while it fills, for an engine that halts does not listen."""
        try:
            free = shutil.disk_usage(self._folder).free
        except OSError:
            return False  # a disk that is gone stops the journal, which says so itself
        before, self._filling = self._filling, free < (OPEN_BYTES if self._filling else SHUT_BYTES)
        if self._filling != before:
            now = "nobody new is served" if self._filling else "there is room again"
            logger.warning("disk: %d MB free at %s, %s", free // 1_000_000, self._folder, now)
        return self._send(DiskFilling(on=self._filling))
