"""Every packet of three independent implementations decodes, and encodes to the same bytes."""

import json
from pathlib import Path

import pytest

from drivers.contracts import ChargeRequest
from drivers.errors import ProtocolError
from drivers.terminal import zvt_bmp, zvt_codes, zvt_messages, zvt_tlv
from drivers.terminal.zvt_apdu import ApduStream, decode
from drivers.terminal.zvt_print import Paper, ReceiptType
from drivers.terminal.zvt_serial import FrameStream, encode_frame
from drivers.terminal.zvt_text import is_card_number
from drivers.terminal.zvt_totals import read_totals

FOLDER = Path(__file__).parents[4] / "shared/data/payments/vectors"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the vectors are not at ../shared")

NOT_PACKETS = {
    # Pieces of APDUs, of fields and of numbers that tests of the other projects are made of, and
    # two whose length byte lies. They must never become a packet of the length they have.
    *("12345678", "11e930ec", "ff00001441", "20051e03303132"),
    *("061e0eb8061123090802012308024567", "061e11b8870123061123090802456708027890"),
    "06d121005465737420c3a420c3b620c3bc20c39f",
    # Portalum: truncated or foreign on purpose, bare tags and numbers.
    *("010203", "0a", "1f26", "07", "25", "82028a", "ff", "1e01ff", "040f"),
    *("040fffffff6c", "040f0600010203", "000000002020", "123456789000", "123456", "001234"),
    *("0978", "097809780978", "06d118402a2a204b415353454e5343484e495454202a2a"),
    "ff10061a2418070845555220312e3233070c42697474652077617274656e",
    "040f",
}


def _load(name):
    path = FOLDER / name
    return json.loads(path.read_text()) if path.is_file() else {}


def _packets():
    """Every hexadecimal text of the three files, with where it stands."""
    for packet in _load("zvt-ecrterm-packets.json").get("packets", ()):
        is_piece = packet["file"] == "test_parsing.py" and 46 <= packet["line"] <= 70
        if not is_piece and packet["line"] not in (44, 45):
            yield f"{packet['file']}:{packet['line']}", packet["hex"]
    for capture in _load("zvt-everest-captures.json").get("captures", ()):
        yield capture["file"], capture["hex"]
    for test in _load("zvt-portalum-tests.json").get("tests", ()):
        fragments = test["hex_fragments"]
        if test["file"] == "ReceiveHandlerTest.cs" or test["test"].startswith("Parse_"):
            fragments = ["".join(fragments)] if fragments else []
        for hexed in (*test["bytes"], *fragments):
            yield test["test"], hexed


TAG = "1f8000"
"""A tag of three bytes, that reads like an APDU without data."""
CUT_OFF = "Parse_CorruptReceipt_Failure"
PACKETS = sorted(
    {
        (where, hexed)
        for where, hexed in _packets()
        if hexed not in NOT_PACKETS and where != CUT_OFF and hexed != TAG
    }
)
FRAMES = [item for item in PACKETS if item[1].startswith("1002")]
APDUS = [item for item in PACKETS if not item[1].startswith("1002")]
_ids = [f"{where}-{hexed[:12]}" for where, hexed in APDUS]


def test_the_vectors_are_all_there():
    assert len(FRAMES) >= 8
    assert len(APDUS) >= 100


@pytest.mark.parametrize(("where", "hexed"), APDUS, ids=_ids)
def test_a_packet_decodes_and_encodes_to_the_same_bytes(where, hexed):
    raw = bytes.fromhex(hexed)
    apdu = decode(raw)
    assert apdu.encode() == raw
    prefix, fields, rest = zvt_messages.pieces(apdu)
    assert prefix + zvt_bmp.encode(fields) + rest == apdu.data
    for bmp in fields:
        if bmp.tag == zvt_bmp.TLV_CONTAINER:
            _assert_tlv_survives(bmp.value)


def _assert_tlv_survives(value):
    try:
        tlvs = zvt_tlv.parse(value)
    except ProtocolError:
        return
    assert zvt_tlv.encode(tlvs) == value
    for tlv in tlvs:
        if tlv.is_constructed:
            _assert_tlv_survives(tlv.value)


@pytest.mark.parametrize(("where", "hexed"), FRAMES, ids=[where for where, _ in FRAMES])
def test_a_frame_decodes_and_encodes_to_the_same_bytes(where, hexed):
    raw = bytes.fromhex(hexed)
    (body,) = FrameStream().feed(raw)
    assert encode_frame(body) == raw
    assert decode(body).encode() == body


def test_the_frame_of_the_manual_of_the_transport():
    raw = bytes.fromhex("1002060F0BF0F0F7322E31342E3135001003B111")
    (body,) = FrameStream().feed(raw)
    assert encode_frame(body) == raw
    completion = zvt_messages.read_completion(decode(body))
    assert (completion.version, completion.state) == ("2.14.15", 0)


def test_a_receipt_that_is_cut_off_is_waited_for():
    test = next(
        item for item in _load("zvt-portalum-tests.json")["tests"] if item["test"] == CUT_OFF
    )
    stream, raw = ApduStream(), bytes.fromhex("".join(test["hex_fragments"]))
    assert stream.feed(raw) == []
    assert stream.waiting_bytes == len(raw)


