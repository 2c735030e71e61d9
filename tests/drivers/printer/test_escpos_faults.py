"""What a receipt goes through when something goes wrong. The judge is the paper."""

from dataclasses import replace

import pytest

from drivers.contracts import (
    DeviceState,
    DeviceStateChanged,
    Paper,
    PrintDone,
    PrinterStatus,
    PrintOutcome,
)
from drivers.sim.printer_port import TcpPort
from tests.drivers.printer.bench import QUICK, Bench, slip, whole_in

SLIP_LINES = 8


def test_a_slip_is_printed_once_and_proven() -> None:
    with Bench() as bench:
        assert bench.print(slip("p1")) is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1
        assert bench.sim.state()["unknown_commands"] == []


@pytest.mark.parametrize("line", range(SLIP_LINES))
@pytest.mark.parametrize("auto_status", [True, False], ids=["asb", "polled"])
def test_paper_out_at_any_line_neither_loses_nor_doubles_a_proven_slip(
    line: int, auto_status: bool
) -> None:
    with Bench(auto_status=auto_status) as bench:
        bench.ready()
        bench.sim.paper_out_after(line)
        bench.printer.print(slip("p1"))
        bench.paper(Paper.OUT)
        assert bench.dones() == [], f"answered while the paper was out, line {line}"
        bench.sim.load_paper()
        assert bench.done("p1").outcome is PrintOutcome.PRINTED, f"line {line}"
        books = bench.sim.books()
        assert whole_in(books.receipts, "p1") == 1, f"line {line}: {books}"
        assert len(books.receipts) == 1, f"line {line}: {books}"
        assert books.uncut == "", f"line {line}: {books}"


@pytest.mark.parametrize("line", range(SLIP_LINES))
def test_paper_out_without_proof_ends_in_doubt_and_one_copy(line: int) -> None:
    with Bench(proof=False) as bench:
        bench.ready()
        bench.sim.paper_out_after(line)
        bench.printer.print(slip("p1"))
        bench.paper(Paper.OUT)
        bench.sim.load_paper()
        done = bench.done("p1")
        assert (done.outcome, done.reason) == (PrintOutcome.IN_DOUBT, "paper_out"), f"line {line}"
        assert bench.print(slip("p2", copy=True)) is PrintOutcome.PRINTED
        receipts = bench.sim.books().receipts
        assert whole_in(receipts, "p1") == 1, f"line {line}: {receipts}"
        assert whole_in(receipts, "p2", copy=True) == 1, f"line {line}: {receipts}"


def test_a_printer_without_proof_that_stays_in_order_has_printed() -> None:
    with Bench(proof=False) as bench:
        assert bench.print(slip("p1")) is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1


def test_a_printer_without_proof_is_asked_in_the_stream_and_slowness_is_not_doubt() -> None:
    with Bench(proof=False, proof_of_print=False) as bench:
        bench.sim.slow(0.01)
        assert bench.print(slip("p1", lines=20)) is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1


@pytest.mark.parametrize(
    ("verb", "reason"), [("paper_out", "paper_out"), ("open_cover", "cover_open")]
)
def test_nothing_is_sent_to_a_printer_that_cannot_print(verb: str, reason: str) -> None:
    with Bench() as bench:
        bench.ready()
        getattr(bench.sim, verb)()
        bench.printer.print(slip("p1"))
        done = bench.done("p1")
        assert (done.outcome, done.reason) == (PrintOutcome.NOT_PRINTED, reason)
        bench.sim.load_paper()
        bench.sim.close_cover()
        assert bench.print(slip("p2")) is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 0
        assert len(bench.sim.books().receipts) == 1


def test_nothing_is_sent_when_there_is_no_printer() -> None:
    with Bench() as bench:
        bench.sim.unplug()
        bench.wait(lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.LOST)
        assert bench.print(slip("p1")) is PrintOutcome.NOT_PRINTED
        bench.sim.plug_in()
        assert bench.sim.books().receipts == ()


@pytest.mark.parametrize("line", range(SLIP_LINES))
def test_power_lost_at_any_line_is_in_doubt_and_the_torn_slip_is_cut_off(line: int) -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.paper_out_after(line)
        bench.printer.print(slip("p1"))
        bench.paper(Paper.OUT)
        bench.sim.lose_power()
        bench.wait(lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.LOST)
        bench.sim.load_paper()
        bench.sim.power_on()
        assert bench.done("p1").outcome is PrintOutcome.IN_DOUBT
        bench.ready(count=2)
        assert bench.print(slip("p2", copy=True)) is PrintOutcome.PRINTED
        receipts = bench.sim.books().receipts
        assert whole_in(receipts, "p1") == 0, f"line {line}: {receipts}"
        assert receipts[-1].startswith("KOPI"), f"line {line}: {receipts}"
        assert whole_in(receipts, "p2", copy=True) == 1, f"line {line}: {receipts}"


def test_a_cable_pulled_after_the_whole_slip_was_taken_still_gets_its_proof() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.paper_out_after(3)
        bench.printer.print(slip("p1"))
        bench.paper(Paper.OUT)
        bench.taken_whole()
        bench.sim.unplug()
        bench.wait(lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.LOST)
        bench.sim.load_paper()
        bench.until(lambda: len(bench.sim.books().receipts) == 1)
        bench.sim.plug_in()
        assert bench.done("p1").outcome is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1


