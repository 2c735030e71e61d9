"""Hours of alcohol by municipality. Sources stand in each row of alcohol_hours.toml."""

from datetime import date, timedelta

import pytest

from kiosk.engine.hours import calendar_of
from kiosk.rules.hours import NoSuchMunicipality, alcohol_hours, hours_warning, municipality
from kiosk.rules.tables import HoursRow, table
from kiosk.sale.alcohol import STATUTE, Day, hours_of

TODAY = date(2026, 11, 22)


def hours_on(name: str, day: date) -> tuple[int, int] | None:
    tomorrow = day + timedelta(days=1)
    place = Day(date=day.isoformat(), weekday=day.weekday(), tomorrow=tomorrow.isoformat())
    return hours_of((alcohol_hours(municipality(name), TODAY),), place, calendar_of(day.year))


@pytest.mark.parametrize(
    ("name", "day", "closes"),
    [
        ("Oslo", date(2026, 11, 24), 20),  # a Tuesday
        ("Oslo", date(2026, 11, 28), 18),  # a Saturday
        ("Oslo", date(2027, 3, 24), 18),  # the Wednesday before Maundy Thursday
        ("Oslo", date(2027, 3, 27), 16),  # Easter eve
        ("Oslo", date(2027, 5, 15), 16),  # Whitsun eve
        ("Oslo", date(2027, 5, 5), 20),  # before Ascension Day: an ordinary weekday
        ("Oslo", date(2026, 12, 24), 16),
        ("Oslo", date(2026, 12, 31), 18),
        ("Bergen", date(2026, 12, 31), 15),
        ("Nordkapp", date(2027, 3, 27), 18),
        ("Lovens egne tider", date(2026, 11, 24), 18),
        ("Lovens egne tider", date(2026, 12, 24), 15),
    ],
)
def test_closing_time_on_days_that_differ(name: str, day: date, closes: int) -> None:
    hours = hours_on(name, day)
    assert hours is not None
    assert hours[1] == closes * 60


def test_oslo_opens_at_nine() -> None:
    assert hours_on("0301", date(2026, 11, 24)) == (9 * 60, 20 * 60)


@pytest.mark.parametrize("row", table("alcohol_hours", HoursRow).row, ids=lambda row: row.name)
def test_no_municipality_sells_on_a_sunday_or_on_17_may(row: HoursRow) -> None:
    assert hours_on(row.municipality, date(2026, 11, 22)) is None
    assert hours_on(row.municipality, date(2027, 5, 17)) is None


@pytest.mark.parametrize("day", [date(2025, 9, 8), date(2027, 9, 13)])
def test_an_old_by_law_sells_nothing_on_election_day(day: date) -> None:
    assert hours_on("Bergen", day) is None
    assert hours_on("Oslo", day) == (9 * 60, 20 * 60)


def test_the_statute_in_the_table_is_the_statute_in_the_code() -> None:
    row = alcohol_hours(municipality("0000"), TODAY)
    assert (row.opens, row.closes, row.before_holiday) == (
        STATUTE.opens,
        STATUTE.closes,
        STATUTE.before_holiday,
    )


def test_a_municipality_is_found_by_number_and_by_name_in_any_case() -> None:
    assert municipality("0301") is municipality(" OSLO ")


def test_an_unknown_municipality_is_told_what_to_do() -> None:
    with pytest.raises(NoSuchMunicipality, match=r"Atlantis.*selling\.alcohol_hours"):
        municipality("Atlantis")


def test_a_municipality_read_long_ago_or_at_no_known_time_warns_until_it_is_confirmed() -> None:
    for name in ("Bergen", "Drammen"):
        row = municipality(name)
        assert hours_warning(row, TODAY) is not None
        assert hours_warning(row, TODAY, confirmed_on=date(2026, 6, 1)) is None
