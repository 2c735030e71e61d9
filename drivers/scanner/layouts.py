"""Keyboard layouts: which character a scanner means by a key. Data.

A scanner that pretends to be a keyboard sends the numbers of keys, and chooses them for the
country that it is set to. Keys are numbered as in linux/input-event-codes.h, by their place on the
keyboard: the key right of P is 26 (KEY_LEFTBRACE) in every country.

Sources: xkeyboard-config, symbols/us and symbols/no (variants nodeadkeys and winkeys, which agree
on every character here).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# The rows of characters, left to right. 41 is left of "1", 43 beside or above ENTER, 86 the key
# between the left SHIFT and Z that American keyboards do not have, 57 the space bar.
_KEYS: Final = (
    *range(2, 14),
    *range(16, 28),
    *range(30, 41),
    41,
    43,
    *range(44, 54),
    86,
    57,
)
_NONE: Final = "\0"
"""Stands in a row for "no character here"."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Characters by key: alone, with SHIFT, and with the right ALT."""

    plain: Mapping[int, str]
    shift: Mapping[int, str]
    altgr: Mapping[int, str]
    dead: frozenset[str] = frozenset()
    """Accents that a scanner may follow with a space to mean the accent alone."""


def _row(characters: str) -> dict[int, str]:
    assert len(characters) == len(_KEYS), f"{len(characters)} characters for {len(_KEYS)} keys"
    return {
        key: character
        for key, character in zip(_KEYS, characters, strict=True)
        if character != _NONE
    }


US: Final = Layout(
    plain=_row("1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./< "),
    shift=_row('!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"~|ZXCVBNM<>?> '),
    altgr={},
)
NO: Final = Layout(
    plain=_row("1234567890+\\qwertyuiopå¨asdfghjkløæ|'zxcvbnm,.-< "),
    shift=_row('!"#¤%&/()=?`QWERTYUIOPÅ^ASDFGHJKLØÆ§*ZXCVBNM;:_> '),
    altgr={3: "@", 4: "£", 5: "$", 6: "€", 8: "{", 9: "[", 10: "]", 11: "}", 13: "´"}
    | {18: "€", 27: "~", 50: "µ"},
    dead=frozenset("¨^~`´"),
)
LAYOUTS: Final[Mapping[str, Layout]] = {"us": US, "no": NO}

KEYPAD: Final[Mapping[int, str]] = {
    82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9",
    83: ".", 55: "*", 74: "-", 78: "+", 98: "/", 117: "=",
}  # fmt: skip
"""The number pad, as if NUM LOCK were on: a scanner means the digits."""
