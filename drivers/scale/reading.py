"""What one answer of a scale says, and how kilograms in text become grams. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from drivers.errors import ProtocolError

_KILOGRAMS: Final = re.compile(r"(\d{1,5})\.(\d{2,3})")


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


def grams_of_kilograms(text: str, frame: bytes, *, decimals: int = 3) -> int:
    """Return kilograms with so many decimals ("1.234") as grams, exactly.

    Raises:
        ProtocolError: the text is no such number; `frame` is quoted in hex. A number with fewer
            decimals lost a digit on the way, and would be another weight.
    """
    match = _KILOGRAMS.fullmatch(text)
    if match is None or len(match[2]) != decimals:
        raise ProtocolError(
            f"{text!r} is no weight in kg with {decimals} decimals, frame: {frame.hex(' ')}"
        )
    return int(match[1]) * 1000 + int(match[2].ljust(3, "0"))
