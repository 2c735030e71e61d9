"""A card terminal that speaks nexo Retailer in Adyen's JSON dialect: `NexoTerminal`.

Two threads do the work: one makes payments, reversals and health checks, one thing at a time, as
the terminal wants it; the other sends aborts, the one message that may overlap a payment. A small
listener takes progress notifications. A request about money leaves once. Whatever then goes wrong
(no answer, half an answer, an answer for somebody else), the terminal is asked by service id
(nexo_resolve) and its own word is the result, or UNKNOWN.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from drivers.announcer import StateAnnouncer
from drivers.contracts import (
    ChargeRequest,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    Post,
    ReversalAnswered,
    ReversalRequest,
    Statistics,
    TerminalProgress,
    TerminalStep,
)
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, Flag, ready
from drivers.errors import DeviceError, ProtocolError
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Dialog
from drivers.terminal.nexo_http import Exchange, NeverSent
from drivers.terminal.nexo_listener import Listener
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_options import NexoOptions
from drivers.terminal.nexo_progress import step_of
from drivers.terminal.nexo_resolve import Found, NeverHeard, Resolution, Resolver
from drivers.terminal.nexo_verdict import OUT_OF_ORDER, payment_result
from drivers.worker import Worker

logger = structlog.get_logger(__name__)

ABORTS_MAX = 3
POST_AGAIN_S = 0.05
HEALTH_CHECK_S = 0.25
"""How often the idle worker looks whether a health check is due."""


class _Running:
    """The payment that is with the terminal now."""

    def __init__(self, attempt_id: str, service_id: str) -> None:
        self.attempt_id = attempt_id
        self.service_id = service_id
        self.exchange = Exchange()
        self.done = Flag()


class NexoTerminal:
    """drivers.contracts.Terminal over HTTPS. Constructed without I/O but for its secret files.

    `pause(seconds)` waits between questions and says True when the driver stops; a test passes its
    own, together with a `clock`, so that nobody waits for real.

    Raises:
        DeviceConfigError: see NexoOptions, nexo_tls.
    """

    OPTIONS = NexoOptions

    def __init__(
        self,
        options: NexoOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        pause: Callable[[float], bool] | None = None,
        utc_now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._options = options
        self._clock = clock
        self._utc_now = utc_now
        self._dialog: Dialog = options.dialog()
        self._worker = Worker(
            f"{options.name}-payments", idle=self._look_after, idle_every_s=HEALTH_CHECK_S
        )
        self._aborter = Worker(f"{options.name}-aborts")
        self._announcer = StateAnnouncer(options.name, DeviceKind.TERMINAL)
        self._resolver = Resolver(
            self._dialog,
            patience=options.patience(),
            clock=clock,
            pause=pause or self._worker.stopping.wait,
        )
        self._listener = (
            Listener(options.listen, self._notified, cert_file=options.listen_cert_file)
            if options.listen
            else None
        )
        self._post: Post = lambda _event: False
        self._lock = threading.Lock()
        self._running: _Running | None = None
        self._unwanted: set[str] = set()
        self._known: set[str] = set()
        """Service ids of this life that may have left: they never leave again."""
        self._counters = dict.fromkeys(
            ("charges", "lost_answers", "unknown_results", "refused_messages", "aborts"), 0
        )
        self._next_health = Deadline(clock, 0)

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
        self._post = post
        self._announcer.attach(post)
        if self._listener is not None:
            self._listener.start()
        self._worker.submit(self._look_after)
        self._worker.start()
        self._aborter.start()

    def stop(self) -> None:
        """Hang up and end the threads. A payment under way is left to the terminal, as UNKNOWN."""
        self._worker.stopping.set()
        self._aborter.stopping.set()
        self._dialog.hang_up()
        self._worker.stop()
        self._aborter.stop()
        if self._listener is not None:
            self._listener.stop()
        self._announcer.announce(DeviceState.STOPPED)

    def statistics(self) -> Statistics:
        """charges, lost_answers, unknown_results, refused_messages, aborts, connection_losses."""
        with self._lock:
            counters = dict(self._counters)
        return Statistics({**counters, "connection_losses": self._announcer.losses})

    # --- Terminal ---------------------------------------------------------------------------------

    def charge(self, request: ChargeRequest) -> None:
        """Send the payment request once. A service id that was used before is only asked about."""
        with self._lock:
            used = request.service_id in self._known
            self._known.add(request.service_id)
        job = self._ask if used else self._charge
        if not self._worker.submit(lambda: job(request)):
            # Not the terminal's word, so not about the id's fate: only a fresh one is certain.
            outcome = PaymentOutcome.UNKNOWN if used else PaymentOutcome.CANCELLED
            self._answer(request, _result(request, outcome, "QueueFull"))

    def ask(self, request: ChargeRequest) -> None:
        """Ask how a payment of this or an earlier life ended."""
        with self._lock:
            self._known.add(request.service_id)
        if not self._worker.submit(lambda: self._ask(request)):
            self._answer(request, _result(request, PaymentOutcome.UNKNOWN, "QueueFull"))

    def abort(self, attempt_id: str, service_id: str) -> None:  # noqa: ARG002
        """Wish to stop it, also while it waits in line. Its own answer tells whether it did."""
        with self._lock:
            self._unwanted.add(service_id)
        self._aborter.submit(lambda: self._abort(service_id))

    def reverse(self, request: ReversalRequest) -> None:
        """Give a payment back, after asking whether an earlier life already sent this reversal."""
        if not self._worker.submit(lambda: self._reverse(request)):
            self._answer_reversal(request, done=False, reason="QueueFull")

    # --- the payment thread -----------------------------------------------------------------------

    def _charge(self, request: ChargeRequest) -> None:
        running = self._begin(request.attempt_id, request.service_id)
        try:
            with self._lock:
                unwanted = request.service_id in self._unwanted
            if unwanted:
                result = _result(request, PaymentOutcome.CANCELLED, "Aborted")
            else:
                self._count("charges")
                result = self._pay(request, running.exchange)
        finally:
            self._end(running)
        self._answer(request, result)

    def _pay(self, request: ChargeRequest, exchange: Exchange) -> PaymentResult:
        message = m.PaymentRequest(
            sale=m.TransactionId(id=request.sale_id, at=self._now()),
            currency=request.currency,
            amount_minor=request.amount_minor,
            digits=request.currency_digits,
        )
        try:
            answer = self._dialog.call(
                message,
                timeout_s=self._options.request_timeout_s,
                digits=request.currency_digits,
                service_id=request.service_id,
                exchange=exchange,
            )
        except NeverSent as error:
            if exchange.dropped:
                return _result(request, PaymentOutcome.CANCELLED, "Aborted")
            self._announcer.announce(DeviceState.LOST, str(error))
            return _result(request, PaymentOutcome.CANCELLED, "NotReached")
        except DeviceError as error:
            self._lost(request.service_id, error)
            return self._resolve(request)
        if isinstance(answer, m.PaymentResponse):
            if answer.verdict.condition is Condition.BUSY:
                self._say(TerminalStep.BUSY)
            result = payment_result(request, answer)
            if result is not None:
                self._note_condition(answer.verdict.condition)
                return result
        return self._resolve(request)

    def _ask(self, request: ChargeRequest) -> None:
        running = self._begin(request.attempt_id, request.service_id)
        try:
            result = self._resolve(request)
        finally:
            self._end(running)
        self._answer(request, result)

    def _resolve(self, request: ChargeRequest) -> PaymentResult:
        resolution = self._resolver.resolve(
            m.Category.PAYMENT, request.service_id, digits=request.currency_digits
        )
        match resolution:
            case Found(m.PaymentResponse() as response):
                self._announcer.announce(DeviceState.READY)
                if response.verdict.condition is Condition.BUSY:
                    # The terminal repeats its refusal: it was at work for somebody else.
                    return _result(request, PaymentOutcome.CANCELLED, "Busy")
                result = payment_result(request, response)
                return result or _result(request, PaymentOutcome.UNKNOWN, "NotBelievable")
            case NeverHeard():
                self._announcer.announce(DeviceState.READY)
                return _result(request, PaymentOutcome.CANCELLED, "NotFound")
        self._note_unresolved(resolution)
        return _result(request, PaymentOutcome.UNKNOWN, _reason(resolution))

    def _reverse(self, request: ReversalRequest) -> None:
        resolution = self._resolve_reversal(request, settle=False)
        if isinstance(resolution, NeverHeard):
            resolution = self._send_reversal(request)
        match resolution:
            case Found(m.ReversalResponse(verdict=verdict)):
                done = verdict.result is m.Result.SUCCESS
                self._answer_reversal(
                    request, done=done, reason="" if done else verdict.condition.value or "Failure"
                )
            case NeverHeard():
                self._answer_reversal(request, done=False, reason="NotFound")
            case _:
                self._note_unresolved(resolution)
                self._answer_reversal(request, done=False, reason=_reason(resolution))

    def _send_reversal(self, request: ReversalRequest) -> Resolution:
        message = m.ReversalRequest(
            sale=m.TransactionId(id=request.sale_id, at=self._now()),
            original=m.TransactionId(id=request.transaction_id, at=request.transaction_at),
            reason="Malfunction",
        )
        try:
            answer = self._dialog.call(
                message,
                timeout_s=self._options.request_timeout_s,
                digits=request.currency_digits,
                service_id=request.service_id,
            )
        except DeviceError as error:
            self._lost(request.service_id, error)
            return self._resolve_reversal(request, settle=True)
        if isinstance(answer, m.ReversalResponse):
            return Found(answer)
        return self._resolve_reversal(request, settle=True)

    def _resolve_reversal(self, request: ReversalRequest, *, settle: bool) -> Resolution:
        return self._resolver.resolve(
            m.Category.REVERSAL,
            request.service_id,
            digits=request.currency_digits,
            settle=settle,
        )

    def _look_after(self) -> None:
        """Nothing to do: see, now and then, whether the terminal is there and in order."""
        self._announcer.settle()
        if not self._next_health.passed():
            return
        try:
            answer = self._dialog.call(
                m.DiagnosisRequest(), timeout_s=self._options.health_timeout_s
            )
        except DeviceError as error:
            self._announcer.announce(DeviceState.LOST, str(error))
        else:
            self._announcer.announce(*_health(answer))
        self._next_health = Deadline(self._clock, self._options.health_interval_s)

    # --- the abort thread -------------------------------------------------------------------------

    def _abort(self, service_id: str) -> None:
        """Wish up to three times, then hang up the payment's own request: it is asked about."""
        with self._lock:
            running = self._running
        if running is None or running.service_id != service_id:
            return
        if not running.exchange.sent:
            # Either this wins, and nothing ever leaves, or the send does, and the abort follows.
            running.exchange.drop_unsent()
        ends = self._dialog.ends
        reference = m.Reference(
            category=m.Category.PAYMENT,
            service_id=service_id,
            sale_id=ends.sale_id,
            poi_id=ends.poi_id,
        )
        request = m.AbortRequest(reference=reference, reason="MerchantAbort")
        for _ in range(ABORTS_MAX):
            if self._over(running, 0):
                return
            self._count("aborts")
            try:
                self._dialog.call(request, timeout_s=self._options.health_timeout_s)
            except DeviceError as error:
                # Answered with a body, with none, or not at all: it was a wish either way.
                logger.info("terminal abort not answered", service_id=service_id, error=str(error))
            if self._over(running, self._options.abort_grace_s / ABORTS_MAX):
                return
        running.exchange.drop()

    def _over(self, running: _Running, within_s: float) -> bool:
        return bool(ready([running.done, self._aborter.stopping], within_s))

    # --- the listener's thread --------------------------------------------------------------------

    def _notified(self, raw: bytes) -> None:
        try:
            header, message = self._dialog.read_notification(raw)
        except ProtocolError:
            self._count("refused_messages")
            raise
        with self._lock:
            running = self._running
        if not isinstance(message, m.DisplayRequest) or running is None:
            return
        step = step_of(message.event)
        if header.service_id == running.service_id and step is not None:
            self._post(
                TerminalProgress(
                    device=self.name, attempt_id=running.attempt_id, step=step, text=message.text
                )
            )

    # --- small parts ------------------------------------------------------------------------------

    def _begin(self, attempt_id: str, service_id: str) -> _Running:
        running = _Running(attempt_id, service_id)
        with self._lock:
            self._running = running
        return running

    def _end(self, running: _Running) -> None:
        with self._lock:
            self._running = None
            self._unwanted.discard(running.service_id)
        running.done.set()

    def _answer(self, request: ChargeRequest, result: PaymentResult) -> None:
        if result.outcome is PaymentOutcome.UNKNOWN:
            self._count("unknown_results")
        # An allow-list: ids, outcome and code. Nothing of the card, nothing of the message.
        logger.info(
            "terminal answered",
            device=self.name,
            service_id=result.service_id,
            outcome=result.outcome.value,
            reason=result.reason,
            amount_minor=result.amount_minor,
        )
        self._deliver(
            PaymentAnswered(device=self.name, attempt_id=request.attempt_id, result=result)
        )

    def _answer_reversal(self, request: ReversalRequest, *, done: bool, reason: str) -> None:
        logger.info(
            "terminal reversal answered",
            device=self.name,
            service_id=request.service_id,
            done=done,
            reason=reason,
        )
        self._deliver(
            ReversalAnswered(
                device=self.name, attempt_id=request.attempt_id, done=done, reason=reason
            )
        )

    def _deliver(self, event: DeviceEvent) -> None:
        """Post an answer until it is taken: unlike a scan, it must not be dropped."""
        while not self._post(event) and not self._worker.stopping.wait(POST_AGAIN_S):
            continue

    def _lost(self, service_id: str, error: DeviceError) -> None:
        self._count("refused_messages" if isinstance(error, ProtocolError) else "lost_answers")
        logger.warning("terminal answer lost", service_id=service_id, error=str(error))

    def _note_condition(self, condition: Condition) -> None:
        if condition in OUT_OF_ORDER:
            self._announcer.announce(DeviceState.FAULT, condition.value)
        else:
            self._announcer.announce(DeviceState.READY)
        if condition is Condition.INSERTED_CARD:
            self._say(TerminalStep.REMOVE_CARD)

    def _note_unresolved(self, resolution: Resolution) -> None:
        if _reason(resolution) == "NoAnswer":
            self._announcer.announce(DeviceState.LOST, "no answer to status requests")

    def _say(self, step: TerminalStep) -> None:
        with self._lock:
            running = self._running
        if running is not None:
            self._post(TerminalProgress(device=self.name, attempt_id=running.attempt_id, step=step))

    def _count(self, counter: str) -> None:
        with self._lock:
            self._counters[counter] += 1

    def _now(self) -> str:
        return self._utc_now().isoformat(timespec="seconds")


def _result(request: ChargeRequest, outcome: PaymentOutcome, reason: str) -> PaymentResult:
    return PaymentResult(service_id=request.service_id, outcome=outcome, reason=reason)


def _reason(resolution: Resolution) -> str:
    return str(getattr(resolution, "reason", "NotBelievable"))


def _health(answer: m.Answer | None) -> tuple[DeviceState, str]:
    """Return the state that a diagnosis means. Busy is well: it works, for somebody."""
    if not isinstance(answer, m.DiagnosisResponse):
        return DeviceState.FAULT, "no diagnosis"
    if answer.verdict.condition in (Condition.BUSY, Condition.IN_PROGRESS):
        return DeviceState.READY, ""
    if answer.verdict.result is not m.Result.SUCCESS:
        return DeviceState.FAULT, answer.verdict.condition.value
    if answer.global_status not in ("OK", "Busy"):
        return DeviceState.FAULT, answer.global_status
    if not answer.host_reachable:
        return DeviceState.FAULT, "host not reachable"
    return DeviceState.READY, ""
