"""Devices as the engine meets them: ports with a world behind them, and books of their own.

They keep the promises of `drivers.contracts` (every call is answered by one event, posted later
and never from inside the call) and break only those that a fault breaks on purpose. The wire
protocols are tested with the drivers; here the question is what the engine makes of the answers.
"""

import json
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from drivers.contracts import (
    ChargeRequest,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    Paper,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    Post,
    PrintDone,
    PrinterStatus,
    PrintJob,
    PrintOutcome,
    RefundAnswered,
    RefundRequest,
    ReversalAnswered,
    ReversalRequest,
    Statistics,
    TerminalProgress,
    TerminalStep,
)
from drivers.light.contract import Signal
from kiosk.sale.events import Method


class Model:
    """What all models share: a name, and a line of events that wait to be posted."""

    kind: DeviceKind

    def __init__(self, name: str, events: deque[DeviceEvent]) -> None:
        self.name = name
        self.events = events

    def start(self, post: Post) -> None:
        """Say that it is there."""
        self.say(DeviceState.READY)

    def stop(self) -> None:
        """Nothing runs."""

    def statistics(self) -> Statistics:
        return Statistics()

    def say(self, state: DeviceState) -> None:
        self.events.append(DeviceStateChanged(device=self.name, kind=self.kind, state=state))


class ScannerModel(Model):
    """Counts tones; a scan while disabled never reaches the engine."""

    kind = DeviceKind.SCANNER

    def __init__(self, name: str, events: deque[DeviceEvent]) -> None:
        super().__init__(name, events)
        self.enabled = False
        self.good_reads = 0
        self.error_tones = 0

    def enable(self) -> None:
        self.enabled = True

    def disable(self) -> None:
        self.enabled = False

    def good_read(self) -> None:
        self.good_reads += 1

    def error_tone(self) -> None:
        self.error_tones += 1


class ScaleModel(Model):
    kind = DeviceKind.SCALE

    def __init__(self, name: str, events: deque[DeviceEvent]) -> None:
        super().__init__(name, events)
        self.watched = False

    def watch(self, on: bool) -> None:
        self.watched = on

    def zero(self) -> None:
        """It always is."""


class PrinterModel(Model):
    """Prints on `papers`. Out of paper it answers NOT_PRINTED, as a driver must."""

    kind = DeviceKind.PRINTER

    def __init__(
        self, name: str, events: deque[DeviceEvent], papers: "Papers | None" = None
    ) -> None:
        super().__init__(name, events)
        self.papers = papers or Papers()
        self.paper = Paper.OK
        self.next_outcome: PrintOutcome | None = None
        """A fault for the next job; IN_DOUBT prints it, and nobody knows."""
        self.can_tell = False
        """Whether it can prove what it printed in an earlier life."""

    def start(self, post: Post) -> None:
        super().start(post)
        self.tell_status()

    def tell_status(self) -> None:
        self.events.append(PrinterStatus(device=self.name, online=True, paper=self.paper))

    def run_out(self) -> None:
        self.paper = Paper.OUT
        self.tell_status()

    def refill(self) -> None:
        self.paper = Paper.OK
        self.tell_status()

    def print(self, job: PrintJob) -> None:
        outcome = self.next_outcome or PrintOutcome.PRINTED
        self.next_outcome = None
        if self.paper is Paper.OUT:
            outcome = PrintOutcome.NOT_PRINTED
        if outcome is not PrintOutcome.NOT_PRINTED:
            self.papers.add(job)
        self._done(job.print_id, outcome)

    def ask(self, print_id: str) -> None:
        if not self.can_tell:
            self._done(print_id, PrintOutcome.IN_DOUBT)
        elif print_id in self.papers.ids():
            self._done(print_id, PrintOutcome.PRINTED)
        else:
            self._done(print_id, PrintOutcome.NOT_PRINTED)

    def _done(self, print_id: str, outcome: PrintOutcome) -> None:
        self.events.append(PrintDone(device=self.name, print_id=print_id, outcome=outcome))


class Papers:
    """What came out of the printer; with a path it outlives the process."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.rows: list[list[str]] = []
        if path is not None and path.exists():
            self.rows = [json.loads(line) for line in path.read_text().splitlines()]

    def add(self, job: PrintJob) -> None:
        row = [job.print_id, repr(job.elements)]
        self.rows.append(row)
        if self._path is not None:
            append_durably(self._path, json.dumps(row))

    def ids(self) -> list[str]:
        return [print_id for print_id, _ in self.rows]

    def texts(self) -> list[str]:
        return [text for _, text in self.rows]


@dataclass
class Entry:
    """One payment as the terminal's own books have it."""

    service_id: str
    sale_id: str
    amount_minor: int
    currency: str
    state: str = "running"
    """running, approved, declined, cancelled, reversed, refunded."""
    transaction_id: str = ""
    charged_minor: int = 0
    captured_minor: int = 0
    """Of a wallet: what was taken of what the shopper approved."""
    of_transaction_id: str = ""
    """Of a refund: the payment that it takes back."""
    attempt_id: str = ""
    """What the kiosk calls it."""


