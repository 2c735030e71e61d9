"""What a kiosk asks the store's server over HTTPS, and is answered. JSON.

Requests are signed (`credentials`); which kiosk asks is in its certificate, and in no body.
"""

from typing import Annotated, Final

import msgspec
from msgspec import Meta

from kiosk.telemetry.base import Code
from kiosk.telemetry.messages import Row

ROWS_AT_ONCE: Final = 1_000
"""Numbers of rows that one page spans."""

Seq = Annotated[int, Meta(ge=0, le=2**53)]


class KeptJournal(msgspec.Struct, kw_only=True, frozen=True):
    """A journal of which the server has rows."""

    kiosk: str
    """tenant/store/kiosk, by whose certificate it was told."""
    register_id: str
    journal_id: Code
    through_seq: Seq
    """All rows up to this one are here, from the first."""
    through_hash: str
    """Of that row, 64 hexadecimal digits; empty for none."""
    last_seq: Seq
    """The newest row that is here; above `through_seq` where some between are missing."""
    last_at_utc: str


class KeptJournals(msgspec.Struct, kw_only=True, frozen=True):
    """What the server has of a register: the asking kiosk's journals, and those of its id."""

    journals: list[KeptJournal]


class RowsPage(msgspec.Struct, kw_only=True, frozen=True):
    """Some rows of the asking kiosk's journal, oldest first."""

    rows: list[Row]
    next_after: Seq
    """Where the next page begins; 0 after the last."""


class RowsTold(msgspec.Struct, kw_only=True, frozen=True):
    """Rows that the server shall keep, in order."""

    rows: Annotated[list[Row], Meta(min_length=1, max_length=ROWS_AT_ONCE)]
