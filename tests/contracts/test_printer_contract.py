"""What every printer driver keeps, whatever the wire: see `drivers.contracts.Printer`."""

from collections.abc import Iterator

import pytest

from drivers.contracts import (
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    Paper,
    Printer,
    PrinterStatus,
    PrintOutcome,
)
from drivers.printer.escpos import EscPosPrinter
from drivers.sim.printer_port import TcpPort
from tests.drivers.printer.bench import Bench, slip, whole_in


@pytest.fixture(params=["serial", "tcp", "tcp without proof"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    port = TcpPort() if request.param.startswith("tcp") else None
    with Bench(port=port, proof=not request.param.endswith("without proof")) as bench:
        yield bench


def states(bench: Bench) -> list[DeviceState]:
    return [event.state for event in bench.events if isinstance(event, DeviceStateChanged)]


def test_it_is_a_printer_with_the_name_of_the_configuration(bench: Bench) -> None:
    printer: Printer = bench.printer
    assert (printer.name, printer.kind) == ("printer", DeviceKind.PRINTER)


def test_it_becomes_ready_and_tells_its_status(bench: Bench) -> None:
    bench.ready()
    bench.paper(Paper.OK)


def test_a_job_is_answered_once_and_is_on_paper_once(bench: Bench) -> None:
    assert bench.print(slip("p1")) is PrintOutcome.PRINTED
    assert bench.print(slip("p2")) is PrintOutcome.PRINTED
    assert [done.print_id for done in bench.dones()] == ["p1", "p2"]
    receipts = bench.sim.books().receipts
    assert [whole_in(receipts, each) for each in ("p1", "p2")] == [1, 1]
    assert len(receipts) == 2


def test_jobs_given_at_once_come_out_in_order(bench: Bench) -> None:
    for at in range(5):
        bench.printer.print(slip(f"p{at}"))
    bench.done("p4")
    assert [text.splitlines()[0] for text in bench.sim.books().receipts] == [
        f"Begynnelse p{at}" for at in range(5)
    ]


def test_pulling_the_cable_is_lost_and_putting_it_back_is_ready(bench: Bench) -> None:
    bench.ready()
    bench.sim.unplug()
    bench.wait(lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.LOST)
    bench.wait(lambda e: isinstance(e, PrinterStatus) and not e.online)
    bench.sim.plug_in()
    bench.ready(count=2)
    assert states(bench) == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]
    assert bench.print(slip("p1")) is PrintOutcome.PRINTED


def test_paper_out_is_a_fault_and_a_new_roll_heals_it(bench: Bench) -> None:
    bench.ready()
    bench.sim.paper_out()
    bench.paper(Paper.OUT)
    assert bench.print(slip("p1")) is PrintOutcome.NOT_PRINTED
    bench.sim.load_paper()
    bench.ready(count=2)
    assert states(bench) == [DeviceState.READY, DeviceState.FAULT, DeviceState.READY]


def test_a_receipt_that_was_never_printed_cannot_be_proven(bench: Bench) -> None:
    bench.printer.ask("never")
    assert bench.done("never").outcome is PrintOutcome.IN_DOUBT


def test_stop_is_said_once_and_may_be_called_twice(bench: Bench) -> None:
    bench.ready()
    bench.printer.stop()
    bench.printer.stop()
    assert states(bench) == [DeviceState.READY, DeviceState.STOPPED]


def test_a_printer_that_is_not_there_is_a_state_and_no_error() -> None:
    events: list[object] = []
    printer = EscPosPrinter(name="printer", url="/dev/does-not-exist")
    printer.start(lambda event: bool(events.append(event)) or True)
    printer.print(slip("p1"))
    printer.stop()
    kinds = [event.outcome for event in events if hasattr(event, "outcome")]
    assert kinds == [PrintOutcome.NOT_PRINTED]


def test_statistics_count_what_happened(bench: Bench) -> None:
    bench.print(slip("p1"))
    counters = bench.printer.statistics().counters
    assert (counters["jobs"], counters["jobs_printed"], counters["losses"]) == (1, 1, 0)
