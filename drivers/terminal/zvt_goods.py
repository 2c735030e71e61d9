"""The terminal's question whether the goods were issued, and the answer (see zvt_money)."""

import structlog

from drivers.contracts import ChargeRequest
from drivers.terminal import zvt_codes
from drivers.terminal.zvt_apdu import POSITIVE, Apdu, refusal
from drivers.terminal.zvt_memory import Mark, Memory, MemoryFull
from drivers.terminal.zvt_messages import StatusInformation
from drivers.terminal.zvt_running import Running
from drivers.terminal.zvt_verdict import approved, is_as_asked

logger = structlog.get_logger(__name__)


class Goods:
    """Answers the terminal's question whether the goods of one payment were issued."""

    def __init__(
        self, request: ChargeRequest, memory: Memory, running: Running, *, asks: bool
    ) -> None:
        self._request = request
        self._memory = memory
        self._running = running
        self._asks = asks
        attempt = memory.attempt(request.service_id)
        self._before = attempt.before.mark if attempt is not None else None
        self._accepted: Mark | None = None
        self.status: StatusInformation | None = None
        """What the terminal last said about this payment."""
        self.refused_for = ""
        """Why we said that they were not; empty when we did not."""

    def answer(self, status: StatusInformation) -> Apdu:
        """Return 80 00 00, or 84 66 00 for what must be taken back."""
        if status.receipt is not None and Mark.of(status) == self._before:
            # The transaction before ours, said once more: it is over, and not our answer.
            return POSITIVE
        self.status = status
        if status.result != zvt_codes.OK or Mark.of(status) == self._accepted:
            return POSITIVE
        reason = self.refused_for or self._objection(status)
        if not reason:
            try:
                self._memory.approve(self._request.service_id, approved(self._request, status))
            except MemoryFull:
                reason = "StateNotWritten"
        if not reason:
            self._accepted = Mark.of(status)
            return POSITIVE
        if not self._asks:
            # Without issue of goods there is no way back here; the sale gives it back.
            return POSITIVE
        self.refused_for = reason
        logger.warning("terminal goods refused", service_id=self._request.service_id, why=reason)
        return refusal(zvt_codes.GOODS_FAILED)

    def _objection(self, status: StatusInformation) -> str:
        if self._accepted is not None:
            return "OtherTransaction"
        if not self._asks:
            return ""
        if not is_as_asked(self._request, status):
            return "OtherAmount"
        return "Aborted" if self._running.unwanted else ""
