"""The words that every nexo message is made of: categories, conditions, headers, references."""

from dataclasses import dataclass
from enum import StrEnum


class Category(StrEnum):
    """MessageCategory, as far as the kiosk speaks it."""

    PAYMENT = "Payment"
    REVERSAL = "Reversal"
    ABORT = "Abort"
    STATUS = "TransactionStatus"
    DIAGNOSIS = "Diagnosis"
    LOGIN = "Login"
    LOGOUT = "Logout"
    RECONCILIATION = "Reconciliation"
    DISPLAY = "Display"
    INPUT = "Input"
    PRINT = "Print"
    EVENT = "Event"


class Result(StrEnum):
    """Response.Result."""

    SUCCESS = "Success"
    FAILURE = "Failure"
    PARTIAL = "Partial"


class Condition(StrEnum):
    """Response.ErrorCondition, the whole published list."""

    ABORTED = "Aborted"
    BUSY = "Busy"
    CANCEL = "Cancel"
    DEVICE_OUT = "DeviceOut"
    IN_PROGRESS = "InProgress"
    INSERTED_CARD = "InsertedCard"
    INVALID_CARD = "InvalidCard"
    LOGGED_OUT = "LoggedOut"
    MESSAGE_FORMAT = "MessageFormat"
    NOT_ALLOWED = "NotAllowed"
    NOT_FOUND = "NotFound"
    PAYMENT_RESTRICTION = "PaymentRestriction"
    REFUSAL = "Refusal"
    UNAVAILABLE_DEVICE = "UnavailableDevice"
    UNAVAILABLE_SERVICE = "UnavailableService"
    UNREACHABLE_HOST = "UnreachableHost"
    WRONG_PIN = "WrongPIN"
    NONE = ""
    """No condition was given, or one that nobody published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """MessageHeader. `service_id` has 1-10 characters and pairs an answer with its request."""

    category: str
    service_id: str
    sale_id: str
    poi_id: str
    message_class: str = "Service"
    message_type: str = "Request"
    device_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionId:
    """TransactionID with its time stamp; the pair names a transaction."""

    id: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """MessageReference: which earlier message is meant."""

    category: Category
    service_id: str
    sale_id: str
    poi_id: str = ""
