"""Whether alcohol may be sold now: the clock, the calendar and the pure rule brought together.

The time that counts is the later of two: the machine's time of day, and what it must be at least:
the time of day at the start, or of the newest event in the record where that is later, plus what
has really passed since. So a clock that is set back over closing time opens nothing, not even when
the kiosk is started again. `clock_doubt` is about a start behind the record.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.engine.clock import Clock
from kiosk.sale.alcohol import AlcoholHours, Calendar, Day, hours_of, may_sell

ASCENSION = "Ascension Day"
CLOCK: Final = "clock"
"""What an intervention about a device says when the clock is meant."""
TOLERANCE: Final = timedelta(seconds=60)
"""A clock may be put right by so much without being in doubt."""


@lru_cache(maxsize=8)
def calendar_of(year: int) -> Calendar:
    """Return Norway's public holidays of a year and of 1 January after it."""
    import holidays  # only when there is alcohol to sell: it is slow to import

    days = holidays.country_holidays(
        "NO", years=(year, year + 1), language="en_US", include_sundays=False
    )
    return Calendar(
        holidays=frozenset(day.isoformat() for day in days),
        ordinary_eve=frozenset(day.isoformat() for day, name in days.items() if ASCENSION in name),
    )


class SaleHours:
    """The hours of one kiosk."""

    def __init__(self, table: Sequence[AlcoholHours], clock: Clock, zone: ZoneInfo) -> None:
        self._table = tuple(table)
        self._clock = clock
        self._zone = zone
        self.in_doubt = False
        """Whether the clock stood behind the record, and nobody has said since that it is right."""
        self._trust_from(clock.utc_now())

    def _trust_from(self, moment: datetime) -> None:
        self._began = moment
        self._began_ns = self._clock.monotonic_ns()

    def doubt(self, at_least: datetime) -> None:
        """Sell no alcohol: it must be later than the clock says, at least `at_least`."""
        self.in_doubt = True
        self._trust_from(max(at_least, self._clock.utc_now()))

    def trust(self) -> None:
        """Believe the clock from now on."""
        self.in_doubt = False
        self._trust_from(self._clock.utc_now())

    def caught_up(self) -> bool:
        """Return whether the clock says at least what it must be by now: somebody has set it."""
        return self._clock.utc_now() + TOLERANCE >= self._at_least()

    def open_now(self) -> bool:
        """Return whether alcohol may be sold at this moment."""
        if self.in_doubt:
            return False
        return all(self._open_at(moment) for moment in self._moments())

    def opens_today(self) -> str:
        """Return local "HH.MM" when it will be sold again today; empty when not today."""
        local = max(self._moments()).astimezone(self._zone)
        hours = hours_of(self._table, _day(local), calendar_of(local.year))
        if hours is None or local.hour * 60 + local.minute >= hours[0]:
            return ""
        return f"{hours[0] // 60:02d}.{hours[0] % 60:02d}"

    def _moments(self) -> tuple[datetime, ...]:
        return (self._clock.utc_now(), self._at_least())

    def _at_least(self) -> datetime:
        passed_us = (self._clock.monotonic_ns() - self._began_ns) // 1000
        return self._began + timedelta(microseconds=passed_us)

    def _open_at(self, moment: datetime) -> bool:
        local = moment.astimezone(self._zone)
        return may_sell(self._table, _day(local), f"{local:%H:%M}", calendar_of(local.year))


def _day(local: datetime) -> Day:
    tomorrow = local.date() + timedelta(days=1)
    return Day(
        date=local.date().isoformat(), weekday=local.weekday(), tomorrow=tomorrow.isoformat()
    )
