"""What is said on the wire: one JSON object for each message, typed and versioned.

`v` is `major.minor`. A newer minor version may add fields and words, which are passed over; another
major version is counted and dropped, as is whatever is no message at all. So codes (a mode, a
phase, a verdict) are open words here: the ones known today are in the enumerations, and a reader
meets one that it does not know as it meets an unknown field.

No message holds personal data of a shopper: no card number, no phone number, no e-mail address.
Amounts are minor units, times are UTC.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from kiosk.telemetry.base import PAYLOAD_BYTES_MAX as PAYLOAD_BYTES_MAX
from kiosk.telemetry.base import ROWS_MAX as ROWS_MAX
from kiosk.telemetry.base import SAFE_INT, Code, Codes, Count, Envelope, Text, Utc, Whole
from kiosk.telemetry.base import VERSION as VERSION
from kiosk.telemetry.orders import Announce as Announce
from kiosk.telemetry.orders import Command as Command
from kiosk.telemetry.orders import CommandKind as CommandKind
from kiosk.telemetry.orders import Delta as Delta
from kiosk.telemetry.orders import Notice as Notice
from kiosk.telemetry.orders import Order as Order
from kiosk.telemetry.orders import Reply as Reply
from kiosk.telemetry.orders import Signed as Signed
from kiosk.telemetry.orders import Verdict as Verdict
from kiosk.telemetry.shelving import SALE_BYTES_MAX as SALE_BYTES_MAX
from kiosk.telemetry.shelving import ShelfAnswer as ShelfAnswer
from kiosk.telemetry.shelving import ShelfOutcome as ShelfOutcome
from kiosk.telemetry.shelving import ShelfRequest as ShelfRequest
from kiosk.telemetry.shelving import ShelfWord as ShelfWord
from kiosk.telemetry.topics import MAJOR, Channel


class Mode(StrEnum):
    """Whether somebody can buy here."""

    OPEN = "open"
    CLOSED = "closed"
    PAUSED = "paused"
    TRAINING = "training"
    OUT_OF_ORDER = "out_of_order"
    STOPPED = "stopped"
    """The program ended in order; online is false."""
    LOST = "lost"
    """The broker's own words, from the last will; online is false."""


class Phase(StrEnum):
    """What goes on at the glass, as a board shows it."""

    IDLE = "idle"
    SHOPPING = "shopping"
    WAITING = "waiting"
    """The shopper can do nothing until somebody comes."""
    PAYING = "paying"
    IN_DOUBT = "in_doubt"
    PAID = "paid"
    STAFF = "staff"
    """An attendant is at the kiosk."""


class PaperLevel(StrEnum):
    """What the printer says; empty where there is none, or it has said nothing."""

    OK = "ok"
    LOW = "low"
    OUT = "out"


# --- a kiosk tells of itself --------------------------------------------------------------------


class DeviceFact(msgspec.Struct, kw_only=True, frozen=True):
    """One configured device."""

    name: Code
    kind: Code
    protocol: Code = ""
    role: Code = ""


class Birth(Envelope, kw_only=True, frozen=True, tag="birth"):
    """Who this kiosk is and what it can do; retained, sent anew with each connection."""

    kiosk_id: Code
    """The cash register's own id, e.g. "NT-0477-03"."""
    till: Code
    """The till's number for people, e.g. "3"."""
    shop: Text = ""
    currency: Code = "NOK"
    timezone: Code = "Europe/Oslo"
    languages: list[Code] = []
    versions: Codes = {}
    """By what: software, python, os, catalog, config, terminal."""
    devices: Annotated[list[DeviceFact], Meta(max_length=64)] = []
    capabilities: list[Code] = []
    """The kinds of command that this kiosk takes."""
    journal_id: Code = ""
    """A new journal begins its numbers anew under another id."""
    started_at: Utc
    receipt_key: Code = ""
    """Public key (Ed25519, hexadecimal) that signs the links to receipts; empty without any."""


class State(Envelope, kw_only=True, frozen=True, tag="state"):
    """How the kiosk stands now; retained, on change, at most four a second."""

    online: bool = True
    mode: Code = Mode.OPEN
    phase: Code = Phase.IDLE
    screen: Code = ""
    """The very screen, for a kiosk's own page."""
    sale_id: Code = ""
    item_count: Count = 0
    total_minor: Whole = 0
    currency: Code = "NOK"
    since_at: Utc
    """Since when mode and phase are what they are: what a tile counts from."""
    attendant: Text = ""
    """First name of who is signed in at the kiosk, or has said "I am coming"."""
    waiting: Annotated[list[Code], Meta(max_length=100)] = []
    """Ids of the open interventions, oldest first; each has a message of its own."""
    devices: Codes = {}
    """State by name: starting, ready, lost, fault, stopped."""
    paper: Code = ""
    fault: Code = ""
    """What keeps it out of order: terminal, scanner, printer, scale, journal."""
    opens_at: Code = ""
    """Local "HH.MM" while closed, where it is known."""


class Health(Envelope, kw_only=True, frozen=True, tag="health"):
    """The machine, every 30 s. What a machine cannot tell is null or empty."""

    devices: Codes = {}
    paper: Code = ""
    disk_free_bytes: Count = 0
    disk_total_bytes: Count = 0
    temperature_c: float | None = None
    rss_bytes: Count = 0
    frame_count: Count = 0
    """Frames shown since start; one that stands still while the engine counts is a frozen glass."""
    engine_count: Count = 0
    inbox_dropped: Count = 0
    """Scans and touches that the full inbox refused since start."""
    clock_offset_ms: Whole | None = None
    """How far the machine's clock is from its time server's; null when nobody has said."""
    clock_synchronised: bool | None = None
    journal_id: Code = ""
    journal_seq: Count = 0
    outbox_waiting: Count = 0
    """Rows of the journal that the broker has not acknowledged."""
    junk_count: Count = 0
    """Messages that were no messages, since start."""
    refused_count: Count = 0
    """Commands that were refused, since start."""
    journal_verified_at: Utc | None = None
    journal_ok: bool | None = None
    certificate_expires_at: Utc | None = None
    versions: Codes = {}
    old_rules: Annotated[list[Code], Meta(max_length=32)] = []
    """Tables of law and trade that have ended or that nobody has checked for a year, by name."""
    untaken_count: Count = 0
    """Payments for goods that are gone, refused by the wallet or unanswered for a day."""
    untaken_minor: Count = 0
    """Their sum, in the minor units of the kiosk's currency."""
    uptime_s: Count = 0


