"""A driver and its far end on one line, and what the driver posts."""

import threading
from collections.abc import Callable
from types import TracebackType

from drivers.contracts import (
    Columns,
    Cut,
    DeviceEvent,
    DeviceState,
    DeviceStateChanged,
    Paper,
    PrintDone,
    PrinterStatus,
    PrintJob,
    PrintOutcome,
    Text,
    Weight,
)
from drivers.printer.escpos import EscPosPrinter
from drivers.printer.link import Timing, worked_off_request
from drivers.reader import Backoff
from drivers.sim.printer import EscPosPrinterSim
from drivers.sim.printer_port import Port

WITHIN_S = 60.0
QUICK = Timing(
    reply_s=0.3,
    poll_s=0.01,
    idle_poll_s=0.02,
    silence_s=4.0,
    proof_grace_s=0.05,
    done_s=5.0,
    recovery_s=8.0,
    lost_s=5.0,
)


class Bench:
    def __init__(
        self,
        *,
        port: Port | None = None,
        timing: Timing = QUICK,
        proof: bool = True,
        auto_status: bool = True,
        buffer_bytes: int = 4096,
        **options: object,
    ) -> None:
        self.sim = EscPosPrinterSim(
            port, proof=proof, auto_status=auto_status, buffer_bytes=buffer_bytes
        )
        self.timing = timing
        self.options = options
        self.events: list[DeviceEvent] = []
        self._changed = threading.Condition()
        self.printer = self._new_printer()

    def _new_printer(self) -> EscPosPrinter:
        return EscPosPrinter(
            name="printer",
            url=self.sim.url,
            timing=self.timing,
            backoff=Backoff(first_s=0.01, limit_s=0.05),
            **self.options,  # type: ignore[arg-type]
        )

    def __enter__(self) -> "Bench":
        self.printer.start(self.post)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.printer.stop()
        self.sim.close()

    def restart(self) -> None:
        """The kiosk dies and comes back: a new driver that remembers nothing."""
        self.printer.stop()
        self.events.clear()
        self.printer = self._new_printer()
        self.printer.start(self.post)

    def post(self, event: DeviceEvent) -> bool:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()
        return True

    def wait(self, is_it: Callable[[DeviceEvent], bool], count: int = 1) -> DeviceEvent:
        """Wait until `count` events match; return the last of them."""

        def found() -> list[DeviceEvent]:
            return [event for event in self.events if is_it(event)]

        with self._changed:
            there = self._changed.wait_for(lambda: len(found()) >= count, WITHIN_S)
            assert there, f"waited in vain; posted: {self.events}; far end: {self.sim.state()}"
            return found()[count - 1]

    def ready(self, count: int = 1) -> None:
        self.wait(
            lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.READY, count
        )

    def done(self, print_id: str, count: int = 1) -> PrintDone:
        event = self.wait(lambda e: isinstance(e, PrintDone) and e.print_id == print_id, count)
        assert isinstance(event, PrintDone)
        return event

    def dones(self) -> list[PrintDone]:
        return [event for event in self.events if isinstance(event, PrintDone)]

    def paper(self, paper: Paper) -> None:
        self.wait(lambda e: isinstance(e, PrinterStatus) and e.paper is paper)

    def taken_whole(self) -> None:
        """Wait until the far end holds the end of a job in its buffer."""
        self.until(lambda: self.sim.buffered().endswith(worked_off_request()))

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for the far end; it tells nobody, so look at it."""
        deadline = threading.Event()
        for _ in range(2000):
            if is_so():
                return
            deadline.wait(0.005)
        raise AssertionError(f"never so; far end: {self.sim.state()}")

    def print(self, job: PrintJob) -> PrintOutcome:
        self.printer.print(job)
        return self.done(job.print_id).outcome


def slip(print_id: str, *, lines: int = 6, copy: bool = False) -> PrintJob:
    """A short receipt: its first and last line say whether it is whole."""
    head = (Text("KOPI", Weight.LARGE),) if copy else ()
    rows = tuple(Columns((f"Vare {at}", f"{at},90")) for at in range(lines))
    return PrintJob(
        print_id=print_id,
        elements=(*head, Text(f"Begynnelse {print_id}"), *rows, Text(f"Slutt {print_id}"), Cut()),
    )


def whole_in(books: tuple[str, ...], print_id: str, *, copy: bool = False) -> int:
    """How many whole copies or originals of a slip are on cut paper."""
    return sum(
        text.count(f"Begynnelse {print_id}\n") == 1
        and text.count(f"Slutt {print_id}\n") == 1
        and text.startswith("KOPI") is copy
        for text in books
    )
