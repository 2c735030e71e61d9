r"""Frames of the NCI / Weigh-Tronix ECR protocol (SCP-01). Pure: bytes in, readings out.

The host asks with one letter and CR, the scale answers within a second:

    W CR        LF xx.xxxKG CR  LF S h1 h2 CR ETX
    S CR, Z CR  LF S h1 h2 CR ETX           (status; zero, then status)
    other       LF ? CR ETX                 (not understood)

The "S" is the ECR variant's, which also leaves out the first line while there is no weight to
report (motion, negative, over, under, zero error). The general NCI variant has no "S", a unit in
small letters, maybe a minus sign, and ^^^^ over, ____ under, ---- zero error in the place of
digits; it sends digits in motion too, so the bits decide, never the digits.

Status bytes, bits 4 and 5 always 1 (printable: "0" to "?"), bit 6: another one follows.
h1: 0 motion, 1 at zero, 2 RAM error, 3 EEPROM error. h2: 0 under capacity, 1 over capacity, 2 ROM
error, 3 bad calibration. h3: 0-1 range, 2 net, 3 initial zero error. h4, which nothing here needs:
weight change, zero seen, metric.

Sources: Diva service manual, 6.1.1, pp. 34-37; NCI 6702 manual p. 14; NCI 7800 manual p. 32; Avery
Weigh-Tronix 7821 p. 25; Ohaus Aviator 7000 p. 49.
"""

import re
from collections.abc import Sequence
from typing import Final

from drivers.errors import ProtocolError
from drivers.scale.reading import Reading, grams_of_kilograms

WEIGHT_REQUEST: Final = b"W\r"
ZERO_REQUEST: Final = b"Z\r"
FRAME_END: Final = b"\x03"
FRAME_BYTES_MAX: Final = 64

_FRAME: Final = re.compile(rb"(?:\n([^\n\r]*)\r)?\n(S?)([0-?p-\x7f]{1,8})\r\x03")
"""Status bytes are 0x30-0x3F, or 0x70-0x7F where another one follows."""
_NOT_UNDERSTOOD: Final = re.compile(rb"\n\?\r\x03")
_WEIGHT: Final = re.compile(r"(-?)\s*([\d.]+)\s*([A-Za-z]{1,2})")
_ECR_DIGITS: Final = 5
"""In the ECR variant, which has neither signs nor blanks: fewer lost one on the way."""
_MORE_FOLLOWS: Final = 0x40
_FAULTS: Final = (
    (0, 0x04, "RAM error"),
    (0, 0x08, "EEPROM error"),
    (1, 0x04, "ROM error"),
    (1, 0x08, "faulty calibration"),
)


def decode(frame: bytes, *, decimals: int = 3) -> Reading:
    """Decode one whole answer, LF to ETX; `decimals` are those of a kilogram on its display.

    Raises:
        ProtocolError: no frame of this protocol, a weight that is not in kg, or the scale did
            not understand the request; with the bytes in hex.
    """
    frame = bytes(byte & 0x7F for byte in frame)
    if _NOT_UNDERSTOOD.fullmatch(frame):
        raise ProtocolError(f"the scale did not understand the request: {frame.hex(' ')}")
    match = _FRAME.fullmatch(frame)
    if match is None:
        raise ProtocolError(f"not an NCI ECR frame: {frame.hex(' ')}")
    first = "" if match[1] is None else match[1].decode("ascii").strip()
    if first and match[2] and sum(character.isdigit() for character in first) != _ECR_DIGITS:
        raise ProtocolError(f"not five digits: {frame.hex(' ')}")
    return _reading(first, _status_bytes(match[3], frame), frame, decimals)


def _status_bytes(raw: bytes, frame: bytes) -> tuple[int, int, int]:
    """Return h1, h2, h3, zero for those that did not come."""
    for position, byte in enumerate(raw):
        if byte & _MORE_FOLLOWS and position + 1 == len(raw):
            raise ProtocolError(f"the last status byte announces another: {frame.hex(' ')}")
    # Two always come, the first without announcing the second. More than were announced are
    # no sign of damage: the manuals do not agree on how many there are.
    if len(raw) < 2:
        raise ProtocolError(f"one status byte, expected two or more: {frame.hex(' ')}")
    return raw[0], raw[1], raw[2] if len(raw) > 2 else 0


def _reading(first: str, status: Sequence[int], frame: bytes, decimals: int) -> Reading:
    h1, h2, h3 = status
    in_motion = bool(h1 & 0x01)
    first = first.replace(" ", "")
    dashes = first.startswith("--")
    under_zero = bool(h2 & 0x01) or first.startswith("_") or (first.startswith("-") and not dashes)
    over_capacity = bool(h2 & 0x02) or first.startswith("^")
    error = bool(h3 & 0x08) or dashes
    fault = ", ".join(text for index, bit, text in _FAULTS if status[index] & bit)
    weight_g = _weight_g(first, frame, decimals) if first and first[0] not in "-_^" else None
    if in_motion or under_zero or over_capacity or error or fault:
        weight_g = None
    return Reading(
        weight_g=weight_g,
        zero=bool(h1 & 0x02),
        net=bool(h3 & 0x04),
        in_motion=in_motion,
        under_zero=under_zero,
        over_capacity=over_capacity,
        error=error,
        fault=fault,
    )


def _weight_g(text: str, frame: bytes, decimals: int) -> int:
    match = _WEIGHT.fullmatch(text)
    if match is None:
        raise ProtocolError(f"{text!r} is no weight: {frame.hex(' ')}")
    unit = match[3].lower()
    if unit != "kg":
        raise ProtocolError(
            f"the scale weighs in {unit!r}: {frame.hex(' ')}. Set it to kilograms with 3 decimals."
        )
    return grams_of_kilograms(match[2], frame, decimals=decimals)
