"""From a scanner's key events to characters. Pure: key numbers and up or down in, text out.

What cannot be typed is sent by scanners in one of three ways, and all are understood:

- ALT held, digits on the number pad, ALT released: Alt+029 is GS. With a leading zero (or below
  128) the number is a character of Windows-1252, without one of code page 850, as in Windows;
- CTRL with a letter or one of [ \\ ] ^ _ : Ctrl+] is GS;
- a key that is set aside for it in the scanner's configuration, such as F8.

ENTER on either pad is CR and TAB is TAB, so that framing is the same as on a serial line.
Modifiers belong to one device: what is held on another keyboard does not matter here.
"""

from collections.abc import Mapping
from typing import Final

from drivers.scanner.layouts import KEYPAD, US, Layout

UP: Final = 0
DOWN: Final = 1
"""Any other value is auto-repeat: a scanner holds no key, a slow host only thinks so."""

_TAB: Final = 15
_ENTERS: Final = frozenset({28, 96})
_SHIFTS: Final = frozenset({42, 54})
_CTRLS: Final = frozenset({29, 97})
_LEFT_ALT: Final = 56
_RIGHT_ALT: Final = 100
_CAPS_LOCK: Final = 58
_KEYPAD_DIGITS: Final = {key: text for key, text in KEYPAD.items() if text.isdigit()}


class KeyDecoder:
    """Turns one device's key events into characters."""

    def __init__(self, layout: Layout, special_keys: Mapping[int, str] | None = None) -> None:
        self._layout = layout
        self._special = dict(special_keys or {})
        self.reset()

    def reset(self) -> None:
        """Forget what is held and locked: after the device was lost, or events were."""
        self._held: set[int] = set()
        self._caps_lock = False
        self._alt_digits = ""
        self._after_dead = False

    def key(self, code: int, value: int) -> str:
        """Take one event; return the character that it completes, or nothing."""
        if value == UP:
            self._held.discard(code)
            return self._alt_character() if code == _LEFT_ALT else ""
        if value != DOWN:
            return ""
        self._held.add(code)
        if code == _CAPS_LOCK:
            self._caps_lock = not self._caps_lock
        if code == _LEFT_ALT:
            self._alt_digits = ""
        if _LEFT_ALT in self._held and code in _KEYPAD_DIGITS:
            self._alt_digits += _KEYPAD_DIGITS[code]
            return ""
        return self._without_dead_space(self._character(code))

    def _character(self, code: int) -> str:
        if code in self._special:
            return self._special[code]
        if code in _ENTERS:
            return "\r"
        if code == _TAB:
            return "\t"
        if self._held & _CTRLS and _RIGHT_ALT not in self._held:
            return self._control_character(code)
        if code in KEYPAD:
            return KEYPAD[code]
        return self._printable(code)

    def _printable(self, code: int) -> str:
        if _RIGHT_ALT in self._held:
            return self._layout.altgr.get(code, "")
        shift = bool(self._held & _SHIFTS)
        plain = self._layout.plain.get(code, "")
        if self._caps_lock and plain.isalpha():
            shift = not shift
        return self._layout.shift.get(code, "") if shift else plain

    def _control_character(self, code: int) -> str:
        # Scanners take the key by its place on an American keyboard, where "]" needs no ALT.
        for layout in (self._layout, US):
            character = layout.plain.get(code, "").upper()
            if character and "@" <= character <= "_":
                return chr(ord(character) & 0x1F)
            shifted = layout.shift.get(code, "")
            if shifted and shifted in "^_" and self._held & _SHIFTS:
                return chr(ord(shifted) & 0x1F)
        return ""

    def _alt_character(self) -> str:
        digits, self._alt_digits = self._alt_digits, ""
        if not digits:
            return ""
        number = int(digits) % 256
        if number < 128:
            return chr(number)
        code_page = "cp1252" if digits.startswith("0") else "cp850"
        return bytes((number,)).decode(code_page, errors="replace")

    def _without_dead_space(self, character: str) -> str:
        """A space right after an accent only says that the accent stands alone."""
        swallow = self._after_dead and character == " "
        if character:
            self._after_dead = character in self._layout.dead
        return "" if swallow else character
