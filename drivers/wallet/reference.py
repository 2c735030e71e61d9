"""The names that a payment has with a provider, made from the attempt's id alone.

So a kiosk that lost its power can ask about the attempt without having written anything down, and
a request that is sent again is the same request. One attempt may need several payments (a code
that ran out, a push after a code): they are its turns, 1, 2, 3.
"""

import hashlib
import re
import uuid
from typing import Final

_GOOD_ID: Final = re.compile(r"[A-Za-z0-9-]{8,36}")
_GOOD_PREFIX: Final = re.compile(r"[A-Za-z0-9]{1,10}")
_SPACE: Final = uuid.UUID("6b5c2d4e-5f0f-5a52-9a53-2f8f3c1b7a10")


def is_prefix(text: str) -> bool:
    """Whether `text` can begin the references of one merchant: 1 to 10 letters and digits."""
    return _GOOD_PREFIX.fullmatch(text) is not None


def reference_of(prefix: str, attempt_id: str, turn: int) -> str:
    """Return e.g. "shop-0f8fad5bd9cb469fa16570867728950e-1": 8 to 50 letters, digits, hyphens.

    An id that has other characters, or too many, goes in as the first half of its SHA-256.
    """
    name = attempt_id
    if _GOOD_ID.fullmatch(attempt_id) is None:
        name = hashlib.sha256(attempt_id.encode("utf-8")).hexdigest()[:32]
    return f"{prefix}-{name}-{turn}"


def key_of(reference: str, action: str) -> str:
    """Return the idempotency key of one action on one payment, always the same: a UUID."""
    return str(uuid.uuid5(_SPACE, f"{reference}/{action}"))
