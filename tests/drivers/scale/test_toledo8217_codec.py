"""Frames of the 8217: examples of the manuals, every status bit, and what is refused."""

import pytest

from drivers.errors import ProtocolError
from drivers.scale.reading import Reading
from drivers.scale.toledo8217_codec import decode


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        # Diva service manual: 1.234 kg.
        ("02 30 31 2E 32 33 34 0D", Reading(weight_g=1234)),
        ("02 30 30 2E 35 30 30 0D", Reading(weight_g=500)),
        ("02 30 30 2E 30 30 30 0D", Reading(weight_g=0, zero=True)),
        ("02 30 30 2E 30 30 35 0D", Reading(weight_g=5)),
        ("02 31 34 2E 39 39 35 0D", Reading(weight_g=14995)),
        # Net weight has an N.
        ("02 30 31 2E 32 33 34 4E 0D", Reading(weight_g=1234, net=True)),
        # Leading blanks (Odoo's driver accepts them from the field), one digit.
        ("02 20 31 2E 32 33 34 0D", Reading(weight_g=1234)),
        # Even parity in bit 7, as an 8-bit port sees it: 0x0D has three ones, 0x31 three, 0x02 one.
        ("82 30 B1 2E B2 33 B4 8D", Reading(weight_g=1234)),
    ],
)
def test_a_weight_frame_is_a_stable_weight(frame: str, expected: Reading) -> None:
    assert decode(bytes.fromhex(frame)) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("A", Reading(in_motion=True)),
        ("B", Reading(over_capacity=True)),
        ("D", Reading(under_zero=True)),
        ("H", Reading(error=True)),
        ("P", Reading(zero=True)),
        ("@", Reading()),
        # Net (bit 5), which some clones always set.
        ("a", Reading(in_motion=True)),
        ("b", Reading(over_capacity=True)),
        ("d", Reading(under_zero=True)),
        ("p", Reading(zero=True)),
        # Two at once: not near zero, because a load is landing, is no error.
        ("I", Reading(in_motion=True)),
        ("J", Reading(over_capacity=True)),
        ("E", Reading(in_motion=True, under_zero=True)),
        ("Q", Reading(in_motion=True, zero=True)),
    ],
)
def test_every_status_bit_is_a_state_without_a_weight(status: str, expected: Reading) -> None:
    assert decode(b"\x02?" + status.encode() + b"\r") == expected


@pytest.mark.parametrize("status", range(256))
def test_no_status_byte_is_ever_a_weight(status: int) -> None:
    frame = b"\x02?" + bytes((status,)) + b"\r"
    if status & 0x40:
        assert decode(frame).weight_g is None
    else:
        with pytest.raises(ProtocolError, match="bit 6"):
            decode(frame)


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\r",
        b"\x02\r",
        b"01.234\r",
        b"\x0201.234",
        b"\x0201.23\r\r",
        b"\x0201,234\r",
        b"\x021.234\r",
        b"\x02  1.234\r",
        b"\x02001.234\r",
        b"\x021.2345\r",
        b"\x02-1.234\r",
        b"\x0201234\r",
        b"\x02E\r",
        b"\x02?AB\r",
        b"\n01.234KG\r\nS00\r\x03",
        b"ST,GS,+  1.234kg\r\n",
    ],
)
def test_other_bytes_are_refused_and_quoted(frame: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(frame)


@pytest.mark.parametrize("frame", [b"\x0201.23\r", b"\x02001.23\r", b"\x0201.23N\r"])
def test_pounds_are_refused_with_words(frame: bytes) -> None:
    with pytest.raises(ProtocolError, match="pounds"):
        decode(frame)


def test_an_error_quotes_the_bytes() -> None:
    with pytest.raises(ProtocolError, match="02 58 59 0d"):
        decode(b"\x02XY\r")


def test_whole_grams_are_read_only_where_they_are_configured() -> None:
    assert decode(b"\x0201234\r", grams_without_point=True) == Reading(weight_g=1234)
    with pytest.raises(ProtocolError):
        decode(b"\x0201.234\r", grams_without_point=True)
