"""The journal's tables, and how its file is made, recognised and opened.

`event` is the record. `head`, `open_sale` and `receipt` repeat what it says, written in the same
transaction: `head` shows that the newest rows are there, `open_sale` makes recovery quick in a
journal of years, `receipt` keeps the numbers of each series without a gap. `verify` compares them
with the record.
"""

import os
import re
import secrets
import sqlite3
from pathlib import Path
from typing import Final

from kiosk.journal.chain import first_hash
from kiosk.journal.errors import JournalDamaged, JournalTooNew, JournalUnwritable
from kiosk.journal.late import LATE_INDEX

APPLICATION_ID: Final = 0x53564B4A
"""Ours in the file's header: "SVKJ"."""
SCHEMA_VERSION: Final = 1
SQLITE_MAGIC: Final = b"SQLite format 3\x00"
HEADER_BYTES: Final = 100
BUSY_TIMEOUT_S: Final = 5.0

_NEVER = "CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{table}: what is written stays written'); END"  # noqa: E501

STATEMENTS: Final = (
    """CREATE TABLE event (
        seq INTEGER PRIMARY KEY,
        sale_id TEXT NOT NULL,
        sale_seq INTEGER NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        body BLOB NOT NULL,
        at_utc TEXT NOT NULL,
        prev_hash BLOB NOT NULL,
        hash BLOB NOT NULL
    ) STRICT""",
    "CREATE UNIQUE INDEX event_of_sale ON event (sale_id, sale_seq)",
    """CREATE TABLE receipt (
        training INTEGER NOT NULL,
        number INTEGER NOT NULL,
        sale_id TEXT NOT NULL UNIQUE,
        PRIMARY KEY (training, number)
    ) STRICT, WITHOUT ROWID""",
    "CREATE TABLE open_sale (sale_id TEXT PRIMARY KEY, training INTEGER NOT NULL) STRICT",
    "CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL) STRICT",  # noqa: E501
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    _NEVER.format(table="event", verb="UPDATE"),
    _NEVER.format(table="event", verb="DELETE"),
    _NEVER.format(table="receipt", verb="UPDATE"),
    _NEVER.format(table="receipt", verb="DELETE"),
)


INDEXES: Final = (
    """CREATE INDEX IF NOT EXISTS capture_of_sale ON event (sale_id, kind, seq)
        WHERE kind IN ('CaptureRequested', 'PaymentCaptured')""",
    """CREATE INDEX IF NOT EXISTS kind_of_register ON event (kind, sale_seq)
        WHERE sale_id = 'register'""",
    LATE_INDEX,
)
"""Ways to find what the record says, made by whoever writes it: older journals get them too. They
hold nothing that the events do not, so they are no part of what is checked."""


def add_indexes(db: sqlite3.Connection) -> None:
    """Make the indexes that are not there yet."""
    for statement in INDEXES:
        db.execute(statement)


def create(
    path: Path, *, kiosk_id: str, first_service_number: int, created_at: str, journal_id: str = ""
) -> str:
    """Make an empty journal at `path` and return its id: a new one, but where one is restored.

    It is built beside and renamed, so a power cut leaves either no journal or a whole one.
    """
    journal_id = journal_id or secrets.token_hex(8)
    draft = path.with_name(path.name + ".new")
    for leftover in (draft, Path(f"{draft}-journal")):
        leftover.unlink(missing_ok=True)
    with sqlite3.connect(draft, isolation_level=None) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        db.execute("BEGIN")
        for statement in (*STATEMENTS, *INDEXES):
            db.execute(statement)
        db.execute("INSERT INTO head VALUES (1, 0, ?)", (first_hash(journal_id),))
        db.execute("INSERT INTO counter VALUES ('service', ?)", (first_service_number - 1,))
        meta = {"journal_id": journal_id, "kiosk_id": kiosk_id, "created_at": created_at}
        db.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode = WAL")
    db.close()
    sync(draft)
    draft.rename(path)
    sync(path.parent)
    return journal_id


def sync(path: Path) -> None:
    """Make a file's content, or a folder's list of names, durable."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def recognise(path: Path) -> None:
    """Refuse a file that is not a journal of ours, or is shorter than it says.

    Raises:
        JournalDamaged: with what the file is instead.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(HEADER_BYTES)
    if not header:
        raise JournalDamaged(path, "the file is empty")
    if header[:16] != SQLITE_MAGIC or len(header) < HEADER_BYTES:
        raise JournalDamaged(path, "the file is not a journal", f"it starts {header[:16]!r}")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise JournalDamaged(path, "the file is a database of another program")
    page_bytes = int.from_bytes(header[16:18], "big")
    page_bytes = 65536 if page_bytes == 1 else page_bytes
    expected = page_bytes * int.from_bytes(header[28:32], "big")
    if size < expected:
        raise JournalDamaged(
            path, "the file has been cut short", f"{size} bytes of {expected} are left"
        )


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """Open a recognised journal's database with the guarantees read back.

    Raises:
        JournalUnwritable: if SQLite does not confirm WAL with synchronous=FULL.
        JournalTooNew: if its tables are a newer program's.
        JournalDamaged: if its tables are not ours.
    """
    mode = "ro" if read_only else "rw"
    # The thread that opens it and the engine's may differ; they never use it at the same time.
    db = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=BUSY_TIMEOUT_S,
    )
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        if not read_only:
            _demand(db, path, "journal_mode", "WAL", "wal")
            _demand(db, path, "synchronous", "FULL", 2)
        _check_tables(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _demand(db: sqlite3.Connection, path: Path, pragma: str, value: str, answer: object) -> None:
    db.execute(f"PRAGMA {pragma} = {value}")
    given = db.execute(f"PRAGMA {pragma}").fetchone()[0]
    if given != answer:
        raise JournalUnwritable(
            f"{path}: {pragma} is {given!r} and cannot be set to {value}, so a sale might not "
            "survive a power cut. Put the journal on a local disk (ext4), not on a network share."
        )


def _check_tables(db: sqlite3.Connection, path: Path) -> None:
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise JournalTooNew(
            f"{path} was written by a newer version of the program (tables {version}, this one "
            f"knows {SCHEMA_VERSION}). Install that version again; the journal is untouched."
        )
    found = {_plain(sql) for (sql,) in db.execute("SELECT sql FROM sqlite_schema") if sql}
    missing = [sql for sql in STATEMENTS if _plain(sql) not in found]
    if missing:
        name = " ".join(missing[0].split()[1:4])
        raise JournalDamaged(path, "its tables have been changed", f"{name} is not as it was made")


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql)
