"""The cash register at work in the kiosk: signatures, the Z of the day and its paper."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch

import pytest

from drivers.contracts import NO_BATCH, BatchClosed, PrintOutcome
from kiosk.engine import messages as m
from kiosk.engine.clock import ManualClock
from kiosk.engine.shelf import short_code
from kiosk.engine.staff_messages import ToolPressed
from kiosk.engine.staff_view import StaffProblem, Tool
from kiosk.engine.view import Screen
from kiosk.fiscal.events import (
    RegisterStarted,
    RegisterStopped,
    SaleSigned,
    TerminalDayEnded,
    ZReportMade,
)
from kiosk.journal import Journal, JournalUnwritable
from kiosk.sale.events import Event, SaleCompleted
from tests.engine.bench import COLA, MILK, Bench
from tests.engine.models import TerminalModel, World

HOUR_S = 3600


@pytest.fixture
def bench(folder: Path, catalog_path: Path) -> Bench:
    """A cash register, on Monday 2026-03-02 at ten in Oslo."""
    return Bench(folder, catalog_path, signed=True, staffed=True)


def sell(bench: Bench, code: str = MILK) -> None:
    bench.scan(code).pay_by_card().take_receipt().send(m.DonePressed())
    assert bench.view.screen is Screen.START


E = TypeVar("E", bound=Event)


def of(bench: Bench, kind: type[E]) -> list[E]:
    return [event for event in bench.record() if isinstance(event, kind)]


def papers(bench: Bench) -> list[str]:
    return [text for text in bench.world.papers.texts() if "Z-RAPPORT" in text]


def refuse_register_events(kind: type[Event]) -> object:
    """Let the disk be full as soon as an event of this kind is to be written."""
    write = Journal.append

    def full(self: Journal, sale_id: str, sale_seq: int, events: list[Event]) -> None:
        if any(isinstance(event, kind) for event in events):
            raise JournalUnwritable("the disk is full")
        write(self, sale_id, sale_seq, events)

    return patch.object(Journal, "append", full)


def test_the_start_of_the_program_is_the_first_thing_in_the_record(bench: Bench) -> None:
    assert isinstance(bench.record()[0], RegisterStarted)


def test_each_sale_is_signed_right_after_it_is_completed(bench: Bench) -> None:
    sell(bench)
    sell(bench, COLA)
    kinds = bench.kinds()
    assert kinds.count("SaleSigned") == 2
    for place, kind in enumerate(kinds):
        assert kind != "SaleCompleted" or kinds[place + 1] == "SaleSigned"
    assert [one.number for one in of(bench, SaleSigned)] == [1, 2]


def test_a_sale_that_could_not_be_signed_is_signed_when_the_disk_has_room(bench: Bench) -> None:
    with refuse_register_events(SaleSigned):  # type: ignore[attr-defined]
        bench.scan(MILK).pay_by_card()
        assert bench.view.screen is Screen.OUT_OF_ORDER
        assert len(of(bench, SaleCompleted)) == 1
        bench.wait(30)
        assert bench.view.screen is Screen.OUT_OF_ORDER
    bench.wait(30)
    assert len(of(bench, SaleSigned)) == 1
    bench.take_receipt().send(m.DonePressed())
    sell(bench)
    assert [one.number for one in of(bench, SaleSigned)] == [1, 2]


def test_a_start_that_cannot_be_written_down_is_written_down_later(
    folder: Path, catalog_path: Path
) -> None:
    with refuse_register_events(RegisterStarted):  # type: ignore[attr-defined]
        bench = Bench(folder, catalog_path, signed=True)
        assert bench.view.screen is Screen.OUT_OF_ORDER
    bench.wait(30)
    sell(bench)
    assert isinstance(bench.record()[0], RegisterStarted)


def test_the_day_closes_by_itself_at_its_hour_and_its_z_is_printed(bench: Bench) -> None:
    sell(bench)
    bench.wait(13 * HOUR_S + 54 * 60)
    assert of(bench, ZReportMade) == []
    bench.wait(3 * 60)
    (made,) = of(bench, ZReportMade)
    assert made.report.business_day == "2026-03-02"
    assert made.report.figures.total_minor == 2390
    assert len(papers(bench)) == 1
    bench.wait(24 * HOUR_S)
    assert len(of(bench, ZReportMade)) == 1, "a day without sales owes no Z"


def test_an_idle_kiosk_looks_at_the_day_once_a_minute(bench: Bench) -> None:
    due_ns = bench.engine.deadline_ns()
    assert due_ns is not None
    assert due_ns - bench.clock.monotonic_ns() == pytest.approx(60e9)


def test_a_kiosk_that_signs_nothing_waits_for_nothing(folder: Path, catalog_path: Path) -> None:
    bench = Bench(folder, catalog_path)
    assert bench.engine.deadline_ns() is None
    bench.send(m.CloseDay())
    bench.engine.stop()
    assert bench.record() == []


def test_a_sale_across_the_hour_holds_the_z_back_until_the_shopper_has_left(
    folder: Path, catalog_path: Path
) -> None:
    late = ManualClock(datetime(2026, 3, 2, 22, 54, 30, tzinfo=UTC))
    with patch("tests.engine.bench.ManualClock", lambda: late):
        bench = Bench(folder, catalog_path, signed=True)
    bench.scan(MILK).wait(50)
    bench.send(m.Touched()).to_terminal()
    assert of(bench, ZReportMade) == []
    bench.world.terminal.tap()
    bench.pump()
    bench.take_receipt()
    assert of(bench, ZReportMade) == []
    bench.send(m.DonePressed())
    assert len(of(bench, ZReportMade)) == 1


def test_people_may_close_the_day_before_its_hour_once(bench: Bench) -> None:
    sell(bench)
    bench.send(m.CloseDay(), m.CloseDay())
    assert len(of(bench, ZReportMade)) == len(papers(bench)) == 1


def test_nobody_closes_the_day_over_an_open_sale(bench: Bench) -> None:
    sell(bench)
    bench.scan(MILK).send(m.CloseDay())
    assert of(bench, ZReportMade) == []
    assert bench.view.screen is Screen.SCAN


def test_a_z_that_did_not_get_on_paper_is_printed_when_it_can_be(bench: Bench) -> None:
    sell(bench)
    bench.world.printer.run_out()
    bench.pump()
    bench.send(m.CloseDay())
    assert papers(bench) == []
    bench.world.printer.refill()
    bench.pump()
    assert len(papers(bench)) == 1
    assert len(of(bench, ZReportMade)) == 1


@pytest.mark.parametrize(
    ("outcome", "tries"), [(PrintOutcome.NOT_PRINTED, 1), (PrintOutcome.IN_DOUBT, 1)]
)
def test_a_z_is_printed_again_only_when_it_certainly_was_not(
    bench: Bench, outcome: PrintOutcome, tries: int
) -> None:
    sell(bench)
    bench.world.printer.next_outcome = outcome
    bench.send(m.CloseDay()).wait(300)
    assert len(papers(bench)) == tries


def test_a_z_on_its_way_to_the_printer_holds_up_no_shopper(bench: Bench) -> None:
    sell(bench)
    bench.engine.handle(m.CloseDay())  # the printer does not answer
    bench.engine.handle(bench.scan_event(MILK))
    assert bench.view.screen is Screen.SCAN


def test_an_orderly_end_is_written_down_and_a_power_cut_is_not(bench: Bench) -> None:
    bench.restart()
    assert of(bench, RegisterStopped) == []
    bench.engine.stop()
    assert isinstance(bench.record()[-1], RegisterStopped)


def test_a_sale_completed_before_a_power_cut_is_signed_after_it(bench: Bench) -> None:
    bench.signed = False
    bench.restart()
    sell(bench)
    sell(bench, COLA)
    assert of(bench, SaleSigned) == []
    bench.signed = True
    bench.restart()
    completed = [record.seq for record in bench.journal.after(0, 1000)
                 if isinstance(record.event, SaleCompleted)]  # fmt: skip
    assert [one.completed_seq for one in of(bench, SaleSigned)] == completed


@pytest.mark.parametrize("closed", [False, True])
def test_a_sale_set_aside_is_not_taken_up_after_the_days_z(bench: Bench, closed: bool) -> None:
    sell(bench)
    bench.scan(MILK)
    sale_id = bench.sale.id
    bench.sign_in().send(ToolPressed(Tool.SUSPEND))
    if closed:
        bench.wait(1).send(m.CloseDay()).wait(1)
        assert len(of(bench, ZReportMade)) == 1
    bench.send(ToolPressed(Tool.RESUME)).keys(short_code(sale_id))
    assert bool(bench.sale.live_lines) is not closed
    assert (bench.desk.problem is StaffProblem.NOT_ON_SHELF) is closed


class BatchingTerminal(TerminalModel):
    """A card terminal with a day of its own."""

    says: BatchClosed | None = None
    closed = 0

    def close_batch(self) -> None:
        self.closed += 1
        if self.says is not None:
            self.events.append(self.says)


@pytest.fixture
def batching(folder: Path, catalog_path: Path) -> Bench:
    world = World()
    world.terminal = BatchingTerminal("terminal-1", world.events, world.books)
    return Bench(folder, catalog_path, signed=True, staffed=True, world=world)


def end_day(bench: Bench, **said: object) -> TerminalDayEnded:
    terminal = bench.world.terminal
    assert isinstance(terminal, BatchingTerminal)
    values: dict[str, object] = {"device": "terminal-1", "done": True, "currency": "NOK"}
    terminal.says = BatchClosed(**{**values, **said})  # type: ignore[arg-type]
    bench.send(m.CloseDay(), m.Tick())
    (ended,) = of(bench, TerminalDayEnded)
    return ended


def batch_papers(bench: Bench) -> list[str]:
    return [text for text in bench.world.papers.texts() if "TERMINALOPPGJØR" in text]


def test_the_terminal_ends_its_day_with_the_z_and_sums_that_agree_are_written_down(
    batching: Bench,
) -> None:
    sell(batching)
    ended = end_day(batching, amount_minor=2390)
    (z,) = of(batching, ZReportMade)
    assert (ended.z_number, ended.ours_minor, ended.theirs_minor) == (z.report.number, 2390, 2390)
    (paper,) = batch_papers(batching)
    assert "Ingenting er rettet" not in paper
    assert len(papers(batching)) == 1


def test_fault_40_sums_that_differ_are_on_paper_and_in_the_record_and_nothing_is_corrected(
    batching: Bench,
) -> None:
    sell(batching)
    ended = end_day(batching, amount_minor=2490)
    assert (ended.ours_minor, ended.theirs_minor) == (2390, 2490)
    (paper,) = batch_papers(batching)
    assert "Differanse" in paper
    assert "1,00" in paper
    assert "Ingenting er rettet" in paper
    (z,) = of(batching, ZReportMade)
    assert z.report.figures.total_minor == 2390


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"done": False, "reason": "PaymentInDoubt"}, "gjorde ikke opp: PaymentInDoubt"),
        ({"amount_minor": None}, "oppga ingen sum"),
    ],
)
def test_a_terminal_that_says_no_sum_is_told_as_such(
    batching: Bench, said: dict[str, object], words: str
) -> None:
    sell(batching)
    end_day(batching, **said)
    (paper,) = batch_papers(batching)
    assert words in paper


def test_a_terminal_without_a_day_is_not_asked_and_a_stray_answer_writes_nothing(
    bench: Bench,
) -> None:
    sell(bench)
    bench.send(m.CloseDay())
    bench.world.events.append(BatchClosed(device="terminal-1", done=True, amount_minor=1))
    bench.pump()
    assert of(bench, TerminalDayEnded) == []
    assert len(of(bench, ZReportMade)) == 1


def test_a_terminal_that_keeps_no_day_leaves_nothing_in_the_record_and_on_paper(
    batching: Bench,
) -> None:
    sell(batching)
    terminal = batching.world.terminal
    assert isinstance(terminal, BatchingTerminal)
    terminal.says = BatchClosed(device="terminal-1", done=False, reason=NO_BATCH)
    batching.send(m.CloseDay(), m.Tick())
    assert terminal.closed == 1
    assert of(batching, TerminalDayEnded) == []
    assert batch_papers(batching) == []


def test_the_terminals_number_of_its_day_is_in_the_record_and_on_paper(batching: Bench) -> None:
    sell(batching)
    assert end_day(batching, amount_minor=2390, reference="1007").reference == "1007"
    (paper,) = batch_papers(batching)
    assert "1007" in paper
