"""What ZVT's numbers mean: commands, results, intermediate states, currencies.

Source: ZVT PA00P015, chapters "Error messages", "Intermediate status information" and "Commands".
"""

from typing import Final

from drivers.contracts import PaymentOutcome, TerminalStep

# --- commands: class and instruction -------------------------------------------------------------

REGISTRATION: Final = b"\x06\x00"
AUTHORISATION: Final = b"\x06\x01"
STATUS_ENQUIRY: Final = b"\x05\x01"
REPEAT_RECEIPT: Final = b"\x06\x20"
REVERSAL: Final = b"\x06\x30"
REFUND: Final = b"\x06\x31"
END_OF_DAY: Final = b"\x06\x50"
DIAGNOSIS: Final = b"\x06\x70"
ABORT_BY_US: Final = b"\x06\xb0"

INTERMEDIATE_STATUS: Final = b"\x04\xff"
STATUS_INFORMATION: Final = b"\x04\x0f"
SET_TIME: Final = b"\x04\x01"
COMPLETION: Final = b"\x06\x0f"
ABORT: Final = b"\x06\x1e"
PRINT_LINE: Final = b"\x06\xd1"
PRINT_BLOCK: Final = b"\x06\xd3"

# --- our own answers -----------------------------------------------------------------------------

GOODS_FAILED: Final = 0x66
"""`84 66 00` to an approval: the goods were not issued, take the payment back."""
MORE_TIME: Final = 0x9C
NOT_NOW: Final = 0x83
"""`84 83 00`: a command that is unknown, or not allowed now."""

# --- results (BMP 27, and the first byte of 06 1E) -----------------------------------------------

OK: Final = 0x00
NOT_REGISTERED: Final = 0x6B
ABORTED: Final = 0x6C
WAIT: Final = 0x9C
CARD_INSERTED: Final = 0xDC
ALREADY_REVERSED: Final = 0xB4
TURNOVER_FULL: Final = 0x6A
OPEN_END_OF_DAY: Final = 0xF0
DIAGNOSIS_NEEDED: Final = 0xC2

HOST_DECLINES: Final = range(0x01, 0x64)
CARD_DECLINES: Final = frozenset({0x64, 0x65, 0x71, 0x72, 0x78})
"""Unreadable, data missing, wrong card, chip failed, expired."""

OUT_OF_ORDER: Final = {
    TURNOVER_FULL: "TurnoverFull",
    0x7D: "CommunicationError",
    0x9B: "LineError",
    0xA0: "NoHost",
    0xA1: "NoHost",
    0xA3: "NoHost",
    DIAGNOSIS_NEEDED: "DiagnosisNeeded",
    0xCC: "PrinterNotReady",
    0xE4: "NotActivated",
    OPEN_END_OF_DAY: "EndOfDayOpen",
    0xFB: "TurnoverDefective",
}
"""Results after which the terminal can take no card at all, and what staff are told."""

NAMES: Final = {
    **OUT_OF_ORDER,
    NOT_REGISTERED: "NotRegistered",
    ABORTED: "Cancel",
    0x6F: "WrongCurrency",
    NOT_NOW: "NotAllowed",
    WAIT: "Busy",
    ALREADY_REVERSED: "AlreadyReversed",
    0xB5: "CannotReverse",
    0xC3: "OverMaximum",
    0xC8: "TooSmall",
    CARD_INSERTED: "InsertedCard",
}


def name_of(result: int) -> str:
    """Return a code for logs and staff: "Refusal-05", "Cancel", "Error-FF"."""
    if result in HOST_DECLINES:
        return f"Refusal-{result:02X}"
    if result in CARD_DECLINES:
        return f"InvalidCard-{result:02X}"
    return NAMES.get(result, f"Error-{result:02X}")


def outcome_of(result: int) -> PaymentOutcome:
    """Return what a result other than OK means for the payment: declined, or not tried at all."""
    declined = result in HOST_DECLINES or result in CARD_DECLINES
    return PaymentOutcome.DECLINED if declined else PaymentOutcome.CANCELLED


# --- intermediate states (04 FF) -----------------------------------------------------------------

INSERT_CARD: Final = 0x0A
"""The prompt for a card, in words of a time before contactless; see `zvt_progress.Steps`."""
SILENT: Final = frozenset({0x6A})
"""A digit of the PIN: not even counted."""
STEPS: Final = {
    0x00: TerminalStep.PROCESSING,
    0x04: TerminalStep.PROCESSING,
    0x05: TerminalStep.PROCESSING,
    0x06: TerminalStep.PROCESSING,
    0x0B: TerminalStep.REMOVE_CARD,
    0x0C: TerminalStep.INSERT_CARD,
    0x0E: TerminalStep.PROCESSING,
    0x0F: TerminalStep.BUSY,
    0x15: TerminalStep.WRONG_PIN,
    0x17: TerminalStep.PROCESSING,
    0x1A: TerminalStep.BUSY,
    0x1B: TerminalStep.APPROVED,
    0x1C: TerminalStep.APPROVED,
    0x1D: TerminalStep.DECLINED,
    0x68: TerminalStep.PROCESSING,
    0x6D: TerminalStep.PROCESSING,
    0xD2: TerminalStep.PROCESSING,
    0xD3: TerminalStep.PROCESSING,
}
REMOVE_CARD_TOO: Final = range(0x41, 0x60)
"""40 + n: what n says, and "please take your card"."""


def step_of(status: int) -> TerminalStep | None:
    """Return the step of an intermediate state; None for what a shopper is not told."""
    if status in SILENT:
        return None
    if status in REMOVE_CARD_TOO:
        return TerminalStep.REMOVE_CARD
    return STEPS.get(status, TerminalStep.OTHER)


# --- currencies ----------------------------------------------------------------------------------

CURRENCIES: Final = {
    "CHF": 756,
    "DKK": 208,
    "EUR": 978,
    "GBP": 826,
    "ISK": 352,
    "NOK": 578,
    "PLN": 985,
    "SEK": 752,
    "USD": 840,
}
"""ISO 4217, the ones terminals in and around Europe are asked for."""
CURRENCY_NAMES: Final = {number: name for name, number in CURRENCIES.items()}
