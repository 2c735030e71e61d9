"""From a municipality's row to the hours the sale understands: its eves become dates."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from dateutil.easter import easter

from kiosk.rules.tables import HoursRow, RuleWarning, old, table
from kiosk.sale.alcohol import AlcoholHours

YEARS_AHEAD: Final = 15
"""For how long a kiosk that nobody restarts knows its eves. Then they are ordinary eves again."""
MONDAY: Final = 0


class NoSuchMunicipality(Exception):
    """The table does not know it; says what it knows and what to do instead."""


def municipality(name_or_number: str) -> HoursRow:
    """Return a municipality's row by its number, e.g. "0301", or its name in any case.

    Raises:
        NoSuchMunicipality: with the ones that are known.
    """
    rows: tuple[HoursRow, ...] = table("alcohol_hours", HoursRow).row
    wanted = name_or_number.strip().casefold()
    for row in rows:
        if wanted in (row.municipality, row.name.casefold()):
            return row
    known = ", ".join(row.name for row in rows[1:])
    raise NoSuchMunicipality(
        f"The hours of {name_or_number!r} are not in the table (known: {known}). Write them down "
        "yourself as [[selling.alcohol_hours]], from the municipality's own page."
    )


def alcohol_hours(row: HoursRow, today: date) -> AlcoholHours:
    """Return a row's hours with the dates of its eves, from last year on."""
    years = range(today.year - 1, today.year + YEARS_AHEAD)
    special = [pair for year in years for pair in _special(row, year)]
    return AlcoholHours(
        municipality=row.municipality,
        opens=row.opens,
        closes=row.closes,
        before_holiday=row.before_holiday,
        special=tuple(special),
    )


def hours_warning(
    row: HoursRow, today: date, confirmed_on: date | None = None
) -> RuleWarning | None:
    """Return a warning when a municipality's row is older than a year, or of unknown age."""
    read_on = row.read_on or date(2000, 1, 1)
    return old(f"alcohol_hours ({row.name})", read_on, today, confirmed_on)


def _special(row: HoursRow, year: int) -> Iterator[tuple[str, str]]:
    sunday = easter(year)
    eves = (
        (sunday - timedelta(days=1), row.easter_eve),
        (sunday + timedelta(days=48), row.whitsun_eve),
        (date(year, 12, 24), row.christmas_eve),
        (date(year, 12, 31), row.new_years_eve),
    )
    yield from ((day.isoformat(), closes) for day, closes in eves if closes)
    if row.no_sale_on_election_day and year % 2:
        yield _election_day(year).isoformat(), ""


def _election_day(year: int) -> date:
    """Return the Monday of an election, Storting and municipal by turns, in an odd year.

    Valgloven: a Monday in September that the King sets; it was the second one in 2021, 2023 and
    2025. Where another is set the shop writes its hours down as [[selling.alcohol_hours]].
    """
    first = date(year, 9, 1)
    return first + timedelta(days=(MONDAY - first.weekday()) % 7 + 7)
