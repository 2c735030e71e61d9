"""What a terminal says at the end of its day: how much on how many payments, by kind of card.

BMP 60 of the status information: first and last receipt number (2 bytes BCD each), then a count
(1 byte) and a sum (6 bytes BCD) for each of seven kinds.

Source: ZVT PA00P015, chapter "End-of-Day"; a capture of a terminal with two payments.
"""

from dataclasses import dataclass
from typing import Final

from drivers.terminal import zvt_bmp
from drivers.terminal.zvt_messages import StatusInformation

KINDS: Final = ("girocard", "jcb", "mastercard", "amex", "visa", "diners", "other")
_SUM_BYTES: Final = 7
_BYTES: Final = 4 + _SUM_BYTES * len(KINDS)


@dataclass(frozen=True, slots=True)
class KindTotal:
    """One kind of card."""

    kind: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayEnd:
    """How the end of the day went. The totals are the terminal's, to be compared by the kiosk."""

    done: bool
    reason: str = ""
    amount_minor: int | None = None
    currency: str = ""
    first_receipt: int | None = None
    last_receipt: int | None = None
    kinds: tuple[KindTotal, ...] = ()
    lines: tuple[str, ...] = ()
    """The terminal's own printed report."""


def read_totals(status: StatusInformation | None, lines: tuple[str, ...]) -> DayEnd:
    """Return what a finished end of day says; a terminal may say nothing but print."""
    if status is None:
        return DayEnd(done=True, lines=lines)
    totals = status.totals
    fits = len(totals) == _BYTES
    return DayEnd(
        done=True,
        amount_minor=status.amount_minor,
        currency=status.currency,
        first_receipt=zvt_bmp.number(totals[:2]) if fits else None,
        last_receipt=zvt_bmp.number(totals[2:4]) if fits else None,
        kinds=_kinds(totals[4:]) if fits else (),
        lines=lines,
    )


def _kinds(data: bytes) -> tuple[KindTotal, ...]:
    parts = [data[at : at + _SUM_BYTES] for at in range(0, len(data), _SUM_BYTES)]
    return tuple(
        KindTotal(kind, part[0], zvt_bmp.number(part[1:]) or 0)
        for kind, part in zip(KINDS, parts, strict=True)
        if part[0]
    )
