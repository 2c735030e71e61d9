"""Texts of a terminal, made fit to be seen: decoded, without control characters or card numbers.

A merchant's copy of a receipt may name the whole card. Whatever line it stands on, a run of 12 to
19 digits that is a card number by its check digit keeps its last four.
"""

import re
from typing import Final, Literal

Charset = Literal["cp437", "utf-8", "iso8859-15"]
TEXT_CHARS_MAX: Final = 400
_DIGITS_MIN, _DIGITS_MAX = 12, 19
_RUN = re.compile(r"\d(?:[ -]?\d){11,}")
_DIGIT = re.compile(r"\d")


def readable(raw: bytes, charset: str = "cp437") -> str:
    """Return `raw` up to its first NUL as text of at most TEXT_CHARS_MAX characters."""
    text = raw.split(b"\x00", 1)[0].decode(charset, "replace")[:TEXT_CHARS_MAX]
    return mask_card_numbers("".join(c if c.isprintable() else " " for c in text).rstrip())


def mask_card_numbers(text: str) -> str:
    """Replace all but the last four digits of what may be a card number by asterisks."""
    return _RUN.sub(lambda run: _masked(run.group()), text)


def _masked(run: str) -> str:
    digits = [int(character) for character in run if character.isdigit()]
    if not any(
        is_card_number(digits[start : start + size])
        for size in range(_DIGITS_MIN, _DIGITS_MAX + 1)
        for start in range(len(digits) - size + 1)
    ):
        return run
    hidden = len(digits) - 4
    return _DIGIT.sub("*", run, count=hidden)


def is_card_number(digits: list[int]) -> bool:
    """Whether these digits pass the check of card numbers (Luhn), and are not all the same."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * 2 if place % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0 and len(set(digits)) > 1
