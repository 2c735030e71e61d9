"""Whatever a line brings, a codec answers or refuses, and damage never becomes another weight."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.scale import nci_ecr_codec, toledo8217_codec
from drivers.scale.reading import Reading

DECODERS = [toledo8217_codec.decode, nci_ecr_codec.decode]
Decode = Callable[[bytes], Reading]


@pytest.mark.parametrize("decode", DECODERS)
@given(frame=st.binary(max_size=64))
def test_any_bytes_are_a_reading_or_refused(decode: Decode, frame: bytes) -> None:
    try:
        reading = decode(frame)
    except ProtocolError:
        return
    hindered = reading.in_motion or reading.under_zero or reading.over_capacity
    if hindered or reading.error or reading.fault:
        assert reading.weight_g is None
    assert reading.weight_g is None or 0 <= reading.weight_g < 1_000_000


@pytest.mark.parametrize(
    ("decode", "frame"),
    [
        (toledo8217_codec.decode, b"\x02%02d.%03d\r"),
        (nci_ecr_codec.decode, b"\n%02d.%03dKG\r\nS00\r\x03"),
    ],
)
@given(grams=st.integers(0, 99_999), cut=st.integers(0, 30))
def test_a_weight_that_lost_a_byte_never_becomes_another(
    decode: Decode, frame: bytes, grams: int, cut: int
) -> None:
    whole = frame % divmod(grams, 1000)
    assert decode(whole).weight_g == grams
    at = cut % len(whole)
    damaged = whole[:at] + whole[at + 1 :]
    try:
        assert decode(damaged).weight_g in (None, grams), damaged
    except ProtocolError:
        return
