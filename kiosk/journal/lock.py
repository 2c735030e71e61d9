"""One writer for each journal, and a note that a journal exists.

Beside `journal.db` stands `journal.db.lock`. Its lock ends with the process that holds it, however
that ends. Its text is the id of the journal: when the journal itself is gone or is another one,
that is noticed and the kiosk does not start with an empty record.

The lock is on a file of its own, because SQLite's locks on the database are dropped as soon as the
process closes any other descriptor of the database file.
"""

import fcntl
import os
from pathlib import Path

from kiosk.journal.errors import JournalBusy


class WriterLock:
    """The right to write one journal, held until `release` or the end of the process."""

    def __init__(self, journal: Path) -> None:
        self._path = journal.with_name(journal.name + ".lock")
        self._fd = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._fd)
            raise JournalBusy(
                f"{journal} is already open for writing in another program: is the kiosk running "
                "twice? Stop one of them (systemctl status kiosk), then start again."
            ) from error

    @property
    def journal_id(self) -> str:
        """Id of the journal that was here; empty if there never was one."""
        return os.pread(self._fd, 200, 0).decode("ascii", "replace").strip("\x00\n ")

    def note(self, journal_id: str) -> None:
        """Write down which journal stands here, durably."""
        os.pwrite(self._fd, journal_id.encode("ascii") + b"\n", 0)
        os.fsync(self._fd)

    def release(self) -> None:
        """Let another process write. May be called twice."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
