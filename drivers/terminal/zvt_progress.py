"""From the terminal's intermediate states to the steps a shopper is told about.

Only what the terminal said is passed on. Its first "insert card" is the ordinary prompt, from a
time when there was nothing else to do with a card; a later one means what it says.
"""

from collections.abc import Callable

from drivers.contracts import TerminalStep
from drivers.terminal import zvt_codes
from drivers.terminal.zvt_messages import IntermediateStatus

Say = Callable[[TerminalStep, str], None]


class Steps:
    """Tells the steps of one payment, each as often as the terminal says it anew."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._last: tuple[TerminalStep, str] | None = None
        self._had_card = False

    def take(self, status: IntermediateStatus) -> None:
        """Pass on one state; one that is repeated unchanged is not said again."""
        step = zvt_codes.step_of(status.status)
        if step is None:
            return
        if status.status == zvt_codes.INSERT_CARD:
            step = TerminalStep.INSERT_CARD if self._had_card else TerminalStep.PRESENT_CARD
        elif step not in (TerminalStep.OTHER, TerminalStep.BUSY):
            self._had_card = True
        if (step, status.text) != self._last:
            self._last = (step, status.text)
            self._say(step, status.text)
