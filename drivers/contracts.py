"""What every driver promises, and the frozen values it speaks in. Standard library only.

The words are UnifiedPOS's where it has them. A driver is started with a `post` function; all it
has to say, it posts as a frozen event from its own thread and never blocks. `post` answers False
when the inbox is full: a scanner then gives its error tone and counts the loss.

Life: constructed (no I/O) -> `start(post)` -> posts `DeviceStateChanged(READY)` when the device is
there, `LOST` when it is not, reconnecting with back-off until `stop()`. `start` never raises for
a missing device: lost is a state. `stop()` is idempotent and returns within one second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


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
    WALLET = "wallet"
    """A means of payment that the shopper approves on a phone; see `Wallet`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceStateChanged:
    """Posted once for each change of state. `reason` is for logs and staff."""

    device: str
    kind: DeviceKind
    state: DeviceState
    reason: str = ""


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
    expires_at: str = ""
    """When code or push lapse, UTC, ISO 8601; empty when nobody says."""
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


DeviceEvent = (
    DeviceStateChanged
    | BarcodeScanned
    | WeightRead
    | PrinterStatus
    | PrintDone
    | PaymentAnswered
    | ReversalAnswered
    | TerminalProgress
    | WalletShown
    | CaptureAnswered
)
Post = Callable[[DeviceEvent], bool]
"""Hand an event to the engine. Never blocks. False: the inbox is full and the event was dropped."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """UnifiedPOS-like counters since start, e.g. {"good_scans": 12}; all names end in a noun."""

    counters: Mapping[str, int] = field(default_factory=dict)


class Device(Protocol):
    """The common part."""

    @property
    def name(self) -> str:
        """The name from configuration, e.g. "scanner-1"."""

    @property
    def kind(self) -> DeviceKind:
        """What it is for."""

    def start(self, post: Post) -> None:
        """Start its threads; returns at once."""

    def stop(self) -> None:
        """End its threads and close the port; idempotent, at most one second."""

    def statistics(self) -> Statistics:
        """Counters since start."""


class Scanner(Device, Protocol):
    """A barcode scanner. Disabled scans are refused with the error tone, never queued."""

    def enable(self) -> None:
        """Let scans through; returns at once. Scanners start disabled."""

    def disable(self) -> None:
        """Refuse scans from now on; returns at once."""

    def good_read(self) -> None:
        """Sound the good-read tone, where the scanner can."""

    def error_tone(self) -> None:
        """Sound the error tone, where the scanner can."""


class Scale(Device, Protocol):
    """A scale that answers when it is asked. Only stable weights carry grams."""

    def watch(self, on: bool) -> None:
        """Poll 4 to 5 times a second and post each WeightRead (on), or idle at 1/s (off)."""

    def zero(self) -> None:
        """Ask the scale to set zero; returns at once."""


# --- printing -----------------------------------------------------------------------------------


class Weight(StrEnum):
    """How heavy a text prints; a receipt has three (look.md 20)."""

    NORMAL = "normal"
    BOLD = "bold"
    LARGE = "large"
    """Double width and height, bold: at least 1.5 times the size of the amounts."""


class Align(StrEnum):
    """Where on the paper."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, wrapped at words by the driver."""

    text: str
    weight: Weight = Weight.NORMAL
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Columns:
    """One row of columns over the paper's width; the first is left, the others right-aligned.

    Too long a first column wraps, and the others stand on its last row. `indent` is in columns.
    """

    cells: tuple[str, ...]
    weight: Weight = Weight.NORMAL
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line over the whole width."""


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code, printed by the printer's own command where it has one."""

    data: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed and cut."""


PrintElement = Text | Columns | Rule | Feed | Qr | Cut


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One document for the printer. `print_id` is the proof-of-print id's source."""

    print_id: str
    elements: tuple[PrintElement, ...]


class Printer(Device, Protocol):
    """A receipt printer. Every accepted call is answered by one PrintDone."""

    def print(self, job: PrintJob) -> None:
        """Queue the job; returns at once."""

    def ask(self, print_id: str) -> None:
        """Ask whether a job of an earlier life was printed; IN_DOUBT where it cannot tell."""


# --- payment ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeLine:
    """One line of what is paid for, as a wallet shows it in its app. Amounts in minor units."""

    id: str
    name: str
    total_minor: int
    """With tax, after offers."""
    tax_minor: int = 0
    tax_rate_bp: int = 0
    """Hundredths of a percent: 1500 is 15 %."""
    quantity: str = "1"
    """In `unit`, with a decimal point: "2", "0.822"."""
    unit: str = "PCS"
    """PCS or KG."""
    unit_price_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """What to charge. `service_id`: 1-10 characters, unique for the terminal, never reused."""

    attempt_id: str
    service_id: str
    sale_id: str
    amount_minor: int
    currency: str
    currency_digits: int = 2
    lines: tuple[ChargeLine, ...] = ()
    """For wallets. Sent only when they add up to `amount_minor` (they do not in a split tender)."""
    min_age: int = 0
    """For wallets that can check it: the age in years that the basket asks for; 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalRequest:
    """What to give back, whole."""

    attempt_id: str
    service_id: str
    sale_id: str
    transaction_id: str
    transaction_at: str
    amount_minor: int
    currency: str
    currency_digits: int = 2


class Terminal(Device, Protocol):
    """A card terminal. One payment at a time; every call is answered by one event.

    All calls return at once. No call is ever repeated by the driver on the wire: after a lost
    answer the driver asks by `service_id`, and answers UNKNOWN when nobody can tell it.
    """

    def charge(self, request: ChargeRequest) -> None:
        """Send the payment request once."""

    def abort(self, attempt_id: str, service_id: str) -> None:
        """Wish to stop it. Answered by the charge's own PaymentAnswered."""

    def ask(self, request: ChargeRequest) -> None:
        """Ask how a payment of this or an earlier life ended."""

    def reverse(self, request: ReversalRequest) -> None:
        """Give a payment back."""


class WalletInputKind(StrEnum):
    """What the shopper typed."""

    PHONE = "phone"
    CONFIRM = "confirm"
    CODE = "code"
    SCAN = "scan"
    """Nothing typed: show the QR code again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletInput:
    """What a shopper typed, on its way to a wallet.

    It goes from the screen to `Wallet.give` and nowhere else: into no event, journal, view or log.
    Its `repr` hides it; whoever holds one lets go of it at once.
    """

    attempt_id: str
    kind: WalletInputKind
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequest:
    """Take the money that an approval reserved: the goods are handed over."""

    attempt_id: str
    service_id: str
    transaction_id: str
    """As the approval said."""
    amount_minor: int
    currency: str
    currency_digits: int = 2


class Wallet(Terminal, Protocol):
    """A means of payment that the shopper approves on a phone: kind WALLET.

    All of `Terminal` holds, and tells the same truth: an abort may come too late, UNKNOWN is asked
    about. What differs: an approval only reserves the money until `capture` (where a provider takes
    it at once, capture says done), and the driver may send one request again under its idempotency
    key, because the provider then does it once.
    """

    def give(self, given: WalletInput) -> None:
        """Hand over what the shopper typed; returns at once.

        Answered by the next WalletShown. For an attempt that is not running, or when the wallet
        asked for something else, it is forgotten.
        """

    def capture(self, request: CaptureRequest) -> None:
        """Take what is reserved. Safe to repeat with the same request, in any later life."""
