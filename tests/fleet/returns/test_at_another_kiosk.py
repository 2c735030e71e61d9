"""Goods of one kiosk's receipt come back at another: over the real wire, and never twice."""

import pytest

from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import RefundState, StaffProblem, StaffStep, Tool
from kiosk.fleet.config import Retention
from kiosk.fleet.store import retention
from kiosk.fleet.times import utc_now
from kiosk.sale.return_events import LineReturned, RefundRequested, ReturnChecked
from kiosk.sale.state import Phase
from tests.engine.bench import MILK
from tests.fleet.returns.tills import (
    CODE,
    DAY_S,
    Line,
    Store,
    Till,
    back,
    choose,
    done,
    left,
    of,
    scan,
)


def test_goods_come_back_at_another_kiosk_to_the_card_they_were_paid_with(
    store: Store, two: Till
) -> None:
    scan(two)
    assert (two.desk.step, two.desk.returning.receipt) == (StaffStep.RETURN, "NT-0477-01/1")
    assert left(two) == [("Cola", 2), ("Lettmelk", 1)]
    choose(two, Cola=1)
    assert (two.desk.refund.state, two.desk.refund.amount_minor) == (RefundState.READY, 3290)
    assert two.desk.refund.last_four == "4321"
    two.send(s.RefundPressed())
    assert back(store) == [3290]
    paper = two.world.printer.papers.texts()[-1]
    assert "RETURKVITTERING" in paper
    assert "NT-0477-01/1" in paper
    done(two)
    assert two.journal.verify().ok
    assert [event.register_id for event in of(two, ReturnChecked)] == ["NT-0477-01"]


def test_nothing_comes_back_twice_whichever_kiosk_is_asked(
    store: Store, one: Till, two: Till
) -> None:
    choose(scan(two), Cola=1, Lettmelk=1).send(s.RefundPressed())
    done(two)
    store.hear(two)
    scan(one)
    assert left(one) == [("Cola", 1)]
    choose(one, Cola=1).send(s.RefundPressed())
    done(one)
    assert back(store) == [3290 + 2390, 3290]
    store.hear(one)
    for till in (one, two):
        scan(till)
        assert till.desk.problem is StaffProblem.NOTHING_LEFT
        till.send(s.StaffLeavePressed())


def test_what_is_given_back_elsewhere_counts_against_the_same_payment(
    store: Store, one: Till, two: Till
) -> None:
    """The acquirer's books fail the test when a refund names another amount given before."""
    for till in (two, one, two):
        choose(scan(till), **({"Lettmelk": 1} if till is one else {"Cola": 1}))
        till.send(s.RefundPressed())
        done(till)
        store.hear(till)
    assert back(store) == [3290, 2390, 3290]


def test_while_one_kiosk_takes_goods_back_no_other_does(store: Store, one: Till, two: Till) -> None:
    scan(one)
    choose(scan(two), Cola=1)
    assert two.desk.step is StaffStep.REFUND
    choose(one, Cola=2)
    assert (one.desk.step, one.desk.problem) == (StaffStep.ITEM, StaffProblem.RETURN_BUSY)
    assert of(one, LineReturned) == []
    two.send(s.RefundPressed())
    done(two)
    one.scan(CODE)
    choose(one, Cola=2)
    assert one.desk.problem is StaffProblem.RETURN_BUSY, "what it took is not told yet"
    store.hear(two)
    one.scan(CODE)
    assert left(one) == [("Cola", 1), ("Lettmelk", 1)]


def test_who_looked_before_the_last_return_must_look_again(
    store: Store, one: Till, two: Till
) -> None:
    scan(one)
    choose(scan(two), Cola=2).send(s.RefundPressed())
    done(two)
    store.hear(two)
    choose(one, Cola=2)
    assert one.desk.problem is StaffProblem.RETURN_CHANGED
    assert back(store) == [6580]


def test_a_return_that_is_given_up_leaves_the_goods_to_others(
    store: Store, one: Till, two: Till
) -> None:
    choose(scan(two), Cola=2)
    two.send(s.StaffBackPressed(), s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("mistake"))
    assert two.sale.phase is Phase.NONE
    store.hear(two)
    scan(one)
    assert left(one) == [("Cola", 2), ("Lettmelk", 1)]
    assert choose(one, Cola=2).desk.step is StaffStep.REFUND


def test_a_power_cut_in_the_middle_of_it_goes_on_with_the_same_refund(
    store: Store, two: Till
) -> None:
    choose(scan(two), Cola=1)
    two.world.terminal.refund_answer = "silent"
    two.send(s.RefundPressed())
    two.restart()
    two.wait(60)
    assert back(store) == [3290]
    [asked] = of(two, RefundRequested)
    assert asked.transaction_id != ""
    assert two.journal.verify().ok


def test_a_hold_that_a_power_cut_left_behind_falls_by_itself(
    store: Store, one: Till, two: Till
) -> None:
    scan(two)
    line = two.elsewhere
    assert isinstance(line, Line)
    line.loses_answers = True
    choose(two, Cola=1)
    two.restart(down_s=120)
    line.loses_answers = False
    scan(one)
    assert choose(one, Cola=1).desk.problem is StaffProblem.RETURN_BUSY
    store.hear(two)  # it began again, and nothing of that sale is in its record
    one.scan(CODE)
    assert choose(one, Cola=1).desk.step is StaffStep.REFUND


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        "SK1/NT-0477-01/2/20260302/100",
        "SK1/NT-0477-09/1/20260302/100",
        "SK1/NT-0477-01/R1/20260302/100",
        "SK1/NT-0477-01/T1/20260302/100",
    ],
    ids=["no such number", "no such kiosk", "another series", "practice"],
)
def test_what_the_store_does_not_know_is_no_receipt(two: Till, code: str) -> None:
    scan(two, code)
    assert two.desk.problem is StaffProblem.UNKNOWN_RECEIPT


def test_another_stores_receipt_is_nobodys_here(store: Store, one: Till, two: Till) -> None:
    store.name = "elsewhere"
    three = store.till(3)
    scan(three)
    assert three.desk.problem is StaffProblem.UNKNOWN_RECEIPT


def test_a_receipt_of_last_year_is_found_among_what_was_put_by(store: Store, two: Till) -> None:
    """100 days after the sale its rows are packed; a return finds it for two years."""
    db = store.serving.fleet.db
    two.clock.advance(400 * DAY_S)
    retention.prune(db, Retention(events_days=1, facts_days=36_000), utc_now())
    scan(two)
    assert left(two) == [("Cola", 2), ("Lettmelk", 1)]
    choose(two, Cola=1).send(s.RefundPressed())
    assert back(store) == [3290]
    [line] = of(two, LineReturned)
    assert line.original_at_utc[:4] == "2026"


def test_a_receipt_that_the_store_has_not_heard_of_yet_comes_back_where_it_was_sold(
    store: Store, one: Till
) -> None:
    one.scan(MILK).pay_by_card().take_receipt().wait(15)
    scan(one, "2")
    assert left(one) == [("Lettmelk", 1)]
    choose(one, Lettmelk=1).send(s.RefundPressed())
    assert back(store) == [2390]
