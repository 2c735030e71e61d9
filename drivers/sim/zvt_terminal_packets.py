"""What stands in the packets of the simulated ZVT terminal: pure, apart from the driver's codec.

Source: ZVT PA00P015, chapters "Status information", "Print text block" and "End-of-Day".
"""

from collections.abc import Sequence
from typing import Any, Final

from drivers.sim.zvt_terminal_faults import PAN_THAT_NOBODY_HAS
from drivers.sim.zvt_terminal_wire import Packet, bcd, digits_length

TEXTS: Final = {
    0x0A: "Vis kort",
    0x0C: "Sett inn kort",
    0x01: "Tast PIN",
    0x15: "Feil PIN",
    0x04: "Vennligst vent",
    0x0B: "Ta ut kortet",
    0x1C: "Godkjent",
    0x1D: "Avvist",
}


def show_packet(status: int) -> bytes:
    """Return the data of 04 FF: a state, a time-out of one minute, the text on the display."""
    text = TEXTS[status].encode("cp437")
    tlv = bytes([0x24, len(text) + 2, 0x07, len(text)]) + text
    return bytes([status]) + b"\x01\x06" + bytes([len(tlv)]) + tlv


def payment_fields(facts: dict[str, Any]) -> bytes:
    """Return amount, currency, numbers and time of a transaction; nothing for one without."""
    if "trace" not in facts:
        return b""
    data = b"\x04" + bcd(facts["amount_minor"], 6) + b"\x49" + bcd(facts["currency"], 2)
    data += b"\x0b" + bcd(facts["trace"], 3) + b"\x87" + bcd(facts["receipt"], 2)
    data += b"\x88" + bcd(facts["receipt"], 3)
    data += b"\x0c" + bytes.fromhex(facts["time"]) + b"\x0d" + bytes.fromhex(facts["date"])
    if "original_trace" in facts:
        data += b"\x37" + bcd(facts["original_trace"], 3)
    return data


def card_fields(facts: dict[str, Any], *, with_whole_number: bool) -> bytes:
    """Return what a terminal says of a card; a careless one, its number, track and expiry too."""
    pan = bytes.fromhex("499999eeeeee" + str(facts["last_four"]))
    extra = b""
    if with_whole_number:
        pan = bytes.fromhex(PAN_THAT_NOBODY_HAS)
        track = bytes.fromhex(PAN_THAT_NOBODY_HAS + "d2912201000000000f")
        note = f"PAN {PAN_THAT_NOBODY_HAS}".encode()
        extra = b"\x23" + digits_length(len(track), 2) + track + b"\x0e\x29\x12"
        extra += b"\x3c" + digits_length(len(note), 3) + note
    name = str(facts["brand"]).encode() + b"\x00"
    aid = bytes.fromhex(facts["aid"])
    tlv = b"\x1f\x12\x01" + bytes([facts["entry_mode"]]) + b"\x43" + bytes([len(aid)]) + aid
    return (
        extra
        + (b"\x22" + digits_length(len(pan), 2) + pan)
        + (b"\x8b" + digits_length(len(name), 2) + name)
        + (b"\x3b" + str(facts["approval_code"]).encode().ljust(8, b"\x00"))
        + (b"\x06" + bytes([len(tlv)]) + tlv)
    )


def receipt_packets(booked: dict[str, Any], *, with_whole_number: bool) -> list[Packet]:
    """Return the shopper's receipt as a block, and a line of the merchant's."""
    number = PAN_THAT_NOBODY_HAS if with_whole_number else f"####{booked['last_four']}"
    lines = [b"** KUNDENBELEG **", f"Karte {number}".encode(), b"Betrag 149,90"]
    block = b"".join(b"\x07" + bytes([len(line)]) + line for line in lines) + b"\x09\x01\xff"
    tlv = b"\x1f\x07\x01\x02\x25\x81" + bytes([len(block)]) + block
    line = b"\x00Haendler " + number.encode() + b"\x06\x04\x1f\x07\x01\x01"
    return [(b"\x06\xd3", b"\x06\x81" + bytes([len(tlv)]) + tlv), (b"\x06\xd1", line)]


def totals_fields(total_minor: int, count: int, receipts: Sequence[int]) -> bytes:
    """Return the sums at the end of a day, all of them Visa's."""
    first, last = (min(receipts), max(receipts)) if receipts else (0, 0)
    sums = bcd(first, 2) + bcd(last, 2) + bytes(28)
    sums += bytes([count]) + bcd(total_minor, 6) + bytes(14)
    status = b"\x27\x00\x04" + bcd(total_minor, 6) + b"\x49\x05\x78"
    return status + b"\x60" + digits_length(len(sums), 3) + sums
