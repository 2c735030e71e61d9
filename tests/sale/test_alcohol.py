"""When beer may be sold: the statute, a municipality's table, Sundays, holidays and their eves."""

from datetime import date, timedelta

import pytest

from kiosk.engine.hours import calendar_of
from kiosk.sale.alcohol import STATUTE, AlcoholHours, Day, hours_of, may_sell, row_of

WIDE = AlcoholHours(municipality="0301", closes="20.00", before_holiday="18.00")
"""As wide as the law lets a municipality be."""


def day_of(text: str) -> Day:
    day = date.fromisoformat(text)
    tomorrow = (day + timedelta(days=1)).isoformat()
    return Day(date=text, weekday=day.weekday(), tomorrow=tomorrow)


def hours(text: str, *table: AlcoholHours) -> tuple[str, str] | None:
    day = day_of(text)
    found = hours_of(table or (WIDE,), day, calendar_of(int(text[:4])))
    if found is None:
        return None
    opens, closes = (f"{minute // 60:02d}.{minute % 60:02d}" for minute in found)
    return opens, closes


# Source of the days: norske høytidsdager 2026 and 2027; of the hours: alkoholloven § 3-7.
@pytest.mark.parametrize(
    ("day", "closes"),
    [
        ("2026-03-04", "20.00"),  # Wednesday
        ("2026-03-07", "18.00"),  # Saturday
        ("2026-04-01", "18.00"),  # Wednesday before Maundy Thursday
        ("2026-04-04", "18.00"),  # Easter Saturday
        ("2026-04-30", "20.00"),  # Thursday before 1 May: an ordinary weekday
        ("2026-05-13", "20.00"),  # Wednesday before Ascension Day: an ordinary weekday
        ("2026-05-16", "18.00"),  # 17 May 2026 is a Sunday, and its Saturday is one
        ("2026-12-24", "18.00"),  # Thursday before Christmas Day
        ("2026-12-31", "18.00"),  # Thursday before New Year's Day of another year
        ("2027-04-30", "20.00"),  # Friday before 1 May, a Saturday
    ],
)
def test_the_last_hour_of_a_day(day: str, closes: str) -> None:
    assert hours(day) == ("08.00", closes)


@pytest.mark.parametrize(
    "day",
    [
        "2026-03-08",  # Sunday
        "2026-04-02",  # Maundy Thursday
        "2026-04-03",
        "2026-04-06",  # Easter Monday
        "2026-05-01",
        "2026-05-14",  # Ascension Day
        "2026-05-25",  # Whit Monday
        "2027-05-17",
        "2026-12-25",
        "2026-12-26",
        "2027-01-01",
    ],
)
def test_nothing_is_sold_on_sundays_holidays_and_in_may(day: str) -> None:
    assert hours(day) is None


def test_the_statutes_own_hours_hold_where_no_municipality_decided() -> None:
    assert hours("2026-03-04", STATUTE) == ("08.00", "18.00")
    assert hours("2026-03-07", STATUTE) == ("08.00", "15.00")


def test_the_closing_minute_is_too_late_and_the_opening_minute_is_not() -> None:
    def at(clock: str) -> bool:
        return may_sell((WIDE,), day_of("2026-03-04"), clock, calendar_of(2026))

    assert [at(clock) for clock in ("07:59", "08:00", "19:59", "20:00")] == [
        False,
        True,
        True,
        False,
    ]


def test_an_eve_with_hours_of_its_own_only_ever_closes_earlier() -> None:
    row = AlcoholHours(
        closes="20.00",
        before_holiday="18.00",
        special=(("2026-12-24", "13.00"), ("2026-04-04", ""), ("2026-03-07", "20.00")),
    )
    assert hours("2026-12-24", row) == ("08.00", "13.00")
    assert hours("2026-04-04", row) is None
    assert hours("2026-03-07", row) == ("08.00", "18.00")


def test_a_new_row_counts_from_its_day_on() -> None:
    new = AlcoholHours(valid_from="2026-07-01", closes="19.00")
    assert row_of((WIDE, new), "2026-06-30") is WIDE
    assert row_of((WIDE, new), "2026-07-01") is new
    assert row_of((new,), "2026-06-30") is STATUTE


@pytest.mark.parametrize("more", [{"closes": "20.01"}, {"before_holiday": "18.30"}])
def test_no_municipality_goes_beyond_the_law(more: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="cannot be sold after"):
        AlcoholHours(**more)
