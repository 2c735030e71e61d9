"""A card terminal that speaks ZVT, over TCP or a serial line: `ZvtTerminal`.

One thread talks to the terminal, one thing at a time, as ZVT wants it: payments, questions about
payments, money back, the end of the day, and in between a look whether it is still there. A wish
to stop wakes that thread. ZVT knows no ids of ours, so what makes a lost answer findable lies in a
small file (zvt_memory), written before anything leaves.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from drivers.announcer import StateAnnouncer
from drivers.answers import Answers
from drivers.attempts import Attempts, aborted
from drivers.contracts import (
    BatchClosed,
    ChargeRequest,
    DeviceKind,
    DeviceState,
    PaymentResult,
    Post,
    RefundRequest,
    ReversalRequest,
    Statistics,
)
from drivers.counters import Counters
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, Flag
from drivers.errors import DeviceError
from drivers.terminal import zvt_codes
from drivers.terminal.zvt_back import MoneyBack
from drivers.terminal.zvt_dialog import Dialog
from drivers.terminal.zvt_link import Link
from drivers.terminal.zvt_means import Means
from drivers.terminal.zvt_memory import Memory
from drivers.terminal.zvt_money import Money
from drivers.terminal.zvt_options import ZvtOptions
from drivers.terminal.zvt_resolve import Resolver
from drivers.terminal.zvt_running import Running
from drivers.terminal.zvt_session import Session
from drivers.terminal.zvt_totals import DayEnd
from drivers.worker import Worker

LISTEN_EVERY_S = 0.25
"""How often the idle line is looked at: a closed one is lost, and a terminal may print."""


class ZvtTerminal:
    """drivers.contracts.Terminal. Constructed without I/O but for reading its state file.

    `pause(seconds)` waits between questions and says True when the driver stops; a test passes its
    own, together with a `clock`, so that nobody waits for real.

    Raises:
        DeviceConfigError: see ZvtOptions; or the state file cannot be read.
    """

    OPTIONS = ZvtOptions

    def __init__(
        self,
        options: ZvtOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Callable[[float], bool] | None = None,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._options = options
        self._clock = clock
        self._announcer = StateAnnouncer(options.name, DeviceKind.TERMINAL)
        self._counters = Counters(
            "charges", "lost_answers", "unknown_results", "refused_messages", "aborts"
        )
        self._worker = Worker(
            f"{options.name}-payments",
            idle=self._look_after,
            idle_every_s=LISTEN_EVERY_S,
            on_crash=self._crashed,
        )
        self._answers = Answers(
            options.name, stopping=self._worker.stopping, count=self._counters.count
        )
        self._attempts = Attempts[Running](self._worker, self._answers)
        self._wake = Flag()
        self._memory = Memory(Path(options.state_file))
        self._session = Session(self._make_dialog(), self._memory, options)
        means = Means(
            options=options,
            session=self._session,
            memory=self._memory,
            announcer=self._announcer,
            count=self._counters.count,
            clock=clock,
            pause=pause or self._worker.stopping.wait,
            utc_now=utc_now,
        )
        self._money = Money(means, Resolver(means))
        self._back = MoneyBack(means)
        self._next_look = Deadline(clock, 0)

    def _make_dialog(self) -> Dialog:
        def connect() -> Link:
            return self._options.open_link(
                stop=self._worker.stopping, wake=self._wake, clock=self._clock
            )

        return Dialog(
            connect,
            clock=self._clock,
            stopping=self._worker.stopping,
            times=self._options.times(),
            charset=self._options.charset,
            on_stray=lambda status: self._money.stray_status(status),
        )

    # --- Device -----------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name from configuration."""
        return self._options.name

    @property
    def kind(self) -> DeviceKind:
        """A terminal."""
        return DeviceKind.TERMINAL

    def start(self, post: Post) -> None:
        """Start the thread; returns at once."""
        self._announcer.attach(post)
        self._answers.attach(post)
        self._worker.submit(self._look_after)
        self._worker.start()

    def stop(self) -> None:
        """Hang up and end the thread. A payment under way is left to the terminal, as UNKNOWN.

        Calls that still wait in line are not answered: their attempts are asked about at the next
        start, like those of a kiosk that lost its power.
        """
        self._worker.stop()
        self._session.hang_up()
        self._announcer.announce(DeviceState.STOPPED)

    def statistics(self) -> Statistics:
        """charges, lost_answers, unknown_results, refused_messages, aborts, connection_losses."""
        return Statistics({**self._counters.all(), "connection_losses": self._announcer.losses})

    # --- Terminal ---------------------------------------------------------------------------------

    def charge(self, request: ChargeRequest) -> None:
        """Send the payment request once. A service id that was used before is only asked about."""
        known = self._memory.attempt(request.service_id) is not None
        self._attempts.charge(request, self._charge, self._ask, known=known)

    def ask(self, request: ChargeRequest) -> None:
        """Ask how a payment of this or an earlier life ended."""
        self._attempts.ask(request, self._ask)

    def abort(self, attempt_id: str, service_id: str) -> None:  # noqa: ARG002 - by service id
        """Wish to stop it, also while it waits in line. Its own answer tells whether it did."""
        self._counters.count("aborts")
        running = self._attempts.unwant(service_id)
        if running is not None:
            running.unwant()

    def reverse(self, request: ReversalRequest) -> None:
        """Give a payment back, by its receipt number."""
        self._attempts.reverse(request, self._back.reverse)

    # --- Refunding --------------------------------------------------------------------------------

    def refund(self, request: RefundRequest) -> None:
        """Give money back, once. A service id that was used before is only asked about."""
        self._attempts.refund(request, self._back.refund, self._back.ask_refund)

    def ask_refund(self, request: RefundRequest) -> None:
        """Ask how a refund of this or an earlier life ended."""
        self._attempts.ask_refund(request, self._back.ask_refund)

    # --- Batching ---------------------------------------------------------------------------------

    def close_batch(self) -> None:
        """End the terminal's day (06 50); answered by one BatchClosed."""
        self.end_day(self._batch_closed)

    def _batch_closed(self, end: DayEnd) -> None:
        self._answers.deliver(
            BatchClosed(
                device=self.name,
                done=end.done,
                reason=end.reason,
                amount_minor=end.amount_minor,
                currency=end.currency,
            )
        )

    # --- beyond the contract ----------------------------------------------------------------------

    def end_day(self, answer: Callable[[DayEnd], None]) -> None:
        """Close the terminal's day; `answer` is called once, on the driver's thread."""
        if not self._worker.submit(lambda: answer(self._end_day())):
            answer(DayEnd(done=False, reason="QueueFull"))

    @property
    def customer_receipt(self) -> tuple[str, ...]:
        """The shopper's lines of the receipt that the terminal printed for its last payment."""
        return self._money.customer_receipt

    # --- jobs of the worker -----------------------------------------------------------------------

    def _charge(self, request: ChargeRequest) -> PaymentResult:
        with self._turn(request) as running:
            return aborted(request) if running.unwanted else self._money.charge(request, running)

    def _ask(self, request: ChargeRequest) -> PaymentResult:
        with self._turn(request):
            return self._money.ask(request)

    @contextmanager
    def _turn(self, request: ChargeRequest) -> Iterator[Running]:
        running = Running(
            request.attempt_id, request.service_id, say=self._answers.step, wake=self._wake
        )
        with self._attempts.turn(running):
            yield running
        if not self._session.is_open:
            self._next_look = Deadline(self._clock, self._options.reconnect_s)

    def _end_day(self) -> DayEnd:
        end = self._back.end_day()
        # One try for each time that the terminal asks for it; the next payment will tell.
        self._money.owes_end_of_day = False
        return end

    def _look_after(self) -> None:
        """Nothing to do: see whether the terminal is there and in order."""
        self._announcer.settle()
        try:
            if self._session.is_open:
                self._session.dialog.listen()
            if not self._next_look.passed():
                return
            if self._session.prepare():
                self._session.is_idle()
            if self._session.state == zvt_codes.DIAGNOSIS_NEEDED and self._back.diagnose():
                self._session.is_idle()
            if self._money.owes_end_of_day and self._end_day().done:
                self._session.is_idle()
        except DeviceError as error:
            self._session.hang_up()
            self._announcer.announce(DeviceState.LOST, str(error))
            self._next_look = Deadline(self._clock, self._options.reconnect_s)
        else:
            self._announce_state()
            self._next_look = Deadline(self._clock, self._options.health_interval_s)

    def _crashed(self, error: BaseException) -> None:
        """A defect ended the thread: say so; what is under way is UNKNOWN, and left alone."""
        self._announcer.announce(DeviceState.FAULT, f"defect: {type(error).__name__}")
        self._session.hang_up()
        self._attempts.crashed()
        raise error

    def _announce_state(self) -> None:
        state = self._session.state
        self._announcer.software = self._session.software
        if state == zvt_codes.NOT_REGISTERED:
            self._session.hang_up()
        elif state in zvt_codes.OUT_OF_ORDER:
            self._announcer.announce(DeviceState.FAULT, zvt_codes.name_of(state))
        else:
            self._announcer.announce(DeviceState.READY)
