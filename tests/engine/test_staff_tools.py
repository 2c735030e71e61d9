"""What an attendant does with the sale and with the kiosk."""

from drivers.contracts import DeviceKind
from kiosk.engine import staff_messages as s
from kiosk.engine.shelf import SLIP
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool, Why
from kiosk.engine.view import Screen
from kiosk.fiscal.events import (
    DevicesChecked,
    KioskClosed,
    KioskOpened,
)
from kiosk.sale import events as e
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, MILK, Bench
from tests.engine.staffing import begin_register, decision, price, tool


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
