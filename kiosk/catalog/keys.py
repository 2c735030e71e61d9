"""Codes as they are looked up: any way to write a GTIN, and the shop's own references.

References:
    GS1 General Specifications, section 7.9 (check digit), section 3.3.2 (GTIN in 14 digits)
"""

from typing import Final

GTIN_LENGTHS: Final = (8, 12, 13, 14)
REFERENCE_DIGITS_MAX: Final = 7
"""Shorter than the shortest GTIN, so a reference is never taken for one."""


def lookup_key(code: str) -> str | None:
    """Return the key under which the catalog holds a code; None when it cannot be one.

    A GTIN of 8, 12, 13 or 14 digits becomes its 14 digits. A shorter number (PLU, item reference
    of a label) loses its leading zeros: a scale that prints "004011" means 4011.
    """
    if not (code.isascii() and code.isdigit()):
        return None
    if len(code) in GTIN_LENGTHS:
        return code.zfill(14)
    if len(code) <= REFERENCE_DIGITS_MAX:
        return code.lstrip("0") or None
    return None


def check_digit(digits: str) -> int:
    """Return the GS1 check digit of a number given without it."""
    weighted = sum(
        int(digit) * (3 if position % 2 == 0 else 1)
        for position, digit in enumerate(reversed(digits))
    )
    return -weighted % 10


def fault_in_gtin(code: str) -> str:
    """Return why a text is no GTIN, in words; empty when it is one."""
    if not (code.isascii() and code.isdigit()):
        return "has other signs than digits"
    if len(code) not in GTIN_LENGTHS:
        return f"has {len(code)} digits; a GTIN has 8, 12, 13 or 14"
    expected = check_digit(code[:-1])
    if int(code[-1]) != expected:
        return f"has check digit {code[-1]}, and {expected} is right"
    return ""
