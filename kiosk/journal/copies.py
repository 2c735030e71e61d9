"""Copies of a journal, and a journal from a copy: numbers must never be given twice.

A copy is one moment of the journal, taken beside a running kiosk by SQLite's backup interface and
checked like the journal itself before it has a name. It is not encrypted: there is nothing about
persons in it, and the law wants it readable for five years after the year's end, by people who may
have no key any more. Where it lies is what has to be safe.

A kiosk may go on from a copy only when the copy is the whole record: whoever sold one more receipt
after it was taken would give that receipt's number twice. What the record's end was is known by the
old disk, or by the store's server, which hears every event with its hash. Without that proof the
copy is kept as it is, to be read, and the kiosk begins a new journal *as a new register*, under an
id that nobody has had (kassasystemlova § 2 f): series of numbers belong to a register's id, so none
is repeated and none has a gap.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kiosk.journal.errors import JournalError
from kiosk.journal.journal import Journal
from kiosk.journal.lock import WriterLock
from kiosk.journal.repeats import first_number_of_a_new_counter
from kiosk.journal.schema import sync
from kiosk.journal.verify import VerifyReport


class CopyRefused(Exception):
    """No copy, or no journal from a copy, was made. The message says why; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a record: the number and the hash of its newest event."""

    seq: int
    hash: str
    """64 hexadecimal digits."""


def copy_journal(journal: Path, target: Path, *, again: bool = False) -> VerifyReport:
    """Copy a journal, whatever is sold meanwhile: whole, durable and checked, or not at all.

    `again` lets it take the place of an older copy of that name.

    Raises:
        CopyRefused: the journal or the copy is damaged, or `target` is there already.
        OSError, sqlite3.Error: it cannot be read, or written.
    """
    if target.exists() and not again:
        raise CopyRefused(f"{target} is there already, and is left as it is.")
    draft = target.with_name(target.name + ".part")
    remove(draft)
    try:
        source = sqlite3.connect(f"{journal.resolve().as_uri()}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(draft)) as into:
            source.backup(into)
            # One file without a log beside it: easier to carry away. A writer turns it back.
            into.execute("PRAGMA journal_mode = DELETE")
        draft.chmod(0o640)
        report = checked(draft)
        sync(draft)
        draft.replace(target)
        sync(target.parent)
    finally:
        remove(draft)
    return report


def restore(copy: Path, journal: Path, end: Head, *, now: datetime | None = None) -> VerifyReport:
    """Make `copy` the journal that a kiosk goes on with, proven by `end` to be the whole record.

    Receipts, Z reports and signatures go on with their next number. Service ids, which a terminal
    may have heard without the record knowing the answer, go on far above all that were given.

    Raises:
        CopyRefused: there is a journal already, the copy is damaged, or it is not the whole record.
        OSError, sqlite3.Error: it cannot be read, or written.
    """
    report = checked(copy)
    _demand_the_whole(copy, report, end)
    with Journal.open(copy, read_only=True) as opened:
        journal_id = opened.journal_id
    draft = journal.with_name(journal.name + ".restored")
    with put_in_place(draft, journal, journal_id):
        copy_journal(copy, draft)
        _lift_counter(draft, now or datetime.now(UTC))
        return checked(draft)


@contextmanager
def put_in_place(draft: Path, journal: Path, journal_id: str) -> Iterator[None]:
    """Let the caller make `draft`, and put it where the journal was, durable; or leave nothing.

    Raises:
        CopyRefused: there is a journal already, or there was one.
    """
    lock = journal.with_name(journal.name + ".lock")
    for path in (journal, lock):
        if path.exists():
            raise CopyRefused(f"{path} is there: a journal is never put in place of another.")
    journal.parent.mkdir(parents=True, exist_ok=True)
    remove(draft)
    try:
        yield
        sync(draft)
        taken = WriterLock(journal)
        try:
            taken.note(journal_id)  # first: a power cut from here on leaves no empty record behind
            draft.rename(journal)
            sync(journal.parent)
        finally:
            taken.release()
    finally:
        remove(draft)


def checked(path: Path) -> VerifyReport:
    """Check a journal or a copy from end to end.

    Raises:
        CopyRefused: it is not what was written.
    """
    try:
        with Journal.open(path, read_only=True) as opened:
            report = opened.verify()
    except JournalError as error:
        raise CopyRefused(str(error)) from error
    if not report.ok:
        raise CopyRefused(report.in_words())
    return report


def _demand_the_whole(copy: Path, report: VerifyReport, end: Head) -> None:
    if (report.events, report.last_hash) == (end.seq, end.hash.lower()):
        return
    if report.events < end.seq:
        missing = end.seq - report.events
        what = f"{missing} events came after it, and with them perhaps receipts"
    else:
        what = "it does not end with the hash that was given"
    raise CopyRefused(
        f"{copy} is not the whole record: {what}. Keep it to be read, and begin a new journal "
        "under a register id that nobody has had ([kiosk] id): else receipt numbers are given "
        "twice."
    )


def _lift_counter(path: Path, now: datetime) -> None:
    """Let service ids go on above all that any life before can have given."""
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "UPDATE counter SET value = max(value, ?) WHERE name = 'service'",
            (first_number_of_a_new_counter(now),),
        )


def remove(draft: Path) -> None:
    """Remove a file that did not become a journal, and what SQLite put beside it."""
    for end in ("", "-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{draft}{end}").unlink()
