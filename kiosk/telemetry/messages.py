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
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from kiosk.telemetry.topics import MAJOR, Channel

VERSION: Final = f"{MAJOR}.0"
PAYLOAD_BYTES_MAX: Final = 1_000_000
"""More than any message of ours; the broker cuts off whoever sends more."""
ROWS_MAX: Final = 100
"""Rows of the journal in one message."""
SAFE_INT: Final = 2**53 - 1
"""Largest whole number that every JSON reader keeps exactly."""

Utc = Annotated[
    str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(\+00:00|Z)$", max_length=32)
]
Code = Annotated[str, Meta(max_length=80)]
Text = Annotated[str, Meta(max_length=500)]
Whole = Annotated[int, Meta(ge=-SAFE_INT, le=SAFE_INT)]
Count = Annotated[int, Meta(ge=0, le=SAFE_INT)]
ActorId = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,40}$")]
"""Who did it, as it enters the journal: an id, never a name or an e-mail address."""
Codes = Annotated[dict[Code, Code], Meta(max_length=64)]


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


class Envelope(msgspec.Struct, kw_only=True, frozen=True, tag_field="type"):
    """What all messages have."""

    at_utc: Utc
    v: Annotated[str, Meta(pattern=r"^\d{1,4}\.\d{1,4}$")] = VERSION


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


# --- what is asked of a kiosk -------------------------------------------------------------------


class CommandKind(StrEnum):
    """What a kiosk can be asked to do; the arguments of each in its words."""

    DECIDE = "decide"
    """intervention_id, sale_id ("" without one), approved, reason ""."""
    SEEN = "seen"
    """name: the first name that the shopper reads in "{name} has seen it"."""
    PAUSE = "pause"
    """on: take no next customer (true, the default), or take the next again."""
    OPEN = "open"
    CLOSE = "close"
    """After the running sale; opens_at "" or local "HH.MM"."""
    VOID_LINE = "void_line"
    """sale_id, line_id, reason."""
    VOID_SALE = "void_sale"
    """sale_id, reason: customer_left, cannot_pay, mistake, other."""
    SCREENSHOT = "screenshot"
    LOGS = "logs"
    """lines: how many of the newest, at most 500."""
    RESTART = "restart"
    """When nobody is served; else answered not_now."""
    FETCH_CATALOG = "fetch_catalog"
    FETCH_CONFIG = "fetch_config"
    """Look at once at what was announced last."""
    VERIFY_JOURNAL = "verify_journal"
    CLOSE_DAY = "close_day"
    """Make the Z report now; refused while a sale is open."""
    RESEND = "resend"
    """journal_id, after_seq: send the rows after that one once more. A broker's acknowledgement is
    not the store's: what a killed broker forgot is asked for with this."""


class Verdict(StrEnum):
    """What became of a command."""

    DONE = "done"
    """It happened, or was handed to the engine that does it."""
    TAKEN = "taken"
    """The decision settled the intervention; also the answer to its repetition."""
    STANDS = "stands"
    """Somebody else, or the cause going away, was first: what stands is in the detail."""
    ONLY_HERE = "only_here"
    """By law or by configuration somebody has to stand at the kiosk."""
    NO_SUCH = "no_such"
    """No such intervention, sale or line: another sale is on the glass by now."""
    NOT_NOW = "not_now"
    """The sale is being paid, somebody is served, or it is busy with the same."""
    FAILED = "failed"
    """It could not be written down, or went wrong: nothing has happened."""
    NO_RIGHT = "no_right"
    """The sender's rights do not cover it."""
    UNSIGNED = "unsigned"
    """No signature, or not by a key that this kiosk trusts."""
    EXPIRED = "expired"
    """After `expires_at`, or issued in the future: one of the clocks is wrong."""
    REPLAYED = "replayed"
    """This id was taken before; the verdict of that time is in the detail."""
    FOREIGN = "foreign"
    """Meant for another kiosk."""
    UNKNOWN = "unknown"
    """A kind of command, or arguments, that this kiosk does not know."""


class Order(msgspec.Struct, kw_only=True, frozen=True):
    """What a command says; the signature covers its bytes as sent.

    Good for one kiosk and one time, from `issued_at` to `expires_at`. `rights` are what the server
    found the sender to have, by the names of `kiosk.staff.roles.Right`, and for the operator's own
    commands by the command's name.
    """

    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    """Random, never used twice: by it a repetition is known, also after a restart."""
    kind: Code
    args: dict[str, Any] = {}
    actor: ActorId
    role: Code = ""
    rights: Annotated[list[Code], Meta(max_length=64)] = []
    tenant: Code
    store: Code
    kiosk: Code
    issued_at: Utc
    expires_at: Utc


class Signed(Envelope, kw_only=True, frozen=True):
    """Something signed: whoever changes a byte of `body` breaks the signature.

    The bytes are signed as they stand, not a form of them that each side makes for itself: so a
    field that one side does not know cannot break it.
    """

    body: msgspec.Raw
    key_id: Code
    """Which of the trusted keys: the first 16 hex digits of the SHA-256 of the public key."""
    signature: Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{86}==$")]
    """Base64 of the Ed25519 signature (see `kiosk.telemetry.signing`)."""


class Command(Signed, kw_only=True, frozen=True, tag="command"):
    """An order to one kiosk; `body` is an `Order`."""


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """A version that is to be fetched and taken into use when the kiosk is idle."""

    what: Code
    """catalog or config."""
    version: Code
    url: Annotated[str, Meta(max_length=2000)]
    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    size_bytes: Count
    base_version: Code = ""
    """For a delta: the version that it changes; empty for a whole snapshot."""
    not_before: Utc | None = None


class Announce(Signed, kw_only=True, frozen=True, tag="announce"):
    """What is to be fetched; retained. `body` is a list of `Notice`, best first."""


class Reply(Envelope, kw_only=True, frozen=True, tag="reply"):
    """The answer to each command, whatever became of it."""

    id: Code
    """The order's; empty when not even that could be read."""
    verdict: Code
    detail: Text = ""
    approved: bool | None = None
    """How the intervention stands, for a decision."""
    attendant_id: Code = ""
    where: Code = ""
    resolved_at: Utc | None = None
    png: bytes = b""
    """The glass, with whatever a shopper typed masked; base64 in the JSON."""
    lines: Annotated[list[Text], Meta(max_length=500)] = []
    """Of the log, newest last, redacted."""


Message = Birth | State | Health | Events | Intervention | Command | Announce | Reply

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
