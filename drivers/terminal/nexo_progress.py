"""From the terminal's tender states to the steps a shopper is told about.

Only what the terminal said is passed on, and only steps that tell the shopper something. Digits of
a PIN are not even counted: PIN_DIGIT_ENTERED has no step.
Source: docs.adyen.com, "Tender state reference sheet".
"""

from typing import Final

from drivers.contracts import TerminalStep

STEPS: Final = {
    "TENDER_CREATED": TerminalStep.PRESENT_CARD,
    "PROVIDE_CARD_DETAILS": TerminalStep.PRESENT_CARD,
    "INSERT_CARD": TerminalStep.INSERT_CARD,
    "WAIT_FOR_PIN": TerminalStep.ENTER_PIN,
    "ASK_PIN": TerminalStep.ENTER_PIN,
    "WRONG_PIN": TerminalStep.WRONG_PIN,
    "PIN_ENTERED": TerminalStep.PROCESSING,
    "CARD_PRESENTED": TerminalStep.PROCESSING,
    "CARD_INSERTED": TerminalStep.PROCESSING,
    "PROCESSING_TENDER": TerminalStep.PROCESSING,
    "REMOVE_CARD": TerminalStep.REMOVE_CARD,
    "APPROVED": TerminalStep.APPROVED,
    "DECLINED": TerminalStep.DECLINED,
}
SILENT: Final = frozenset({"PIN_DIGIT_ENTERED", "ADDITIONAL_DATA_AVAILABLE"})


def step_of(event: str) -> TerminalStep | None:
    """Return the step of a tender state; None for what a shopper is not told."""
    return None if event in SILENT else STEPS.get(event, TerminalStep.OTHER)
