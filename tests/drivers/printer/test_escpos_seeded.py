"""Seeded days at the printer: faults at random, and the paper must agree with every answer."""

from random import Random

import pytest

from drivers.contracts import DeviceState, PrintDone, PrintOutcome
from drivers.sim.printer_port import PtyPort, TcpPort
from tests.drivers.printer.bench import Bench, slip, whole_in

SEEDS = range(12)
SLIPS = 6


def misfortune(bench: Bench, random: Random) -> None:
    """Something happens to the printer while, or just before, it prints."""
    sim = bench.sim
    match random.randrange(7):
        case 0 | 1:
            sim.paper_out_after(random.randrange(10))
        case 2:
            sim.jam_cutter()
        case 3:
            sim.paper_out_after(random.randrange(10))
            bench.until(lambda: sim.state()["paper"] == "out" or bool(bench.dones()))
            sim.unplug()
        case 4:
            sim.paper_out_after(random.randrange(10))
            bench.until(lambda: sim.state()["paper"] == "out" or bool(bench.dones()))
            sim.lose_power()
        case 5:
            sim.open_cover()
        case _:
            pass


def put_right(bench: Bench) -> None:
    """An attendant comes by."""
    bench.sim.power_on()
    bench.sim.plug_in()
    bench.sim.close_cover()
    bench.sim.load_paper()
    bench.sim.free_cutter()


def printed(bench: Bench, print_id: str, *, copy: bool, trouble: Random | None) -> PrintDone:
    bench.events = [event for event in bench.events if not isinstance(event, PrintDone)]
    bench.printer.print(slip(print_id, copy=copy))
    if trouble is not None:
        misfortune(bench, trouble)
        put_right(bench)
    return bench.done(print_id)


def reprint(bench: Bench, print_id: str) -> str:
    """Print a copy until the printer says that it is printed; return its id."""
    for attempt in range(200):
        copy_id = f"{print_id}c{attempt}"
        if printed(bench, copy_id, copy=True, trouble=None).outcome is PrintOutcome.PRINTED:
            return copy_id
        bench.until(lambda: bench.printer._announcer.state is DeviceState.READY)
    raise AssertionError(f"the copy of {print_id} was never printed: {bench.sim.state()}")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_agrees_with_the_paper(seed: int) -> None:
    random = Random(seed)
    proof = random.random() < 0.7
    port = random.choice([PtyPort, TcpPort])()
    with Bench(port=port, proof=proof, auto_status=random.random() < 0.7) as bench:
        bench.ready()
        answers: dict[str, PrintDone] = {}
        copies: dict[str, str] = {}
        for at in range(SLIPS):
            print_id = f"s{seed}-{at}"
            answers[print_id] = printed(bench, print_id, copy=False, trouble=random)
            bench.until(lambda: bench.printer._announcer.state is DeviceState.READY)
            if answers[print_id].outcome is PrintOutcome.IN_DOUBT:
                copies[print_id] = reprint(bench, print_id)
        books = bench.sim.books()
    everything = "".join((*books.receipts, books.uncut))
    for print_id, answer in answers.items():
        why = f"seed={seed} {answer}\n{everything}"
        originals = whole_in(books.receipts, print_id)
        match answer.outcome:
            case PrintOutcome.PRINTED:
                assert originals == 1, why
            case PrintOutcome.NOT_PRINTED:
                assert f"Begynnelse {print_id}\n" not in everything, why
            case PrintOutcome.IN_DOUBT:
                assert originals <= 1, why
                assert whole_in(books.receipts, copies[print_id], copy=True) == 1, why
