"""Staff mode: who gets in, what they see and do, and that the shopper finds everything again."""

from dataclasses import replace

import pytest

from drivers.contracts import DeviceKind
from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.shelf import SLIP
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool, Why
from kiosk.engine.view import Screen, View
from kiosk.fiscal.events import (
    REGISTER,
    DevicesChecked,
    KioskClosed,
    KioskOpened,
    RegisterStarted,
    SignInRefused,
    StaffSignedIn,
    StaffSignedOut,
)
from kiosk.sale import events as e
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, INGRID, MILK, SNUS, UNKNOWN, Bench


def begin_register(bench: Bench) -> None:
    """Begin the register's own stream, as the program does at its start."""
    bench.journal.append(
        REGISTER,
        1,
        (
            RegisterStarted(
                at_utc="2026-03-02T08:00:00.000000+00:00",
                register_id="NT-0477-03",
                operator_id="SCO-03",
                shop_name="",
                legal_name="",
                org_number="",
                address="",
                software_version="1",
                time_zone="Europe/Oslo",
            ),
        ),
    )


def shown(view: View) -> View:
    """Return what a shopper sees of a view."""
    return replace(view, seq=0, staff=None, scan_at_monotonic_ns=0)


def tool(bench: Bench, wanted: Tool) -> Why:
    return next(one.why_not for one in bench.desk.tools if one.tool is wanted)


def decision(bench: Bench, kind: e.Interest) -> str:
    return next(one.id for one in bench.desk.decisions if one.kind is kind)


# --- the way in ---------------------------------------------------------------------------------


def test_number_and_pin_open_the_desk_and_no_pin_is_ever_shown(staffed: Bench) -> None:
    staffed.send(s.StaffPressed()).keys("12")
    assert staffed.desk.step is StaffStep.PIN
    staffed.send(s.StaffDigitTyped("4"), s.StaffDigitTyped("7"))
    assert (staffed.desk.digits, staffed.desk.entry) == (2, "")
    staffed.keys("11")
    assert (staffed.desk.step, staffed.desk.name) == (StaffStep.DESK, "Ingrid")
    assert "4711" not in repr(staffed.published)
    assert "4711" not in repr(s.StaffDigitTyped("4711"))


def test_a_badge_opens_the_desk_by_itself_from_any_screen(staffed: Bench) -> None:
    staffed.scan(MILK).to_terminal().badge()
    assert staffed.view.screen is Screen.TERMINAL
    assert staffed.desk.name == "Ingrid"


def test_without_a_book_of_staff_there_is_no_staff_mode(bench: Bench) -> None:
    assert bench.send(s.StaffPressed()).view.staff is None


def test_a_badge_held_to_the_scanner_is_an_unknown_code(staffed: Bench) -> None:
    staffed.scan(INGRID)
    assert staffed.view.staff is None
    assert staffed.sale.phase is Phase.NONE


def test_an_item_held_to_the_badge_reader_is_no_item(staffed: Bench) -> None:
    staffed.badge(MILK)
    assert staffed.desk.problem is StaffProblem.UNKNOWN_BADGE
    assert staffed.sale.phase is Phase.NONE


def test_five_wrong_pins_lock_and_the_record_says_so_once(staffed: Bench) -> None:
    begin_register(staffed)
    staffed.send(s.StaffPressed())
    for _ in range(7):
        staffed.keys("12").keys("9999")
    assert (staffed.desk.problem, staffed.desk.locked_s) == (StaffProblem.LOCKED, 30)
    assert [x for x in staffed.record() if isinstance(x, SignInRefused)] == [
        SignInRefused(at_utc="2026-03-02T09:00:00.000000+00:00", locked_s=30)
    ]
    staffed.wait(30)
    assert staffed.desk.locked_s == 0
    staffed.keys("12").keys("4711")
    assert staffed.desk.name == "Ingrid"


def test_a_lock_out_survives_a_power_cut(staffed: Bench) -> None:
    staffed.send(s.StaffPressed())
    for _ in range(5):
        staffed.keys("12").keys("9999")
    staffed.restart(down_s=10)
    staffed.sign_in()
    assert (staffed.desk.problem, staffed.desk.locked_s) == (StaffProblem.LOCKED, 20)


def test_the_first_starts_code_makes_a_supervisor_at_the_kiosk(staffed: Bench) -> None:
    door = staffed.engine._till.door
    assert door is not None
    door.book.disable("20")
    staffed.send(s.StaffPressed()).keys(door.book.new_code())
    assert staffed.desk.step is StaffStep.NEW_PIN
    assert staffed.keys("1111").desk.problem is StaffProblem.PIN_TOO_SIMPLE
    staffed.keys("8642")
    assert staffed.keys("8640").desk.problem is StaffProblem.PINS_DIFFER
    staffed.keys("8642").keys("8642")
    assert (staffed.desk.step, staffed.desk.role) == (StaffStep.DESK, "supervisor")


