"""The way into staff mode and back: who gets in, and that the shopper finds everything again."""

from dataclasses import replace

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.engine.view import Screen
from kiosk.fiscal.events import (
    SignInRefused,
    StaffSignedIn,
    StaffSignedOut,
)
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, INGRID, MILK, Bench
from tests.engine.staffing import begin_register, shown

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
