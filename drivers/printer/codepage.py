"""Text to the bytes of one code page, and what to print for characters that are not in it.

A printer gets its code page once and keeps it. Where the page lacks a character, the nearest one
that says the same is printed; a question mark is the last resort.

Source of the slots (`ESC t n`): Epson's tables; some clones number theirs differently, so the
configuration may name the slot.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

from drivers.errors import DeviceConfigError

SLOTS: Final[Mapping[str, int]] = {
    # Code pages with all of æøåÆØÅ; only 858 and 1252 have the euro sign too.
    "cp850": 2,
    "cp865": 5,
    "cp1252": 16,
    "cp858": 19,
}

STAND_INS: Final[Mapping[str, str]] = {
    "\u2010": "-",  # hyphen
    "\u2011": "-",  # no-break hyphen
    "\u2013": "-",  # en dash
    "\u2014": "-",  # em dash
    "\u2212": "-",  # minus sign
    "\u00d7": "x",  # multiplication sign
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u2026": "...",
    "\u2022": "*",
    "\u20ac": "EUR",
    "\u00bd": "1/2",
    "\u00ae": "(R)",
    "\u2122": "TM",
}
_SPACES: Final = frozenset("\u00a0\u202f\u2009\u2007")
"""Spaces that do not break; in a code page they may print as anything, so they become plain."""


def slot_of(code_page: str) -> int:
    """Return the `ESC t` number of a code page; DeviceConfigError for one without Norwegian."""
    if code_page not in SLOTS:
        raise DeviceConfigError(
            f"code page {code_page!r} cannot print Norwegian. "
            f"Expected one of: {', '.join(sorted(SLOTS))}."
        )
    return SLOTS[code_page]


def printable(text: str, code_page: str) -> str:
    """Return `text` with only characters of the code page, control characters left out.

    Decide on stand-ins before counting columns: "…" takes one column and "..." takes three.
    """
    return "".join(_printable(character, code_page) for character in text)


def _printable(character: str, code_page: str) -> str:
    if character in _SPACES:
        return " "
    # A control character in a product's name must never become a command to the printer.
    if unicodedata.category(character) == "Cc":
        return ""
    if _has(character, code_page):
        return character
    if character in STAND_INS:
        return STAND_INS[character]
    plain = unicodedata.normalize("NFKD", character)
    kept = "".join(part for part in plain if _has(part, code_page))
    return kept or "?"


def _has(character: str, code_page: str) -> bool:
    try:
        character.encode(code_page)
    except UnicodeEncodeError:
        return False
    return True