class Books:
    """The terminal's truth about money; with a path it outlives the process."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self.entries: dict[str, Entry] = {}
        if path is not None and path.exists():
            for line in path.read_text().splitlines():
                entry = Entry(**json.loads(line))
                self.entries[entry.service_id] = entry

    def write(self, entry: Entry) -> None:
        self.entries[entry.service_id] = entry
        if self._path is not None:
            append_durably(self._path, json.dumps(asdict(entry)))

    def taken(self, sale_id: str | None = None) -> Iterator[Entry]:
        """Yield what was charged and not given back."""
        for entry in self.entries.values():
            if entry.state == "approved" and sale_id in (None, entry.sale_id):
                yield entry

    def of_transaction(self, transaction_id: str) -> Entry | None:
        """Return the payment of this id; None for one that was never given, as where an
        attendant's word stood for an answer that never came."""
        found = (e for e in self.entries.values() if e.transaction_id == transaction_id)
        return next(found, None) if transaction_id else None

    def refunds(self, transaction_id: str | None = None) -> list[Entry]:
        """Return what went back, of one payment or of all."""
        return [
            entry
            for entry in self.entries.values()
            if entry.state == "refunded" and transaction_id in (None, entry.of_transaction_id)
        ]


class TerminalModel(Model):
    """A card terminal that does what `tap`, `decline` and friends say, and writes it down.

    A charge with a service id that it has seen is the worst fault there is, and fails the test.
    """

    kind = DeviceKind.TERMINAL

    def __init__(self, name: str, events: deque[DeviceEvent], books: Books | None = None) -> None:
        super().__init__(name, events)
        self.books = books or Books()
        self.running: ChargeRequest | None = None
        self.charges = 0
        self.asks = 0
        self.reversals = 0
        self.refunds = 0
        self.refund_answer = "made"
        """made, declined, silent (made, and the answer is lost), or lost: never made."""
        self.reachable = True
        """Out of reach, questions are answered UNKNOWN."""
        self.arrives = True
        """Whether requests get there; else nothing happens, and nobody knows that."""
        self.stops = True
        """Whether it hears a wish to stop."""
        self.reversal_works = True
        self.reversal_told = True
        """Whether the answer to a reversal comes back."""

    # --- the port --------------------------------------------------------------------------

    def charge(self, request: ChargeRequest) -> None:
        assert request.service_id not in self.books.entries, "a service id came twice"
        self.charges += 1
        if not self.arrives:
            self.answer(request.attempt_id, unknown(request.service_id))
            return
        self.running = request
        self.books.write(entry_of(request))
        self.events.append(
            TerminalProgress(
                device=self.name, attempt_id=request.attempt_id, step=TerminalStep.PRESENT_CARD
            )
        )

    def abort(self, attempt_id: str, service_id: str) -> None:
        mine = self.running is not None and self.running.service_id == service_id
        if mine and self.stops:
            self.end("cancelled")

    def ask(self, request: ChargeRequest) -> None:
        self.asks += 1
        entry = self.books.entries.get(request.service_id)
        if not self.reachable or (entry is not None and entry.state == "running"):
            self.answer(request.attempt_id, unknown(request.service_id))
        elif entry is None:
            self.answer(request.attempt_id, not_found(request.service_id))
        else:
            self.answer(request.attempt_id, result_of(entry))

    def reverse(self, request: ReversalRequest) -> None:
        self.reversals += 1
        entry = self.books.of_transaction(request.transaction_id)
        done = entry is not None and self.reversal_works
        if entry is not None and done:
            entry.state = "reversed"
            self.books.write(entry)
        if self.reversal_told:
            self.events.append(
                ReversalAnswered(device=self.name, attempt_id=request.attempt_id, done=done)
            )

    def refund(self, request: RefundRequest) -> None:
        """Give a part of a payment back, at once, and answer as `refund_answer` says."""
        assert request.service_id not in self.books.entries, "a service id came twice"
        self.refunds += 1
        if self.refund_answer == "lost":
            self._tell_refund(request, unknown(request.service_id))
            return
        paid = next(
            e for e in self.books.entries.values() if e.transaction_id == request.transaction_id
        )
        given = sum(e.charged_minor for e in self.books.refunds(paid.transaction_id))
        assert given + request.amount_minor <= paid.charged_minor, "more than it took"
        assert given == request.given_before_minor
        entry = Entry(request.service_id, request.sale_id, request.amount_minor, request.currency)
        entry.of_transaction_id = paid.transaction_id
        refused = self.refund_answer == "declined"
        entry.state = "declined" if refused else "refunded"
        entry.charged_minor = 0 if refused else request.amount_minor
        entry.transaction_id = f"R{len(self.books.entries):04d}"
        self.books.write(entry)
        if self.refund_answer != "silent":
            self.ask_refund(request)

    def ask_refund(self, request: RefundRequest) -> None:
        entry = self.books.entries.get(request.service_id)
        if not self.reachable:
            self._tell_refund(request, unknown(request.service_id))
        elif entry is None:
            self._tell_refund(request, not_found(request.service_id))
        else:
            self._tell_refund(request, result_of(entry))

    def _tell_refund(self, request: RefundRequest, result: PaymentResult) -> None:
        self.events.append(
            RefundAnswered(device=self.name, attempt_id=request.attempt_id, result=result)
        )

    # --- the world -------------------------------------------------------------------------

    def tap(
        self, *, charged_minor: int | None = None, currency: str = "", silent: bool = False
    ) -> None:
        """Hold a card to it: approved. `silent` loses the answer."""
        self.end("approved", charged_minor=charged_minor, currency=currency, silent=silent)

    def decline(self, *, silent: bool = False) -> None:
        self.end("declined", silent=silent)

    def red_key(self) -> None:
        self.end("cancelled")

    def end(
        self,
        state: str,
        *,
        charged_minor: int | None = None,
        currency: str = "",
        silent: bool = False,
    ) -> None:
        request = self.running
        assert request is not None, "no payment runs"
        self.running = None
        entry = self.books.entries[request.service_id]
        entry.state = state
        if state == "approved":
            entry.charged_minor = request.amount_minor if charged_minor is None else charged_minor
            entry.currency = currency or request.currency
            entry.transaction_id = f"T{len(self.books.entries):04d}"
        self.books.write(entry)
        if not silent:
            self.answer(request.attempt_id, result_of(entry))

    def answer(self, attempt_id: str, result: PaymentResult) -> None:
        self.events.append(PaymentAnswered(device=self.name, attempt_id=attempt_id, result=result))


