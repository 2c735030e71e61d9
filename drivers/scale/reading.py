"""What one answer of a scale says, and how kilograms in text become grams. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from drivers.errors import ProtocolError

_KILOGRAMS: Final = re.compile(r"(\d{1,3})\.(\d{2,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One answer. `weight_g` is what the scale calls a stable weight, else None."""

    weight_g: int | None = None
    zero: bool = False
    net: bool = False
    in_motion: bool = False
    under_zero: bool = False
    over_capacity: bool = False
    error: bool = False
    """The scale says that it cannot weigh now: it cannot find its zero."""
    fault: str = ""
    """The scale says that it is broken (memory, calibration): why, for staff."""


def grams_of_kilograms(text: str, frame: bytes) -> int:
    """Return "1.234" (or "12.34") kilograms as grams, exactly.

    Raises:
        ProtocolError: the text is no such number; `frame` is quoted in hex.
    """
    match = _KILOGRAMS.fullmatch(text)
    if match is None:
        raise ProtocolError(
            f"{text!r} is no weight in kg with 2 or 3 decimals, frame: {frame.hex(' ')}"
        )
    whole, fraction = match.groups()
    return int(whole) * 1000 + int(fraction.ljust(3, "0"))
