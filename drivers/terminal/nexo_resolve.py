"""After a lost answer the terminal is asked, patiently, and never charged again.

One question at a time, every 2 to 5 seconds. What ends it:

- the terminal repeats its answer: that is the answer;
- it says NotFound twice, `settle_s` apart, and says of itself in between that it is idle: a
  request that lay in its queue would have shown itself by then, so it never heard of it;
- nobody gives a believable answer for `silence_s`, or `total_s` have passed: not resolved.

Silence, garbage and answers for others are all the same: no evidence, neither for nor against.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from drivers.deadline import Clock, Deadline
from drivers.errors import DeviceError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_session import NotReady, Session

logger = structlog.get_logger(__name__)

BACK_OFF = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for what, in seconds."""

    first_wait_s: float = 2.0
    longest_wait_s: float = 5.0
    settle_s: float = 5.0
    silence_s: float = 60.0
    total_s: float = 300.0
    question_timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """The terminal repeated its answer."""

    response: m.PaymentResponse | m.ReversalResponse


@dataclass(frozen=True, slots=True)
class NeverHeard:
    """The terminal, idle and reachable, never heard of it."""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Nobody can tell yet. `reason` is a code for logs and staff."""

    reason: str


Resolution = Found | NeverHeard | Unresolved


class Resolver:
    """Asks one terminal how a payment or reversal ended.

    `pause(seconds)` waits, and says True when the driver stops meanwhile.
    """

    def __init__(
        self,
        dialog: Dialog,
        *,
        session: Session,
        patience: Patience,
        clock: Clock,
        pause: Callable[[float], bool],
    ) -> None:
        self._dialog = dialog
        self._session = session
        self._patience = patience
        self._clock = clock
        self._pause = pause

    def resolve(
        self, category: m.Category, service_id: str, *, digits: int, settle: bool = True
    ) -> Resolution:
        """Ask until one of the ends in the module's docstring; takes up to `total_s`.

        Without `settle` the first NotFound of an idle terminal is enough: for what cannot happen
        twice anyway, such as the reversal of one transaction.
        """
        patience = self._patience
        total = Deadline(self._clock, patience.total_s)
        silence = Deadline(self._clock, patience.silence_s)
        settled: Deadline | None = None
        wait_s = patience.first_wait_s
        while True:
            status = self._ask(category, service_id, digits)
            if status is not None:
                silence = Deadline(self._clock, patience.silence_s)
                if status.repeated is not None:
                    return Found(status.repeated)
            if status is None or not self._unknown_and_idle(status):
                settled = None
            elif not settle:
                return NeverHeard()
            elif settled is None:
                settled = Deadline(self._clock, patience.settle_s)
            elif settled.passed():
                return NeverHeard()
            if total.passed() or silence.passed():
                return Unresolved("NoAnswer" if status is None else "NotSettled")
            if self._pause(wait_s if settled is None else max(settled.left_s(), 0.001)):
                return Unresolved("Stopped")
            wait_s = min(wait_s * BACK_OFF, patience.longest_wait_s)

    def _ask(self, category: m.Category, service_id: str, digits: int) -> m.StatusResponse | None:
        """Return a believable answer about exactly this message, or None."""
        ends = self._dialog.ends
        reference = m.Reference(category=category, service_id=service_id, sale_id=ends.sale_id)
        try:
            answer = self._dialog.call(
                m.StatusRequest(reference=reference),
                timeout_s=self._patience.question_timeout_s,
                digits=digits,
            )
        except DeviceError as error:
            logger.info("terminal status not answered", service_id=service_id, error=str(error))
            return None
        if not isinstance(answer, m.StatusResponse):
            return None
        if answer.verdict.condition is Condition.LOGGED_OUT:
            self._log_in_again()
            return None
        if answer.repeated is None:
            known = (Condition.BUSY, Condition.IN_PROGRESS, Condition.NOT_FOUND)
            return answer if answer.verdict.condition in known else None
        theirs = answer.repeated_header
        wanted = m.Header(
            category=category,
            service_id=service_id,
            sale_id=ends.sale_id,
            poi_id=ends.poi_id,
            message_type="Response",
        )
        if theirs != wanted or answer.verdict.result is not m.Result.SUCCESS:
            logger.warning("terminal repeated another message", service_id=service_id)
            return None
        return answer

    def _log_in_again(self) -> None:
        """It restarted: no session, so nothing of ours runs on it, and it can be logged in."""
        self._session.doubt(Condition.LOGGED_OUT)
        with contextlib.suppress(NotReady):
            self._session.open()

    def _unknown_and_idle(self, status: m.StatusResponse) -> bool:
        if status.verdict.condition is not Condition.NOT_FOUND:
            return False
        return self._session.idle(self._patience.question_timeout_s)