def entry_of(request: ChargeRequest) -> Entry:
    """Return a payment that has just been asked for, as books have it."""
    return Entry(
        request.service_id,
        request.sale_id,
        request.amount_minor,
        request.currency,
        attempt_id=request.attempt_id,
    )


def result_of(entry: Entry) -> PaymentResult:
    """Return what the terminal says about an entry that has ended."""
    if entry.state not in ("approved", "reversed", "refunded"):
        return PaymentResult(
            service_id=entry.service_id, outcome=PaymentOutcome(entry.state), reason="Refusal"
        )
    return PaymentResult(
        service_id=entry.service_id,
        outcome=PaymentOutcome.APPROVED,
        amount_minor=entry.charged_minor,
        currency=entry.currency,
        transaction_id=entry.transaction_id,
        transaction_at="2026-03-02T10:00:00+01:00",
        brand="Visa",
        last_four="4321",
        terminal_id="P400-1",
    )


def unknown(service_id: str) -> PaymentResult:
    return PaymentResult(
        service_id=service_id, outcome=PaymentOutcome.UNKNOWN, reason="UnreachableHost"
    )


def not_found(service_id: str) -> PaymentResult:
    """Return what is said of a request that never came, and will not be taken any more."""
    return PaymentResult(service_id=service_id, outcome=PaymentOutcome.CANCELLED, reason="NotFound")


def append_durably(path: Path, line: str) -> None:
    """A terminal's or printer's deed is done when it is done, whatever becomes of the kiosk."""
    with path.open("a") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


class LightModel(Model):
    """Remembers what it was told to show."""

    kind = DeviceKind.LIGHT

    def __init__(self, name: str, events: deque[DeviceEvent]) -> None:
        super().__init__(name, events)
        self.shown: list[Signal] = []

    def show(self, signal: Signal) -> None:
        self.shown.append(signal)


@dataclass
class World:
    """All models of one kiosk, and the events they have to say."""

    events: deque[DeviceEvent] = field(default_factory=deque)
    books: Books = field(default_factory=Books)
    papers: Papers = field(default_factory=Papers)
    payers: dict[Method, TerminalModel] = field(default_factory=dict)
    """What is paid by beside the card terminal; empty unless a test puts something here."""

    def __post_init__(self) -> None:
        self.scanner = ScannerModel("scanner-1", self.events)
        self.bag_scale = ScaleModel("bag-1", self.events)
        self.light = LightModel("light-1", self.events)
        self.badge = ScannerModel("badge-1", self.events)
        self.scale = ScaleModel("scale-1", self.events)
        self.printer = PrinterModel("printer-1", self.events, self.papers)
        self.terminal = TerminalModel("terminal-1", self.events, self.books)
