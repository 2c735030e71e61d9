"""Goods that come back while the store's server says nothing, and the way to it."""

from dataclasses import replace

from kiosk.app.other_kiosks import OtherKiosks
from kiosk.engine import staff_messages as s
from kiosk.engine.elsewhere import Wish, WishAnswered, Word
from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.fiscal.numbers import ReceiptRef
from kiosk.sale.return_events import LineReturned, ReturnChecked
from kiosk.staff.roles import DEFAULT_ROLES, Right, Role
from kiosk.telemetry.store_line import StoreLine, StoreSilent
from tests.fleet.returns.tills import Line, Store, Till, back, choose, done, of, scan
from tests.fleet.words import AT, until


def test_without_the_store_anothers_receipt_is_taken_where_it_was_sold(
    store: Store, two: Till
) -> None:
    line = two.elsewhere
    assert isinstance(line, Line)
    line.cut = True
    scan(two)
    assert (two.desk.step, two.desk.problem) == (StaffStep.ITEM, StaffProblem.STORE_SILENT_OTHERS)


def test_a_store_that_says_nothing_at_all_is_not_waited_for(store: Store, two: Till) -> None:
    line = two.elsewhere
    assert isinstance(line, Line)
    line.loses_answers = True
    scan(two)
    assert two.desk.step is StaffStep.SHELF
    two.wait(7)
    assert two.desk.problem is StaffProblem.STORE_SILENT_OTHERS


def test_without_the_store_a_supervisor_may_take_an_own_receipt_and_the_record_says_so(
    store: Store, one: Till
) -> None:
    line = one.elsewhere
    assert isinstance(line, Line)
    line.cut = True
    scan(one)
    assert (one.desk.step, one.desk.problem) == (StaffStep.RETURN, StaffProblem.RETURN_UNCHECKED)
    choose(one, Cola=1).send(s.RefundPressed())
    assert back(store) == [3290]
    assert [event.answered for event in of(one, ReturnChecked)] == [False]
    done(one)


def test_without_the_store_an_attendant_asks_a_supervisor(store: Store, one: Till) -> None:
    line, door = one.elsewhere, one.engine._till.door
    assert isinstance(line, Line)
    assert door is not None
    rules = DEFAULT_ROLES[Role.ATTENDANT]
    may = replace(rules, rights=rules.rights | {Right.RETURN})
    door.roles = {**DEFAULT_ROLES, Role.ATTENDANT: may}
    line.cut = True
    scan(one, number="12", pin="4711")
    assert (one.desk.step, one.desk.problem) == (StaffStep.ITEM, StaffProblem.STORE_SILENT_OURS)


def test_a_store_that_falls_silent_before_the_goods_are_written_down_holds_nothing_up(
    store: Store, one: Till, two: Till
) -> None:
    for till, problem in (
        (two, StaffProblem.STORE_SILENT_OTHERS),
        (one, StaffProblem.RETURN_UNCHECKED),
    ):
        line = till.elsewhere
        assert isinstance(line, Line)
        scan(till)
        line.cut = True
        choose(till, Cola=1)
        assert till.desk.problem is problem
        assert of(till, LineReturned) == []


# --- the thread -----------------------------------------------------------------------------------


def test_the_way_to_the_store_answers_each_wish_once(store: Store, one: Till) -> None:
    answers: list[WishAnswered] = []
    way = OtherKiosks(lambda: store.line("kasse-1"))
    way.start(answers.append)
    ref = ReceiptRef(number=1, register_id="NT-0477-01")
    wish = Wish(wish_id="w1", ref=ref, at_utc=AT, until_ns=0)
    way.ask(wish)
    until(lambda: len(answers) == 1, "the store answered")
    assert (answers[0].wish_id, answers[0].word) == ("w1", Word.FOUND)
    assert answers[0].original is not None
    way.stop()
    way.stop()


def test_a_line_that_cannot_be_opened_is_a_silent_store() -> None:
    def broken() -> StoreLine:
        raise StoreSilent("no certificate")

    answers: list[WishAnswered] = []
    way = OtherKiosks(broken)
    way.start(answers.append)
    way.ask(Wish(wish_id="w1", ref=ReceiptRef(number=1), at_utc=AT, until_ns=0))
    until(lambda: len(answers) == 1, "an answer came")
    assert answers[0].word is Word.UNREACHABLE
    way.stop()
