"""What telemetry must remember over a restart: how far the broker has heard, and what was done.

The events themselves are not kept here: the journal is the outbox, and this file holds the place
in it. So a broker that is away for a year costs nothing but the journal, which is kept anyway. Of
ids of orders at most `IDS_MAX` are kept, which bounds this file to a few megabytes.

Lost or damaged, it is begun anew: everything is sent once more, which the store's side takes for
what it is, and orders from before the new beginning are refused, since they may have been taken.
"""

import logging
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final

logger = logging.getLogger(__name__)

IDS_MAX: Final = 20_000
"""Of orders that were taken; the oldest are forgotten first, long after they have expired."""
_STATEMENTS: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS heard (
    journal_id TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS retained (id TEXT PRIMARY KEY, sale_id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS taken (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, verdict TEXT NOT NULL
) STRICT;
"""


class Outbox:
    """One kiosk's memory of what the store has heard. Of one thread."""

    def __init__(self, path: Path, now_utc: str) -> None:
        """Open or make it; one that cannot be read is put aside and begun anew."""
        self.path = path
        try:
            self._db = self._open(now_utc)
        except sqlite3.DatabaseError as error:
            logger.error("telemetry: %s cannot be read and is begun anew: %s", path, error)
            for end in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(f"{path}{end}").replace(f"{path}.damaged{end}")
            self._db = self._open(now_utc)
        self.begun_at: str = self._db.execute("SELECT value FROM meta").fetchone()[0]
        """Orders that were issued before may have been taken by an earlier memory."""

    def _open(self, now_utc: str) -> sqlite3.Connection:
        db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            # No write here may hold up the journal's on the same disk: places may be lost with the
            # power, since what is told twice does no harm. Only `take` waits for the disk.
            db.execute("PRAGMA synchronous = NORMAL")
            db.executescript(_STATEMENTS)
            db.execute("INSERT OR IGNORE INTO meta VALUES ('begun_at', ?)", (now_utc,))
            if db.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("its pages are not whole")
        except BaseException:
            db.close()
            raise
        return db

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def heard(self, journal_id: str) -> tuple[int, bytes]:
        """Return number and hash of the last row that the broker has, (0, b"") at first."""
        query = "SELECT seq, hash FROM heard WHERE journal_id = ?"
        row = self._db.execute(query, (journal_id,)).fetchone()
        return (row[0], row[1]) if row else (0, b"")

    def note_heard(self, journal_id: str, seq: int, row_hash: bytes) -> None:
        """Remember how far the broker has heard; also how the place is set back."""
        self._db.execute(
            "INSERT INTO heard VALUES (?, ?, ?) ON CONFLICT (journal_id) "
            "DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
            (journal_id, seq, row_hash),
        )

    def retained(self) -> dict[str, str]:
        """Return the interventions whose messages the broker keeps, each with its sale."""
        return dict(self._db.execute("SELECT id, sale_id FROM retained"))

    def retain(self, intervention_id: str, sale_id: str) -> None:
        """Remember that the broker will keep a message about an intervention."""
        self._db.execute(
            "INSERT OR REPLACE INTO retained VALUES (?, ?)", (intervention_id, sale_id)
        )

    def release(self, intervention_id: str) -> None:
        """Forget an intervention whose message was cleared."""
        self._db.execute("DELETE FROM retained WHERE id = ?", (intervention_id,))

    def take(self, order_id: str) -> bool:
        """Remember an order, durable on return; False when it was taken before."""
        self._db.execute("PRAGMA synchronous = FULL")
        try:
            self._db.execute("INSERT INTO taken (id, verdict) VALUES (?, '')", (order_id,))
        except sqlite3.IntegrityError:
            return False
        finally:
            self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "DELETE FROM taken WHERE number <= (SELECT max(number) FROM taken) - ?", (IDS_MAX,)
        )
        return True

    def note_verdict(self, order_id: str, verdict: str) -> None:
        """Remember how an order ended."""
        self._db.execute("UPDATE taken SET verdict = ? WHERE id = ?", (verdict, order_id))

    def verdict_of(self, order_id: str) -> str:
        """Return how an order ended; empty when it is not known, or never ended."""
        row = self._db.execute("SELECT verdict FROM taken WHERE id = ?", (order_id,)).fetchone()
        return str(row[0]) if row else ""
