"""The end of a nexo terminal's day: a SaleReconciliation, and what its totals add up to.

It is sent once. An answer that is lost leaves open whether the day is ended, and that is said:
the next end of day counts on from wherever the terminal really is, and nobody is charged by it.
Source: Adyen TerminalAPI-v1, ReconciliationRequest and TransactionTotals (as nexo Retailer 3.0).
"""

from collections.abc import Iterable
from typing import Final

import structlog

from drivers.contracts import NO_BATCH, BatchClosed
from drivers.errors import DeviceError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog, MessageRejected
from drivers.terminal.nexo_http import NeverSent
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_session import NotReady
from drivers.terminal.nexo_turn import Turn

logger = structlog.get_logger(__name__)

SIGNS: Final = {
    "Debit": 1,
    "CompletedDeffered": 1,
    "CompletedReservation": 1,
    "ReverseCredit": 1,
    "Credit": -1,
    "ReverseDebit": -1,
}
"""What each TransactionType does to the shop's money; the others (declined, awards) do nothing.
"Deffered" is the schema's own spelling."""

NOT_OFFERED: Final = frozenset(
    {Condition.NOT_ALLOWED, Condition.UNAVAILABLE_SERVICE, Condition.MESSAGE_FORMAT}
)
"""How a terminal says that it has no day to end: its host settles by itself."""


class Batch:
    """Ends the day of one terminal, on the driver's payment thread."""

    def __init__(self, dialog: Dialog, turn: Turn, *, device: str, timeout_s: float) -> None:
        self._dialog = dialog
        self._turn = turn
        self._device = device
        self._timeout_s = timeout_s

    def close(self) -> BatchClosed:
        """End the day and return what the terminal says of it."""
        request = m.ReconciliationRequest()
        try:
            answer = self._turn.take(lambda: self._dialog.call(request, timeout_s=self._timeout_s))
        except NotReady as error:
            return self._not_closed(error.code)
        except NeverSent:
            return self._not_closed("NotReached")
        except MessageRejected:
            return self._not_closed(NO_BATCH)
        except DeviceError as error:
            logger.warning("terminal end of day not answered", error=str(error))
            return self._not_closed("NoAnswer")
        if not isinstance(answer, m.ReconciliationResponse):
            return self._not_closed("NoAnswer")
        if answer.verdict.result is not m.Result.SUCCESS:
            condition = answer.verdict.condition
            unknown = condition in NOT_OFFERED
            return self._not_closed(NO_BATCH if unknown else condition.value or "Failure")
        return self._closed(answer)

    def _closed(self, answer: m.ReconciliationResponse) -> BatchClosed:
        ours = [
            total
            for total in answer.totals or ()
            if total.sale_id in ("", self._dialog.ends.sale_id) and total.type in SIGNS
        ]
        currencies = {total.currency for total in ours if total.amount_minor}
        # A sum over two currencies is no sum.
        summed = answer.totals is not None and len(currencies) <= 1
        return BatchClosed(
            device=self._device,
            done=True,
            amount_minor=_sum(ours) if summed else None,
            currency=currencies.pop() if summed and currencies else "",
            reference=answer.reference,
        )

    def _not_closed(self, reason: str) -> BatchClosed:
        return BatchClosed(device=self._device, done=False, reason=reason)


def _sum(totals: Iterable[m.Total]) -> int:
    return sum(SIGNS[total.type] * total.amount_minor for total in totals)
