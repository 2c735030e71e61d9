"""ZVT's application packets: control field, length, data.

    CLASS INSTR LEN data            LEN 00 to FE
    CLASS INSTR FF LO HI data       longer, or by a sender who likes it so; low byte first

A positive answer is `80 00 00` (some terminals: `84 00 00`), a negative one `84 xx 00` with the
error in its second byte. An answer is never answered.

Over TCP packets follow each other without anything between them; several may come in one segment,
or one in several. Over serial lines each has a frame (zvt_serial).

Source: ZVT PA00P015, chapter "APDU"; captures of terminals for the order of the long length.
"""

from dataclasses import dataclass, field
from typing import Final

from drivers.errors import ProtocolError

LONG: Final = 0xFF
DATA_BYTES_MAX: Final = 0xFFFF
ACKNOWLEDGED: Final = b"\x80\x00"
REFUSED_CLASS: Final = 0x84


@dataclass(frozen=True, slots=True)
class Apdu:
    """One packet. Its data may hold a card number, so it shows in no log and no traceback."""

    control: bytes
    """Class and instruction, two bytes: b"\\x06\\x01"."""
    data: bytes = field(default=b"", repr=False)
    is_long: bool = False
    """Whether three bytes of length are on the wire although one would do."""

    def __post_init__(self) -> None:
        if len(self.control) != 2 or len(self.data) > DATA_BYTES_MAX:
            raise ValueError(f"no APDU: control of {len(self.control)}, {len(self.data)} bytes")

    @property
    def is_positive(self) -> bool:
        """Whether it says "understood"."""
        return self.control in (ACKNOWLEDGED, bytes([REFUSED_CLASS, 0]))

    @property
    def is_answer(self) -> bool:
        """Whether it answers a packet of ours, so that it must not be answered itself."""
        return self.control == ACKNOWLEDGED or self.control[0] == REFUSED_CLASS

    @property
    def error(self) -> int:
        """The error of a negative answer; 0 where there is none."""
        return self.control[1] if self.control[0] == REFUSED_CLASS else 0

    def encode(self) -> bytes:
        """Return the bytes on the wire."""
        length = len(self.data)
        if self.is_long or length >= LONG:
            return self.control + bytes([LONG]) + length.to_bytes(2, "little") + self.data
        return self.control + bytes([length]) + self.data


POSITIVE: Final = Apdu(ACKNOWLEDGED)


def refusal(error: int) -> Apdu:
    """Return the negative answer `84 xx 00`."""
    return Apdu(bytes([REFUSED_CLASS, error]))


def decode(raw: bytes) -> Apdu:
    """Decode exactly one packet.

    Raises:
        ProtocolError: if there is less or more. The message has no bytes: they may be a card's.
    """
    apdu, size = _take(raw)
    if apdu is None or size != len(raw):
        raise ProtocolError(f"terminal: {len(raw)} bytes are no APDU (control {raw[:2].hex()})")
    return apdu


class ApduStream:
    """Cuts a stream into packets. Holds at most one packet of the greatest length."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Apdu]:
        """Take bytes as they came and return the packets that are whole now."""
        self._buffer += data
        packets: list[Apdu] = []
        while True:
            apdu, size = _take(bytes(self._buffer))
            if apdu is None:
                return packets
            del self._buffer[:size]
            packets.append(apdu)

    @property
    def waiting_bytes(self) -> int:
        """How many bytes of an unfinished packet lie here."""
        return len(self._buffer)


def _take(raw: bytes) -> tuple[Apdu | None, int]:
    """Return the first packet of `raw` and its size; None when it is not whole yet."""
    if len(raw) < 3:
        return None, 0
    is_long = raw[2] == LONG
    if is_long and len(raw) < 5:
        return None, 0
    start = 5 if is_long else 3
    end = start + (int.from_bytes(raw[3:5], "little") if is_long else raw[2])
    if len(raw) < end:
        return None, 0
    return Apdu(raw[:2], raw[start:end], is_long and end - start < LONG), end
