"""What a kiosk can still learn of a receipt after its own death."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.contracts import Paper, PrintOutcome
from tests.drivers.printer.bench import Bench, slip, whole_in

ROOT = Path(__file__).parents[3]


def test_a_proof_that_the_printer_kept_is_found_by_the_next_life() -> None:
    with Bench() as bench:
        bench.ready()
        bench.sim.paper_out_after(3)
        bench.printer.print(slip("p1"))
        bench.paper(Paper.OUT)
        bench.taken_whole()
        bench.restart()
        bench.printer.ask("p1")
        bench.sim.load_paper()
        assert bench.done("p1").outcome is PrintOutcome.PRINTED
        assert whole_in(bench.sim.books().receipts, "p1") == 1


def test_a_slip_that_was_never_sent_is_not_proven_by_asking() -> None:
    with Bench() as bench:
        bench.printer.ask("never")
        assert bench.done("never").outcome is PrintOutcome.IN_DOUBT


def test_another_slips_proof_proves_nothing() -> None:
    with Bench() as bench:
        assert bench.print(slip("p1")) is PrintOutcome.PRINTED
        bench.printer.ask("p2")
        assert bench.done("p2").outcome is PrintOutcome.IN_DOUBT


def test_a_proof_seen_in_this_life_is_remembered() -> None:
    with Bench() as bench:
        assert bench.print(slip("p1")) is PrintOutcome.PRINTED
        bench.printer.ask("p1")
        assert bench.done("p1", count=2).outcome is PrintOutcome.PRINTED


@pytest.mark.parametrize("taken", [1, 40, 90, 128, 256])
def test_a_slip_cut_short_by_our_death_is_in_doubt_and_comes_again_whole(taken: int) -> None:
    # The printer's own buffer is small and its paper is out, so that it has taken only a part of
    # the long slip when the kiosk dies; where in a command that happens is the parameter.
    with Bench(buffer_bytes=600 + taken) as bench:
        bench.ready()
        bench.sim.paper_out_after(1)
        bench.printer.print(slip("p1", lines=800))
        bench.paper(Paper.OUT)
        bench.restart()
        bench.sim.load_paper()
        bench.printer.ask("p1")
        assert bench.done("p1").outcome is PrintOutcome.IN_DOUBT
        assert bench.print(slip("p2", copy=True)) is PrintOutcome.PRINTED
        receipts = bench.sim.books().receipts
        assert whole_in(receipts, "p1") == 0, receipts
        assert whole_in(receipts, "p2", copy=True) == 1, receipts


KIOSK = """
import sys
from tests.drivers.printer.bench import slip
from drivers.printer.escpos import EscPosPrinter
printer = EscPosPrinter(name="printer", url=sys.argv[1])
def post(event):
    print(type(event).__name__, getattr(event, "paper", ""), flush=True)
    return True
printer.start(post)
printer.print(slip("p1"))
sys.stdin.read()
"""


@pytest.mark.parametrize("whole", [True, False], ids=["taken whole", "at once"])
def test_kill_9_in_mid_receipt_then_ask(whole: bool) -> None:
    with Bench() as bench:
        bench.printer.stop()
        bench.sim.paper_out_after(4)
        kiosk = subprocess.Popen(
            [sys.executable, "-c", KIOSK, bench.sim.url],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert kiosk.stdout is not None
            for line in kiosk.stdout:
                if line.split() == ["PrinterStatus", "out"]:
                    break
            if whole:
                bench.taken_whole()
        finally:
            kiosk.send_signal(signal.SIGKILL)
            kiosk.communicate()
        bench.sim.load_paper()
        bench.restart()
        bench.printer.ask("p1")
        outcome = bench.done("p1").outcome
        assert outcome is PrintOutcome.PRINTED or not whole
        if outcome is PrintOutcome.PRINTED:
            assert whole_in(bench.sim.books().receipts, "p1") == 1
        else:
            assert bench.print(slip("p2", copy=True)) is PrintOutcome.PRINTED
            assert whole_in(bench.sim.books().receipts, "p2", copy=True) == 1
            assert whole_in(bench.sim.books().receipts, "p1") <= 1
