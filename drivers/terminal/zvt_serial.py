"""ZVT's frames on serial lines.

    10 02  APDU, every 10 doubled  10 03  CRC-low CRC-high

The CRC is the reflected CCITT polynomial (8408), begun at 0, over the undoubled APDU and the 03.
The receiver answers each frame with ACK (06) or NAK (15). Example, from a capture:

    10 02 06 0F 0B F0 F0 F7 32 2E 31 34 2E 31 35 00 10 03 B1 11

Source: ZVT PA00P016, chapter "Serial transport".
"""

from enum import Enum, auto
from typing import Final

DLE, STX, ETX, ACK, NAK = 0x10, 0x02, 0x03, 0x06, 0x15
CRC_POLYNOMIAL: Final = 0x8408
FRAME_BYTES_MAX: Final = 5 + 0xFFFF
"""The longest APDU; a line that never ends one is noise."""


class Signal(Enum):
    """What a line says besides frames."""

    ACK = auto()
    NAK = auto()
    BAD_FRAME = auto()
    """A frame that was cut, too long or with a wrong CRC: to be answered with NAK."""


def crc(data: bytes) -> int:
    """Return the checksum over an undoubled APDU (the 03 is added here)."""
    value = 0
    for byte in (*data, ETX):
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ CRC_POLYNOMIAL if value & 1 else value >> 1
    return value


def encode_frame(apdu: bytes) -> bytes:
    """Return the frame around the bytes of one APDU."""
    doubled = apdu.replace(bytes([DLE]), bytes([DLE, DLE]))
    return bytes([DLE, STX]) + doubled + bytes([DLE, ETX]) + crc(apdu).to_bytes(2, "little")


class _State(Enum):
    OUTSIDE = auto()
    OUTSIDE_DLE = auto()
    INSIDE = auto()
    INSIDE_DLE = auto()
    CRC_LOW = auto()
    CRC_HIGH = auto()


class FrameStream:
    """Cuts a serial line into the bytes of APDUs and signals. Noise between frames is dropped."""

    def __init__(self) -> None:
        self._state = _State.OUTSIDE
        self._body = bytearray()
        self._crc_low = 0

    @property
    def is_inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._state not in (_State.OUTSIDE, _State.OUTSIDE_DLE)

    def reset(self) -> None:
        """Forget an unfinished frame: the time between two of its bytes was too long."""
        self._state = _State.OUTSIDE
        self._body.clear()

    def feed(self, data: bytes) -> list[bytes | Signal]:
        """Take bytes as they came; return what they complete, in order."""
        found: list[bytes | Signal] = []
        for byte in data:
            item = self._step(byte)
            if item is not None:
                found.append(item)
        return found

    def _step(self, byte: int) -> bytes | Signal | None:
        match self._state:
            case _State.OUTSIDE:
                if byte == DLE:
                    self._state = _State.OUTSIDE_DLE
                return {ACK: Signal.ACK, NAK: Signal.NAK}.get(byte)
            case _State.OUTSIDE_DLE:
                self._body.clear()
                self._state = _State.INSIDE if byte == STX else _State.OUTSIDE
            case _State.INSIDE:
                if byte == DLE:
                    self._state = _State.INSIDE_DLE
                else:
                    return self._add(byte)
            case _State.INSIDE_DLE:
                return self._after_dle(byte)
            case _State.CRC_LOW:
                self._crc_low = byte
                self._state = _State.CRC_HIGH
            case _State.CRC_HIGH:
                self._state = _State.OUTSIDE
                body = bytes(self._body)
                return body if crc(body) == byte << 8 | self._crc_low else Signal.BAD_FRAME
        return None

    def _after_dle(self, byte: int) -> Signal | None:
        if byte == DLE:
            self._state = _State.INSIDE
            return self._add(byte)
        if byte == ETX:
            self._state = _State.CRC_LOW
            return None
        # 10 02 begins anew: the end of the frame before was lost.
        self._body.clear()
        self._state = _State.INSIDE if byte == STX else _State.OUTSIDE
        return Signal.BAD_FRAME if byte != STX else None

    def _add(self, byte: int) -> Signal | None:
        self._body.append(byte)
        if len(self._body) <= FRAME_BYTES_MAX:
            return None
        self.reset()
        return Signal.BAD_FRAME
