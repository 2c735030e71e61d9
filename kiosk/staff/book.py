"""The staff's own file: people, hashes, wrong tries. SQLite, readable by the kiosk alone."""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

from kiosk.staff import hashing
from kiosk.staff.lockout import Tries
from kiosk.staff.roles import Role

PIN_DIGITS: Final = (4, 8)
NUMBER_DIGITS_MAX: Final = 6
CODE_DIGITS: Final = 8
"""Of the first start's one-time code: longer than any number, so it cannot be mistaken for one."""
TRIES_ROWS_MAX: Final = 500
MODE: Final = 0o600

_SCHEMA = """
CREATE TABLE IF NOT EXISTS person (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  pin_hash TEXT NOT NULL,
  badge_key BLOB UNIQUE,
  disabled INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE IF NOT EXISTS tries (
  key TEXT PRIMARY KEY,
  failed INTEGER NOT NULL,
  wait_s INTEGER NOT NULL,
  since TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
"""


class StaffError(Exception):
    """Something about staff cannot be done. The message says what, and what is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may sign in."""

    id: str
    """What the journal gets: random, never a name, never given twice."""
    number: str
    """What is typed before the PIN."""
    name: str
    """First name, for the screen; it leaves this file only to the glass."""
    role: Role
    has_badge: bool = False
    disabled: bool = False


