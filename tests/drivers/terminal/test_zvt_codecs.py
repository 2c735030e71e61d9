"""The codecs of ZVT under any bytes: they answer or refuse, and never guess, loop or grow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.sim.zvt_terminal_wire import checksum, cut_packets, write_packet
from drivers.terminal import zvt_bmp, zvt_codes, zvt_messages, zvt_tlv
from drivers.terminal.zvt_apdu import Apdu, ApduStream, decode, refusal
from drivers.terminal.zvt_print import Paper
from drivers.terminal.zvt_serial import FrameStream, Signal, crc, encode_frame
from drivers.terminal.zvt_text import mask_card_numbers, readable

quick = settings(max_examples=200, derandomize=True, deadline=None)
CONTROLS = st.sampled_from(
    [
        *(zvt_codes.STATUS_INFORMATION, zvt_codes.INTERMEDIATE_STATUS, zvt_codes.COMPLETION),
        *(zvt_codes.ABORT, zvt_codes.PRINT_LINE, zvt_codes.PRINT_BLOCK, b"\x80\x00", b"\x84\x9c"),
    ]
)


@quick
@given(CONTROLS, st.binary(max_size=400), st.booleans())
def test_any_packet_survives_and_the_far_end_reads_it_alike(control, data, is_long):
    apdu = Apdu(control, data, is_long and len(data) < 255)
    raw = apdu.encode()
    assert decode(raw) == apdu
    assert cut_packets(bytearray(raw)) == [(control, data)]
    assert write_packet(control, data, long=is_long) == raw


@quick
@given(st.lists(st.tuples(CONTROLS, st.binary(max_size=300)), max_size=5), st.data())
def test_packets_are_cut_out_of_a_stream_however_it_is_split(packets, data):
    raw = b"".join(Apdu(control, body).encode() for control, body in packets)
    stream, found, rest = ApduStream(), [], raw
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        found += stream.feed(rest[:size])
        rest = rest[size:]
    assert [(apdu.control, apdu.data) for apdu in found] == packets
    assert stream.waiting_bytes == 0


@quick
@given(st.binary(max_size=2000))
def test_any_stream_of_bytes_holds_at_most_one_packet(noise):
    stream = ApduStream()
    packets = stream.feed(noise)
    assert sum(len(apdu.encode()) for apdu in packets) + stream.waiting_bytes == len(noise)
    assert stream.waiting_bytes <= 5 + 0xFFFF


@quick
@given(CONTROLS, st.binary(max_size=300))
def test_any_data_is_read_without_an_error(control, data):
    apdu = Apdu(control, data)
    prefix, fields, rest = zvt_messages.pieces(apdu)
    assert prefix + zvt_bmp.encode(fields) + rest == data
    zvt_messages.read_status(apdu)
    zvt_messages.read_intermediate(apdu)
    zvt_messages.read_completion(apdu)
    zvt_messages.read_abort(apdu)
    Paper().take(apdu)


@quick
@given(st.binary(max_size=300))
def test_any_tlv_is_split_without_loss_or_refused(data):
    try:
        tlvs = zvt_tlv.parse(data)
    except ProtocolError:
        return
    assert zvt_tlv.encode(tlvs) == data
    assert zvt_tlv.first(data, "1F07") is None or b"\x1f\x07" in data


@quick
@given(st.binary(max_size=300))
def test_any_frame_survives_and_both_ends_agree_on_its_checksum(body):
    assert crc(body) == checksum(body)
    assert FrameStream().feed(encode_frame(body)) == [body]


@quick
@given(st.binary(min_size=1, max_size=60), st.integers(0, 10**6), st.integers(1, 255))
def test_a_frame_with_one_wrong_byte_is_never_taken_for_another(body, place, flip):
    frame = bytearray(encode_frame(body))
    frame[place % len(frame)] ^= flip
    taken = [item for item in FrameStream().feed(bytes(frame)) if isinstance(item, bytes)]
    assert taken in ([], [body])


@quick
@given(st.binary(max_size=2000))
def test_any_noise_on_a_serial_line_is_passed_over(noise):
    stream = FrameStream()
    stream.feed(noise)
    stream.reset()
    assert stream.feed(b"\x06" + encode_frame(b"\x80\x00\x00")) == [Signal.ACK, b"\x80\x00\x00"]


def test_a_deeply_nested_container_is_walked_no_deeper_than_needed():
    value = b""
    for _ in range(60):
        value = zvt_tlv.of("24", value).encode()
    assert len(list(zvt_tlv.walk(value))) == zvt_tlv.DEPTH_MAX


@pytest.mark.parametrize(
    ("raw", "length"),
    [(b"\x7f", 127), (b"\x81\x80", 128), (b"\x82\x02\x8a", 650)],  # Portalum: 82 02 8A is 650
)
def test_a_tlv_length_is_high_byte_first(raw, length):
    assert zvt_tlv.read_length(raw, 0) == (length, len(raw))
    assert zvt_tlv.encode_length(length) == raw


def test_a_long_apdu_length_is_low_byte_first():
    assert Apdu(b"\x06\xd3", bytes(654)).encode()[:5].hex() == "06d3ff8e02"


def test_answers_are_told_from_commands():
    assert decode(b"\x80\x00\x00").is_positive
    assert decode(b"\x84\x00\x00").is_positive
    assert decode(b"\x84\x83\x00").error == 0x83
    assert refusal(0x66).encode() == b"\x84\x66\x00"
    assert not decode(b"\x06\x0f\x00").is_answer


@pytest.mark.parametrize("bad", [-1, 10**12])
def test_an_amount_that_does_not_fit_is_refused(bad):
    with pytest.raises(ValueError, match="digits"):
        zvt_bmp.bcd(bad, 6)


def test_an_unknown_field_ends_the_reading():
    fields, rest = zvt_bmp.split(bytes.fromhex("2700" + "c7aabb" + "2705"))
    assert [bmp.tag for bmp in fields] == [0x27]
    assert rest.hex() == "c7aabb2705"


def test_a_field_that_comes_twice_counts_once_and_first():
    status = zvt_messages.read_status(Apdu(b"\x04\x0f", bytes.fromhex("27052700")))
    assert status.result == 5


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4999990000000007", "************0007"),
        ("Karte 4999 9900 0000 0007 ok", "Karte **** **** **** 0007 ok"),
        ("VU 100461763", "VU 100461763"),
        ("149,90", "149,90"),
    ],
)
def test_card_numbers_in_texts_keep_their_last_four(text, masked):
    assert mask_card_numbers(text) == masked
    assert readable(text.encode()) == masked


def test_the_last_four_are_read_and_nothing_else_of_a_whole_number():
    apdu = Apdu(b"\x04\x0f", bytes.fromhex("22f0f8" + "4999990000000007"))
    status = zvt_messages.read_status(apdu)
    assert status.last_four == "0007"
    assert "4999" not in repr(status) + repr(apdu) + repr(zvt_messages.pieces(apdu))