def test_badge_and_pin_together_where_both_are_asked_for(staffed: Bench) -> None:
    staffed.engine._till.config = replace(staffed.config, staff_needs_badge=True)
    assert staffed.send(s.StaffPressed()).keys("12").desk.step is StaffStep.NUMBER
    staffed.badge()
    assert staffed.desk.step is StaffStep.PIN
    assert staffed.keys("4711").desk.name == "Ingrid"


# --- the way back -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        (),
        (m.StartPressed(),),
        (m.LookupPressed("fruit"), m.LetterTyped("b")),
        (m.CodePressed(), m.DigitTyped("4")),
        (m.HelpPressed(), m.HelpReasonChosen("price")),
        (m.PriceCheckPressed(),),
    ],
)
def test_leaving_returns_to_exactly_the_shoppers_screen(
    staffed: Bench, place: tuple[m.Message, ...]
) -> None:
    staffed.scan(MILK, COLA).send(*place)
    before = shown(staffed.view)
    staffed.sign_in().send(m.PayPressed(), m.LookupPressed(), m.BackPressed(), m.LeavePressed())
    assert shown(staffed.view) == before
    staffed.send(s.StaffLeavePressed())
    assert staffed.view.staff is None
    assert shown(staffed.view) == before


def test_staff_mode_ends_by_itself_after_two_minutes_without_a_touch(staffed: Bench) -> None:
    begin_register(staffed)
    staffed.scan(MILK).sign_in()
    staffed.wait(100).send(s.StaffLinePressed(1)).wait(119)
    assert staffed.desk.seconds_left == 1
    staffed.wait(1)
    assert staffed.view.staff is None
    (out,) = [x for x in staffed.record() if isinstance(x, StaffSignedOut)]
    assert out.by_itself


