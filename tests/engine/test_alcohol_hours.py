"""Beer and the clock: at the scan, at the payment, and when somebody sets the clock."""

from collections.abc import Callable
from datetime import timedelta

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.view import Notice, Screen
from kiosk.sale.events import Interest, Method
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, MILK, Bench

HOUR = 3600
"""The bench opens on a Monday at 10.00 local; the statute closes at 18.00."""


def approve_age(bench: Bench) -> None:
    age = next(one for one in bench.view.waiting if one.kind is Interest.AGE)
    bench.send(m.StaffSettled(age.id, True, "s-1"))


def test_beer_is_refused_at_the_scan_when_it_is_too_late(bench: Bench) -> None:
    bench.wait(8 * HOUR).scan(BEER)
    assert bench.view.notice is Notice.ALCOHOL_HOURS
    assert bench.view.lines == ()
    assert bench.view.sold_again == ""
    assert bench.world.scanner.error_tones == 1


def test_in_the_morning_it_is_told_from_when_it_is_sold(bench: Bench) -> None:
    bench.wait(20 * HOUR).scan(BEER)  # Tuesday 06.00
    assert bench.view.sold_again == "08.00"


def test_beer_scanned_in_time_is_looked_at_again_when_payment_starts(bench: Bench) -> None:
    bench.wait(8 * HOUR - 30).scan(MILK, BEER)
    approve_age(bench)
    bench.send(m.PayPressed(), m.BagsConfirmed()).wait(30).send(m.MethodChosen(Method.CARD))
    assert bench.view.screen is Screen.NEEDS_STAFF
    assert [one.kind for one in bench.view.waiting] == [Interest.ALCOHOL_HOURS]
    assert bench.sale.phase is Phase.OPEN


def test_nobody_can_approve_it_and_taking_the_beer_out_resolves_it(staffed: Bench) -> None:
    staffed.wait(8 * HOUR - 30).scan(MILK, BEER)
    approve_age(staffed)
    staffed.wait(40).send(m.PayPressed()).sign_in()
    (one,) = staffed.desk.decisions
    staffed.send(s.DecisionPressed(one.id, True))
    assert len(staffed.desk.decisions) == 1
    staffed.send(s.StaffLeavePressed(), m.RemovePressed(2))
    assert staffed.view.waiting == ()
    assert staffed.view.screen is Screen.SCAN
    staffed.pay_by_card()
    assert staffed.view.screen is Screen.RECEIPT


def test_a_clock_set_back_over_closing_time_opens_nothing(bench: Bench) -> None:
    bench.wait(8 * HOUR + 60)
    bench.clock._start -= timedelta(hours=2)
    bench.scan(BEER)
    assert bench.view.notice is Notice.ALCOHOL_HOURS


def test_the_other_goods_of_a_late_sale_are_paid_for(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench()
    bench.wait(10 * HOUR).scan(MILK).pay_by_card()
    assert bench.view.screen is Screen.RECEIPT
