"""What every terminal driver promises, on whatever wire (drivers.contracts.Terminal).

A new driver joins by one more entry of PLACES: a fixture that gives the far end, and a function
that puts a driver beside it (a Desk of tests/drivers/terminal/desk.py with its verbs).
"""

import threading
from dataclasses import replace

import pytest

from drivers.contracts import (
    NO_REFERENCE,
    BatchClosed,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PaymentOutcome,
)
from tests.drivers.terminal.desk import (
    desk,
    make_desk,
    make_options,
    nexo_xml,
    options,
    passphrase_file,
    sim,
)
from tests.drivers.terminal.zvt_desk import (
    make_zvt_desk,
    zvt_options_for,
    zvt_serial_sim,
    zvt_sim,
)

__all__ = ["desk", "make_desk", "make_options", "nexo_xml", "options", "passphrase_file", "sim"]
__all__ += ["make_zvt_desk", "zvt_serial_sim", "zvt_sim"]


@pytest.fixture
def nexo_json(request):
    make_desk, options = map(request.getfixturevalue, ("make_desk", "options"))
    return request.getfixturevalue("sim"), lambda: make_desk(options)


@pytest.fixture
def zvt_tcp(zvt_sim, make_zvt_desk, tmp_path):
    return zvt_sim, lambda: make_zvt_desk(zvt_sim, zvt_options_for(zvt_sim, tmp_path))


@pytest.fixture
def zvt_serial(zvt_serial_sim, make_zvt_desk, tmp_path):
    far_end = zvt_serial_sim
    return far_end, lambda: make_zvt_desk(far_end, zvt_options_for(far_end, tmp_path))


PLACES = ["nexo_json", "nexo_xml", "zvt_tcp", "zvt_serial"]


@pytest.fixture(params=PLACES)
def place(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def bench(place):
    return place[1]()


def test_constructing_does_nothing_and_start_returns_although_nobody_is_there(place):
    far_end, make_bench = place
    far_end.unplug()
    bench = make_bench()
    bench.wait_for_state(DeviceState.LOST)
    assert bench.terminal.kind is DeviceKind.TERMINAL
    assert bench.terminal.name == "terminal-1"


def test_lost_and_found_are_posted_once_each(bench):
    bench.wait_for_state(DeviceState.READY)
    bench.sim.unplug()
    bench.wait_for_state(DeviceState.LOST)
    bench.sim.plug_in()
    bench.wait_for_state(DeviceState.READY)
    states = [event.state for event in bench.posted if isinstance(event, DeviceStateChanged)]
    assert states == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_what_it_says_of_its_own_program_comes_with_its_state(bench):
    said = {"ZvtTerminalSim": "SIM 1.0", "NexoXmlTerminalSim": "simulated terminal 1"}
    bench.wait_for_state(DeviceState.READY)
    (ready,) = [event for event in bench.posted if isinstance(event, DeviceStateChanged)]
    assert ready.software == said.get(type(bench.sim).__name__, ""), "a diagnosis does not say it"


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [
        ("tap_card", PaymentOutcome.APPROVED),
        ("press_red", PaymentOutcome.CANCELLED),
        ("walk_away", PaymentOutcome.CANCELLED),
    ],
)
def test_every_charge_has_one_answer_in_terms_of_the_books(bench, ending, outcome):
    bench.charge()
    getattr(bench.sim, ending)()
    result = bench.result()
    assert result.outcome is outcome
    assert result.service_id == "0000000001"
    assert sum(entry["amount_minor"] for entry in bench.sim.books()) == result.amount_minor
    assert bench.answers() == 1


def test_an_approval_names_all_that_a_reversal_and_a_receipt_need(bench):
    result = bench.pay()
    assert result.transaction_id
    assert result.transaction_at
    assert result.currency == "NOK"
    assert len(result.last_four) in (0, 4)


def test_asking_about_a_payment_of_an_earlier_life_tells_its_end(place):
    make_bench = place[1]
    bench = make_bench()
    first = bench.pay()
    bench.terminal.stop()
    later = make_bench()
    again = later.ask()
    assert (again.outcome, again.transaction_id) == (first.outcome, first.transaction_id)
    assert len(bench.sim.books()) == 1


