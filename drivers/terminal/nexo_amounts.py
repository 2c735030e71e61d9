"""Amounts at the edge: integer minor units inside, exact decimals on the wire, never a float."""

from decimal import Decimal
from typing import Any

from drivers.errors import ProtocolError

AMOUNT_MAX = 100_000_000
"""The schema's maximum, in major units; an amount is below it."""


def decimal_of(minor: int, digits: int) -> Decimal:
    """Return minor units as a decimal: 14990 with 2 digits is 149.90."""
    return Decimal(minor).scaleb(-digits)


def minor_of(value: Any, digits: int) -> int:
    """Return a number as minor units.

    Raises:
        ProtocolError: if it is no number, negative, beyond the schema's maximum, or finer than the
            currency's minor unit: an amount is never rounded.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ProtocolError("terminal: amount is not a number")
    scaled = Decimal(value).scaleb(digits)
    if scaled != scaled.to_integral_value() or not 0 <= Decimal(value) < AMOUNT_MAX:
        raise ProtocolError(f"terminal: amount is not a whole number of minor units ({digits})")
    return int(scaled)
