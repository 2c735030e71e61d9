"""What all wallets have in common: `WalletDriver`, a drivers.contracts.Wallet over a `Provider`.

Two threads: one makes payments and asks about them, one thing at a time; the other captures and
gives back, so that an old sale's money never waits for a new shopper. Whatever a provider's part
raises ends as UNKNOWN: there is no fourth way out.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from drivers.announcer import StateAnnouncer
from drivers.answers import Answers
from drivers.attempts import Attempts, aborted, result_of
from drivers.contracts import (
    NO_REFERENCE,
    CaptureRequest,
    ChargeRequest,
    DeviceKind,
    DeviceState,
    PaymentOutcome,
    PaymentResult,
    Post,
    RefundRequest,
    ReversalRequest,
    Statistics,
    WalletInput,
)
from drivers.counters import Counters
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline
from drivers.errors import DeviceError
from drivers.wallet.run import Pause, Run, Stopped
from drivers.wallet.settle import Settled
from drivers.worker import Worker

LOOK_EVERY_S = 0.25
"""How often the idle worker looks whether a health check is due."""


class Provider(Protocol):
    """One provider's ways. Every call may take long, and ends early with Stopped.

    A DeviceError that escapes means: not known. Nothing here is called twice at a time, except
    that `capture` and `give_back` run beside `pay` and `find`.
    """

    def pay(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Make the payment, from nothing to its end."""

    def find(self, request: ChargeRequest, run: Run) -> PaymentResult:
        """Find out how a payment of any life ended; end one that is still open."""

    def capture(self, request: CaptureRequest, run: Run) -> Settled:
        """Take what is reserved, or see that it was taken."""

    def give_back(self, request: ReversalRequest, run: Run) -> Settled:
        """Release what is reserved, refund what was taken."""

    def refund(self, request: RefundRequest, run: Run) -> Settled:
        """Give back a part of what was taken, or see that this part went back."""

    def health(self) -> tuple[DeviceState, str]:
        """Say whether it can be offered now, and else why not; a DeviceError means LOST."""

    def hang_up(self) -> None:
        """End every exchange, now and later."""


