"""What is asked of a kiosk, what is announced to it, and what it answers. Part of `messages`."""

from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from kiosk.telemetry.base import ActorId, Code, Count, Envelope, Text, Utc


class CommandKind(StrEnum):
    """What a kiosk can be asked to do; the arguments of each in its words."""

    DECIDE = "decide"
    """intervention_id, sale_id ("" without one), approved, reason ""."""
    SEEN = "seen"
    """name: the first name that the shopper reads in "{name} has seen it"."""
    PAUSE = "pause"
    """on: take no next shopper (true, the default), or take the next again."""
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
    """Look at once at what was announced last. Settings (`kiosk.telemetry.settings`) that do not
    fit are answered with `failed` and every mistake; those that do are in use after a restart that
    waits until nobody is served."""
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


Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Url = Annotated[str, Meta(max_length=2000)]


class Delta(msgspec.Struct, kw_only=True, frozen=True):
    """What makes a version of the file that a kiosk has (`kiosk.telemetry.deltas`)."""

    base_sha256: Sha256
    """Of the file that it changes; a kiosk with another one takes the whole version."""
    url: Url
    sha256: Sha256
    """Of the delta itself; what it makes is held against the notice's own."""
    size_bytes: Count


class Notice(msgspec.Struct, kw_only=True, frozen=True):
    """A version that is to be fetched and taken into use when the kiosk is idle."""

    what: Code
    """catalog or config."""
    version: Code
    url: Url
    sha256: Sha256
    size_bytes: Count
    deltas: Annotated[list[Delta], Meta(max_length=8)] = []
    """Shorter ways to the same bytes, from versions that kiosks run now."""
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
