"""ZVT's data fields ("bitmaps"): a tag byte, and a value whose length the tag decides.

Numbers are BCD. LLVAR and LLLVAR carry their length in two or three bytes F0 to F9, one digit
each. The TLV container (06) has a length of its own kind. A tag that is not in the table ends the
reading: its length is not known, and what follows would be guessed.

Tracks, card numbers, expiry dates and check values (22, 23, 24, 2D, 0E, 3A) are split off like
the others, and shown to nobody: `zvt_messages` reads nothing of them but the last four digits.

Source: ZVT PA00P015, chapter "List of data elements"; lengths compared with Portalum.Zvt.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from drivers.errors import ProtocolError
from drivers.terminal import zvt_tlv

TLV_CONTAINER: Final = 0x06
LL: Final = 2
LLL: Final = 3

_TAGS_BY_SIZE: Final = {
    1: "01 02 03 05 19 27 8A 8C A0 D0 D2 D3 E0 E9 EA F0 F9 FA FB FC FD",
    2: "0D 0E 17 3A 49 87",
    3: "0B 0C 37 3D 88 AA",
    4: "29",
    5: "BA",
    6: "04",
    8: "3B EB",
    15: "2A",
}
FIXED_BYTES: Final = {
    tag: size for size, tags in _TAGS_BY_SIZE.items() for tag in bytes.fromhex(tags)
}
VARIABLE: Final = {
    **dict.fromkeys((0x22, 0x23, 0x2D, 0x8B, 0xA7, 0xD1), LL),
    **dict.fromkeys(range(0xE1, 0xE9), LL),  # texts of a display
    **dict.fromkeys(range(0xF1, 0xF9), LL),
    **dict.fromkeys((0x24, 0x2E, 0x3C, 0x60, 0x9A, 0xAF), LLL),
}


@dataclass(frozen=True, slots=True)
class Bmp:
    """One field. `head` is the length as it stood on the wire (empty for a fixed one)."""

    tag: int
    value: bytes = field(repr=False)
    head: bytes = b""

    def encode(self) -> bytes:
        """Return the bytes on the wire."""
        return bytes([self.tag]) + self.head + self.value


def of(tag: int, value: bytes) -> Bmp:
    """Return a field with the length its tag wants.

    Raises:
        ValueError: a value that does not fit, or an unknown tag. No byte of it is in the message.
    """
    if tag == TLV_CONTAINER:
        return Bmp(tag, value, zvt_tlv.encode_length(len(value)))
    if tag in VARIABLE:
        digits = f"{len(value):0{VARIABLE[tag]}d}"
        if len(digits) > VARIABLE[tag]:
            raise ValueError(f"BMP {tag:02X}: {len(value)} bytes are too many")
        return Bmp(tag, value, bytes(0xF0 | int(digit) for digit in digits))
    if FIXED_BYTES.get(tag) != len(value):
        raise ValueError(f"BMP {tag:02X}: {len(value)} bytes; expected {FIXED_BYTES.get(tag)}")
    return Bmp(tag, value)


def split(data: bytes) -> tuple[tuple[Bmp, ...], bytes]:
    """Return the fields of `data` in their order, and what could not be read behind them."""
    fields: list[Bmp] = []
    at = 0
    while at < len(data):
        bounds = _bounds(data, at)
        if bounds is None:
            break
        start, end = bounds
        fields.append(Bmp(data[at], data[start:end], data[at + 1 : start]))
        at = end
    return tuple(fields), data[at:]


def encode(fields: Iterable[Bmp]) -> bytes:
    """Return the bytes of several fields, one behind the other."""
    return b"".join(bmp.encode() for bmp in fields)


def bcd(number: int, size: int) -> bytes:
    """Return `number` as BCD of `size` bytes; ValueError when it is negative or too long."""
    text = f"{number:0{2 * size}d}"
    if number < 0 or len(text) > 2 * size:
        raise ValueError(f"{number} does not fit into {2 * size} digits")
    return bytes.fromhex(text)


def number(value: bytes) -> int | None:
    """Return the number of a BCD value; None when it is no number."""
    text = value.hex()
    return int(text) if text.isdigit() else None


def _bounds(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the value of the field at `at` starts and ends; None when that cannot be told."""
    tag = data[at]
    if tag == TLV_CONTAINER:
        try:
            length, start = zvt_tlv.read_length(data, at + 1)
        except ProtocolError:
            return None
    elif tag in VARIABLE:
        start = at + 1 + VARIABLE[tag]
        head = data[at + 1 : start]
        if len(head) < VARIABLE[tag] or any(byte < 0xF0 or byte > 0xF9 for byte in head):
            return None
        length = int("".join(str(byte & 0x0F) for byte in head))
    elif tag in FIXED_BYTES:
        start, length = at + 1, FIXED_BYTES[tag]
    else:
        return None
    return (start, start + length) if start + length <= len(data) else None
