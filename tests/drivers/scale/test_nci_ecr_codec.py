"""Frames of NCI ECR: both variants, every status bit, and what is refused."""

import pytest

from drivers.errors import ProtocolError
from drivers.scale.nci_ecr_codec import decode
from drivers.scale.reading import Reading


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        # ECR variant, as in the Diva manual.
        (b"\n01.234KG\r\nS00\r\x03", Reading(weight_g=1234)),
        (b"\n00.000KG\r\nS20\r\x03", Reading(weight_g=0, zero=True)),
        (b"\nS10\r\x03", Reading(in_motion=True)),
        (b"\nS30\r\x03", Reading(in_motion=True, zero=True)),
        (b"\nS01\r\x03", Reading(under_zero=True)),
        (b"\nS02\r\x03", Reading(over_capacity=True)),
        (b"\nS0p8\r\x03", Reading(error=True)),
        # General variant: no S, small letters, NCI 7800 p. 32, Avery 7821 p. 25.
        (b"\n001.234kg\r\n00\r\x03", Reading(weight_g=1234)),
        (b"\n  1.234kg\r\n00\r\x03", Reading(weight_g=1234)),
        (b"\n001.234kg\r\n10\r\x03", Reading(in_motion=True)),
        (b"\n-00.100kg\r\n01\r\x03", Reading(under_zero=True)),
        (b"\n______\r\n01\r\x03", Reading(under_zero=True)),
        (b"\n^^^^^^\r\n02\r\x03", Reading(over_capacity=True)),
        (b"\n------\r\n00\r\x03", Reading(error=True)),
        # The digits alone give it away, even where the bits do not.
        (b"\n-00.100kg\r\n00\r\x03", Reading(under_zero=True)),
        (b"\n^^^^^^\r\n00\r\x03", Reading(over_capacity=True)),
        (b"\n- - - - - -\r\n00\r\x03", Reading(error=True)),
        (b"\n_ _ _ _ _ _\r\n00\r\x03", Reading(under_zero=True)),
        # A fourth status byte (Diva: weight change, zero seen, metric), announced or not.
        (b"\n01.234KG\r\nS0pp4\r\x03", Reading(weight_g=1234)),
        (b"\n01.234KG\r\nS0000\r\x03", Reading(weight_g=1234)),
        # A third status byte: net.
        (b"\n01.234KG\r\nS0p4\r\x03", Reading(weight_g=1234, net=True)),
        # Parity in bit 7.
        (
            bytes.fromhex("0a 30 b1 2e b2 33 b4 4b 47 8d 0a 53 30 30 8d 03"),
            Reading(weight_g=1234),
        ),
    ],
)
def test_frames_are_decoded(frame: bytes, expected: Reading) -> None:
    assert decode(frame) == expected


def test_two_decimals_are_tens_of_grams_where_they_are_configured() -> None:
    assert decode(b"\n0001.23kg\r\n00\r\x03", decimals=2) == Reading(weight_g=1230)
    assert decode(b"\n001.23KG\r\nS00\r\x03", decimals=2) == Reading(weight_g=1230)


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (b"40", "RAM error"),
        (b"80", "EEPROM error"),
        (b"04", "ROM error"),
        (b"08", "faulty calibration"),
        (b"<<", "RAM error, EEPROM error, ROM error, faulty calibration"),
    ],
)
def test_what_is_broken_is_said_and_takes_the_weight_away(status: bytes, fault: str) -> None:
    reading = decode(b"\n01.234KG\r\nS" + status + b"\r\x03")
    assert reading.fault == fault
    assert reading.weight_g is None


@pytest.mark.parametrize("h1", range(0x30, 0x40))
@pytest.mark.parametrize("h2", range(0x30, 0x40))
def test_a_weight_is_given_only_when_every_bit_allows_it(h1: int, h2: int) -> None:
    reading = decode(b"\n01.234KG\r\nS" + bytes((h1, h2)) + b"\r\x03")
    allowed = not h1 & 0b1101 and not h2 & 0b1111
    assert (reading.weight_g == 1234) is allowed


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b"", "not an NCI"),
        (b"\n?\r\x03", "did not understand"),
        (b"\n01.234KG\r\x03", "not an NCI"),
        (b"\nS0\r\x03", "one status byte"),
        (b"\nS0p\r\x03", "announces another"),
        (b"\nS0pp\r\x03", "announces another"),
        (b"\n01.234LB\r\nS00\r\x03", "weighs in 'lb'"),
        (b"\n01.234lb\r\n00\r\x03", "weighs in 'lb'"),
        (b"\n1234.0g\r\n00\r\x03", "weighs in 'g'"),
        (b"\n0001.23kg\r\n00\r\x03", "3 decimals"),
        (b"\n1.234KG\r\nS00\r\x03", "five digits"),
        (b"\n01.234\r\n00\r\x03", "no weight"),
        (b"\n01.23.4kg\r\n00\r\x03", "no weight in kg"),
        (b"\x0201.234\r", "not an NCI"),
    ],
)
def test_other_bytes_are_refused_with_words(frame: bytes, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        decode(frame)
