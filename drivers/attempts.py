"""What a driver that moves money does with the engine's calls, whatever its wire is.

A service id leaves once in a life of the program: a call that names it again is a question. A wish
to stop reaches an attempt that still waits in line. A full line is answered at once: what never
left is CANCELLED, of what may have left nobody knows. What has its turn when a defect ends the
thread is UNKNOWN.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

from drivers.answers import Answers
from drivers.contracts import (
    ChargeRequest,
    PaymentOutcome,
    PaymentResult,
    RefundRequest,
    ReversalRequest,
)
from drivers.worker import Worker


class Named(Protocol):
    """What has a service id: a request, or what a driver remembers of one."""

    @property
    def service_id(self) -> str:
        """Unique for the device."""


class Running(Named, Protocol):
    """An attempt that has its turn, from before its first byte to its result."""

    def unwant(self) -> None:
        """Wish to stop it. From any thread; one that has not begun to leave never will."""


RunningT = TypeVar("RunningT", bound=Running)
RequestT = TypeVar("RequestT", ChargeRequest, RefundRequest)
Answer = Callable[[str, PaymentResult], None]


def result_of(asked: Named, outcome: PaymentOutcome, reason: str) -> PaymentResult:
    """Return a result without money."""
    return PaymentResult(service_id=asked.service_id, outcome=outcome, reason=reason)


def aborted(asked: Named) -> PaymentResult:
    """Return the result of an attempt that was stopped before anything of it left."""
    return result_of(asked, PaymentOutcome.CANCELLED, "Aborted")


class Attempts(Generic[RunningT]):
    """One device's attempts in this life, done by `worker` and each answered once.

    What does them is given with each call: functions that run on the worker's thread and return the
    result. They do not raise.
    """

    def __init__(self, worker: Worker, answers: Answers) -> None:
        self._worker = worker
        self._answers = answers
        self._lock = threading.Lock()
        self._running: RunningT | None = None
        self._unwanted: set[str] = set()
        self._used: set[str] = set()
        """Service ids that may have left: they never leave again."""
        self._give_up: Callable[[], None] = _nothing
        """Answers what the worker is doing as UNKNOWN. Only the worker's thread sees it."""

    # --- from the engine's thread -----------------------------------------------------------------

    def charge(
        self,
        request: ChargeRequest,
        charge: Callable[[ChargeRequest], PaymentResult],
        ask: Callable[[ChargeRequest], PaymentResult],
        *,
        known: bool = False,
    ) -> None:
        """Make a payment, or ask how it ended where it was made before.

        `known` says that an earlier life may have sent it.
        """
        used = self._use(request) or known
        self._submit(request, ask if used else charge, self._answers.payment, used=used)

    def ask(self, request: ChargeRequest, ask: Callable[[ChargeRequest], PaymentResult]) -> None:
        """Ask how a payment of this or an earlier life ended."""
        self._use(request)
        self._submit(request, ask, self._answers.payment, used=True)

    def refund(
        self,
        request: RefundRequest,
        refund: Callable[[RefundRequest], PaymentResult],
        ask: Callable[[RefundRequest], PaymentResult],
    ) -> None:
        """Give money back, or ask how that ended where it was done before."""
        used = self._use(request)
        self._submit(request, ask if used else refund, self._answers.refund, used=used)

    def ask_refund(
        self, request: RefundRequest, ask: Callable[[RefundRequest], PaymentResult]
    ) -> None:
        """Ask how a refund of this or an earlier life ended."""
        self._use(request)
        self._submit(request, ask, self._answers.refund, used=True)

    def reverse(
        self, request: ReversalRequest, reverse: Callable[[ReversalRequest], tuple[bool, str]]
    ) -> None:
        """Give a payment back; `reverse` says whether it is back, and else why not."""

        def job() -> None:
            done, reason = reverse(request)
            self._answers.reversal(request, done=done, reason=reason)

        if not self._worker.submit(job):
            self._answers.reversal(request, done=False, reason="QueueFull")

    def unwant(self, service_id: str) -> RunningT | None:
        """Keep the wish to stop an attempt that waits; return it if it has its turn already."""
        with self._lock:
            self._unwanted.add(service_id)
            running = self._running
        return running if running is not None and running.service_id == service_id else None

    # --- from any thread --------------------------------------------------------------------------

    @property
    def running(self) -> RunningT | None:
        """The attempt that has its turn."""
        with self._lock:
            return self._running

    # --- from the worker's thread -----------------------------------------------------------------

    @contextmanager
    def turn(self, running: RunningT) -> Iterator[RunningT]:
        """Let an attempt have its turn. One that was unwanted while it waited begins unwanted."""
        with self._lock:
            self._running = running
            if running.service_id in self._unwanted:
                running.unwant()
        yield running
        # Not after a defect: `crashed` still asks what had its turn.
        with self._lock:
            self._running = None
            self._unwanted.discard(running.service_id)

    def crashed(self) -> RunningT | None:
        """Answer what a defect ended, once and for all; return what had its turn."""
        with self._lock:
            running, self._running = self._running, None
        give_up, self._give_up = self._give_up, _nothing
        give_up()
        return running

    def _use(self, request: Named) -> bool:
        with self._lock:
            used = request.service_id in self._used
            self._used.add(request.service_id)
        return used

    def _submit(
        self,
        request: RequestT,
        do: Callable[[RequestT], PaymentResult],
        answer: Answer,
        *,
        used: bool,
    ) -> None:
        def job() -> None:
            unknown = result_of(request, PaymentOutcome.UNKNOWN, "Defect")
            self._give_up = lambda: answer(request.attempt_id, unknown)
            result = do(request)
            self._give_up = _nothing
            answer(request.attempt_id, result)

        if not self._worker.submit(job):
            outcome = PaymentOutcome.UNKNOWN if used else PaymentOutcome.CANCELLED
            answer(request.attempt_id, result_of(request, outcome, "QueueFull"))


def _nothing() -> None:
    """Nothing is under way that would have to be answered."""
