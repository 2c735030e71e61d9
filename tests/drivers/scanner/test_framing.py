"""Bytes of scanners to codes: every ending, any chunks, and what must not become a code."""

import random

import pytest

from drivers.scanner.framing import SUFFIX_NAMES, Fault, Framer, Framing, ScannedCode

MS = 1_000_000


def codes(framer: Framer, data: bytes, now_ns: int = 0) -> list[tuple[str, str] | Fault]:
    return [
        (out.aim_id, out.text) if isinstance(out, ScannedCode) else out
        for out in framer.feed(data, now_ns)
    ]


def silence(framer: Framer, now_ns: int) -> list[tuple[str, str] | Fault]:
    return [
        (out.aim_id, out.text) if isinstance(out, ScannedCode) else out
        for out in framer.on_silence(now_ns)
    ]


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        ("any", b"7038010001659\r"),
        ("any", b"7038010001659\r\n"),
        ("any", b"7038010001659\n"),
        ("any", b"7038010001659\t"),
        ("any", b"7038010001659\x03"),
        ("cr", b"7038010001659\r"),
        ("lf", b"7038010001659\n"),
        ("crlf", b"7038010001659\r\n"),
        ("tab", b"7038010001659\t"),
        ("etx", b"7038010001659\x03"),
    ],
)
def test_each_suffix_ends_one_code(suffix: str, data: bytes) -> None:
    framer = Framer(Framing(suffixes=SUFFIX_NAMES[suffix]))
    assert codes(framer, data) == [("", "7038010001659")]
    assert framer.silence_ends_in_s(0) is None


def test_a_code_without_suffix_ends_with_the_gap_and_not_before() -> None:
    framer = Framer(Framing(suffixes=(), gap_ms=80))
    assert codes(framer, b"70380100", now_ns=0) == []
    assert codes(framer, b"01659", now_ns=79 * MS) == []
    assert framer.silence_ends_in_s(79 * MS) == 0.08
    assert silence(framer, 158 * MS) == []
    assert silence(framer, 159 * MS) == [("", "7038010001659")]


def test_half_a_code_is_dropped_after_a_pause_and_the_next_one_is_whole() -> None:
    framer = Framer(Framing())
    assert codes(framer, b"703801", now_ns=0) == []
    assert silence(framer, 499 * MS) == []
    assert silence(framer, 500 * MS) == [Fault.HALF_CODE]
    assert codes(framer, b"7038010001659\r", now_ns=600 * MS) == [("", "7038010001659")]


def test_a_late_reader_does_not_take_its_own_delay_for_the_scanners_silence() -> None:
    framer = Framer(Framing())
    assert codes(framer, b"703801", now_ns=0) == []
    # 2 s later the reader gets to run, and finds the rest waiting for it.
    assert codes(framer, b"0001659\r", now_ns=2000 * MS) == [("", "7038010001659")]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        # AIM identifiers as scanners send them: Datalogic KA-01477, Honeywell user guides.
        (b"]E07038010001659\r", ("]E0", "7038010001659")),
        (b"]E412345670\r", ("]E4", "12345670")),
        (b"]d20107038010001659\x1d3103000512\r", ("]d2", "0107038010001659\x1d3103000512")),
        (b"]C10107038010001659\r", ("]C1", "0107038010001659")),
        (b"]e00107038010001659\r", ("]e0", "0107038010001659")),
        (b"]Q3https://id.gs1.org/01/07038010001659\r", ("]Q3", "https://id.gs1.org/01/07038010001659")),
        # No identifiers: too short, or no letter.
        (b"]E\r", ("", "]E")),
        (b"]]]\r", ("", "]]]")),
        (b"7]E0\r", ("", "7]E0")),
    ],
)  # fmt: skip
def test_aim_identifiers_are_told_from_data(data: bytes, expected: tuple[str, str]) -> None:
    assert codes(Framer(Framing()), data) == [expected]


def test_aim_identifiers_stay_data_when_the_scanner_sends_none() -> None:
    assert codes(Framer(Framing(aim_id=False)), b"]E0123\r") == [("", "]E0123")]


def test_a_prefix_is_taken_off_before_the_aim_identifier() -> None:
    framer = Framer(Framing(prefix=b"\x02"))
    assert codes(framer, b"\x02]E07038010001659\r") == [("]E0", "7038010001659")]


def test_a_frame_without_its_prefix_is_no_code() -> None:
    framer = Framer(Framing(prefix=b"S08"))
    assert codes(framer, b"7038010001659\rS0812345670\r") == [
        Fault.NO_PREFIX,
        ("", "12345670"),
    ]


def test_the_substitute_for_gs_becomes_gs() -> None:
    framer = Framer(Framing(gs_substitute="|"))
    assert codes(framer, b"]d210ABC|1726\r") == [("]d2", "10ABC\x1d1726")]


def test_a_gs_substitute_of_two_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="one character"):
        Framing(gs_substitute="||")


def test_an_endless_code_is_dropped_whole_and_counted_once() -> None:
    framer = Framer(Framing(length_max=20))
    assert codes(framer, b"9" * 15) == []
    assert codes(framer, b"9" * 15) == [Fault.TOO_LONG]
    assert codes(framer, b"9" * 50) == []
    assert codes(framer, b"99\r12345670\r") == [("", "12345670")]


def test_a_code_of_the_greatest_length_passes_and_one_more_does_not() -> None:
    framer = Framer(Framing(length_max=8))
    assert codes(framer, b"12345670\r") == [("", "12345670")]
    assert codes(framer, b"123456701\r") == [Fault.TOO_LONG]


def test_a_spoilt_code_is_dropped_to_its_end() -> None:
    framer = Framer(Framing())
    assert codes(framer, b"7038") == []
    framer.spoil()
    assert codes(framer, b"1659\r12345670\r") == [("", "12345670")]


def test_a_spoilt_code_without_an_end_is_forgotten_after_the_pause() -> None:
    framer = Framer(Framing())
    codes(framer, b"7038", now_ns=0)
    framer.spoil()
    assert silence(framer, 500 * MS) == []
    assert codes(framer, b"12345670\r", now_ns=501 * MS) == [("", "12345670")]


def test_utf8_and_latin1_are_both_understood() -> None:
    assert codes(Framer(Framing()), "Blåbær\r".encode()) == [("", "Blåbær")]
    assert codes(Framer(Framing()), "Blåbær\r".encode("latin-1")) == [("", "Blåbær")]


@pytest.mark.parametrize("seed", range(20))
def test_chunks_do_not_matter(seed: int) -> None:
    rng = random.Random(seed)
    texts = [f"{rng.randrange(10**12):013}" for _ in range(50)]
    data = b"".join(b"]E0" + text.encode() + rng.choice((b"\r", b"\r\n", b"\t")) for text in texts)
    framer = Framer(Framing())
    got: list[tuple[str, str] | Fault] = []
    while data:
        size = rng.randint(1, 40)
        got += codes(framer, data[:size])
        data = data[size:]
    assert got == [("]E0", text) for text in texts], f"seed={seed}"
