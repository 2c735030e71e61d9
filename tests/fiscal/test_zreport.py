"""When a Z is due: cases of the calendar, by hand."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from kiosk.fiscal.zreport import (
    Standing,
    ZDue,
    ZRefused,
    ZRules,
    business_day,
    check_may_make,
    due,
)

OSLO = ZoneInfo("Europe/Oslo")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def standing(
    now: str, first: str | None = None, last: str | None = None, *, sale_open: bool = False
) -> Standing:
    return Standing(
        now=at(now),
        first_sale=at(first) if first else None,
        last_day=date.fromisoformat(last) if last else None,
        sale_open=sale_open,
    )


@pytest.mark.parametrize(
    ("now", "first", "last", "expected", "day"),
    [
        # Nothing was sold: nothing is owed, however long ago the last Z was.
        ("2026-11-21 23:59", None, None, ZDue.NOTHING, None),
        ("2026-11-24 09:00", None, "2026-11-21", ZDue.NOTHING, None),
        # An ordinary day.
        ("2026-11-21 12:00", "2026-11-21 08:00", "2026-11-20", ZDue.LATER, "2026-11-21"),
        ("2026-11-21 23:54:59", "2026-11-21 08:00", "2026-11-20", ZDue.LATER, "2026-11-21"),
        ("2026-11-21 23:55", "2026-11-21 08:00", "2026-11-20", ZDue.NOW, "2026-11-21"),
        # The kiosk was off from its last sale on: the old day comes first, days off owe none.
        ("2026-11-24 07:00", "2026-11-21 20:00", "2026-11-20", ZDue.NOW, "2026-11-21"),
        # A sale across midnight began the day before, and that day is closed after it.
        ("2026-11-22 00:04", "2026-11-21 08:00", "2026-11-20", ZDue.NOW, "2026-11-21"),
        # A sale between the Z and midnight is the next day's.
        ("2026-11-21 23:58", "2026-11-21 23:57", "2026-11-21", ZDue.LATER, "2026-11-22"),
        ("2026-11-22 12:00", "2026-11-21 23:57", "2026-11-21", ZDue.LATER, "2026-11-22"),
        ("2026-11-22 23:55", "2026-11-21 23:57", "2026-11-21", ZDue.NOW, "2026-11-22"),
        # The clock was set back over the last Z: the day goes on counting upwards.
        ("2026-11-21 12:00", "2026-11-21 11:00", "2026-11-22", ZDue.LATER, "2026-11-23"),
        # A Z that was made under a clock a year ahead does not stop this year's.
        ("2026-11-21 23:56", "2026-11-21 11:00", "2027-11-20", ZDue.NOW, "2026-11-21"),
    ],
)
def test_a_z_is_due(now: str, first: str | None, last: str | None, expected: ZDue, day) -> None:
    here = standing(now, first, last)
    assert due(here) is expected
    assert business_day(here) == (date.fromisoformat(day) if day else None)


def test_an_open_sale_holds_the_z_back_also_over_midnight() -> None:
    for now in ("2026-11-21 23:55", "2026-11-22 00:30", "2026-11-23 10:00"):
        waiting = standing(now, "2026-11-21 08:00", sale_open=True)
        assert due(waiting) is ZDue.AFTER_SALE
        with pytest.raises(ZRefused, match="A sale is open"):
            check_may_make(waiting)


def test_staff_may_close_the_day_early_but_once() -> None:
    assert check_may_make(standing("2026-11-21 17:00", "2026-11-21 08:00")) == date(2026, 11, 21)
    with pytest.raises(ZRefused, match="Nothing was registered"):
        check_may_make(standing("2026-11-21 17:01", None, "2026-11-21"))
    with pytest.raises(ZRefused, match="2026-11-21 is made"):
        check_may_make(standing("2026-11-21 18:00", "2026-11-21 17:30", "2026-11-21"))


def test_an_hour_that_does_not_exist_is_not_waited_for() -> None:
    """29 March 2026: the clock goes from 02:00 to 03:00, and the Z is set for 02:30."""
    rules = ZRules(at=time(2, 30))
    before = Standing(
        now=datetime(2026, 3, 29, 0, 59, tzinfo=UTC).astimezone(OSLO),
        first_sale=at("2026-03-29 00:10"),
        last_day=date(2026, 3, 28),
        sale_open=False,
    )
    after = Standing(
        now=datetime(2026, 3, 29, 1, 0, tzinfo=UTC).astimezone(OSLO),
        first_sale=before.first_sale,
        last_day=before.last_day,
        sale_open=False,
    )
    assert (before.now.hour, after.now.hour) == (1, 3)
    assert due(before, rules) is ZDue.LATER
    assert due(after, rules) is ZDue.NOW


def test_an_hour_that_comes_twice_closes_one_day() -> None:
    """25 October 2026: 02:30 comes at 00:30 and at 01:30 UTC."""
    rules = ZRules(at=time(2, 30))
    first, second = (
        datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(OSLO) for hour in (0, 1)
    )
    assert first.time() == second.time() == time(2, 30)
    sold = at("2026-10-25 00:10")
    here = Standing(now=first, first_sale=sold, last_day=date(2026, 10, 24), sale_open=False)
    assert due(here, rules) is ZDue.NOW
    again = Standing(now=second, first_sale=first, last_day=date(2026, 10, 25), sale_open=False)
    assert due(again, rules) is ZDue.LATER


def test_a_time_without_a_zone_is_never_taken_for_local() -> None:
    with pytest.raises(AssertionError, match="needs its time zone"):
        due(
            Standing(
                now=datetime(2026, 1, 1),
                first_sale=None,
                last_day=None,
                sale_open=False,
            )
        )
