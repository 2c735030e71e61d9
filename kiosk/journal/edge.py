"""The edge where SQLite's errors become the journal's, each with what to do about it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kiosk.journal.errors import JournalBusy, JournalDamaged, JournalError, JournalUnwritable

_WHY_UNWRITABLE = {
    sqlite3.SQLITE_FULL: "the disk is full. Free some room on it",
    sqlite3.SQLITE_READONLY: "the file or its disk is read-only. Look at the disk (dmesg)",
    sqlite3.SQLITE_PERM: "this user may not write it. Correct the owner of the folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened. Correct the folder and its owner",
    sqlite3.SQLITE_IOERR: "the disk reports an error or is full. Look at the disk (dmesg, df)",
}


@contextmanager
def journal_errors(path: Path) -> Iterator[None]:
    """Translate what SQLite and the operating system raise.

    Raises:
        JournalDamaged: the content is not readable as it was written.
        JournalUnwritable: disk full, read-only, or an error of the disk.
        JournalBusy: another program holds the database.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _translated(path, error) from error
    except OSError as error:
        raise JournalUnwritable(
            f"The journal {path} cannot be used: {error.strerror or error}. "
            "Correct the folder, its owner or the disk, then start the kiosk again."
        ) from error


def is_uncertain(error: BaseException | None) -> bool:
    """Return whether a failed commit may still have reached the disk.

    After a failed fsync the kernel may have dropped the pages or not: only opening the file anew
    and reading it tells. Source: https://lwn.net/Articles/752063/
    """
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", 0) in (
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
    )


def _translated(path: Path, error: sqlite3.Error) -> JournalError:
    code = getattr(error, "sqlite_errorcode", None)
    primary = None if code is None else code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return JournalBusy(f"The journal {path} is held by another program. Close it, then retry.")
    if primary in _WHY_UNWRITABLE:
        return JournalUnwritable(
            f"Nothing was written to the journal {path}: {_WHY_UNWRITABLE[primary]}, "
            f"then start the kiosk again ({error})."
        )
    if isinstance(error, sqlite3.ProgrammingError):
        return JournalUnwritable(f"The journal {path} is closed ({error}).")
    # All the rest, texts that are not UTF-8 included, is content that nobody wrote.
    return JournalDamaged(path, "its content cannot be read", str(error))
