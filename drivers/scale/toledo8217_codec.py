r"""Frames of the Mettler-Toledo 8217 protocol. Pure: bytes in, readings out.

9600 baud 7E1 as delivered. The host asks, the scale answers:

    W           weight: STX dd.ddd CR in kg, "N" before CR when net;
                STX dd.dd CR or STX 0dd.dd CR in pounds; STX ? s CR when there is none to report
    Z           zero: STX ? s CR

`s` is a status byte, its parity bit stripped: bit 0 motion, 1 over capacity, 2 under zero,
3 outside the zero capture range, 4 centre of zero, 5 net (always 1 on some clones, so never looked
at; the "N" says it), 6 always 1.

Only a weight frame is a weight: the scale sends none while it is in motion.

Sources: Diva service manual, 6.1.4, status byte on p. 45; Rice Lake BenchPro p. 26 and Brecknell
AWT35-100089 p. 25 ("EH-SCP") have the same bits.
"""

import re
from typing import Final

from drivers.errors import ProtocolError
from drivers.scale.reading import Reading, grams_of_kilograms

WEIGHT_REQUEST: Final = b"W"
ZERO_REQUEST: Final = b"Z"
FRAME_END: Final = b"\r"
FRAME_BYTES_MAX: Final = 16

_IN_MOTION: Final = 0x01
_OVER_CAPACITY: Final = 0x02
_UNDER_ZERO: Final = 0x04
_OUTSIDE_ZERO_RANGE: Final = 0x08
_CENTRE_OF_ZERO: Final = 0x10
_ALWAYS_ONE: Final = 0x40

_KILOGRAM_FRAME: Final = re.compile(rb"\x02(?: |(?=\d\d))(\d{1,2}\.\d{3})(N?)\r")
"""Six places, the first may be blank. Fewer would be a weight that lost a digit on the way."""
_POUND_FRAME: Final = re.compile(rb"\x02 *\d{1,3}\.\d{2}N?\r")
_GRAM_FRAME: Final = re.compile(rb"\x02 *(\d{4,6})(N?)\r")
_STATUS_FRAME: Final = re.compile(rb"\x02\?(.)\r", re.DOTALL)


def decode(frame: bytes, *, grams_without_point: bool = False) -> Reading:
    """Decode one whole answer, STX to CR.

    `grams_without_point` is for clones (Baxtran TW) that send whole grams.
    Raises:
        ProtocolError: no frame of this protocol, or a weight in pounds; with the bytes in hex.
    """
    frame = bytes(byte & 0x7F for byte in frame)
    if match := _STATUS_FRAME.fullmatch(frame):
        return _decode_status(match[1][0], frame)
    if grams_without_point and (match := _GRAM_FRAME.fullmatch(frame)):
        return _weight(int(match[1]), match)
    if not grams_without_point and (match := _KILOGRAM_FRAME.fullmatch(frame)):
        return _weight(grams_of_kilograms(match[1].decode(), frame), match)
    if _POUND_FRAME.fullmatch(frame):
        raise ProtocolError(
            f"the scale weighs in pounds: {frame.hex(' ')}. Set it to kilograms with 3 decimals."
        )
    raise ProtocolError(f"not an 8217 frame: {frame.hex(' ')}")


def _weight(weight_g: int, match: re.Match[bytes]) -> Reading:
    return Reading(weight_g=weight_g, zero=weight_g == 0, net=bool(match[2]))


def _decode_status(status: int, frame: bytes) -> Reading:
    if not status & _ALWAYS_ONE:
        raise ProtocolError(f"status byte without its fixed bit 6: {frame.hex(' ')}")
    in_motion = bool(status & _IN_MOTION)
    over_capacity = bool(status & _OVER_CAPACITY)
    under_zero = bool(status & _UNDER_ZERO)
    # While a load lands, some scales also say that this is not near zero, which is no error.
    explained = in_motion or over_capacity or under_zero
    return Reading(
        zero=bool(status & _CENTRE_OF_ZERO),
        in_motion=in_motion,
        under_zero=under_zero,
        over_capacity=over_capacity,
        error=bool(status & _OUTSIDE_ZERO_RANGE) and not explained,
    )
