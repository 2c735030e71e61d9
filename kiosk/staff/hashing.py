"""Argon2id for PINs, badges and one-time codes.

A PIN has few digits, so nothing protects a stolen file for long; the hash makes each guess cost
some 20 ms and 19 MiB (OWASP Password Storage Cheat Sheet, second setting), the file's mode and the
lock-out at the kiosk do the rest.
"""

from argon2 import PasswordHasher, Type
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import hash_secret_raw

_MEMORY_KIB = 19_456
_PASSES = 2
_LANES = 1
_KEY_BYTES = 32

_hasher = PasswordHasher(time_cost=_PASSES, memory_cost=_MEMORY_KIB, parallelism=_LANES)
NOBODY = _hasher.hash("nobody has this PIN")
"""Verified for numbers that nobody has, so that they take as long as the others."""


def hashed(secret: str) -> str:
    """Return a salted hash of `secret`, with its parameters in it."""
    return _hasher.hash(secret)


def matches(hash_text: str, secret: str) -> bool:
    """Return whether `secret` is what was hashed; a broken hash matches nothing."""
    try:
        return _hasher.verify(hash_text, secret)
    except (Argon2Error, InvalidHashError):
        return False


def badge_key(badge: str, salt: bytes) -> bytes:
    """Return what a badge is found by: Argon2id with the file's own salt.

    A badge names its person by itself, so it must be found without trying everybody's salt.
    """
    return hash_secret_raw(
        badge.encode(),
        salt,
        time_cost=_PASSES,
        memory_cost=_MEMORY_KIB,
        parallelism=_LANES,
        hash_len=_KEY_BYTES,
        type=Type.ID,
    )