class StaffBook:
    """Everybody who may sign in at this kiosk. Several programs may have it open."""

    def __init__(self, path: Path, db: sqlite3.Connection, first_code: str) -> None:
        self.path = path
        self._db = db
        self.first_code = first_code
        """The one-time code that was made just now; empty at every start but the first."""

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file; made with mode 0600 and a one-time code when it is not there.

        Raises:
            StaffError: it cannot be read, is damaged, or others may read it.
        """
        new = not path.exists()
        try:
            if new:
                path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, MODE))
            if path.stat().st_mode & 0o077:
                raise StaffError(f"{path}: others may read it. Expected mode 600: chmod 600 {path}")
            db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            db.executescript(f"PRAGMA synchronous=FULL; PRAGMA busy_timeout=2000; {_SCHEMA}")
        except (OSError, sqlite3.Error) as error:
            raise StaffError(f"{path}: the staff's file cannot be opened: {error}") from error
        book = cls(path, db, "")
        db.execute(
            "INSERT OR IGNORE INTO secret VALUES ('badge_salt', ?)", (secrets.token_bytes(16),)
        )
        if new:
            book.first_code = book.new_code()
        return book

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # --- people ----------------------------------------------------------------------------

    def people(self) -> tuple[Person, ...]:
        """Return everybody, the disabled ones too, by number."""
        with self._errors():
            rows = self._db.execute(f"{_PERSON_SQL} ORDER BY length(number), number")
            return tuple(_person(row) for row in rows)

    def add(self, *, number: str, name: str, role: Role, pin: str, badge: str = "") -> Person:
        """Add somebody.

        Raises:
            StaffError: number or badge is taken, or number, name or PIN cannot be used.
        """
        if not (number.isdecimal() and len(number) <= NUMBER_DIGITS_MAX):
            raise StaffError(f"number {number!r}: expected 1 to {NUMBER_DIGITS_MAX} digits.")
        if not name.strip():
            raise StaffError("name: is empty. Expected a first name.")
        if problem := problem_with_pin(pin):
            raise StaffError(f"PIN: {problem}")
        person_id = f"s-{secrets.token_hex(4)}"
        key = hashing.badge_key(badge, self._salt()) if badge else None
        values = (person_id, number, name.strip(), role.value, hashing.hashed(pin), key)
        try:
            self._db.execute("INSERT INTO person VALUES (?, ?, ?, ?, ?, ?, 0)", values)
        except sqlite3.IntegrityError as error:
            taken = "badge" if "badge" in str(error) else f"number {number}"
            raise StaffError(f"{taken}: somebody else has it.") from error
        except sqlite3.Error as error:
            raise StaffError(f"{self.path}: {error}") from error
        return Person(id=person_id, number=number, name=name, role=role, has_badge=bool(badge))

    def disable(self, number: str) -> Person:
        """Let somebody in no more. The person stays, since the journal names the id.

        Raises:
            StaffError: nobody has this number.
        """
        with self._errors():
            found = self._db.execute("UPDATE person SET disabled = 1 WHERE number = ?", (number,))
            if found.rowcount == 0:
                raise StaffError(f"number {number}: nobody has it.")
            row = self._db.execute(f"{_PERSON_SQL} WHERE number = ?", (number,)).fetchone()
        return _person(row)

    def with_pin(self, number: str, pin: str) -> Person | None:
        """Return whoever has this number and this PIN; takes as long when nobody has."""
        with self._errors():
            row = self._db.execute(
                f"{_PERSON_SQL} WHERE number = ? AND disabled = 0", (number,)
            ).fetchone()
        right = hashing.matches(row[6] if row else hashing.NOBODY, pin)
        return _person(row) if row and right else None

    def with_badge(self, badge: str) -> Person | None:
        """Return whose badge this is."""
        with self._errors():
            row = self._db.execute(
                f"{_PERSON_SQL} WHERE badge_key = ? AND disabled = 0",
                (hashing.badge_key(badge, self._salt()),),
            ).fetchone()
        return _person(row) if row else None

    def by_id(self, person_id: str) -> Person | None:
        """Return the person whose id the journal has."""
        with self._errors():
            row = self._db.execute(f"{_PERSON_SQL} WHERE id = ?", (person_id,)).fetchone()
        return _person(row) if row else None

    def _salt(self) -> bytes:
        with self._errors():
            row = self._db.execute("SELECT value FROM secret WHERE name = 'badge_salt'").fetchone()
        return bytes(row[0])

    # --- the first start -------------------------------------------------------------------

    def new_code(self) -> str:
        """Make a one-time code that lets the first supervisor in; an older one is void.

        Raises:
            StaffError: there is a supervisor already: nobody needs a way past them.
        """
        if self._has_supervisor():
            raise StaffError("there is a supervisor already: no one-time code is given.")
        code = "".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS))
        with self._errors():
            self._db.execute(
                "INSERT OR REPLACE INTO secret VALUES ('first_code', ?)",
                (hashing.hashed(code).encode(),),
            )
        return code

    def write_code(self) -> Path:
        """Write the first start's code into a file beside this one, for the kiosk's user alone.

        A log is read by many and shipped far; this file is gone when the code is used.
        """
        path = self._code_path
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, MODE), "w") as file:
            file.write(f"{self.first_code}\n")
        return path

    @property
    def _code_path(self) -> Path:
        return self.path.with_name("staff-first-code")

    def code_matches(self, code: str) -> bool:
        """Return whether this is the one-time code, it is unused, and nobody supervises yet."""
        if self._has_supervisor():
            return False
        with self._errors():
            row = self._db.execute("SELECT value FROM secret WHERE name = 'first_code'").fetchone()
        return row is not None and hashing.matches(bytes(row[0]).decode(), code)

    def _has_supervisor(self) -> bool:
        return any(one.role is Role.SUPERVISOR and not one.disabled for one in self.people())

    def enrol_first(self, pin: str) -> Person:
        """Make the first supervisor, number 1, and void the one-time code."""
        person = self.add(number=self._free_number(), name="Leder", role=Role.SUPERVISOR, pin=pin)
        with self._errors():
            self._db.execute("DELETE FROM secret WHERE name = 'first_code'")
        self._code_path.unlink(missing_ok=True)
        return person

    def _free_number(self) -> str:
        taken = {person.number for person in self.people()}
        return next(str(number) for number in range(1, 10_000) if str(number) not in taken)

    # --- wrong tries -----------------------------------------------------------------------

    def tries(self, key: str) -> Tries:
        """Return the wrong tries under `key`."""
        with self._errors():
            row = self._db.execute(
                "SELECT failed, wait_s, since FROM tries WHERE key = ?", (key,)
            ).fetchone()
        if row is None:
            return Tries()
        failed, wait_s, since = row
        return Tries(
            failed=failed, wait_s=wait_s, since=datetime.fromisoformat(since) if since else None
        )

    def note_tries(self, key: str, tries: Tries) -> None:
        """Write down the wrong tries under `key`, durable on return; none forgets the key."""
        with self._errors():
            if tries.failed == 0:
                self._db.execute("DELETE FROM tries WHERE key = ?", (key,))
                return
            since = tries.since.isoformat() if tries.since else None
            self._db.execute("DELETE FROM tries WHERE key = ?", (key,))
            self._db.execute(
                "INSERT INTO tries VALUES (?, ?, ?, ?)", (key, tries.failed, tries.wait_s, since)
            )
            # A flood of made-up numbers must not fill the disk: the oldest are forgotten.
            self._db.execute(
                "DELETE FROM tries WHERE rowid <= (SELECT max(rowid) FROM tries) - ?",
                (TRIES_ROWS_MAX,),
            )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise StaffError(f"{self.path}: {error}") from error


_PERSON_SQL = "SELECT id, number, name, role, badge_key IS NOT NULL, disabled, pin_hash FROM person"


def _person(row: tuple[str, str, str, str, int, int, str]) -> Person:
    person_id, number, name, role, has_badge, disabled, _ = row
    return Person(
        id=person_id,
        number=number,
        name=name,
        role=Role(role),
        has_badge=bool(has_badge),
        disabled=bool(disabled),
    )


def problem_with_pin(pin: str) -> str:
    """Return what is wrong with a new PIN, in words; empty when nothing is."""
    least, most = PIN_DIGITS
    if not pin.isdecimal() or not pin.isascii() or not least <= len(pin) <= most:
        return f"expected {least} to {most} digits."
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, 9}:
        return "is too simple: all the same, or one after the other."
    return ""
