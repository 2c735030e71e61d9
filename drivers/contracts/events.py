"""What devices say: frozen events and the enumerations in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class DeviceState(StrEnum):
    """Whether a device can be used."""

    STARTING = "starting"
    READY = "ready"
    LOST = "lost"
    FAULT = "fault"
    """It answers, and says that it cannot work (paper out, terminal out of order)."""
    STOPPED = "stopped"


class DeviceKind(StrEnum):
    """What a device is for."""

    SCANNER = "scanner"
    SCALE = "scale"
    PRINTER = "printer"
    TERMINAL = "terminal"
    BADGE = "badge"
    """A reader of staff's badges: a scanner that never sells."""
    BAG_SCALE = "bag_scale"
    """A scale under the bags: never a basis for a price."""
    LIGHT = "light"
    """A status light over the till; see `drivers.light`."""
    WALLET = "wallet"
    """A means of payment that the shopper approves on a phone; see `Wallet`."""
    GIFT_CARD = "gift_card"
    """An issuer of gift cards; see `StoredValue`."""
    VOUCHER = "voucher"
    """Who knows what a slip of the machine for empties is worth; see `StoredValue`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStateChanged:
    """Posted once for each change of state. `reason` is for logs and staff.

    `software` is what the device says of its own program; empty where it says nothing.
    """

    device: str
    kind: DeviceKind
    state: DeviceState
    reason: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeScanned:
    """One whole code. `aim_id` is e.g. "]E0", empty where the scanner sends none.

    `text` has FNC1 as GS (0x1D) and neither prefix, suffix nor AIM identifier.
    `at_monotonic_ns` is when its last byte arrived, on the clock of `time.monotonic_ns`.
    """

    device: str
    text: str
    aim_id: str = ""
    at_monotonic_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightRead:
    """One answer of a scale. `weight_g` is None whenever there is no stable weight to sell by."""

    device: str
    weight_g: int | None
    stable: bool
    zero: bool = False
    net: bool = False
    in_motion: bool = False
    under_zero: bool = False
    over_capacity: bool = False
    error: bool = False
    at_monotonic_ns: int


class Paper(StrEnum):
    """Receipt paper."""

    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterStatus:
    """Posted when it changes."""

    device: str
    online: bool
    paper: Paper
    cover_open: bool = False
    cutter_error: bool = False
    unrecoverable: bool = False


class PrintOutcome(StrEnum):
    """How a print ended."""

    PRINTED = "printed"
    """Proven by the printer, or sent in full to a printer that was in order before and after."""
    NOT_PRINTED = "not_printed"
    """Certainly nothing of it is, or will be, on paper."""
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDone:
    """The answer to `Printer.print` or `Printer.ask`."""

    device: str
    print_id: str
    outcome: PrintOutcome
    reason: str = ""


class PaymentOutcome(StrEnum):
    """How a request to a terminal ended."""

    APPROVED = "approved"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    """By the shopper's red key, by our abort, or never reached the terminal at all."""
    UNKNOWN = "unknown"
    """No believable answer: it must be asked about, never repeated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentResult:
    """The terminal's own answer to one payment."""

    service_id: str
    outcome: PaymentOutcome
    amount_minor: int = 0
    """Authorised amount as the terminal says, to be compared with what was asked."""
    currency: str = ""
    transaction_id: str = ""
    transaction_at: str = ""
    brand: str = ""
    last_four: str = ""
    entry_mode: str = ""
    aid: str = ""
    terminal_id: str = ""
    approval_code: str = ""
    reference: str = ""
    partial: bool = False
    reason: str = ""
    """A code (nexo ErrorCondition), for logs and staff."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentAnswered:
    """Answer to `Terminal.charge` or `Terminal.ask`. Posted exactly once for each call."""

    device: str
    attempt_id: str
    result: PaymentResult


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalAnswered:
    """Answer to `Terminal.reverse`."""

    device: str
    attempt_id: str
    done: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswered:
    """Answer to `Refunding.refund` or `ask_refund`. Posted exactly once for each call."""

    device: str
    attempt_id: str
    """Of the refund."""
    result: PaymentResult


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchClosed:
    """Answer to `Batching.close_batch`. Posted exactly once for each call."""

    device: str
    done: bool
    reason: str = ""
    """Why not; a code, for logs and staff."""
    amount_minor: int | None = None
    """The terminal's own total of the batch, refunds taken off; None when it said none."""
    currency: str = ""
    reference: str = ""
    """The terminal's own number of the batch, which the acquirer's books have too; else empty."""