def test_nobody_is_asked_whether_they_are_there_while_staff_are(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    for _ in range(4):
        staffed.wait(60).send(s.StaffLinePressed(1))
    assert staffed.sale.phase is Phase.OPEN
    staffed.send(s.StaffLeavePressed()).wait(59)
    assert staffed.view.seconds_left == 0


def test_a_power_cut_signs_out_and_keeps_the_sale(staffed: Bench) -> None:
    staffed.scan(MILK, BEER).sign_in()
    staffed.restart()
    assert staffed.view.staff is None
    assert len(staffed.view.lines) == 2


def test_signing_in_and_out_are_in_the_record_with_the_persons_id(staffed: Bench) -> None:
    begin_register(staffed)
    staffed.sign_in().send(s.StaffLeavePressed())
    one, two = staffed.record()[-2:]
    assert isinstance(one, StaffSignedIn)
    assert isinstance(two, StaffSignedOut)
    assert one.attendant_id == two.attendant_id != ""
    assert "Ingrid" not in repr(staffed.record())


# --- decisions ----------------------------------------------------------------------------------


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


# --- lines --------------------------------------------------------------------------------------


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


def price(bench: Bench, digits: str, reason: str = "damaged") -> None:
    bench.send(s.StaffLinePressed(1), s.PricePressed()).keys(digits)
    bench.send(s.ReasonChosen(reason))


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


def test_scanners_are_silent_on_the_desk(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    assert not staffed.world.scanner.enabled
    staffed.send(staffed.scan_event(COLA))
    assert len(staffed.view.lines) == 1
    staffed.send(s.StaffLeavePressed())
    assert staffed.world.scanner.enabled


# --- the sale and the kiosk ---------------------------------------------------------------------


def test_a_sale_is_voided_for_a_reason_by_somebody(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    staffed.send(s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("cannot_pay"))
    aborted = staffed.record()[-1]
    assert isinstance(aborted, e.SaleAborted)
    assert (aborted.reason, aborted.actor) == ("cannot_pay", e.Actor.STAFF)
    assert staffed.desk.step is StaffStep.DESK
    assert staffed.send(s.StaffLeavePressed()).view.screen is Screen.START


def test_a_sale_with_the_terminal_cannot_be_voided(staffed: Bench) -> None:
    staffed.scan(MILK).to_terminal().badge()
    assert tool(staffed, Tool.VOID_SALE) is Why.BEING_PAID


def test_a_sale_set_aside_goes_on_with_the_same_goods_prices_and_offers(staffed: Bench) -> None:
    staffed.scan(MILK, MILK, COLA, MILK).sign_in("20", "2580")
    price(staffed, "2000")
    total, old = staffed.view.totals, staffed.sale.id
    staffed.send(s.ToolPressed(Tool.SUSPEND))
    assert staffed.sale.phase is Phase.NONE
    code = next(iter(staffed.engine._till.suspended))
    staffed.send(s.StaffLeavePressed()).restart()
    staffed.sign_in().send(s.ToolPressed(Tool.RESUME))
    assert staffed.keys(code).desk.problem is StaffProblem.NOT_ON_SHELF
    staffed.scan(f"{SLIP}{old}")
    assert staffed.view.totals == total
    assert staffed.sale.resumes == old
    staffed.send(s.StaffLeavePressed())
    assert staffed.view.screen is Screen.SCAN


def test_a_sale_set_aside_goes_on_once_and_by_its_short_code_too(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in().send(s.ToolPressed(Tool.SUSPEND))
    code = next(iter(staffed.engine._till.suspended))
    staffed.send(s.ToolPressed(Tool.RESUME)).keys(code)
    assert len(staffed.view.lines) == 1
    staffed.send(s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("mistake"))
    staffed.send(s.ToolPressed(Tool.RESUME)).keys(code)
    assert staffed.desk.problem is StaffProblem.NOT_ON_SHELF


def test_a_sale_that_was_cancelled_cannot_be_taken_up_by_a_made_up_slip(staffed: Bench) -> None:
    staffed.scan(MILK).sign_in()
    old = staffed.sale.id
    staffed.send(s.ToolPressed(Tool.VOID_SALE), s.ReasonChosen("mistake"))
    staffed.send(s.ToolPressed(Tool.RESUME)).scan(f"{SLIP}{old}")
    assert staffed.desk.problem is StaffProblem.NOT_ON_SHELF
    assert staffed.sale.phase is Phase.NONE


def test_beer_set_aside_is_asked_about_again(staffed: Bench) -> None:
    staffed.scan(BEER).sign_in()
    staffed.send(s.DecisionPressed(decision(staffed, e.Interest.AGE), True))
    old = staffed.sale.id
    staffed.send(s.ToolPressed(Tool.SUSPEND), s.ToolPressed(Tool.RESUME)).scan(f"{SLIP}{old}")
    assert [one.kind for one in staffed.desk.decisions] == [e.Interest.AGE]


def test_one_copy_and_no_second(staffed: Bench) -> None:
    staffed.scan(MILK).pay_by_card().take_receipt().sign_in()
    assert staffed.view.screen is Screen.THANKS
    assert tool(staffed, Tool.COPY) is Why.NONE
    staffed.send(s.ToolPressed(Tool.COPY))
    assert [x.copy for x in staffed.record() if isinstance(x, e.PrintStarted)] == [False, True]
    assert tool(staffed, Tool.COPY) is Why.COPY_USED
    staffed.wait(60).send(s.ToolPressed(Tool.COPY))
    assert staffed.kinds().count("PrintStarted") == 2
    staffed.send(s.StaffLeavePressed())
    assert staffed.view.screen is Screen.START


def test_a_pause_takes_no_next_customer_and_lets_this_one_finish(staffed: Bench) -> None:
    begin_register(staffed)
    staffed.scan(MILK).sign_in()
    staffed.send(s.ToolPressed(Tool.PAUSE), s.StaffLeavePressed())
    assert staffed.view.screen is Screen.SCAN
    staffed.pay_by_card().take_receipt().wait(12)
    assert (staffed.view.screen, staffed.view.paused) == (Screen.CLOSED, True)
    staffed.sign_in().send(s.ToolPressed(Tool.PAUSE), s.StaffLeavePressed())
    assert staffed.view.screen is Screen.START
    kinds = [type(x) for x in staffed.record() if isinstance(x, KioskClosed | KioskOpened)]
    assert kinds == [KioskClosed, KioskOpened]


def test_closed_becomes_open_in_the_same_place(staffed: Bench) -> None:
    staffed.sign_in().send(s.ToolPressed(Tool.CLOSE))
    assert staffed.desk.tools[5].tool is Tool.OPEN
    staffed.send(s.ToolPressed(Tool.OPEN), s.StaffLeavePressed())
    assert staffed.view.screen is Screen.START


def test_a_device_check_is_printed_and_recorded(staffed: Bench) -> None:
    begin_register(staffed)
    staffed.sign_in("30", "3690").send(s.ToolPressed(Tool.DEVICE_CHECK))
    (checked,) = [x for x in staffed.record() if isinstance(x, DevicesChecked)]
    assert checked.faults == ()
    staffed.send(s.ToolPressed(Tool.MORE))
    assert staffed.desk.facts is not None
    kinds = {device.name: device.kind for device in staffed.desk.facts.devices}
    assert kinds["badge-1"] is DeviceKind.BADGE


def test_a_badge_reader_does_not_hide_that_the_scanner_is_gone(staffed: Bench) -> None:
    from drivers.contracts import DeviceState

    staffed.world.scanner.say(DeviceState.LOST)
    staffed.pump()
    assert staffed.view.screen is Screen.OUT_OF_ORDER
