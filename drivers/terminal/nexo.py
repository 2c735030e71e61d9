"""A card terminal that speaks nexo Retailer, in Adyen's JSON dialect: `NexoTerminal`.

Two threads do the work: one makes payments, reversals and health checks, one thing at a time, as
the terminal wants it; the other sends aborts, the one message that may overlap a payment. A small
listener takes progress notifications. A request about money leaves once (nexo_turn has the two
exceptions). Whatever then goes wrong (no answer, half an answer, an answer for somebody else), the
terminal is asked by service id (nexo_resolve) and its own word is the result, or UNKNOWN.

What differs between the dialects comes from the options: codec, session, patience. The XML dialect
is nexo_xml_terminal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import ClassVar

import structlog

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
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline
from drivers.errors import DeviceError, ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_batch import Batch
from drivers.terminal.nexo_listener import Listener
from drivers.terminal.nexo_money import Money
from drivers.terminal.nexo_options import CommonOptions, NexoOptions
from drivers.terminal.nexo_progress import step_of
from drivers.terminal.nexo_resolve import Resolver
from drivers.terminal.nexo_running import Aborter, Running
from drivers.terminal.nexo_turn import Turn
from drivers.worker import Worker

logger = structlog.get_logger(__name__)

HEALTH_CHECK_S = 0.25
"""How often the idle worker looks whether a health check is due."""


class NexoTerminal:
    """drivers.contracts.Terminal over HTTPS. Constructed without I/O but for its secret files.

    `pause(seconds)` waits between questions and says True when the driver stops; a test passes its
    own, together with a `clock`, so that nobody waits for real.

    Raises:
        DeviceConfigError: see NexoOptions, nexo_tls.
    """

    OPTIONS: ClassVar[type[CommonOptions]] = NexoOptions

    def __init__(
        self,
        options: CommonOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Callable[[float], bool] | None = None,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._options = options
        self._clock = clock
        self._dialog = options.dialog()
        self._session = options.session(self._dialog)
        self._announcer = StateAnnouncer(options.name, DeviceKind.TERMINAL)
        self._counters = Counters(
            "charges",
            "refunds",
            "lost_answers",
            "unknown_results",
            "refused_messages",
            "rejected_messages",
            "aborts",
        )
        self._worker = Worker(
            f"{options.name}-payments",
            idle=self._look_after,
            idle_every_s=HEALTH_CHECK_S,
            on_crash=self._crashed,
        )
        self._answers = Answers(
            options.name, stopping=self._worker.stopping, count=self._counters.count
        )
        self._attempts = Attempts[Running](self._worker, self._answers)
        self._abort_worker = Worker(f"{options.name}-aborts")
        pause = pause or self._worker.stopping.wait
        turn = self._make_turn(clock, pause)
        self._money = self._make_money(turn, clock, pause, utc_now)
        self._batch = Batch(
            self._dialog, turn, device=options.name, timeout_s=options.request_timeout_s
        )
        self._aborter = Aborter(
            self._dialog,
            grace_s=options.abort_grace_s,
            timeout_s=options.health_timeout_s,
            stopping=self._abort_worker.stopping,
            count=self._counters.count,
        )
        self._listener = self._make_listener()
        self._next_health = Deadline(clock, 0)

    def _make_turn(self, clock: Clock, pause: Callable[[float], bool]) -> Turn:
        return Turn(
            self._session,
            busy_wait_s=self._options.busy_wait_s,
            busy_pause_s=self._options.busy_pause_s,
            clock=clock,
            pause=pause,
        )

    def _make_money(
        self,
        turn: Turn,
        clock: Clock,
        pause: Callable[[float], bool],
        utc_now: Callable[[], datetime],
    ) -> Money:
        options = self._options
        resolver = Resolver(
            self._dialog,
            session=self._session,
            patience=options.patience(),
            clock=clock,
            pause=pause,
        )
        return Money(
            self._dialog,
            resolver,
            turn,
            announcer=self._announcer,
            timeout_s=options.request_timeout_s,
            utc_now=utc_now,
            count=self._counters.count,
        )

    def _make_listener(self) -> Listener | None:
        if not self._options.listen:
            return None
        return Listener(
            self._options.listen,
            self._notified,
            cert_file=self._options.listen_cert_file,
            silent_status=self._dialog.codec.silent_status,
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

    @property
    def listen_port(self) -> int:
        """Where notifications are taken; 0 when nowhere."""
        return self._listener.port if self._listener is not None else 0

    def start(self, post: Post) -> None:
        """Start threads and listener; returns at once."""
        self._announcer.attach(post)
        self._answers.attach(post)
        if self._listener is not None:
            self._listener.start()
        self._worker.submit(self._look_after)
        self._worker.start()
        self._abort_worker.start()

    def stop(self) -> None:
        """Hang up and end the threads. A payment under way is left to the terminal, as UNKNOWN.

        Calls that still wait in line are not answered: their attempts are asked about at the next
        start, like those of a kiosk that lost its power.
        """
        self._worker.stopping.set()
        self._abort_worker.stopping.set()
        self._dialog.hang_up()
        self._worker.stop()
        self._abort_worker.stop()
        if self._listener is not None:
            self._listener.stop()
        self._announcer.announce(DeviceState.STOPPED)

    def statistics(self) -> Statistics:
        """charges, lost_answers, unknown_results, refused_messages, aborts, connection_losses."""
        return Statistics({**self._counters.all(), "connection_losses": self._announcer.losses})

    # --- Terminal ---------------------------------------------------------------------------------

    def charge(self, request: ChargeRequest) -> None:
        """Send the payment request once. A service id that was used before is only asked about."""
        self._attempts.charge(request, self._charge, self._ask)

    def ask(self, request: ChargeRequest) -> None:
        """Ask how a payment of this or an earlier life ended."""
        self._attempts.ask(request, self._ask)

    def abort(self, attempt_id: str, service_id: str) -> None:  # noqa: ARG002 - by service id
        """Wish to stop it, also while it waits in line. Its own answer tells whether it did."""
        self._attempts.unwant(service_id)
        self._abort_worker.submit(lambda: self._abort(service_id))

    def reverse(self, request: ReversalRequest) -> None:
        """Give a payment back, after asking whether an earlier life already sent this reversal."""
        self._attempts.reverse(request, self._money.reverse)

    # --- Refunding --------------------------------------------------------------------------------

    def refund(self, request: RefundRequest) -> None:
        """Give money back, once. A service id that was used before is only asked about."""
        self._attempts.refund(request, self._refund, self._money.ask_refund)

    def ask_refund(self, request: RefundRequest) -> None:
        """Ask how a refund of this or an earlier life ended."""
        self._attempts.ask_refund(request, self._money.ask_refund)

    # --- Batching ---------------------------------------------------------------------------------

    def close_batch(self) -> None:
        """End the terminal's day with this kiosk; answered by one BatchClosed."""
        if not self._worker.submit(lambda: self._answers.deliver(self._batch.close())):
            full = BatchClosed(device=self.name, done=False, reason="QueueFull")
            self._answers.deliver(full)

    # --- jobs of the two workers ------------------------------------------------------------------

    def _charge(self, request: ChargeRequest) -> PaymentResult:
        with self._turn(request) as running:
            return aborted(request) if running.unwanted else self._money.charge(request, running)

    def _ask(self, request: ChargeRequest) -> PaymentResult:
        with self._turn(request):
            return self._money.ask(request)

    def _refund(self, request: RefundRequest) -> PaymentResult:
        with self._turn(request) as running:
            return self._money.refund(request, running)

    @contextmanager
    def _turn(self, request: ChargeRequest | RefundRequest) -> Iterator[Running]:
        running = Running(request.attempt_id, request.service_id, self._answers.step)
        with self._attempts.turn(running):
            yield running
        running.done.set()

    def _abort(self, service_id: str) -> None:
        running = self._attempts.running
        if running is not None and running.service_id == service_id:
            self._aborter.abort(running)

    def _look_after(self) -> None:
        """Nothing to do: see, now and then, whether the terminal is there and in order."""
        self._announcer.settle()
        if not self._next_health.passed():
            return
        try:
            state, reason = self._session.health(self._options.health_timeout_s)
            self._announcer.software = self._session.software
            self._announcer.announce(state, reason)
        except DeviceError as error:
            self._announcer.announce(DeviceState.LOST, str(error))
        self._next_health = Deadline(self._clock, self._options.health_interval_s)

    def _crashed(self, error: BaseException) -> None:
        """A defect ended the payment thread: say so, and what is under way is UNKNOWN."""
        self._announcer.announce(DeviceState.FAULT, f"defect: {type(error).__name__}")
        running = self._attempts.crashed()
        if running is not None:
            running.done.set()
        raise error

    # --- the listener's thread --------------------------------------------------------------------

    def _notified(self, raw: bytes) -> bytes:
        try:
            header, message = self._dialog.read_notification(raw)
        except ProtocolError:
            self._counters.count("refused_messages")
            raise
        running = self._attempts.running
        if isinstance(message, m.EventNotification):
            self._note_event(message)
        elif isinstance(message, m.DisplayRequest) and running is not None:
            step = step_of(message.event)
            ours = header.service_id == running.service_id or not self._dialog.codec.names_payment
            if ours and step is not None:
                running.say(step, message.text)
        return self._dialog.codec.reply(header, message)

    def _note_event(self, message: m.EventNotification) -> None:
        """Maintenance, shutdown, out of order: asking tells what is the matter, so ask now."""
        if message.event == "Reject":
            self._counters.count("rejected_messages")
            logger.error("terminal rejected our message", device=self.name)
        self._look_now()

    def _look_now(self) -> None:
        """Ask the terminal how it is as soon as the worker has nothing else to do."""
        self._next_health = Deadline(self._clock, 0)
