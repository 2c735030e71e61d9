"""The one payment that is with the terminal now, and the wish to stop it."""

import threading
from collections.abc import Callable

import structlog

from drivers.contracts import TerminalStep
from drivers.deadline import Flag, ready
from drivers.errors import DeviceError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog
from drivers.terminal.nexo_http import Exchange

logger = structlog.get_logger(__name__)

ABORTS_MAX = 3


class Running:
    """A payment from before its first byte to its result. `done` rises at the result."""

    def __init__(
        self, attempt_id: str, service_id: str, say: Callable[[str, TerminalStep, str], None]
    ) -> None:
        self.attempt_id = attempt_id
        self.service_id = service_id
        self.exchange = Exchange()
        self.done = Flag()
        self._say = say
        self._lock = threading.Lock()
        self._unwanted = False

    @property
    def unwanted(self) -> bool:
        """Whether somebody wished to stop it."""
        return self._unwanted

    def unwant(self) -> None:
        """Wish to stop it: from here on it does not begin again."""
        with self._lock:
            self._unwanted = True

    def again(self) -> bool:
        """Prepare to send once more what certainly did not begin; False when it is unwanted."""
        with self._lock:
            if not self._unwanted:
                self.exchange = Exchange()
            return not self._unwanted

    def say(self, step: TerminalStep, text: str = "") -> None:
        """Tell the engine a step of this payment."""
        self._say(self.attempt_id, step, text)


class Aborter:
    """Sends aborts, the one message that may overlap a payment."""

    def __init__(
        self,
        dialog: Dialog,
        *,
        grace_s: float,
        timeout_s: float,
        stopping: Flag,
        count: Callable[[str], None],
    ) -> None:
        self._dialog = dialog
        self._grace_s = grace_s
        self._timeout_s = timeout_s
        self._stopping = stopping
        self._count = count

    def abort(self, running: Running) -> None:
        """Wish up to three times, then hang up the payment's own request: it is asked about.

        A payment that has not begun to leave never will. The terminal may ignore a wish, or hear
        it before it has heard the payment; only the payment's own answer counts, or what the
        terminal says when it is asked.
        """
        running.unwant()
        running.exchange.drop_unsent()
        ends = self._dialog.ends
        reference = m.Reference(
            category=m.Category.PAYMENT,
            service_id=running.service_id,
            sale_id=ends.sale_id,
            poi_id=ends.poi_id,
        )
        request = m.AbortRequest(reference=reference, reason="MerchantAbort")
        for _ in range(ABORTS_MAX):
            if self._over(running, 0):
                return
            self._count("aborts")
            try:
                self._dialog.call(request, timeout_s=self._timeout_s)
            except DeviceError as error:
                # With a body, without one, or not at all: a wish needs no answer.
                logger.info(
                    "terminal abort not answered", service_id=running.service_id, error=str(error)
                )
            if self._over(running, self._grace_s / ABORTS_MAX):
                return
        running.exchange.drop()

    def _over(self, running: Running, within_s: float) -> bool:
        return bool(ready([running.done, self._stopping], within_s))
