"""After a lost answer the terminal is asked, patiently, and never charged again.

Connect, register, wait until the terminal says that it is idle, have it repeat its last
transaction, and judge that (zvt_judge). "Not booked" must stand for `settle_s`: a terminal that is
slow to begin looks idle. What was booked without our word for the goods is taken back, see below.

With issue of goods a payment counts only when the driver has said "issued", and it says so only
after the approval is on its disk. A payment that is found booked without that note is thus one
that the terminal was to take back by itself, and either has (and repeats the payment all the
same), or never will (it does not know issue of goods). Nobody has been given anything for it, so
it is reversed here, which is harmless when it is already: B4. Then it is certainly back, and the
answer is "cancelled"; if it cannot be reversed, it stays unknown.
"""

import structlog

from drivers.attempts import result_of
from drivers.contracts import PaymentOutcome, PaymentResult
from drivers.deadline import Deadline
from drivers.errors import DeviceBusy, DeviceError
from drivers.terminal import zvt_judge as judge
from drivers.terminal import zvt_messages as messages
from drivers.terminal.zvt_judge import Booked, Declined, NoProof, NotBooked, TakenBack, Verdict
from drivers.terminal.zvt_means import Means
from drivers.terminal.zvt_memory import Attempt
from drivers.terminal.zvt_reverse import reversal_ending
from drivers.terminal.zvt_session import AtWork, NoAnswer, NothingToRepeat, Repeated
from drivers.terminal.zvt_turn import Turn
from drivers.terminal.zvt_verdict import approved, failed

logger = structlog.get_logger(__name__)

BACK_OFF = 1.5


class Resolver:
    """Asks one terminal how a payment ended."""

    def __init__(self, means: Means) -> None:
        self._session = means.session
        self._memory = means.memory
        self._patience = means.options.patience()
        self._tolerance = means.options.tolerance()
        self._password = means.options.password
        self._clock = means.clock
        self._pause = means.pause
        self._utc_now = means.utc_now

    def resolve(self, attempt: Attempt) -> PaymentResult:
        """Ask until there is a proof, or nobody can tell; takes up to `total_s`."""
        patience = self._patience
        total = Deadline(self._clock, patience.total_s)
        silence = Deadline(self._clock, patience.silence_s)
        settled: Deadline | None = None
        wait_s = patience.first_wait_s
        while True:
            verdict = self._ask(attempt)
            reason = "NoAnswer"
            if verdict is not None:
                silence = Deadline(self._clock, patience.silence_s)
                reason = "NotSettled"
            match verdict:
                case NotBooked():
                    if settled is not None and settled.passed():
                        return _cancelled(attempt, "NotBooked")
                    settled = settled or Deadline(self._clock, patience.settle_s)
                case NoProof(reason):
                    # It is idle and says what it has to say: asking again will not change it.
                    return result_of(attempt, PaymentOutcome.UNKNOWN, reason)
                case Booked() | Declined() | TakenBack():
                    return self._conclude(attempt, verdict)
                case _:
                    settled = None
            if total.passed() or silence.passed():
                return result_of(attempt, PaymentOutcome.UNKNOWN, reason)
            if self._pause(wait_s if settled is None else max(settled.left_s(), 0.001)):
                return result_of(attempt, PaymentOutcome.UNKNOWN, "Stopped")
            wait_s = min(wait_s * BACK_OFF, patience.longest_wait_s)

    def _ask(self, attempt: Attempt) -> Verdict | AtWork | None:
        """Return what the terminal proves now; None while it is away."""
        try:
            self._session.open()
            if not self._session.is_idle():
                return AtWork()
            match self._session.last_transaction():
                case Repeated(status):
                    now = self._utc_now()
                    return judge.judge(attempt, status, now=now, tolerance=self._tolerance)
                case NothingToRepeat():
                    return judge.still_nothing(attempt, repeats=self._memory.repeats)
                case NoAnswer():
                    return NoProof("NothingRepeated")
                case AtWork() as at_work:
                    return at_work
        except DeviceBusy:
            return AtWork()
        except DeviceError as error:
            self._session.hang_up()
            logger.info(
                "terminal not asked", service_id=attempt.service_id, error=type(error).__name__
            )
        return None

    def _conclude(self, attempt: Attempt, verdict: Verdict) -> PaymentResult:
        match verdict:
            case Booked(status) if attempt.asks_for_goods and attempt.approved is None:
                return self._take_back(attempt, status.receipt)
            case Booked(status):
                self._session.keep_last(status)
                return approved(attempt, status)
            case Declined(result):
                return failed(attempt, result)
        return _cancelled(attempt, "Reversed")

    def _take_back(self, attempt: Attempt, receipt: int | None) -> PaymentResult:
        logger.warning("terminal kept a payment without our word", service_id=attempt.service_id)
        unknown = result_of(attempt, PaymentOutcome.UNKNOWN, "NotTakenBack")
        if receipt is None:
            return unknown
        try:
            self._session.forget_last()
            ending = self._session.dialog.run(messages.reversal(self._password, receipt), Turn())
        except DeviceError:
            self._session.hang_up()
            return unknown
        done, _ = reversal_ending(ending)
        return _cancelled(attempt, "Reversed") if done else unknown


def _cancelled(attempt: Attempt, reason: str) -> PaymentResult:
    return result_of(attempt, PaymentOutcome.CANCELLED, reason)
