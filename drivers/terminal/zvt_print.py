"""Receipts that a terminal hands over line by line (06 D1) or in blocks (06 D3).

Source: ZVT PA00P015, chapters "Print line" and "Print text block".
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from drivers.errors import ProtocolError
from drivers.terminal import zvt_bmp, zvt_codes, zvt_tlv
from drivers.terminal.zvt_apdu import Apdu
from drivers.terminal.zvt_text import readable

LINES_MAX: Final = 400
"""A terminal that never stops printing fills no memory."""


class ReceiptType(IntEnum):
    """Whom a line is for; UNSAID for a terminal that does not tell."""

    UNSAID = 0
    MERCHANT = 1
    CUSTOMER = 2
    ADMINISTRATION = 3


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of a receipt, masked."""

    text: str
    receipt_type: ReceiptType = ReceiptType.UNSAID
    is_large: bool = False


@dataclass(slots=True)
class Paper:
    """Collects what a terminal wants printed during one command."""

    charset: str = "cp437"
    lines: list[PrintedLine] = field(default_factory=list)

    def take(self, apdu: Apdu) -> bool:
        """Collect the lines of `apdu`; False when it is no print command."""
        if apdu.control == zvt_codes.PRINT_LINE:
            self._add([read_line(apdu, self.charset)])
        elif apdu.control == zvt_codes.PRINT_BLOCK:
            self._add(read_block(apdu, self.charset))
        else:
            return False
        return True

    def receipt(self, receipt_type: ReceiptType) -> tuple[str, ...]:
        """Return the lines for one reader; lines that name nobody are for all."""
        wanted = (receipt_type, ReceiptType.UNSAID)
        return tuple(line.text for line in self.lines if line.receipt_type in wanted)

    def _add(self, lines: list[PrintedLine]) -> None:
        self.lines.extend(lines[: LINES_MAX - len(self.lines)])


def read_line(apdu: Apdu, charset: str = "cp437") -> PrintedLine:
    """Read 06 D1: an attribute byte, text, and sometimes a TLV container behind it."""
    attribute, text = apdu.data[:1], apdu.data[1:]
    text, tlv = _split_container(text)
    return PrintedLine(
        readable(text, charset), _type_of(tlv), bool(attribute and attribute[0] & 0x60)
    )


def read_block(apdu: Apdu, charset: str = "cp437") -> list[PrintedLine]:
    """Read 06 D3: a TLV container with the lines. One that cannot be read has no lines."""
    fields, _ = zvt_bmp.split(apdu.data)
    tlv = next((bmp.value for bmp in fields if bmp.tag == zvt_bmp.TLV_CONTAINER), b"")
    receipt_type = _type_of(tlv)
    try:
        texts = [item.value for item in zvt_tlv.walk(tlv) if item.tag == b"\x07"]
    except ProtocolError:
        return []
    return [PrintedLine(readable(text, charset), receipt_type) for text in texts]


def _split_container(text: bytes) -> tuple[bytes, bytes]:
    """Cut a TLV container off the end of a text: 06, a length, and exactly that much to the end."""
    at = text.find(bytes([zvt_bmp.TLV_CONTAINER]))
    while at >= 0:
        fields, rest = zvt_bmp.split(text[at:])
        if len(fields) == 1 and not rest:
            return text[:at], fields[0].value
        at = text.find(bytes([zvt_bmp.TLV_CONTAINER]), at + 1)
    return text, b""


def _type_of(tlv: bytes) -> ReceiptType:
    value = zvt_tlv.first(tlv, "1F07") or b""
    try:
        return ReceiptType(int.from_bytes(value, "big"))
    except ValueError:
        return ReceiptType.UNSAID