class Row(msgspec.Struct, kw_only=True, frozen=True):
    """One row of the journal, exactly as it is stored there.

    `body` are the very bytes that the hash covers: whoever has the row before can check the chain
    (`kiosk.journal.chain`).
    """

    seq: Annotated[int, Meta(ge=1, le=SAFE_INT)]
    sale_id: Code
    sale_seq: Annotated[int, Meta(ge=1, le=SAFE_INT)]
    kind: Code
    version: Annotated[int, Meta(ge=1, le=10_000)]
    body: msgspec.Raw
    at_utc: Utc
    hash: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Events(Envelope, kw_only=True, frozen=True, tag="events"):
    """Rows of the journal, in order, without a gap inside; at least once.

    The key of a row is (kiosk, journal_id, seq): a repetition is the same row.
    """

    journal_id: Code
    rows: Annotated[list[Row], Meta(min_length=1, max_length=ROWS_MAX)]


# --- something waits for a person ---------------------------------------------------------------


class LineBrief(msgspec.Struct, kw_only=True, frozen=True):
    """One line of the sale, as an attendant reads it. `amount_minor` is what the line costs."""

    line_id: Count = 0
    name: Text
    picture: Code = ""
    category: Code = ""
    quantity: Count = 1
    weight_g: Count | None = None
    amount_minor: Whole = 0
    flags: list[Code] = []
    """age, staff."""


class SaleBrief(msgspec.Struct, kw_only=True, frozen=True):
    """The sale behind an intervention."""

    lines: Annotated[list[LineBrief], Meta(max_length=1000)] = []
    total_minor: Whole = 0
    item_count: Count = 0
    currency: Code = "NOK"


class Settled(msgspec.Struct, kw_only=True, frozen=True):
    """How an intervention ended; `approved` is false too where its cause went away by itself."""

    approved: bool
    attendant_id: Code = ""
    where: Code = ""
    """kiosk, remote, or itself."""
    reason: Code = ""
    resolved_at: Utc


class Intervention(Envelope, kw_only=True, frozen=True, tag="intervention"):
    """Something that needs a person; retained until it is settled, with the sale in view."""

    id: Code
    sale_id: Code = ""
    """Empty for a shopper who called before the first scan."""
    kind: Code
    policy: Code = ""
    """blocks_now, before_payment, noted."""
    reason: Code = ""
    """The kind's own detail: an age limit, a help reason, a device, a state of the bag."""
    line: LineBrief | None = None
    raised_at: Utc
    remote_ok: bool = True
    """False: by law or by configuration only somebody at the kiosk may approve it."""
    may_refuse: bool = True
    """False: there is only "done" to say, as to a call for help."""
    seen_by: Text = ""
    sale: SaleBrief = SaleBrief()
    settled: Settled | None = None


Message = (
    Birth
    | State
    | Health
    | Events
    | Intervention
    | Command
    | Announce
    | Reply
    | ShelfRequest
    | ShelfAnswer
)

BY_CHANNEL: Final[Mapping[Channel, type[Message]]] = MappingProxyType(
    {
        Channel.BIRTH: Birth,
        Channel.STATE: State,
        Channel.HEALTH: Health,
        Channel.EVENTS: Events,
        Channel.INTERVENTION: Intervention,
        Channel.REPLY: Reply,
        Channel.COMMAND: Command,
        Channel.ANNOUNCE: Announce,
        Channel.SHELF: ShelfRequest,
        Channel.SHELF_ANSWER: ShelfAnswer,
    }
)


class Junk(ValueError):
    """Bytes that are no message of ours. The text says why, without repeating them."""


class OtherMajor(ValueError):
    """A message of another major version: counted, and not acted on."""


class _Peek(msgspec.Struct):
    v: str = ""


_encoder = msgspec.json.Encoder()
_decoders = {channel: msgspec.json.Decoder(kind) for channel, kind in BY_CHANNEL.items()}
_peek = msgspec.json.Decoder(_Peek)


def encode(message: Message) -> bytes:
    """Return the message as JSON."""
    return _encoder.encode(message)


def decode(channel: Channel, payload: bytes) -> Message:
    """Return the message that came on a channel.

    Raises:
        OtherMajor: its major version is not ours.
        Junk: it is too large, no JSON, or not what belongs on this channel.
    """
    if len(payload) > PAYLOAD_BYTES_MAX:
        raise Junk(f"{len(payload)} bytes, at most {PAYLOAD_BYTES_MAX} are a message")
    try:
        message = _decoders[channel].decode(payload)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        if (major := _major_of(payload)) not in (None, MAJOR):
            raise OtherMajor(f"major version {major}") from None
        raise Junk(f"{type(error).__name__}: {error}"[:300]) from None
    if int(message.v.partition(".")[0]) != MAJOR:
        raise OtherMajor(f"version {message.v}")
    return message


def _major_of(payload: bytes) -> int | None:
    try:
        major = _peek.decode(payload).v.partition(".")[0]
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return int(major) if major.isdecimal() and len(major) < 5 else None
