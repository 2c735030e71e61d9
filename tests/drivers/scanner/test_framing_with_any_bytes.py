"""Whatever a line brings, framing neither fails nor grows, and finds the next code."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.framing import Fault, Framer, Framing, ScannedCode

MILK = b"]E07038010001659\r"


@given(chunks=st.lists(st.binary(max_size=300), max_size=20), aim=st.booleans())
def test_any_bytes_then_silence_then_a_code(chunks: list[bytes], aim: bool) -> None:
    framer = Framer(Framing(length_max=100, aim_id=aim))
    now_ns = 0
    for chunk in chunks:
        now_ns += 1
        for out in framer.feed(chunk, now_ns):
            assert isinstance(out, Fault) or len(out.text) <= 100
        assert len(framer._buffer) <= 100
    now_ns += 500_000_000
    list(framer.on_silence(now_ns))
    (code,) = framer.feed(MILK, now_ns)
    assert isinstance(code, ScannedCode)
    assert (code.aim_id + code.text).endswith("7038010001659")


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=8))
def test_where_bytes_are_cut_does_not_matter(data: bytes, cuts: list[int]) -> None:
    at_once = list(Framer(Framing()).feed(data, 0))
    framer = Framer(Framing())
    edges = [0, *sorted(cuts), len(data)]
    in_pieces = [out for start, end in pairwise(edges) for out in framer.feed(data[start:end], 0)]
    assert in_pieces == at_once