class WalletDriver:
    """drivers.contracts.Wallet. Subclasses bring OPTIONS and a provider."""

    def __init__(
        self,
        name: str,
        provider: Provider,
        *,
        health_interval_s: float,
        clock: Clock = SYSTEM_CLOCK,
        pause: Pause | None = None,
        kind: DeviceKind = DeviceKind.WALLET,
    ) -> None:
        self._name = name
        self._kind = kind
        self._provider = provider
        self._health_interval_s = health_interval_s
        self._clock = clock
        self._pause = pause
        self._announcer = StateAnnouncer(name, kind)
        self._payments = Worker(
            f"{name}-payments",
            idle=self._look_after,
            idle_every_s=LOOK_EVERY_S,
            on_crash=self._crashed,
        )
        self._books = Worker(f"{name}-books", capacity=32, on_crash=self._books_crashed)
        self._next_health = Deadline(clock, 0)
        self._counters = Counters(
            "charges",
            "questions",
            "captures",
            "reversals",
            "refunds",
            "unknown_results",
            "aborts",
        )
        self._answers = Answers(name, stopping=self._payments.stopping, count=self._counters.count)
        self._attempts = Attempts[Run](self._payments, self._answers)

    # --- Device -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name from configuration."""
        return self._name

    @property
    def kind(self) -> DeviceKind:
        """A wallet, or what its driver says it is."""
        return self._kind

    def start(self, post: Post) -> None:
        """Start both threads; returns at once."""
        self._announcer.attach(post)
        self._answers.attach(post)
        self._payments.submit(self._look_after)
        self._payments.start()
        self._books.start()

    def stop(self) -> None:
        """Hang up and end the threads. A payment under way stays with the provider, as UNKNOWN.

        Calls that still wait in line are not answered: they are asked about, or made again, at the
        next start.
        """
        self._payments.stopping.set()
        self._books.stopping.set()
        self._provider.hang_up()
        self._payments.stop()
        self._books.stop()
        self._announcer.announce(DeviceState.STOPPED)

    def statistics(self) -> Statistics:
        """charges, questions, captures, reversals, refunds, unknown_results, aborts,
        connection_losses.
        """
        return Statistics({**self._counters.all(), "connection_losses": self._announcer.losses})

    # --- Terminal and Wallet ----------------------------------------------------------------------

    def charge(self, request: ChargeRequest) -> None:
        """Make the payment. A service id that was used before is only asked about."""
        self._attempts.charge(request, self._charge, self._ask)

    def ask(self, request: ChargeRequest) -> None:
        """Ask how a payment of this or an earlier life ended; one that is open is ended."""
        self._attempts.ask(request, self._ask)

    def abort(self, attempt_id: str, service_id: str) -> None:  # noqa: ARG002 - by service id
        """Wish to stop it, also while it waits in line. Its own answer tells whether it did."""
        self._counters.count("aborts")
        running = self._attempts.unwant(service_id)
        if running is not None:
            running.unwant()

    def give(self, given: WalletInput) -> None:
        """Hand what the shopper typed to the payment that runs; anybody else's is forgotten."""
        running = self._attempts.running
        if running is not None and running.attempt_id == given.attempt_id:
            running.give(given)

    def capture(self, request: CaptureRequest) -> None:
        """Take what is reserved."""
        if not self._books.submit(lambda: self._capture(request)):
            self._answer_capture(request, Settled(done=False, reason="QueueFull"))

    def reverse(self, request: ReversalRequest) -> None:
        """Give a payment back."""
        if not self._books.submit(lambda: self._reverse(request)):
            self._answer_reversal(request, Settled(done=False, reason="QueueFull"))

    # --- Refunding --------------------------------------------------------------------------------

    def refund(self, request: RefundRequest) -> None:
        """Give money back. Said again under the same service id it is done once."""
        if not self._books.submit(lambda: self._refund(request)):
            self._answer_refund(request, Settled(done=False, reason="QueueFull"))

    def ask_refund(self, request: RefundRequest) -> None:
        """Say it again: the provider does it once under its key, and its account tells the rest."""
        self.refund(request)

    # --- jobs -------------------------------------------------------------------------------------

    def _charge(self, request: ChargeRequest) -> PaymentResult:
        with self._turn(request) as run:
            if run.unwanted:
                return aborted(request)
            self._counters.count("charges")
            return self._do(request, run, self._provider.pay)

    def _ask(self, request: ChargeRequest) -> PaymentResult:
        self._counters.count("questions")
        with self._turn(request) as run:
            return self._do(request, run, self._provider.find)

    def _turn(self, request: ChargeRequest) -> AbstractContextManager[Run]:
        return self._attempts.turn(
            self._run(request.attempt_id, request.service_id, self._payments)
        )

    def _do(
        self, request: ChargeRequest, run: Run, how: Callable[[ChargeRequest, Run], PaymentResult]
    ) -> PaymentResult:
        try:
            result = how(request, run)
        except Stopped:
            result = result_of(request, PaymentOutcome.UNKNOWN, "Stopped")
        except DeviceError as error:
            result = result_of(request, PaymentOutcome.UNKNOWN, type(error).__name__)
        if result.outcome is PaymentOutcome.UNKNOWN or result.reason == "NotReached":
            self._next_health = Deadline(self._clock, 0)
        return result

    def _capture(self, request: CaptureRequest) -> None:
        self._counters.count("captures")
        run = self._run(request.attempt_id, request.service_id, self._books)
        self._answer_capture(request, _settle(lambda: self._provider.capture(request, run)))

    def _reverse(self, request: ReversalRequest) -> None:
        self._counters.count("reversals")
        if not request.transaction_id:
            self._answer_reversal(request, Settled(done=False, reason=NO_REFERENCE))
            return
        run = self._run(request.attempt_id, request.service_id, self._books)
        self._answer_reversal(request, _settle(lambda: self._provider.give_back(request, run)))

    def _refund(self, request: RefundRequest) -> None:
        self._counters.count("refunds")
        run = self._run(request.attempt_id, request.service_id, self._books)
        self._answer_refund(request, _settle(lambda: self._provider.refund(request, run)))

    def _run(self, attempt_id: str, service_id: str, worker: Worker) -> Run:
        return Run(
            attempt_id,
            service_id,
            stopping=worker.stopping,
            clock=self._clock,
            say=self._answers.deliver,  # or nobody could scan the code
            device=self.name,
            pause=self._pause,
        )

    def _look_after(self) -> None:
        """Nothing to do: see, now and then, whether the provider can be offered."""
        self._announcer.settle()
        if not self._next_health.passed():
            return
        try:
            state, reason = self._provider.health()
        except DeviceError as error:
            state, reason = DeviceState.LOST, type(error).__name__
        if not self._payments.stopping.is_set():
            self._announcer.announce(state, reason)
        self._next_health = Deadline(self._clock, self._health_interval_s)

    def _crashed(self, error: BaseException) -> None:
        """A defect ended a thread: say so, and what is under way is UNKNOWN."""
        self._announcer.announce(DeviceState.FAULT, f"defect: {type(error).__name__}")
        self._attempts.crashed()
        raise error

    def _books_crashed(self, error: BaseException) -> None:
        """A defect ended the second thread. What it owed is owed again at the next start."""
        self._announcer.announce(DeviceState.FAULT, f"defect: {type(error).__name__}")
        raise error

    # --- what is said to the engine ---------------------------------------------------------------

    def _answer_capture(self, request: CaptureRequest, settled: Settled) -> None:
        self._answers.capture(
            request, done=settled.done, refused=settled.refused, reason=settled.reason
        )

    def _answer_reversal(self, request: ReversalRequest, settled: Settled) -> None:
        self._answers.reversal(request, done=settled.done, reason=settled.reason)

    def _answer_refund(self, request: RefundRequest, settled: Settled) -> None:
        outcome = PaymentOutcome.UNKNOWN
        if settled.done:
            outcome = PaymentOutcome.APPROVED
        elif settled.refused:
            outcome = PaymentOutcome.DECLINED
        result = PaymentResult(
            service_id=request.service_id,
            outcome=outcome,
            amount_minor=request.amount_minor if settled.done else 0,
            currency=request.currency if settled.done else "",
            transaction_id=request.transaction_id if settled.done else "",
            reason=settled.reason,
        )
        self._answers.refund(request.attempt_id, result)


def _settle(job: Callable[[], Settled]) -> Settled:
    try:
        return job()
    except Stopped:
        return Settled(done=False, reason="Stopped")
    except DeviceError as error:
        return Settled(done=False, reason=type(error).__name__)
