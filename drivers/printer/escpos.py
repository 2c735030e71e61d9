"""Receipt printers that speak ESC/POS, on a serial line, a USB printer node or TCP port 9100.

One worker thread owns the line. It connects, watches the status, prints one job after the other
and answers each with one PrintDone; a printer that is away is looked for with back-off.
"""

import threading
from collections import Counter, deque
from dataclasses import dataclass

import structlog

from drivers.announcer import StateAnnouncer
from drivers.contracts import (
    DeviceKind,
    DeviceState,
    Post,
    PrintDone,
    PrinterStatus,
    PrintJob,
    PrintOutcome,
    Statistics,
)
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline
from drivers.errors import DeviceClosed, DeviceError, DeviceLost
from drivers.printer.codepage import slot_of
from drivers.printer.delivery import Delivery, Verdict
from drivers.printer.document import PaperFormat, chunks_of, cut_off, process_id
from drivers.printer.inquiry import inquire
from drivers.printer.link import RESYNC, PrinterLink, Proofs, Timing, end_of_job, open_link
from drivers.printer.outbox import Outbox
from drivers.printer.status import lost_status
from drivers.reader import Backoff
from drivers.transport import SerialSettings
from drivers.worker import Worker

logger = structlog.get_logger(__name__)

QUEUE_CALLS = 8
IDLE_S = 0.2
SILENT_QUERIES_MAX = 3
DEFAULT_TIMING = Timing()
DEFAULT_BACKOFF = Backoff()


@dataclass(frozen=True, slots=True)
class _Call:
    """One accepted `print` or `ask` that owes its PrintDone."""

    print_id: str
    job: PrintJob | None


