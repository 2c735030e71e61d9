"""Beer and the clock: at the scan, at the payment, and when somebody sets the clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.view import Notice, Screen
from kiosk.fiscal.events import ClockTrusted
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


# --- the clock is set back, and the kiosk is started again ---------------------------------------


def set_back_and_restart(bench: Bench, hours: float, **down: float) -> None:
    """Set the clock back while the kiosk is off."""
    bench.clock._start -= timedelta(hours=hours)
    bench.restart(**down)


@pytest.fixture
def kept(make_bench: Callable[..., Bench]) -> Bench:
    """A kiosk with a register, staff, and a sale of milk at 18.10 in its record."""
    bench = make_bench(staffed=True, signed=True)
    bench.wait(8 * HOUR + 600).scan(MILK).pay_by_card().take_receipt().wait(60)
    return bench


def clock_calls(bench: Bench) -> list[str]:
    return [one.detail for one in bench.view.waiting if one.kind is Interest.DEVICE]


def test_set_back_over_closing_time_and_started_again_it_sells_no_beer(kept: Bench) -> None:
    set_back_and_restart(kept, 1)  # 17.11 by the clock
    kept.scan(MILK, BEER)
    assert kept.view.notice is Notice.CLOCK_DOUBT
    assert [line.name for line in kept.view.lines] == ["Lettmelk 1 l"]
    assert clock_calls(kept) == ["clock"]
    kept.pay_by_card()
    assert kept.view.screen is Screen.RECEIPT, "milk is sold by any clock"
    assert kept.kinds().count("ClockDoubted") == 1


def test_the_doubt_outlives_further_starts_also_when_the_clock_has_passed_the_record(
    kept: Bench,
) -> None:
    set_back_and_restart(kept, 12)  # 06.11 on a day that was over
    kept.restart()
    kept.wait(12 * HOUR)
    kept.scan(MILK).pay_by_card().take_receipt().wait(60)
    kept.restart()
    kept.scan(BEER)
    assert kept.view.notice is Notice.CLOCK_DOUBT
    assert kept.kinds().count("ClockDoubted") == 1


def test_a_clock_that_is_put_right_is_believed_again_and_the_call_goes_away(kept: Bench) -> None:
    set_back_and_restart(kept, 24 * 3)
    kept.scan(MILK, BEER)
    assert clock_calls(kept) == ["clock"]
    kept.clock._start += timedelta(hours=24 * 3 + 15)  # the network's time, next morning
    kept.wait(60)
    assert clock_calls(kept) == []
    kept.scan(BEER)
    assert kept.view.lines[-1].name == "Pilsner 0.5 l"
    assert kept.kinds().count("ClockTrusted") == 1


def test_an_attendant_here_may_say_that_it_is_right_and_nobody_from_afar(kept: Bench) -> None:
    set_back_and_restart(kept, 10)  # 08.11: the clock had been wrong before
    kept.scan(MILK, BEER)
    (call,) = [one for one in kept.view.waiting if one.kind is Interest.DEVICE]
    kept.send(m.StaffSettled(call.id, True, "12", where="remote"))
    kept.scan(BEER)
    assert kept.view.notice is Notice.CLOCK_DOUBT
    kept.sign_in()
    (one,) = [one for one in kept.desk.decisions if one.detail == "clock"]
    assert one.clock == "08.11", "so that they can hold it against their own"
    kept.send(s.DecisionPressed(one.id, True), s.StaffLeavePressed())
    kept.scan(BEER)
    assert kept.view.lines[-1].name == "Pilsner 0.5 l"
    trusted = [event for event in kept.record() if isinstance(event, ClockTrusted)]
    assert [bool(event.attendant_id) for event in trusted] == [True]
    kept.restart()
    assert not kept.engine._till.hours.in_doubt, "what was written before says nothing any more"


def test_a_clock_that_network_time_moves_by_seconds_is_not_in_doubt(kept: Bench) -> None:
    set_back_and_restart(kept, 45 / 3600, down_s=1)
    assert "ClockDoubted" not in kept.kinds()


def test_beer_of_a_sale_that_was_cut_off_is_not_paid_for_on_a_doubtful_clock(
    make_bench: Callable[..., Bench],
) -> None:
    bench = make_bench(staffed=True, signed=True)
    bench.wait(7 * HOUR).scan(BEER)
    approve_age(bench)
    set_back_and_restart(bench, 2)
    bench.send(m.PayPressed())
    assert bench.view.screen is not Screen.PAY
    assert bench.view.notice is Notice.CLOCK_DOUBT
    assert clock_calls(bench) == ["clock"]
    assert bench.sale.phase is Phase.OPEN
