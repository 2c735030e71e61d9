"""What every driver promises, and the frozen values it speaks in. Standard library only.

The words are UnifiedPOS's where it has them. A driver is started with a `post` function; all it
has to say, it posts as a frozen event from its own thread and never blocks. `post` answers False
when the inbox is full: a scanner then gives its error tone and counts the loss.

Life: constructed (no I/O) -> `start(post)` -> posts `DeviceStateChanged(READY)` when the device is
there, `LOST` when it is not, reconnecting with back-off until `stop()`. `start` never raises for
a missing device: lost is a state. `stop()` is idempotent and returns within one second.
"""

from drivers.contracts.batch import Batching, Resting
from drivers.contracts.device import (
    Device,
    Scale,
    Scanner,
    Statistics,
)
from drivers.contracts.events import (
    BarcodeScanned,
    BatchClosed,
    CaptureAnswered,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    Paper,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    Post,
    PrintDone,
    PrinterStatus,
    PrintOutcome,
    RefundAnswered,
    ReversalAnswered,
    TerminalProgress,
    TerminalStep,
    ValueRead,
    ValueState,
    WalletProblem,
    WalletShown,
    WalletStep,
    WeightRead,
)
from drivers.contracts.payment import (
    NO_REFERENCE,
    CaptureRequest,
    ChargeLine,
    ChargeRequest,
    ReversalRequest,
    Terminal,
    Wallet,
    WalletInput,
    WalletInputKind,
)
from drivers.contracts.printing import (
    Align,
    Columns,
    Cut,
    Feed,
    PrintElement,
    Printer,
    PrintJob,
    Qr,
    Rule,
    Text,
    Weight,
)
from drivers.contracts.refund import Refunding, RefundRequest
from drivers.contracts.stored_value import PresentedValue, StoredValue

__all__ = [
    "NO_REFERENCE",
    "Align",
    "BarcodeScanned",
    "BatchClosed",
    "Batching",
    "CaptureAnswered",
    "CaptureRequest",
    "ChargeLine",
    "ChargeRequest",
    "Columns",
    "Cut",
    "Device",
    "DeviceEvent",
    "DeviceKind",
    "DeviceState",
    "DeviceStateChanged",
    "Feed",
    "Paper",
    "PaymentAnswered",
    "PaymentOutcome",
    "PaymentResult",
    "Post",
    "PresentedValue",
    "PrintDone",
    "PrintElement",
    "PrintJob",
    "PrintOutcome",
    "Printer",
    "PrinterStatus",
    "Qr",
    "RefundAnswered",
    "RefundRequest",
    "Refunding",
    "Resting",
    "ReversalAnswered",
    "ReversalRequest",
    "Rule",
    "Scale",
    "Scanner",
    "Statistics",
    "StoredValue",
    "Terminal",
    "TerminalProgress",
    "TerminalStep",
    "Text",
    "ValueRead",
    "ValueState",
    "Wallet",
    "WalletInput",
    "WalletInputKind",
    "WalletProblem",
    "WalletShown",
    "WalletStep",
    "Weight",
    "WeightRead",
]
