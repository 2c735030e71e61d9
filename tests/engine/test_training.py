"""Practice: the whole way of a sale, with no money in it, and apart from what is sold."""

from collections.abc import Callable

import pytest

from drivers.contracts import PaymentAnswered, PaymentOutcome, PaymentResult
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffProblem, Tool, Why
from kiosk.engine.view import Screen
from kiosk.fiscal.events import TrainingBegun, TrainingEnded, ZReportMade
from kiosk.sale import events as e
from tests.engine.bench import BEER, COLA, MILK, Bench
from tests.engine.conftest import cheap_hashes
from tests.engine.staffing import tool

KARI = ("20", "2580")


@pytest.fixture
def bench(make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A cash register with staff."""
    cheap_hashes(monkeypatch)
    return make_bench(staffed=True, signed=True)


def practise(bench: Bench) -> Bench:
    return bench.sign_in(*KARI).send(s.ToolPressed(Tool.TRAINING), s.StaffLeavePressed())


def test_a_practice_sale_goes_all_the_way_and_no_terminal_hears_of_it(bench: Bench) -> None:
    practise(bench).scan(MILK).to_terminal()
    assert bench.view.training
    assert bench.view.screen is Screen.RECEIPT
    bench.take_receipt().wait(12)
    assert bench.world.books.entries == {}
    (paper,) = bench.world.printer.papers.texts()
    assert "IKKE KVITTERING FOR KJØP" in paper
    assert "GODKJENT" not in paper


def test_who_began_and_ended_it_is_in_the_record(bench: Bench) -> None:
    practise(bench)
    practise(bench)
    begun, ended = [x for x in bench.record() if isinstance(x, TrainingBegun | TrainingEnded)]
    assert isinstance(begun, TrainingBegun)
    assert isinstance(ended, TrainingEnded)
    assert begun.attendant_id == ended.attendant_id != ""
    assert not bench.view.training


def test_practice_counts_in_a_series_of_its_own_and_in_one_figure_only(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card().take_receipt().wait(12)
    practise(bench).scan(COLA).to_terminal().take_receipt().wait(12)
    practise(bench).scan(MILK).pay_by_card().take_receipt().wait(12)
    numbers = [x.receipt_number for x in bench.record() if isinstance(x, e.SaleCompleted)]
    assert numbers == [1, 1, 2]
    bench.send(m.CloseDay())
    (z,) = [x.report.figures for x in bench.record() if isinstance(x, ZReportMade)]
    assert (z.training.number, z.training.amount_minor) == (1, 3290)
    assert (z.receipts, z.total_minor, z.grand.sales_minor) == (2, 4780, 4780)


def test_a_power_cut_ends_practice_no_more_than_the_day(bench: Bench) -> None:
    practise(bench).scan(MILK)
    bench.restart()
    assert bench.view.training
    assert bench.to_terminal().view.screen is Screen.RECEIPT
    assert bench.world.books.entries == {}


def test_a_power_cut_in_a_practice_payment_asks_no_terminal(bench: Bench) -> None:
    practise(bench).scan(MILK)
    requested = e.PaymentRequested(
        at_utc="2026-03-02T09:00:00.000000+00:00",
        attempt_id="attempt-x",
        method=e.Method.CARD,
        amount_minor=2390,
        currency="NOK",
        service_id="T1",
    )
    bench.journal.append(bench.sale.id, bench.journal.length_of(bench.sale.id) + 1, (requested,))
    bench.restart()
    assert bench.view.screen is Screen.RECEIPT
    assert bench.world.terminal.asks == 0
    assert bench.world.books.entries == {}


def test_practice_does_not_begin_or_end_in_the_middle_of_a_sale(bench: Bench) -> None:
    bench.scan(MILK).sign_in(*KARI)
    assert tool(bench, Tool.TRAINING) is Why.SALE_OPEN
    bench.send(s.ToolPressed(Tool.TRAINING), s.StaffLeavePressed())
    assert not bench.view.training
    assert bench.to_terminal().view.screen is Screen.TERMINAL


def test_an_attendant_may_not_begin_it(bench: Bench) -> None:
    bench.sign_in()
    assert tool(bench, Tool.TRAINING) is Why.NO_RIGHT


def test_practice_asks_for_age_as_it_is_asked_for(bench: Bench) -> None:
    practise(bench).scan(BEER).send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF


def test_a_practice_receipt_is_not_copied_as_a_real_one(bench: Bench) -> None:
    practise(bench).scan(MILK).to_terminal().take_receipt().wait(12)
    practise(bench).sign_in(*KARI).send(s.ToolPressed(Tool.COPY)).keys("1")
    assert bench.desk.problem is StaffProblem.UNKNOWN_RECEIPT


def test_a_late_answer_of_a_terminal_finds_no_practice_payment(bench: Bench) -> None:
    practise(bench).scan(MILK).to_terminal()
    before = bench.record()
    (attempt,) = bench.sale.attempts
    declined = PaymentResult(outcome=PaymentOutcome.DECLINED, service_id=attempt.service_id)
    bench.send(PaymentAnswered(device="terminal-1", attempt_id=attempt.id, result=declined))
    assert bench.record() == before
