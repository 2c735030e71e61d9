"""`kiosk maintain`: what is done at night. The whole journal is checked and copied.

It runs beside the kiosk, in a process of its own, and only reads the journal. The copy is made by
SQLite's backup interface, so it is one moment of the journal, whatever is sold meanwhile; it is
checked like the journal itself before it takes a name that counts as a copy. Copies of a damaged
journal are never made, and old copies are deleted only after a good new one stands.
"""

import re
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Final

from kiosk.app.disk_watch import OPEN_BYTES
from kiosk.journal import Journal, JournalError
from kiosk.journal.copies import CopyRefused, copy_journal

COPY_NAME: Final = re.compile(r"journal-\d{4}-\d{2}-\d{2}\.sqlite")


class MaintenanceFailed(Exception):
    """Something that a person must look at; the message says what, and what was left alone."""


def maintain(journal: Path, copies: Path, *, keep: int, today: date) -> str:
    """Check the journal, copy it into `copies`, keep the newest `keep` copies; return the report.

    Raises:
        MaintenanceFailed: the journal or its copy is damaged, or there is no room. The journal is
            untouched and every older copy is still there.
    """
    report = _checked(journal)
    copy = copies / f"journal-{today.isoformat()}.sqlite"
    try:
        copies.mkdir(mode=0o750, parents=True, exist_ok=True)
        _demand_room(journal, copies)
        copy_journal(journal, copy, again=True)
    except CopyRefused as error:
        raise MaintenanceFailed(str(error)) from error
    except (OSError, sqlite3.Error) as error:
        raise MaintenanceFailed(f"No copy of {journal} was made: {error}") from error
    forgotten = _forget_old(copies, keep)
    lines = [report, f"Copied to {copy} ({copy.stat().st_size} bytes) and checked."]
    lines += [f"Deleted {path.name}, older than the newest {keep}." for path in forgotten]
    return "\n".join(lines)


def _checked(journal: Path) -> str:
    """Verify a whole journal and return the report in words."""
    try:
        with Journal.open(journal, read_only=True) as opened:
            report = opened.verify()
    except JournalError as error:
        raise MaintenanceFailed(str(error)) from error
    if not report.ok:
        raise MaintenanceFailed(report.in_words())
    return report.in_words()


def _demand_room(journal: Path, copies: Path) -> None:
    """A full disk closes the kiosk, so a copy is never what fills it."""
    size = journal.stat().st_size
    # Its own size, and as much again for selling, or what the till wants to stay open.
    needed = size + max(size, OPEN_BYTES)
    free = shutil.disk_usage(copies).free
    if free < needed:
        raise MaintenanceFailed(
            f"No copy of {journal} was made: {copies} has {free} bytes free and {needed} are "
            "wanted. Free some space, or put the copies on another disk (--copies)."
        )


def copies_of(folder: Path) -> list[Path]:
    """Return the copies that lie in a folder, oldest first; other files do not count."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in found if COPY_NAME.fullmatch(path.name))


def _forget_old(copies: Path, keep: int) -> list[Path]:
    old = copies_of(copies)[: -max(keep, 1)]
    for path in old:
        path.unlink()
    return old
