"""Argon2id for passwords (RFC 9106, second recommended setting: 64 MiB, 3 passes)."""

from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_hasher: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
_at_once: Final = BoundedSemaphore(2)
"""64 MiB each: strangers who try passwords shall not fill the memory."""
_nobody = ""


def hashed(password: str) -> str:
    """Return a salted hash with its parameters in it."""
    with _at_once:
        return _hasher.hash(password)


def matches(hash_text: str, password: str) -> bool:
    """Return whether `password` is what was hashed; a broken hash matches nothing."""
    with _at_once:
        try:
            return _hasher.verify(hash_text, password)
        except (Argon2Error, InvalidHashError):
            return False


def matches_nobody(password: str) -> None:
    """Take as long as for somebody, so that nobody learns which names exist."""
    global _nobody
    _nobody = _nobody or hashed("nobody has this password")
    matches(_nobody, password)
