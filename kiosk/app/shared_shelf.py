"""The store's shelf as one file: for kiosks on one machine, and for trying it without a store.

SQLite decides who comes first: a sale is taken in one immediate transaction, durable before it is
told. A thread of its own does it, so that neither a slow disk nor another kiosk's lock holds up the
engine. Over a network the fleet keeps the shelf; the promises are those of `kiosk.engine.shelf`.
"""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec

from kiosk.engine.shelf import Claim, SetAside, ShelfAnswered, ShelfOutcome

logger = logging.getLogger(__name__)

WAITS: Final = 64
"""So many wishes may wait; one more is UNREACHABLE, and a sale not put is still at its kiosk."""
LOCK_S: Final = 3.0
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS aside (
    sale_id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    body BLOB,
    taken_by TEXT NOT NULL DEFAULT ''
) STRICT
"""
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(SetAside).decode

Wish = SetAside | Claim


class SharedShelf:
    """One kiosk's way to the file. `start` it once; `stop` lets what waits be done first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._wishes: queue.Queue[Wish | None] = queue.Queue(WAITS)
        self._thread = threading.Thread(target=self._run, name="shelf", daemon=True)
        self._post: Callable[[ShelfAnswered], object] = _drop

    def start(self, post: Callable[[ShelfAnswered], object]) -> None:
        """Begin; `post` takes the answers, from the shelf's own thread."""
        self._post = post
        self._thread.start()

    def stop(self) -> None:
        """Do what waits, then end. May be called twice."""
        if self._thread.is_alive():
            self._wishes.put(None)
            self._thread.join()

    def put(self, aside: SetAside) -> None:
        """Store a sale that was set aside."""
        try:
            self._wishes.put_nowait(aside)
        except queue.Full:
            logger.error("shelf: full, sale=%s stays at its kiosk", aside.sale_id)

    def take(self, claim: Claim) -> None:
        """Ask for a sale; the answer is posted."""
        try:
            self._wishes.put_nowait(claim)
        except queue.Full:
            self._post(_unreachable(claim))

    # --- the thread --------------------------------------------------------------------------

    def _run(self) -> None:
        while (wish := self._wishes.get()) is not None:
            try:
                with closing(self._open()) as db:
                    self._do(db, wish)
            except (sqlite3.Error, OSError, msgspec.DecodeError) as error:
                logger.warning("shelf: %s: %s", self._path, error)
                if isinstance(wish, Claim):
                    self._post(_unreachable(wish))

    def _open(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=LOCK_S, isolation_level=None)
        db.execute("PRAGMA synchronous = FULL")
        db.execute(_TABLE)
        return db

    def _do(self, db: sqlite3.Connection, wish: Wish) -> None:
        if isinstance(wish, SetAside):
            db.execute(
                "INSERT OR IGNORE INTO aside (sale_id, code, body) VALUES (?, ?, ?)",
                (wish.sale_id, wish.code, _encode(wish)),
            )
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            answer = _taken(db, wish)
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
        self._post(answer)


def _taken(db: sqlite3.Connection, claim: Claim) -> ShelfAnswered:
    """Give a sale to who asks first, and to them again; mark its kiosk's own as theirs."""
    found = db.execute(
        "SELECT sale_id, body, taken_by FROM aside WHERE sale_id = ? OR (? = '' AND code = ?)"
        " ORDER BY taken_by = '' DESC, taken_by = ? DESC, rowid DESC LIMIT 1",
        (claim.sale_id, claim.sale_id, claim.code, claim.kiosk_id),
    ).fetchone()
    if found is None:
        if claim.sale_id and claim.own:
            db.execute(
                "INSERT INTO aside (sale_id, code, taken_by) VALUES (?, '', ?)",
                (claim.sale_id, claim.kiosk_id),
            )
        outcome = ShelfOutcome.NEVER_THERE if claim.sale_id else ShelfOutcome.GONE
        return ShelfAnswered(claim_id=claim.claim_id, outcome=outcome)
    sale_id, body, taken_by = found
    if taken_by not in ("", claim.kiosk_id):
        return ShelfAnswered(claim_id=claim.claim_id, outcome=ShelfOutcome.GONE)
    db.execute("UPDATE aside SET taken_by = ? WHERE sale_id = ?", (claim.kiosk_id, sale_id))
    if body is None:
        return ShelfAnswered(claim_id=claim.claim_id, outcome=ShelfOutcome.NEVER_THERE)
    return ShelfAnswered(claim_id=claim.claim_id, outcome=ShelfOutcome.YOURS, aside=_decode(body))


def _unreachable(claim: Claim) -> ShelfAnswered:
    return ShelfAnswered(claim_id=claim.claim_id, outcome=ShelfOutcome.UNREACHABLE)


def _drop(answer: ShelfAnswered) -> None:
    logger.error("shelf: nobody to tell about claim %s", answer.claim_id)
