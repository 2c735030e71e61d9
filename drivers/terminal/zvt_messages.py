"""The packets a kiosk sends, and what it reads from those that a terminal sends.

What is read here is an allow-list: amounts, numbers of the payment, the name of the card, the last
four digits. Tracks, the card number, its expiry date and check value are never read; texts that a
terminal writes are searched for card numbers before anybody sees them (`zvt_text`).

Source: ZVT PA00P015, chapters "Commands" and "Status information".
"""

from dataclasses import dataclass
from typing import Final

from drivers.contracts import ChargeRequest
from drivers.errors import ProtocolError
from drivers.terminal import zvt_bmp, zvt_codes, zvt_tlv
from drivers.terminal.zvt_apdu import Apdu
from drivers.terminal.zvt_bmp import Bmp
from drivers.terminal.zvt_text import readable

CONFIG_BYTE: Final = 0xBE
"""We print receipts (02, 04, 80) and want states (08); payments and administration are started
here and nowhere else (10, 20). With these bits no payment is made behind our back."""
SERVICE_MENU_HIDDEN: Final = 0x01
PREFIX_BYTES: Final = {
    zvt_codes.REGISTRATION: 4,  # password and configuration; a currency may follow
    zvt_codes.STATUS_ENQUIRY: 3,
    zvt_codes.REPEAT_RECEIPT: 3,
    zvt_codes.REVERSAL: 3,
    zvt_codes.REFUND: 3,
    zvt_codes.END_OF_DAY: 3,
    b"\x06\x93": 3,
    b"\x06\xc0": 1,  # read card: time-out
    b"\x08\x14": 3,
    zvt_codes.ABORT: 1,  # the error
}
"""How many bytes stand before the fields of a packet."""
ENTRY_MODES: Final = {0x00: "MagStripe", 0x01: "ICC", 0x02: "Contactless"}


# --- what we send --------------------------------------------------------------------------------


def registration(password: str, currency: str, *, config_byte: int = CONFIG_BYTE) -> Apdu:
    """Return 06 00: who prints, who may start what, which currency."""
    cc = zvt_bmp.bcd(zvt_codes.CURRENCIES[currency], 2)
    service = zvt_bmp.of(0x03, bytes([SERVICE_MENU_HIDDEN])).encode()
    # Tag 26: the packets a terminal may use towards us, so that receipts may come as blocks.
    permitted = zvt_tlv.of("26", [zvt_tlv.of("0A", zvt_codes.PRINT_BLOCK)])
    tlv = zvt_bmp.of(zvt_bmp.TLV_CONTAINER, permitted.encode()).encode()
    data = bytes.fromhex(password) + bytes([config_byte]) + cc + service + tlv
    return Apdu(zvt_codes.REGISTRATION, data)


def authorisation(request: ChargeRequest, *, card_timeout_s: int, status_repeats: int) -> Apdu:
    """Return 06 01 for the amount of `request`.

    With `status_repeats` (more than 0) the terminal asks whether the goods were issued, that many
    times, and takes the payment back when nobody answers.
    """
    fields = [
        zvt_bmp.of(0x04, zvt_bmp.bcd(request.amount_minor, 6)),
        zvt_bmp.of(0x49, zvt_bmp.bcd(zvt_codes.CURRENCIES[request.currency], 2)),
    ]
    if status_repeats:
        # Without a time-out of its own one terminal repeats within milliseconds, and gives up.
        fields.append(zvt_bmp.of(0x01, bytes([card_timeout_s])))
        fields.append(zvt_bmp.of(0x02, bytes([status_repeats])))
    return Apdu(zvt_codes.AUTHORISATION, zvt_bmp.encode(fields))


def status_enquiry(password: str) -> Apdu:
    """Return 05 01."""
    return Apdu(zvt_codes.STATUS_ENQUIRY, bytes.fromhex(password))


def repeat_receipt(password: str) -> Apdu:
    """Return 06 20: the last transaction once more."""
    return Apdu(zvt_codes.REPEAT_RECEIPT, bytes.fromhex(password))


def reversal(password: str, receipt: int) -> Apdu:
    """Return 06 30 for the payment with this receipt number."""
    field = zvt_bmp.of(0x87, zvt_bmp.bcd(receipt, 2))
    return Apdu(zvt_codes.REVERSAL, bytes.fromhex(password) + field.encode())


def refund(password: str, amount_minor: int, currency: str) -> Apdu:
    """Return 06 31: money onto a card that is presented now."""
    fields = [
        zvt_bmp.of(0x04, zvt_bmp.bcd(amount_minor, 6)),
        zvt_bmp.of(0x49, zvt_bmp.bcd(zvt_codes.CURRENCIES[currency], 2)),
    ]
    return Apdu(zvt_codes.REFUND, bytes.fromhex(password) + zvt_bmp.encode(fields))


def end_of_day(password: str) -> Apdu:
    """Return 06 50."""
    return Apdu(zvt_codes.END_OF_DAY, bytes.fromhex(password))


def diagnosis() -> Apdu:
    """Return 06 70."""
    return Apdu(zvt_codes.DIAGNOSIS)


def abort() -> Apdu:
    """Return 06 B0."""
    return Apdu(zvt_codes.ABORT_BY_US)


