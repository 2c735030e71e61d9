"""The messages of nexo Retailer 3.0 and 3.1 that a kiosk needs, as frozen values.

Amounts are integer minor units; decimals exist in the codecs only (nexo_json, nexo_xml). Card data
is what a receipt may show: a message that carries more loses it in the codec.
Reference: Adyen TerminalAPI-v1 (the field names), nexo Retailer Protocol 3.0 and 3.1.
"""

from dataclasses import dataclass

from drivers.terminal.nexo_words import Category as Category
from drivers.terminal.nexo_words import Condition as Condition
from drivers.terminal.nexo_words import Header as Header
from drivers.terminal.nexo_words import Reference as Reference
from drivers.terminal.nexo_words import Result as Result
from drivers.terminal.nexo_words import TransactionId as TransactionId

# --- what the kiosk says --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """Charge a card, or with `refund` pay money back to one."""

    sale: TransactionId
    currency: str
    amount_minor: int
    digits: int
    refund: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalRequest:
    """Give a transaction back. `reason` is MerchantCancel, MerchantReturn or Malfunction."""

    sale: TransactionId
    original: TransactionId
    reason: str
    amount_minor: int | None = None
    """A part of it; None gives all of it back."""
    digits: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortRequest:
    """Stop a running payment, if it still can be."""

    reference: Reference
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """How did that message end? Without a reference: the last payment or reversal of this kiosk."""

    reference: Reference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisRequest:
    """Are you well, and idle?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRequest:
    """Begin a session. It resets the terminal: never sent while one may be at work."""

    at: str
    """Local time with its offset, ISO 8601."""
    language: str
    """Of the texts for the cashier: sv, no, fi or da."""
    capabilities: tuple[str, ...]
    """What the terminal may ask of the kiosk; ("PrinterReceipt",) alone: nothing."""
    software_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRequest:
    """End the session; with `maintenance_allowed` the terminal may update itself now."""

    maintenance_allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationRequest:
    """End the terminal's day with this kiosk (SaleReconciliation) and say its totals."""


Request = (
    PaymentRequest
    | ReversalRequest
    | AbortRequest
    | StatusRequest
    | DiagnosisRequest
    | LoginRequest
    | LogoutRequest
    | ReconciliationRequest
)


def category_of(request: Request) -> Category:
    """Return the MessageCategory of a request."""
    match request:
        case PaymentRequest():
            return Category.PAYMENT
        case ReversalRequest():
            return Category.REVERSAL
        case AbortRequest():
            return Category.ABORT
        case StatusRequest():
            return Category.STATUS
        case DiagnosisRequest():
            return Category.DIAGNOSIS
        case LoginRequest():
            return Category.LOGIN
        case LogoutRequest():
            return Category.LOGOUT
        case ReconciliationRequest():
            return Category.RECONCILIATION


# --- what the terminal says -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Response: the result and, for a failure, its condition."""

    result: Result
    condition: Condition = Condition.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a receipt may show of a card."""

    brand: str = ""
    last_four: str = ""
    entry_mode: str = ""
    aid: str = ""
    terminal_id: str = ""
    approval_code: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentResponse:
    """How a payment ended. None where the terminal said nothing about it."""

    verdict: Verdict
    sale_transaction_id: str = ""
    transaction: TransactionId | None = None
    amount_minor: int | None = None
    currency: str = ""
    card: Card = Card()
    offline: bool = False
    """Approved by the terminal alone (OnlineFlag): its host may still refuse it when it hears."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalResponse:
    """How a reversal ended. None where the terminal gave it no transaction of its own."""

    verdict: Verdict
    transaction: TransactionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusResponse:
    """How an earlier message ended: the verdict is about the question, `repeated` the answer."""

    verdict: Verdict
    repeated_header: Header | None = None
    repeated: "PaymentResponse | ReversalResponse | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagnosisResponse:
    """`global_status` is OK, Maintenance, Busy or Unreachable; empty when it was not said."""

    verdict: Verdict
    global_status: str = ""
    host_reachable: bool = True

    @property
    def idle(self) -> bool:
        """Whether the terminal is in order and does nothing for anybody."""
        return self.verdict.result is Result.SUCCESS and self.global_status == "OK"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginResponse:
    """Whether a session began, and with which device. Empty where nothing was said."""

    verdict: Verdict
    serial_number: str = ""
    software: str = ""
    global_status: str = ""
    host_reachable: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutResponse:
    """Whether the session ended."""

    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """One row of a terminal's totals: so many transactions of a type, in one currency."""

    type: str
    """TransactionType, e.g. Debit, Credit, ReverseDebit."""
    amount_minor: int
    currency: str = ""
    sale_id: str = ""
    """Which kiosk's; empty where the terminal does not tell them apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciliationResponse:
    """How the end of the terminal's day went. `totals` is None where it said nothing of them."""

    verdict: Verdict
    reference: str = ""
    """POIReconciliationID: the period's number in the terminal's and the acquirer's books."""
    totals: tuple[Total, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AbortResponse:
    """Some terminals answer an abort with a body; it means nothing for the payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where an answer to a device request belongs, when the terminal wants one."""

    device: str = ""
    qualify: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisplayRequest:
    """A progress notification: `event` is a tender state such as WAIT_FOR_PIN, where it has one."""

    event: str
    text: str = ""
    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRequest:
    """The terminal wants input or a print from a cashier's till: a kiosk declines."""

    wanted: Wanted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventNotification:
    """Something happened at the terminal, e.g. Reject, Shutdown, CardRemoved."""

    event: str
    maintenance_required: bool = False


Answer = (
    PaymentResponse
    | ReversalResponse
    | StatusResponse
    | DiagnosisResponse
    | LoginResponse
    | LogoutResponse
    | ReconciliationResponse
    | AbortResponse
    | DisplayRequest
    | DeviceRequest
    | EventNotification
)