def test_asking_about_a_payment_that_never_was_says_cancelled(bench):
    assert bench.ask().outcome is PaymentOutcome.CANCELLED


def test_calls_return_at_once_while_a_payment_runs(bench):
    bench.charge()
    done = threading.Event()

    def calls():
        bench.terminal.ask(bench.charge_request(service_id="0000000007"))
        bench.terminal.abort("a-0000000001", "0000000001")
        bench.terminal.abort("a-0000000099", "0000000099")
        done.set()

    threading.Thread(target=calls, daemon=True).start()
    assert done.wait(5.0)
    answered = [bench.result().service_id, bench.result().service_id]
    assert answered == ["0000000001", "0000000007"]


def test_a_full_reversal_leaves_no_money(bench):
    result = bench.pay()
    assert bench.reverse(result).done
    assert all(entry["reversed"] for entry in bench.sim.books())


def test_a_payment_without_a_reference_is_not_given_back_nor_is_the_last_one(bench):
    result = bench.pay()
    answer = bench.reverse(replace(result, transaction_id="", transaction_at=""))
    assert (answer.done, answer.reason) == (False, NO_REFERENCE)
    assert not any(entry["reversed"] for entry in bench.sim.books())


def test_fault_14_a_part_is_told_as_a_part_with_its_own_amount_and_can_go_back(bench):
    if not hasattr(bench.sim, "approve_partially"):
        pytest.skip("this protocol approves all or nothing")
    bench.sim.approve_partially(5_000)
    result = bench.pay(14_990)
    assert result.outcome is PaymentOutcome.APPROVED
    assert (result.amount_minor, result.currency, result.partial) == (5_000, "NOK", True)
    assert bench.ask().amount_minor == 5_000, "asked later, it is the same part"
    assert bench.reverse(result).done
    assert all(entry["reversed"] for entry in bench.sim.books())


def end_of_day(bench) -> BatchClosed:
    bench.terminal.close_batch()
    return bench.next(lambda event: isinstance(event, BatchClosed))


def test_fault_40_the_end_of_its_day_says_what_its_books_say_and_begins_anew(bench):
    first, second = bench.pay(14_990), bench.pay(2_500, "0000000002")
    assert bench.reverse(second).done
    ended = end_of_day(bench)
    kept = sum(entry["amount_minor"] for entry in bench.sim.books() if not entry["reversed"])
    assert (ended.done, ended.amount_minor, ended.currency) == (True, kept, "NOK")
    assert kept == first.amount_minor
    assert end_of_day(bench).amount_minor in (None, 0)
    bench.pay(100, "0000000003")
    assert end_of_day(bench).amount_minor == 100


def test_fault_38_a_day_is_not_ended_at_a_terminal_out_of_reach(bench):
    bench.pay()
    bench.sim.unplug()
    ended = end_of_day(bench)
    assert (ended.done, ended.amount_minor) == (False, None)
    assert ended.reason


def test_no_answer_is_dropped_when_the_inbox_is_full(bench):
    bench.full_for = 3
    assert bench.pay().outcome is PaymentOutcome.APPROVED
    assert bench.full_for == 0
    assert bench.answers() == 1


def test_stop_ends_a_running_payment_and_its_threads(bench):
    bench.charge()
    bench.terminal.stop()
    bench.terminal.stop()
    assert bench.result().outcome is PaymentOutcome.UNKNOWN
    names = [thread.name for thread in threading.enumerate()]
    assert not [name for name in names if name.startswith("terminal-1")]


def test_statistics_are_counted(bench):
    bench.pay()
    assert bench.terminal.statistics().counters["charges"] == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_defect_in_the_driver_leaves_the_payment_unknown_and_the_terminal_out_of_order(
    bench, monkeypatch
):
    def defect(*_):
        raise RuntimeError("as if a line of ours were wrong")

    bench.wait_for_state(DeviceState.READY)
    monkeypatch.setattr(bench.terminal._money, "charge", defect)
    bench.terminal.charge(bench.charge_request())
    bench.wait_for_state(DeviceState.FAULT)
    result = bench.result()
    assert (result.outcome, result.reason) == (PaymentOutcome.UNKNOWN, "Defect")
