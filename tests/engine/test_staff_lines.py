"""What an attendant does with a line: out, fewer, cheaper, by hand."""

from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffProblem, Tool, Why
from kiosk.sale import events as e
from tests.engine.bench import COLA, MILK, SNUS, UNKNOWN, Bench
from tests.engine.staffing import price, tool


def test_a_line_goes_in_two_taps_line_first_or_tool_first(staffed: Bench) -> None:
    staffed.scan(MILK, COLA, UNKNOWN).sign_in()
    staffed.send(s.ToolPressed(Tool.REMOVE_LINE), s.StaffLinePressed(1))
    staffed.send(s.StaffLinePressed(2), s.ToolPressed(Tool.REMOVE_LINE))
    assert staffed.view.lines == ()
    removed = [x for x in staffed.record() if isinstance(x, e.LineRemoved)]
    assert [x.actor for x in removed] == [e.Actor.STAFF, e.Actor.STAFF]
    assert all(x.attendant_id for x in removed)


def test_a_quantity_is_set_by_staff_under_their_id(staffed: Bench) -> None:
    staffed.scan(MILK, MILK).sign_in()
    staffed.send(s.StaffLinePressed(1), s.StaffQuantityPressed(1, 1))
    assert staffed.view.lines[0].quantity == 1
    changed = staffed.record()[-1]
    assert isinstance(changed, e.QuantityChanged)
    assert changed.actor is e.Actor.STAFF


def test_a_lower_price_needs_a_reason_and_shows_the_old_one(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    price(staffed, "1500")
    (line,) = staffed.view.lines
    assert (line.amount_minor, line.full_price_minor, line.countable) == (1500, 2390, False)


def test_an_attendant_goes_down_to_half_and_a_supervisor_to_nothing(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    price(staffed, "1000")
    assert staffed.desk.problem is StaffProblem.OVER_LIMIT
    assert staffed.view.totals.to_pay_minor == 2390
    staffed.send(s.StaffLeavePressed()).sign_in("20", "2580")
    price(staffed, "0")
    assert staffed.view.totals.to_pay_minor == 0


def test_a_discount_is_a_supervisors_and_stands_on_the_line(staffed: Bench) -> None:
    staffed.scan(MILK, COLA).sign_in()
    assert tool(staffed, Tool.DISCOUNT) is Why.NO_RIGHT
    staffed.send(s.StaffLeavePressed()).sign_in("20", "2580")
    staffed.send(s.ToolPressed(Tool.DISCOUNT))
    assert staffed.desk.percents_bp == (1000, 2000, 3000, 5000)
    staffed.send(s.DiscountChosen(1000), s.ReasonChosen("goodwill"))
    assert [line.offers[0].amount_minor for line in staffed.view.lines] == [-239, -299]


def test_staff_hand_over_tobacco_which_a_shopper_cannot_scan(staffed: Bench) -> None:
    staffed.scan(MILK, SNUS).sign_in()
    assert len(staffed.view.lines) == 1
    staffed.send(s.ToolPressed(Tool.ADD_ITEM)).scan(SNUS)
    assert [line.name for line in staffed.view.lines] == ["Lettmelk 1 l", "Snus"]
    added = next(x for x in reversed(staffed.record()) if isinstance(x, e.ItemAdded))
    assert (added.actor, added.entry) == (e.Actor.STAFF, e.Entry.STAFF)


def test_an_item_is_added_by_typing_its_code(staffed: Bench) -> None:
    staffed.sign_in().send(s.ToolPressed(Tool.ADD_ITEM)).keys("4013")
    assert [line.name for line in staffed.view.lines] == ["Agurk"]
    assert staffed.keys("7777777").desk.problem is StaffProblem.UNKNOWN_CODE


def test_what_was_added_is_told_until_something_else_is_typed(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in().send(s.ToolPressed(Tool.ADD_ITEM)).keys("7777777")
    staffed.keys("4013")
    assert (staffed.desk.added_line_id, staffed.desk.problem) == (2, StaffProblem.NONE)
    staffed.send(s.StaffDigitTyped("1"))
    assert staffed.desk.added_line_id is None


def test_an_unknown_code_takes_the_last_ones_name_away(staffed: Bench) -> None:
    staffed.sign_in().send(s.ToolPressed(Tool.ADD_ITEM)).keys("4013").keys("7777777")
    assert staffed.desk.added_line_id is None


def test_scanners_are_silent_on_the_desk(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    assert not staffed.world.scanner.enabled
    staffed.send(staffed.scan_event(COLA))
    assert len(staffed.view.lines) == 1
    staffed.send(s.StaffLeavePressed())
    assert staffed.world.scanner.enabled
