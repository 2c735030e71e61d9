import pytest

from drivers.contracts import Paper
from drivers.printer.status import (
    AutoStatus,
    Proof,
    RealTimeReply,
    ReplyParser,
    Sense,
    SensorReply,
)


def sense_of(four: str) -> Sense:
    sense = Sense()
    for number, byte in enumerate(bytes.fromhex(four), start=1):
        sense = sense.after_query(number, byte)
    return sense


@pytest.mark.parametrize(
    ("answers", "trouble", "paper"),
    [
        # The four answers to DLE EOT 1-4, from printer manuals.
        ("12121212", "", Paper.OK),
        ("1212121e", "", Paper.NEAR_END),
        ("1a32127e", "paper_out", Paper.OUT),
        ("1a161212", "cover_open", Paper.OK),
        ("1a521a12", "cutter", Paper.OK),
        ("1a523212", "unrecoverable", Paper.OK),
        ("1a525212", "recovering", Paper.OK),
        ("1a121212", "offline", Paper.OK),
    ],
)
def test_real_time_status(answers: str, trouble: str, paper: Paper) -> None:
    sense = sense_of(answers)
    assert sense.trouble == trouble
    assert sense.as_status("p").paper is paper
    assert sense.as_status("p").online is (trouble == "")


@pytest.mark.parametrize(
    ("block", "trouble", "paper"),
    [
        ("10000000", "", Paper.OK),
        ("10000300", "", Paper.NEAR_END),
        ("18000f00", "paper_out", Paper.OUT),
        ("38000000", "cover_open", Paper.OK),
        ("18080000", "cutter", Paper.OK),
        ("18200000", "unrecoverable", Paper.OK),
    ],
)
def test_automatic_status(block: str, trouble: str, paper: Paper) -> None:
    sense = Sense.of_auto_status(bytes.fromhex(block))
    assert (sense.trouble, sense.as_status("p").paper) == (trouble, paper)


STREAM = bytes.fromhex("12 10000300 3722 41424344 00 1a 00 18000f00 11 16 13 03 3722 20217e7d 00")
REPLIES = [
    RealTimeReply(0x12),
    AutoStatus(bytes.fromhex("10000300")),
    Proof(b"ABCD"),
    RealTimeReply(0x1A),
    SensorReply(0x00),
    AutoStatus(bytes.fromhex("18000f00")),
    RealTimeReply(0x16),
    SensorReply(0x03),
    Proof(b" !~}"),
]


@pytest.mark.parametrize("size", range(1, len(STREAM) + 1))
def test_streams_are_told_apart_however_they_are_cut(size: int) -> None:
    parser = ReplyParser()
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert [reply for piece in pieces for reply in parser.feed(piece)] == REPLIES
    assert parser.junk_bytes == 0


def test_junk_is_dropped_and_counted_and_what_follows_is_read() -> None:
    parser = ReplyParser()
    noise = bytes.fromhex("ff 37 99")
    assert list(parser.feed(noise + b"\x12")) == [RealTimeReply(0x12)]
    assert parser.junk_bytes == 3
