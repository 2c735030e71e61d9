"""Receipts of the store's other kiosks: looked at, and held while goods of them come back.

A kiosk knows what was sold and taken back at itself. The store's server knows it of all its kiosks,
so it is asked twice: for the receipt (`Wish` without goods), and, before anything is written down,
to hold it (`Wish` with goods). While it is held no other kiosk takes goods of it back; what another
took back since the first question, it says (CHANGED). Answers come through the inbox, or not at
all: a store that says nothing is UNREACHABLE, and whatever it may have held falls by itself, since
the sale that it was held for never begins.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kiosk.fiscal.numbers import ReceiptRef
from kiosk.sale.state import Sale


class Word(StrEnum):
    """What the store says."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    """No kiosk of the store has told of it (yet)."""
    HELD = "held"
    """Until the sale that it was wished for is over."""
    BUSY = "busy"
    """Another kiosk takes goods of it back now."""
    CHANGED = "changed"
    """Goods of it came back since it was looked at: look again."""
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """To see a receipt of the store; with `into` to hold it for that sale."""

    wish_id: str
    ref: ReceiptRef
    """With its register, also where that is this kiosk's own."""
    at_utc: str
    until_ns: int
    """How long an answer is waited for, on the engine's clock."""
    sale_id: str = ""
    """The sale that the receipt is of; needed to hold it."""
    into: str = ""
    known: tuple[str, ...] = ()
    """The sales in which goods of it came back, as far as this kiosk was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WishAnswered:
    """The store's answer, through the inbox."""

    wish_id: str
    word: Word
    original: Sale | None = None
    """The sale of the receipt, with FOUND."""
    returns: tuple[Sale, ...] = ()
    """All sales of the store in which goods of it came back, with FOUND."""


class StoreReceipts(Protocol):
    """The store's receipts, as a kiosk sees them. Neither waits nor raises."""

    def ask(self, wish: Wish) -> None:
        """Ask. Exactly one `WishAnswered` follows, or silence, which is UNREACHABLE."""
