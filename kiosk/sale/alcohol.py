"""The hours in which a shop may sell and hand over beer. Pure: date, time and calendar come in.

Source: alkoholloven § 3-7. The statute's own hours are 08 to 18, and 08 to 15 before Sundays and
public holidays; a municipality may allow up to 20, and up to 18 before Sundays and public
holidays. Never on Sundays, public holidays, 1 and 17 May. The day before Ascension Day, 1 May or
17 May is an ordinary weekday, unless a Sunday follows. On some eves (Easter, Whitsun, Christmas,
New Year) municipalities differ: those dates stand in `special`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

SATURDAY: Final = 5
SUNDAY: Final = 6
NO_HOLIDAYS: Final[frozenset[str]] = frozenset()


def minutes(clock: str) -> int:
    """Return "08.00", or "08:00:30", as whole minutes since midnight."""
    hour, minute = clock.replace(".", ":").split(":")[:2]
    return int(hour) * 60 + int(minute)


LATEST: Final = minutes("20.00")
LATEST_BEFORE_HOLIDAY: Final = minutes("18.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class AlcoholHours:
    """One row of the dated table: hours of one municipality from a date on. "HH.MM", local."""

    municipality: str = ""
    """Its number, e.g. "0301"; empty for the statute's own hours."""
    valid_from: str = ""
    """Local ISO date, included; empty is always."""
    opens: str = "08.00"
    closes: str = "18.00"
    before_holiday: str = "15.00"
    """When it closes on the day before a Sunday or public holiday."""
    special: tuple[tuple[str, str], ...] = ()
    """Dates that close at another time: (ISO date, "HH.MM"), or an empty time for not at all."""

    def __post_init__(self) -> None:
        """No municipality may go beyond what the law lets it, and a time must be one."""
        for clock in (self.opens, *(clock for _, clock in self.special if clock)):
            minutes(clock)  # else the first beer of the day would find it out
        if minutes(self.closes) > LATEST:
            raise ValueError("alcohol cannot be sold after 20.00")
        if minutes(self.before_holiday) > LATEST_BEFORE_HOLIDAY:
            raise ValueError("alcohol cannot be sold after 18.00 before Sundays and holidays")


STATUTE: Final = AlcoholHours()
MAY_DAYS: Final = ("05-01", "05-17")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A local date and the one after it, with its place in the week: 0 is Monday, 6 is Sunday."""

    date: str
    weekday: int
    tomorrow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days that the hours depend on, as ISO dates. 1 and 17 May and Sundays are known here."""

    holidays: frozenset[str] = field(default=NO_HOLIDAYS)
    ordinary_eve: frozenset[str] = field(default=NO_HOLIDAYS)
    """Holidays whose eve is an ordinary weekday: Ascension Day."""


def row_of(table: Sequence[AlcoholHours], day: str) -> AlcoholHours:
    """Return the newest row that is in force on a local ISO date; the statute without one."""
    in_force = [row for row in table if row.valid_from <= day]
    return max(in_force, key=lambda row: row.valid_from, default=STATUTE)


def hours_of(table: Sequence[AlcoholHours], day: Day, calendar: Calendar) -> tuple[int, int] | None:
    """Return opening and closing in minutes since midnight, or None when nothing may be sold."""
    if _is_dry(day, calendar):
        return None
    row = row_of(table, day.date)
    closes = minutes(row.before_holiday if _is_eve(day, calendar) else row.closes)
    special = dict(row.special).get(day.date)
    if special == "":
        return None
    if special is not None:
        closes = min(closes, minutes(special))
    opens = minutes(row.opens)
    return (opens, closes) if opens < closes else None


def may_sell(table: Sequence[AlcoholHours], day: Day, clock: str, calendar: Calendar) -> bool:
    """Return whether beer may be sold at a local time "HH:MM"; closing time itself is too late."""
    hours = hours_of(table, day, calendar)
    return hours is not None and hours[0] <= minutes(clock) < hours[1]


def _is_dry(day: Day, calendar: Calendar) -> bool:
    return day.weekday == SUNDAY or day.date[5:] in MAY_DAYS or day.date in calendar.holidays


def _is_eve(day: Day, calendar: Calendar) -> bool:
    if day.weekday == SATURDAY:
        return True
    if day.tomorrow[5:] in MAY_DAYS:
        return False
    return day.tomorrow in calendar.holidays and day.tomorrow not in calendar.ordinary_eve