# --- what we read --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusInformation:
    """04 0F: how a transaction ended. None where the terminal said nothing."""

    result: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    trace: int | None = None
    receipt: int | None = None
    turnover: int | None = None
    original_trace: int | None = None
    """Of what was reversed; only reversals have one."""
    time: str = ""
    """HHMMSS, on the terminal's clock."""
    date: str = ""
    """MMDD."""
    terminal_id: str = ""
    brand: str = ""
    last_four: str = ""
    entry_mode: str = ""
    aid: str = ""
    approval_code: str = ""
    totals: bytes = b""
    """Sums at the end of the day, read by `zvt_totals`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntermediateStatus:
    """04 FF: what the terminal shows."""

    status: int
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """06 0F: the command is over. `state` only after a status enquiry."""

    state: int | None = None
    version: str = ""
    result: int | None = None
    terminal_id: str = ""
    currency: str = ""


def pieces(apdu: Apdu) -> tuple[bytes, tuple[Bmp, ...], bytes]:
    """Return what stands before the fields, the fields, and what could not be read."""
    size = PREFIX_BYTES.get(apdu.control, 0)
    fields, rest = zvt_bmp.split(apdu.data[size:])
    return apdu.data[:size], fields, rest


def read_status(apdu: Apdu, charset: str = "cp437") -> StatusInformation:
    """Read 04 0F. What is missing or no number is left out: the caller decides what it needs."""
    values = {bmp.tag: bmp.value for bmp in reversed(zvt_bmp.split(apdu.data)[0])}
    tlv = values.get(zvt_bmp.TLV_CONTAINER, b"")
    mode = zvt_tlv.first(tlv, "1F12") or b""
    return StatusInformation(
        result=values[0x27][0] if 0x27 in values else None,
        amount_minor=zvt_bmp.number(values.get(0x04, b"")),
        currency=_currency(values.get(0x49, b"")),
        trace=zvt_bmp.number(values.get(0x0B, b"")),
        receipt=zvt_bmp.number(values.get(0x87, b"")),
        turnover=zvt_bmp.number(values.get(0x88, b"")),
        original_trace=zvt_bmp.number(values.get(0x37, b"")),
        time=_digits(values.get(0x0C, b"")),
        date=_digits(values.get(0x0D, b"")),
        terminal_id=_digits(values.get(0x29, b"")),
        brand=readable(values.get(0x8B, b""), charset),
        last_four=_last_four(values.get(0x22, b"")),
        entry_mode=ENTRY_MODES.get(mode[0], "") if len(mode) == 1 else "",
        aid=(zvt_tlv.first(tlv, "43") or b"").hex().upper(),
        approval_code=_approval_code(values.get(0x3B, b"")),
        totals=values.get(0x60, b""),
    )


def read_intermediate(apdu: Apdu, charset: str = "cp437") -> IntermediateStatus:
    """Read 04 FF; an empty one is status FF, "no text of this list"."""
    status = apdu.data[0] if apdu.data else 0xFF
    # A time-out byte may stand between status and container.
    tlv = _container(apdu.data[1:]) or _container(apdu.data[2:])
    lines = [readable(item, charset) for item in _texts(tlv)]
    return IntermediateStatus(status=status, text="\n".join(line for line in lines if line))


def read_completion(apdu: Apdu, charset: str = "cp437") -> Completion:
    """Read 06 0F, which has three forms: empty, fields, or version and state of the terminal."""
    data = apdu.data
    if len(data) >= 3 and all(0xF0 <= byte <= 0xF9 for byte in data[:3]):
        length = int("".join(str(byte & 0x0F) for byte in data[:3]))
        after = data[3 + length : 4 + length]
        version = readable(data[3 : 3 + length], charset)
        return Completion(state=after[0] if after else None, version=version)
    values = {bmp.tag: bmp.value for bmp in reversed(zvt_bmp.split(data)[0])}
    return Completion(
        result=values[0x27][0] if 0x27 in values else None,
        terminal_id=_digits(values.get(0x29, b"")),
        currency=_currency(values.get(0x49, b"")),
    )


def read_abort(apdu: Apdu) -> int:
    """Return the error of 06 1E; 0 when it names none."""
    return apdu.data[0] if apdu.data else 0


def _container(data: bytes) -> bytes:
    """Return the value of a TLV container that is all of `data`; empty when it is not."""
    fields, rest = zvt_bmp.split(data)
    if len(fields) == 1 and not rest and fields[0].tag == zvt_bmp.TLV_CONTAINER:
        return fields[0].value
    return b""


def _texts(tlv: bytes) -> list[bytes]:
    try:
        return [item.value for item in zvt_tlv.walk(tlv) if item.tag == b"\x07"]
    except ProtocolError:
        return []


def _currency(value: bytes) -> str:
    number = zvt_bmp.number(value)
    return "" if number is None else zvt_codes.CURRENCY_NAMES.get(number, f"{number:03d}")


def _digits(value: bytes) -> str:
    return value.hex() if value.hex().isdigit() else ""


def _last_four(pan: bytes) -> str:
    # Read from the end and no further: the rest of the number is none of our business.
    tail = pan[-3:].hex().upper().rstrip("F")[-4:]
    return tail if len(tail) == 4 and tail.isdigit() else ""


def _approval_code(value: bytes) -> str:
    text = value.split(b"\x00", 1)[0].decode("ascii", "replace").strip()
    return text if text.isalnum() and text.isascii() else ""
