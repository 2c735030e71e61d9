"""How a receipt's number reads: its series before it, so that no two receipts read the same.

The codes that receipts carry, and what a person types from one, are read here as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kiosk.sale.events import Series

PREFIXES: Final[Mapping[Series, str]] = {
    Series.SALE: "",
    Series.TRAINING: "T",
    Series.RETURN: "R",
    Series.COMBINED: "K",
    Series.PROVISIONAL: "F",
}
CODE: Final = "SK1"
"""What a receipt's code begins with."""
_DIGITS_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRef:
    """Which receipt is meant. `register_id` is empty when only a number was given: this kiosk's."""

    number: int
    series: Series = Series.SALE
    register_id: str = ""

    @property
    def text(self) -> str:
        """The number as it stands on the receipt, with its register where it is another's."""
        return number_text(self.series, self.number)


def number_text(series: Series, number: int) -> str:
    """Return a receipt's number as it is printed, e.g. "18204", "R12", "K7"."""
    return f"{PREFIXES[series]}{number}"


def read_ref(text: str) -> ReceiptRef | None:
    """Return the receipt that a scanned code or a typed number names; None when it names none.

    Example: "SK1/NT-0477-03/18204/20261121/21395" and "18204" name the same one at that register.
    """
    parts = text.strip().split("/")
    if parts[0] == CODE and len(parts) == 5 and parts[1]:
        return _ref(parts[2], parts[1])
    return _ref(parts[0], "") if len(parts) == 1 else None


def _ref(text: str, register_id: str) -> ReceiptRef | None:
    letter = text[:1].upper()
    prefix = letter if letter in PREFIXES.values() else ""
    digits = text[len(prefix) :]
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS_MAX and int(digits)):
        return None
    series = next(series for series, known in PREFIXES.items() if known == prefix)
    return ReceiptRef(number=int(digits), series=series, register_id=register_id)