class EscPosPrinter:
    """See `drivers.contracts.Printer`.

    `proof_of_print` must be off for printers that do not know GS ( H: some print its parameters.
    `auto_status` asks for ASB; the real-time status is polled all the same.
    """

    kind = DeviceKind.PRINTER

    def __init__(
        self,
        *,
        name: str,
        url: str,
        columns: int = 48,
        code_page: str = "cp858",
        code_page_slot: int | None = None,
        proof_of_print: bool = True,
        auto_status: bool = True,
        baudrate: int = 38400,
        timing: Timing = DEFAULT_TIMING,
        backoff: Backoff = DEFAULT_BACKOFF,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        slot_of(code_page)  # refused at start, not at the first receipt
        self.name = name
        self._url = url
        self._format = PaperFormat(
            columns=columns, code_page=code_page, code_page_slot=code_page_slot
        )
        self._proof_of_print = proof_of_print
        self._auto_status = auto_status
        self._settings = SerialSettings(baudrate=baudrate)
        self._timing = timing
        self._backoff = backoff
        self._clock = clock
        self._announcer = StateAnnouncer(name, self.kind)
        self._worker = Worker(name, capacity=QUEUE_CALLS, idle=self._idle, idle_every_s=IDLE_S)
        self._post: Post | None = None
        self._link: PrinterLink | None = None
        self._failures = 0
        self._next_attempt = Deadline(clock, 0)
        self._status: PrinterStatus | None = None
        self._outbox = Outbox()
        self._proofs = Proofs()
        self._torn = False
        """Whether half a receipt may hang out of the printer: the next job cuts it off."""
        self._lock = threading.Lock()
        self._calls: deque[_Call] = deque()
        self._counters: Counter[str] = Counter()

    # --- calls of the engine, from any thread -----------------------------------------------------

    def start(self, post: Post) -> None:
        """Start the worker; returns at once."""
        if self._post is not None:
            raise DeviceClosed(f"{self.name}: can be started only once.")
        self._post = post
        self._announcer.attach(post)
        self._outbox.attach(post)
        self._worker.submit(self._idle)  # look for the printer at once
        self._worker.start()

    def stop(self) -> None:
        """End the worker and close the line; what was accepted and not begun is answered."""
        self._worker.stop()
        with self._lock:
            left, self._calls = list(self._calls), deque()
        for call in left:
            outcome = PrintOutcome.NOT_PRINTED if call.job else PrintOutcome.IN_DOUBT
            self._answer(call.print_id, (outcome, "stopped"))
        self._hang_up()
        self._announcer.announce(DeviceState.STOPPED)

    def statistics(self) -> Statistics:
        """Counters since start."""
        return Statistics({**self._counters, "losses": self._announcer.losses})

    def print(self, job: PrintJob) -> None:
        """Queue the job; returns at once. A full queue is answered NOT_PRINTED at once."""
        self._accept(_Call(job.print_id, job))

    def ask(self, print_id: str) -> None:
        """Ask whether a job of an earlier life was printed; see `Printer.ask`."""
        self._accept(_Call(print_id, None))

    def _accept(self, call: _Call) -> None:
        with self._lock:
            self._calls.append(call)
        if not self._worker.submit(self._next_call):
            with self._lock:
                self._calls.remove(call)
            outcome = PrintOutcome.NOT_PRINTED if call.job else PrintOutcome.IN_DOUBT
            self._answer(call.print_id, (outcome, "queue_full"))

    # --- the worker's thread ----------------------------------------------------------------------

    def _next_call(self) -> None:
        with self._lock:
            if not self._calls:
                return
            call = self._calls.popleft()
        verdict = self._ask(call.print_id) if call.job is None else self._print(call.job)
        self._answer(call.print_id, verdict)

    def _idle(self) -> None:
        self._announcer.settle()
        self._outbox.settle()
        try:
            if self._connected():
                self._watch()
        except DeviceError as error:
            self._lost(error)

    def _print(self, job: PrintJob) -> Verdict:
        try:
            refused = self._cannot_print()
        except DeviceError as error:
            self._lost(error)
            refused = "lost"
        if refused or self._link is None:
            return PrintOutcome.NOT_PRINTED, refused
        proof_id = process_id(job.print_id)
        delivery = self._delivery(job, proof_id)
        try:
            verdict = delivery.deliver(self._link)
        except DeviceError as error:
            self._lost(error)
            verdict = self._after_loss(delivery, proof_id)
        if delivery.taken_bytes:
            self._torn = verdict[0] is PrintOutcome.IN_DOUBT
        self._counters["jobs"] += 1
        self._counters[f"jobs_{verdict[0].value}"] += 1
        return verdict

    def _cannot_print(self) -> str:
        """Ask the printer before the first byte; why it cannot take the job, or empty."""
        if not self._connected() or self._link is None:
            return "no_printer"
        if not self._link.query(next_in_s=self._timing.poll_s):
            return "no_answer"
        self._publish()
        return self._link.sense.trouble

    def _delivery(self, job: PrintJob, proof_id: bytes) -> Delivery:
        head = [RESYNC + cut_off()] if self._torn else []
        tail = end_of_job(proof_id, proof=self._proof_of_print)
        return Delivery(
            [*head, *chunks_of(job.elements, self._format), tail],
            proof_id,
            stopping=self._worker.stopping,
            clock=self._clock,
            timing=self._timing,
            on_sense=self._publish,
        )

    def _after_loss(self, delivery: Delivery, proof_id: bytes) -> Verdict:
        """The line broke under a job: what can still be known?"""
        if delivery.taken_bytes == 0:
            return PrintOutcome.NOT_PRINTED, "lost"
        if not delivery.whole:
            return PrintOutcome.IN_DOUBT, "lost"
        return self._question(proof_id)

    def _ask(self, print_id: str) -> Verdict:
        verdict = self._question(process_id(print_id))
        self._torn = self._torn or verdict[0] is PrintOutcome.IN_DOUBT
        return verdict

    def _question(self, proof_id: bytes) -> Verdict:
        """Wait for a line, and for a proof that the printer may have kept (see `inquiry`)."""
        lost = Deadline(self._clock, self._timing.lost_s)
        while not self._worker.stopping.is_set():
            if proof_id in self._proofs.ids:
                return PrintOutcome.PRINTED, ""
            try:
                if self._connected() and self._link is not None:
                    return self._inquire(self._link, proof_id)
            except DeviceError as error:
                self._lost(error)
            if lost.passed():
                return PrintOutcome.IN_DOUBT, "lost"
            self._worker.stopping.wait(min(IDLE_S, self._backoff.first_s))
        return PrintOutcome.IN_DOUBT, "stopped"

    def _inquire(self, link: PrinterLink, proof_id: bytes) -> Verdict:
        return inquire(
            link,
            proof_id,
            proof=self._proof_of_print,
            stopping=self._worker.stopping,
            clock=self._clock,
            timing=self._timing,
            watch=self._watch_once,
        )

    # --- the line ---------------------------------------------------------------------------------

    def _connected(self) -> bool:
        """Whether there is a line; opens one when it is time."""
        if self._link is not None:
            return True
        if not self._next_attempt.passed():
            return False
        try:
            self._link = open_link(
                self._url,
                settings=self._settings,
                proofs=self._proofs,
                stopping=self._worker.stopping,
                clock=self._clock,
                timing=self._timing,
            )
        except DeviceError as error:
            self._lost(error)
            return False
        self._link.greet(auto_status=self._auto_status, proof=self._proof_of_print)
        self._watch_once(self._link)
        return True

    def _watch(self) -> None:
        if self._link is None:
            return
        self._link.listen(0)
        if self._link.poll_due():
            self._watch_once(self._link)
        elif self._status is not None:
            self._publish()

    def _watch_once(self, link: PrinterLink) -> None:
        if link.query(next_in_s=self._timing.idle_poll_s):
            self._failures = 0
        elif link.unanswered >= SILENT_QUERIES_MAX and not link.sense.trouble:
            # (A printer in trouble may be too full to hear us; it said so by itself.)
            raise DeviceLost(f"{self._url}: the printer does not answer its status")
        self._publish()

    def _lost(self, error: DeviceError) -> None:
        """Close the line and say once that the printer is gone."""
        if self._worker.stopping.is_set():
            return
        self._hang_up()
        self._failures += 1
        self._next_attempt = Deadline(self._clock, self._backoff.after(self._failures))
        self._announcer.announce(DeviceState.LOST, str(error))
        self._post_status(lost_status(self.name))

    def _hang_up(self) -> None:
        if self._link is not None:
            self._counters["junk_bytes"] += self._link.junk_bytes
            self._link.close()
            self._link = None

    def _publish(self) -> None:
        """Post what the printer's condition has become, if it changed."""
        if self._link is None:
            return
        sense = self._link.sense
        state = DeviceState.FAULT if sense.trouble else DeviceState.READY
        if self._link.known:
            self._announcer.announce(state, sense.trouble)
            self._post_status(sense.as_status(self.name))

    # --- events -----------------------------------------------------------------------------------

    def _answer(self, print_id: str, verdict: Verdict) -> None:
        outcome, reason = verdict
        log = logger.info if outcome is PrintOutcome.PRINTED else logger.warning
        log("print done", device=self.name, print_id=print_id, outcome=outcome, reason=reason)
        self._outbox.put(
            PrintDone(device=self.name, print_id=print_id, outcome=outcome, reason=reason)
        )

    def _post_status(self, status: PrinterStatus) -> None:
        if status != self._status:
            self._status = status
            self._outbox.put(status)
