"""A lock after wrong passwords, kept in the database: no restart lifts it.

Five wrong tries are free; then 30 s, and twice as long with each further, at most an hour. A try
counts as wrong before the password is looked at and is forgotten when it was right, so a hundred
tries at once are no more than a hundred one after the other. After a day without a try all is
forgotten.

What is locked is a name at an address, so that nobody locks somebody else out from afar. Neither
is written down, only their SHA-256: a name may be a password in the wrong field.
"""

import hashlib
import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import delete, update

from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import wrong_try
from kiosk.fleet.times import us_of

FREE_TRIES: Final = 5
LOCK_S: Final = 30.0
LOCK_S_MAX: Final = 3600.0
FORGOTTEN_AFTER: Final = timedelta(days=1)
SECOND_US: Final = 1_000_000
IPV6_PREFIX: Final = 64
"""Of one household or one server: who has one address there has 2^64."""

W: Final = wrong_try.c


class Lockout:
    """Counts tries."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def try_once(self, name: str) -> int:
        """Count a try as wrong; return 0, or for how many seconds `name` may not try at all.

        Raises:
            DatabaseDown: it cannot be counted, so it must not be made.
        """
        key, now = _key(name), self._now()
        now_us = us_of(now)
        with self._database.write() as db:
            db.execute(delete(wrong_try).where(W.at_us < us_of(now - FORGOTTEN_AFTER)))
            # Written first: so whoever else tries by this name waits, also the first time.
            first = self._database.insert(wrong_try).values(
                key=key, count=0, until_us=0, at_us=now_us
            )
            again = first.on_conflict_do_update(index_elements=[W.key], set_={"at_us": now_us})
            before: int
            until_us: int
            before, until_us = db.execute(again.returning(W.count, W.until_us)).one()
            if until_us > now_us:
                return max(1, ceil((until_us - now_us) / SECOND_US))
            count, until_us = before + 1, 0
            if count >= FREE_TRIES:
                lock_s = min(LOCK_S_MAX, LOCK_S * 2.0 ** min(count - FREE_TRIES, 10))
                until_us = now_us + round(lock_s * SECOND_US)
            change = update(wrong_try).where(W.key == key)
            db.execute(change.values(count=count, until_us=until_us))
        return 0

    def right(self, name: str) -> None:
        """Forget wrong tries after a right one."""
        with self._database.write() as db:
            db.execute(delete(wrong_try).where(W.key == _key(name)))


def place_of(address: str) -> str:
    """Return what limits count as one place: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
