"""What a wallet must remember across a power cut: names that the provider chose, not we.

An append-only file of JSON lines, each on disk before its code is on the screen. So a payment
without a note was never shown to anybody, and nobody can have paid it.
"""

import errno
import json
import os
from pathlib import Path

from drivers.errors import DeviceError


class NotesLost(DeviceError):
    """The file cannot be read or written.

    Example scenarios: the disk is full; the directory is missing or somebody else's.
    """


class Notes:
    """Texts by attempt. One thread uses it; nothing is read or written before `open`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._noted: dict[str, dict[str, str]] = {}
        self._opened = False
        self.began_empty = False
        """Whether the file was not there: attempts of earlier lives may have had notes."""

    def open(self) -> None:
        """Read the file, or begin one; nothing happens when it is open.

        Raises:
            NotesLost: see there.
        """
        if self._opened:
            return
        try:
            self.began_empty = not self._path.exists()
            if self.began_empty:
                self._append(b"")
            self._read()
        except OSError as error:
            raise NotesLost(f"wallet notes {self._path}: {error.strerror}") from error
        self._opened = True

    def write(self, attempt_id: str, **texts: str) -> None:
        """Remember; on disk when this returns."""
        try:
            self._append(json.dumps({"attempt": attempt_id, **texts}).encode() + b"\n")
        except OSError as error:
            raise NotesLost(f"wallet notes {self._path}: {error.strerror}") from error
        self._noted[attempt_id] = texts

    def of(self, attempt_id: str) -> dict[str, str] | None:
        """Return what was noted for an attempt, or None."""
        return self._noted.get(attempt_id)

    def _read(self) -> None:
        # The last line may be torn by a power cut: then its code was never shown, and it goes.
        whole, end, _ = self._path.read_bytes().rpartition(b"\n")
        os.truncate(self._path, len(whole + end))
        try:
            for line in whole.splitlines():
                entry = json.loads(line)
                self._noted[entry.pop("attempt")] = entry
        except (ValueError, KeyError, AttributeError) as error:
            raise NotesLost(f"wallet notes {self._path}: a line is not a note") from error

    def _append(self, line: bytes) -> None:
        new = not self._path.exists()
        handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            size = os.fstat(handle).st_size
            if os.write(handle, line) != len(line):
                # A full disk: half a line must not be glued to the next one.
                os.ftruncate(handle, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(handle)
        finally:
            os.close(handle)
        if new:
            folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
