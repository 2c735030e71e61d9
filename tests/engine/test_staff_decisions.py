"""What an attendant decides, with the sale in view."""

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool, Why
from kiosk.engine.view import Screen
from kiosk.sale import events as e
from tests.engine.bench import BEER, COLA, MILK, Bench
from tests.engine.staffing import decision


def test_a_yes_to_age_is_one_tap_and_the_beer_can_be_paid_for(staffed: Bench) -> None:
    staffed.scan(MILK, BEER, COLA).send(m.PayPressed())
    assert staffed.view.screen is Screen.NEEDS_STAFF
    staffed.sign_in()
    (one,) = staffed.desk.decisions
    assert (one.kind, one.age_limit, one.name, one.quantity) == (
        e.Interest.AGE,
        18,
        "Pilsner 0.5 l",
        1,
    )
    assert staffed.desk.line_order == (2, 3, 1)
    assert not staffed.desk.all_decided
    staffed.send(s.DecisionPressed(one.id, True))
    assert staffed.desk.all_decided
    assert staffed.desk.decisions == ()
    staffed.send(s.StaffLeavePressed()).pay_by_card()
    assert staffed.view.screen is Screen.RECEIPT


def test_a_no_to_age_asks_why_and_takes_the_beer_out(staffed: Bench) -> None:
    staffed.scan(MILK, BEER).sign_in()
    staffed.send(s.DecisionPressed(decision(staffed, e.Interest.AGE), False))
    assert staffed.desk.step is StaffStep.REASON
    assert staffed.desk.reasons == ("too_young", "no_id", "intoxicated")
    staffed.send(s.ReasonChosen("because"))
    assert staffed.desk.step is StaffStep.REASON
    staffed.send(s.ReasonChosen("intoxicated"))
    assert [line.name for line in staffed.view.lines] == ["Lettmelk 1 l"]
    (resolved,) = [x for x in staffed.record() if isinstance(x, e.InterventionResolved)]
    assert (resolved.reason, resolved.where) == ("intoxicated", "kiosk")
    assert resolved.attendant_id.startswith("s-")


def test_a_technician_decides_nothing(staffed: Bench) -> None:
    staffed.scan(BEER).sign_in("30", "3690")
    (one,) = staffed.desk.decisions
    assert one.may_approve is Why.NO_RIGHT
    staffed.send(s.DecisionPressed(one.id, True))
    assert staffed.desk.problem is StaffProblem.NO_RIGHT
    assert len(staffed.desk.decisions) == 1


def test_a_decision_that_somebody_else_was_faster_with_changes_nothing(staffed: Bench) -> None:
    staffed.scan(BEER).sign_in()
    age = decision(staffed, e.Interest.AGE)
    staffed.send(m.StaffSettled(age, False, "s-other", "kiosk", "no_id"))
    before = len(staffed.record())
    staffed.send(s.DecisionPressed(age, True))
    assert staffed.desk.problem is StaffProblem.DECIDED_ALREADY
    assert len(staffed.record()) == before


def test_help_without_a_sale_can_be_answered(staffed: Bench) -> None:
    staffed.send(m.HelpPressed(), m.HelpReasonChosen("payment")).sign_in()
    (one,) = staffed.desk.decisions
    assert (one.kind, one.detail, one.may_refuse) == (e.Interest.HELP, "payment", False)
    staffed.send(s.DecisionPressed(one.id, True), s.StaffLeavePressed())
    assert not staffed.view.help_called


def test_the_last_ten_decisions_can_be_looked_at(staffed: Bench) -> None:
    staffed.scan(BEER).wait(5).sign_in()
    staffed.send(s.DecisionPressed(decision(staffed, e.Interest.AGE), True))
    staffed.send(s.ToolPressed(Tool.MORE))
    assert staffed.desk.facts is not None
    (past,) = staffed.desk.facts.past
    assert (past.kind, past.approved, past.who, past.at, past.seconds) == (
        e.Interest.AGE,
        True,
        "Ingrid",
        "10.00",
        5,
    )
