"""What all messages on the wire have in common: the envelope, and the kinds of their fields."""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from kiosk.telemetry.topics import MAJOR

VERSION: Final = f"{MAJOR}.0"
PAYLOAD_BYTES_MAX: Final = 1_000_000
"""More than any message of ours; the broker cuts off whoever sends more."""
ROWS_MAX: Final = 100
"""Rows of the journal in one message."""
SAFE_INT: Final = 2**53 - 1
"""Largest whole number that every JSON reader keeps exactly."""

Utc = Annotated[
    str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z)$", max_length=32)
]
Code = Annotated[str, Meta(max_length=80)]
Text = Annotated[str, Meta(max_length=500)]
Whole = Annotated[int, Meta(ge=-SAFE_INT, le=SAFE_INT)]
Count = Annotated[int, Meta(ge=0, le=SAFE_INT)]
ActorId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,40}$")]
"""Who did it, as it enters the journal: an id, never a name or an e-mail address."""
Codes = Annotated[dict[Code, Code], Meta(max_length=64)]


class Envelope(msgspec.Struct, kw_only=True, frozen=True, tag_field="type"):
    """What all messages have."""

    at_utc: Utc
    v: Annotated[str, Meta(pattern=r"^\d{1,4}\.\d{1,4}$")] = VERSION