@pytest.mark.parametrize("hexed", sorted(NOT_PACKETS))
def test_what_is_no_whole_packet_is_refused(hexed):
    with pytest.raises(ProtocolError):
        decode(bytes.fromhex(hexed))


def test_a_packet_that_comes_byte_by_byte_is_the_same():
    for where, hexed in APDUS:
        stream, raw = ApduStream(), bytes.fromhex(hexed)
        early = [apdu for byte in raw[:-1] for apdu in stream.feed(bytes([byte]))]
        assert early == [], where
        (apdu,) = stream.feed(raw[-1:])
        assert apdu.encode() == raw, where
        assert stream.waiting_bytes == 0


def test_a_receipt_in_pieces_is_put_together():
    test = next(
        item
        for item in _load("zvt-portalum-tests.json")["tests"]
        if item["test"] == "ProcessData_FragmentedDataPackets1_Successful"
    )
    stream = ApduStream()
    apdus = [a for piece in test["hex_fragments"] for a in stream.feed(bytes.fromhex(piece))]
    assert [apdu.control for apdu in apdus] == [zvt_codes.PRINT_BLOCK]
    paper = Paper()
    assert paper.take(apdus[0])
    lines = paper.receipt(ReceiptType.CUSTOMER)
    assert "KUNDENBELEG" in " ".join(lines)
    assert "EUR: 1,00" in " ".join(lines)


def _status(test_name):
    tests = _load("zvt-portalum-tests.json")["tests"]
    test = next(item for item in tests if item["test"] == test_name)
    (hexed,) = test["bytes"] or test["hex_fragments"]
    return zvt_messages.read_status(decode(bytes.fromhex(hexed)))


def test_a_payment_is_read_as_its_own_project_reads_it():
    status = _status("Parse_PaymentGood1_Successful")
    assert (status.result, status.amount_minor, status.currency) == (0, 2040, "EUR")
    assert (status.trace, status.receipt, status.turnover) == (470, 470, 470)
    assert (status.brand, status.last_four) == ("Debit Mastercard", "4771")
    assert (status.time, status.date, status.terminal_id) == ("223953", "1006", "28004869")
    assert (status.original_trace, status.approval_code) == (None, "611804")


def test_a_reversal_names_what_it_reverses():
    status = _status("Parse_ReversalGood1_Successful")
    assert (status.trace, status.original_trace, status.amount_minor) == (607, 606, 100)
    assert (status.entry_mode, status.aid) == ("Contactless", "A0000000041010")


def test_chip_and_contactless_are_told_apart():
    assert _status("Parse_TlvInfos1_Successful").entry_mode == "Contactless"
    assert _status("Parse_TlvInfos2_Successful").entry_mode == "ICC"


def test_an_abort_and_an_error_are_read():
    assert _status("Parse_AbortByKey_Successful").result == zvt_codes.ABORTED
    assert _status("Parse_SystemError_Successful").result == 0xFF


@pytest.mark.parametrize(("where", "hexed"), APDUS, ids=_ids)
def test_no_captured_card_number_passes_the_codec(where, hexed):
    raw = bytes.fromhex(hexed)
    apdu = decode(raw)
    paper = Paper()
    paper.take(apdu)
    seen = [repr(apdu), repr(zvt_messages.pieces(apdu)), repr(paper)]
    if apdu.control == zvt_codes.STATUS_INFORMATION:
        seen.append(repr(zvt_messages.read_status(apdu)))
    if apdu.control == zvt_codes.INTERMEDIATE_STATUS:
        seen.append(repr(zvt_messages.read_intermediate(apdu)))
    for text in seen:
        digits = "".join(character if character.isdigit() else " " for character in text)
        for run in digits.split():
            numbers = [int(digit) for digit in run]
            assert not (13 <= len(run) <= 19 and is_card_number(numbers)), where


def test_the_sums_at_the_end_of_a_day_are_read():
    captures = _load("zvt-everest-captures.json")["captures"]
    hexed = next(item["hex"] for item in captures if item["file"].startswith("1680761828"))
    end = read_totals(zvt_messages.read_status(decode(bytes.fromhex(hexed))), ())
    assert (end.done, end.amount_minor, end.first_receipt, end.last_receipt) == (
        True,
        958,
        233,
        234,
    )
    assert [(kind.kind, kind.count, kind.amount_minor) for kind in end.kinds] == [
        ("mastercard", 2, 958)
    ]


def test_our_own_packets_are_those_of_the_vectors():
    request = ChargeRequest(
        attempt_id="a", service_id="1", sale_id="s", amount_minor=14_990, currency="NOK"
    )
    plain = zvt_messages.authorisation(request, card_timeout_s=5, status_repeats=0)
    assert plain.encode().hex() == "06010a04000000014990490578"
    goods = zvt_messages.authorisation(request, card_timeout_s=5, status_repeats=10)
    assert goods.encode().hex() == "06010e040000000149904905780105020a"
    assert zvt_messages.abort().encode().hex() == "06b000"
    assert (
        zvt_messages.registration("123456", "NOK").encode().hex().startswith("060010123456be0578")
    )
