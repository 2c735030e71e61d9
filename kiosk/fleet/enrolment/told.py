"""What the authority did, on its way into the fleet's audit log.

The service that holds the authority's key has a user of its own and no way into the database; the
server that is reached from outside has no way to the key. So what one did lies as files in a folder
that the other empties: written whole, taken in once, and deleted after that is durable.
"""

import json
import os
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import structlog

from kiosk.fleet.access.audit import record
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import us_of

log = structlog.get_logger(__name__)

AT_ONCE: Final = 200
FILE_BYTES_MAX: Final = 4_000


class Teller:
    """Writes down what was done. Never a code, a key or a request."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    def tell(
        self, action: str, target: str, *, actor: str = "", address: str = "", **detail: Any
    ) -> None:
        """Tell of one thing; a full disk keeps no kiosk out, and is warned of."""
        said = {
            "at_us": us_of(self._now()),
            "action": action,
            "target": target,
            "actor": actor,
            "address": address,
            "detail": detail,
        }
        # Its name keeps the order in which things were done; two may have the same microsecond.
        path = self._folder / f"{time.time_ns()}-{uuid4().hex[:8]}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".new")
            with draft.open("w", encoding="utf-8") as file:
                json.dump(said, file)
                file.flush()
                os.fsync(file.fileno())
            # The other user reads it by its group.
            draft.chmod(0o640)
            draft.rename(path)
        except OSError as error:
            log.warning("the audit log will not have it", why=str(error))


def take_in(database: Database, folder: Path) -> int:
    """Put what was told into the audit log; return how much that was.

    Raises:
        DatabaseDown: all of it stays where it lies.
    """
    try:
        paths = sorted(folder.glob("*.json"))[:AT_ONCE]
    except OSError:
        return 0
    told = [(path, said) for path in paths if (said := _read(path)) is not None]
    if told:
        with database.write() as db:
            for _, said in told:
                record(
                    db,
                    int(said["at_us"]),
                    str(said["action"]),
                    str(said["target"]),
                    actor=str(said["actor"]) or "authority",
                    address=str(said["address"]),
                    **said["detail"],
                )
    for path in paths:
        path.unlink(missing_ok=True)
    return len(told)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            said = json.loads(file.read(FILE_BYTES_MAX))
        wanted = {"at_us", "action", "target", "actor", "address", "detail"}
        if not (isinstance(said, dict) and wanted <= said.keys() and said["detail"] is not None):
            raise ValueError("it is not what is expected")
        return {**said, "detail": {str(key): value for key, value in said["detail"].items()}}
    except (OSError, ValueError, AttributeError) as error:
        log.warning("told, and not understood", file=path.name, why=repr(error))
        return None
