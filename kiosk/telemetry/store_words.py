"""What a kiosk asks the store's server over HTTPS, and is answered. JSON.

Requests are signed (`credentials`); which kiosk asks is in its certificate, and in no body.
"""

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from kiosk.telemetry.base import Code, Utc
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


# --- receipts of other kiosks -------------------------------------------------------------------


class ReceiptAsked(msgspec.Struct, kw_only=True, frozen=True):
    """A receipt of the asking kiosk's store; with `into`, to hold it while goods come back.

    The same claim again gets the same answer.
    """

    register_id: Annotated[str, Meta(min_length=1, max_length=100)]
    series: Code
    number: Annotated[int, Meta(ge=1, le=2**53)]
    sale_id: Code = ""
    """The sale that the receipt is of; needed to hold it."""
    into: Code = ""
    """The sale in which goods of it are to come back."""
    known: Annotated[list[Code], Meta(max_length=200)] = []
    """The sales in which goods of it came back, as far as the kiosk was told."""
    at_utc: Utc
    """By the kiosk's own clock, as its events are."""


class SaleTold(msgspec.Struct, kw_only=True, frozen=True):
    """A sale, as its kiosk told of it: all its rows, in its own order."""

    sale_id: Code
    rows: list[Row]


class ReceiptWord(StrEnum):
    """What the server says."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    HELD = "held"
    BUSY = "busy"
    CHANGED = "changed"


class ReceiptTold(msgspec.Struct, kw_only=True, frozen=True):
    """The server's answer."""

    word: ReceiptWord
    original: SaleTold | None = None
    returns: list[SaleTold] = []


class RowsTold(msgspec.Struct, kw_only=True, frozen=True):
    """Rows that the server shall keep, in order."""

    rows: Annotated[list[Row], Meta(min_length=1, max_length=ROWS_AT_ONCE)]
