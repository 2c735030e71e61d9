"""Sessions: a random token in a cookie, its hash in the database, one CSRF token beside it."""

import hashlib
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, insert, select

from kiosk.fleet.access.people import user_of
from kiosk.fleet.access.rights import Caller
from kiosk.fleet.api.types import User
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import person, session
from kiosk.fleet.times import text_of, us_of

CACHE_S: Final = 5.0
"""How long a session that was ended elsewhere may live on in this process."""
CACHE_MAX: Final = 5000


class Sessions:
    """Opens, finds and ends sessions."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        clock: Callable[[], float],
        hours: int,
    ) -> None:
        self._database = database
        self._now = now
        self._clock = clock
        self._lasts = timedelta(hours=hours)
        self._cache: dict[bytes, tuple[float, Caller]] = {}
        self._lock = threading.Lock()
        self.changes = 0
        """Counts what ended sessions in this process; open streams look anew when it moves."""

    def open(self, user: User, address: str) -> tuple[Caller, str]:
        """Begin a session; return the caller and the token for the cookie."""
        token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        now_us = us_of(self._now())
        expires_us = us_of(self._now() + self._lasts)
        with self._database.write() as db:
            db.execute(delete(session).where(session.c.expires_us < now_us))
            db.execute(
                insert(session).values(
                    token_hash=_hash(token),
                    name=user.name,
                    csrf_token=csrf,
                    created_us=now_us,
                    expires_us=expires_us,
                )
            )
        return Caller(user, csrf, text_of(expires_us), address), token

    def find(self, token: str, address: str) -> Caller | None:
        """Return who this token belongs to; None when it is nobody's, or too old."""
        if not token or len(token) > 100:
            return None
        hashed = _hash(token)
        with self._lock:
            kept, changes = self._cache.get(hashed), self.changes
            if kept and self._clock() - kept[0] < CACHE_S and kept[1].address == address:
                return kept[1]
        query = select(person, session.c.csrf_token, session.c.expires_us).join(
            session, session.c.name == person.c.name
        )
        with self._database.read() as db:
            row = db.execute(query.where(session.c.token_hash == hashed)).one_or_none()
        if row is None or not row.active or row.expires_us <= us_of(self._now()):
            return None
        caller = Caller(user_of(row), row.csrf_token, text_of(row.expires_us), address)
        with self._lock:
            if changes != self.changes:
                return caller  # read before the change, so not to be kept
            if len(self._cache) >= CACHE_MAX:
                self._cache.clear()
            self._cache[hashed] = (self._clock(), caller)
        return caller

    def end(self, token: str) -> None:
        """End a session."""
        with self._database.write() as db:
            db.execute(delete(session).where(session.c.token_hash == _hash(token)))
        self.forget()

    def forget(self) -> None:
        """Look into the database again for everybody: somebody was changed, or has left."""
        with self._lock:
            self._cache.clear()
            self.changes += 1


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
