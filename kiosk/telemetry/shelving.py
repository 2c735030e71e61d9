"""What kiosks and the fleet say of the store's shelf: sales set aside. Part of `messages`.

A kiosk asks on a topic of its own and is answered on another of its own. Which store it is of is
in the topic, which the broker vouches for: no message can name another store's shelf.
"""

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from kiosk.telemetry.base import Code, Envelope
from kiosk.telemetry.orders import Signed

SALE_BYTES_MAX: Final = 40_000
"""Of a sale, compressed: with base64 and signature less than a kiosk takes from its broker."""

RequestId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
SaleId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,64}$")]
SaleBytes = Annotated[bytes, Meta(max_length=SALE_BYTES_MAX)]


class ShelfOutcome(StrEnum):
    """What became of a request."""

    KEPT = "kept"
    """The sale is on the shelf, or was: put again, it changes nothing."""
    FULL = "full"
    """This kiosk has too many there today. The sale is where it was set aside."""
    YOURS = "yours"
    GONE = "gone"
    """Another kiosk has it, its day is over, or these six digits are nobody's."""
    NEVER_THERE = "never_there"


class ShelfRequest(Envelope, kw_only=True, frozen=True, tag="shelf"):
    """Put a sale on the store's shelf, or take one. The same id again gets the same answer."""

    id: RequestId
    sale_id: SaleId = ""
    """Which sale; empty for a `take` by its six digits."""
    code: Annotated[str, Meta(pattern=r"^[0-9]{0,6}$")] = ""
    own: bool = False
    """Of a `take`: it was set aside at this very kiosk, which can go on with it by itself."""
    sale: SaleBytes = b""
    """The sale, for kiosks alone to read (deflated JSON; base64 here). Empty: this is a `take`."""


class ShelfWord(msgspec.Struct, kw_only=True, frozen=True):
    """What the shelf answers; good for one kiosk and one request."""

    id: RequestId
    tenant: Code
    store: Code
    kiosk: Code
    outcome: Code
    sale: SaleBytes = b""
    """What was put, byte for byte, when the outcome is `yours`."""


class ShelfAnswer(Signed, kw_only=True, frozen=True, tag="shelf_answer"):
    """The answer to a request, signed: prices come with it. `body` is a `ShelfWord`."""