class TerminalStep(StrEnum):
    """What the terminal itself shows, as far as it tells us. Never invented."""

    PRESENT_CARD = "present_card"
    INSERT_CARD = "insert_card"
    ENTER_PIN = "enter_pin"
    WRONG_PIN = "wrong_pin"
    PROCESSING = "processing"
    REMOVE_CARD = "remove_card"
    APPROVED = "approved"
    DECLINED = "declined"
    BUSY = "busy"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalProgress:
    """A progress step of a running payment. `text` is the terminal's own line, may be empty."""

    device: str
    attempt_id: str
    step: TerminalStep
    text: str = ""


class WalletStep(StrEnum):
    """What the shopper has to do for a wallet payment, so what the screen shows."""

    SCAN_QR = "scan_qr"
    """Scan the code (`qr_text`) with the phone."""
    OPENED = "opened"
    """The phone has it; approve it there. Not every provider tells."""
    PUSH_SENT = "push_sent"
    """Open the app: the payment was sent to `masked_phone`."""
    ENTER_PHONE = "enter_phone"
    """Type the phone number; `Wallet.give` takes it."""
    CONFIRM_PHONE = "confirm_phone"
    """Is `masked_phone` right? CONFIRM, or another PHONE, by `Wallet.give`."""
    ENTER_CODE = "enter_code"
    """Type the one-time code that `masked_phone` got; `tries_left` counts this one."""
    WORKING = "working"
    """Nothing to do for the shopper: the provider is at work."""
    NO_ANSWER = "no_answer"
    """The provider does not answer just now. It is asked again; nobody should pay once more."""


class WalletProblem(StrEnum):
    """Why the shopper is asked again."""

    NONE = ""
    BAD_PHONE = "bad_phone"
    """Not a mobile number of this country."""
    TOO_MANY = "too_many"
    """Too many codes were sent to this number, or from this kiosk, lately."""
    WRONG_CODE = "wrong_code"
    CODE_EXPIRED = "code_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletShown:
    """What the screen must show for a running wallet payment; each replaces the one before.

    Gone with the PaymentAnswered of its attempt. Never written anywhere: `qr_text` opens the
    payment for whoever has it. No whole phone number is ever in here.
    """

    device: str
    attempt_id: str
    step: WalletStep
    qr_text: str = field(default="", repr=False)
    expires_monotonic_ns: int = 0
    """When code or push lapse, on the clock of `time.monotonic_ns`; 0 when nobody says."""
    masked_phone: str = ""
    """The number's last two digits behind dots: "••• •• •67"."""
    can_push: bool = False
    """Whether `Wallet.give` takes a PHONE instead of the scan."""
    can_scan: bool = False
    """Whether `Wallet.give` takes SCAN, to show the code instead of waiting for the push."""
    problem: WalletProblem = WalletProblem.NONE
    tries_left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureAnswered:
    """Answer to `Wallet.capture`. Posted exactly once for each call.

    Not `done` and not `refused`: nobody knows yet. Call again with the same request, after the
    next start too; it is safe. `refused`: the provider says no, a person has to look at it.
    """

    device: str
    attempt_id: str
    done: bool
    refused: bool = False
    reason: str = ""


class ValueState(StrEnum):
    """What a card or a voucher is good for."""

    GOOD = "good"
    EMPTY = "empty"
    """A card with nothing on it."""
    USED = "used"
    """A voucher that was redeemed before."""
    NOT_KNOWN = "not_known"
    """The issuer has no such number; or it is none at all."""
    BLOCKED = "blocked"
    EXPIRED = "expired"
    NO_ANSWER = "no_answer"
    """Nobody could say; nothing was taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRead:
    """Answer to `StoredValue.present`, exactly one for each call."""

    device: str
    attempt_id: str
    state: ValueState
    balance_minor: int = 0
    """What is left on it now. It may be less when it is charged: another till has it too."""
    currency: str = ""
    last_four: str = ""
    """The number's last four digits: all of it that may be shown or written down."""


DeviceEvent = (
    DeviceStateChanged
    | BarcodeScanned
    | WeightRead
    | PrinterStatus
    | PrintDone
    | PaymentAnswered
    | ReversalAnswered
    | RefundAnswered
    | TerminalProgress
    | WalletShown
    | CaptureAnswered
    | ValueRead
    | BatchClosed
)
Post = Callable[[DeviceEvent], bool]
"""Hand an event to the engine. Never blocks. False: the inbox is full and the event was dropped."""