def test_a_network_printer_forgets_its_proof_with_the_connection_and_is_in_doubt() -> None:
    with Bench(port=TcpPort()) as bench:
        bench.ready()
        bench.sim.paper_out_after(3)
        bench.printer.print(slip("p1"))
        bench.paper(Paper.OUT)
        bench.taken_whole()
        bench.sim.unplug()
        bench.wait(lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.LOST)
        bench.sim.load_paper()
        bench.until(lambda: len(bench.sim.books().receipts) == 1)
        bench.sim.plug_in()
        assert bench.done("p1").outcome is PrintOutcome.IN_DOUBT


def test_a_jammed_cutter_goes_on_by_itself_once_it_is_free() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.jam_cutter()
        bench.printer.print(slip("p1"))
        bench.wait(lambda e: isinstance(e, PrinterStatus) and e.cutter_error)
        assert bench.dones() == []
        bench.sim.free_cutter()
        assert bench.done("p1").outcome is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1


def test_a_cover_opened_in_mid_receipt_is_waited_for() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.slow(0.02)
        bench.printer.print(slip("p1", lines=10))
        bench.until(lambda: "Vare 2" in bench.sim.books().uncut)
        bench.sim.open_cover()
        bench.wait(lambda e: isinstance(e, PrinterStatus) and e.cover_open)
        bench.sim.slow(0)
        bench.sim.close_cover()
        assert bench.done("p1").outcome is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1


def test_a_small_buffer_that_fills_up_is_waited_for() -> None:
    with Bench(buffer_bytes=128) as bench:
        bench.ready()
        bench.sim.paper_out_after(2)
        bench.printer.print(slip("p1", lines=400))
        bench.paper(Paper.OUT)
        bench.sim.load_paper()
        assert bench.done("p1").outcome is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1
        assert len(bench.sim.books().receipts) == 1


def test_paper_low_is_told_and_prints() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.paper_low()
        bench.paper(Paper.NEAR_END)
        assert bench.print(slip("p1")) is PrintOutcome.PRINTED


def test_every_call_is_answered_once_also_when_the_queue_is_full_or_the_driver_stops() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.paper_out_after(1)
        ids = [f"p{at}" for at in range(14)]
        for print_id in ids:
            bench.printer.print(slip(print_id))
        bench.paper(Paper.OUT)
        bench.printer.stop()
        answers = {done.print_id: done for done in bench.dones()}
        assert len(bench.dones()) == len(ids)
        assert answers["p0"].outcome is PrintOutcome.IN_DOUBT
        assert {answers[i].outcome for i in ids[1:]} == {PrintOutcome.NOT_PRINTED}
        assert {answers[i].reason for i in ids[1:]} == {"stopped", "queue_full"}


def test_lost_and_back_are_each_said_once() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.unplug()
        bench.wait(lambda e: isinstance(e, DeviceStateChanged) and e.state is DeviceState.LOST)
        bench.sim.plug_in()
        bench.ready(count=2)
        states = [e.state for e in bench.events if isinstance(e, DeviceStateChanged)]
        assert states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_an_answer_that_does_not_fit_into_the_inbox_is_posted_later() -> None:
    with Bench() as bench:
        bench.ready()
        refused: list[PrintDone] = []
        accept = bench.post

        def post(event: object) -> bool:
            if isinstance(event, PrintDone) and not refused:
                refused.append(event)
                return False
            return accept(event)  # type: ignore[arg-type]

        bench.printer._outbox.attach(post)  # type: ignore[arg-type]
        assert bench.print(slip("p1")) is PrintOutcome.PRINTED
        assert len(refused) == 1
        assert len(bench.dones()) == 1


def test_a_printer_beyond_repair_is_not_waited_for() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.slow(0.02)
        bench.printer.print(slip("p1"))
        bench.until(lambda: "Vare 1" in bench.sim.books().uncut)
        bench.sim.break_down()
        done = bench.done("p1")
        assert (done.outcome, done.reason) == (PrintOutcome.IN_DOUBT, "unrecoverable")
        bench.printer.print(slip("p2"))
        assert bench.done("p2").outcome is PrintOutcome.NOT_PRINTED


def test_a_full_printer_without_paper_is_at_fault_and_not_lost() -> None:
    with Bench(buffer_bytes=128, timing=replace(QUICK, recovery_s=0.5, reply_s=0.02)) as bench:
        bench.ready()
        bench.sim.paper_out_after(2)
        bench.printer.print(slip("p1", lines=400))
        done = bench.done("p1")
        assert (done.outcome, done.reason) == (PrintOutcome.IN_DOUBT, "paper_out")
        bench.printer.print(slip("p2", copy=True))
        assert bench.done("p2").outcome is PrintOutcome.NOT_PRINTED
        bench.sim.load_paper()
        bench.ready(count=2)
        states = [e.state for e in bench.events if isinstance(e, DeviceStateChanged)]
        assert states == [DeviceState.READY, DeviceState.FAULT, DeviceState.READY]
        assert bench.print(slip("p3", copy=True)) is PrintOutcome.PRINTED
        receipts = bench.sim.books().receipts
        assert whole_in(receipts, "p1") == 0
        assert whole_in(receipts, "p3", copy=True) == 1
