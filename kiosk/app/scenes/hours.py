"""When the demonstration takes place: a day on which beer is sold, whatever the hour now."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from kiosk.engine.hours import calendar_of
from kiosk.sale.alcohol import STATUTE, Day, hours_of

OSLO: Final = ZoneInfo("Europe/Oslo")
BEFORE_CLOSING: Final = timedelta(minutes=90)
AFTER_CLOSING: Final = timedelta(minutes=10)
DAYS_LOOKED_AT: Final = 30


def selling_day(now: datetime) -> tuple[datetime, datetime]:
    """Return a time at which beer is sold, and one at which it is no more, on the same day.

    It is the last day before `now` on which it was sold at all, by the statute's own hours.
    """
    today = now.astimezone(OSLO).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(1, DAYS_LOOKED_AT):
        day = today - timedelta(days=back)
        if hours := hours_of((STATUTE,), _day(day), calendar_of(day.year)):
            closes = day.replace(hour=hours[1] // 60, minute=hours[1] % 60)
            return closes - BEFORE_CLOSING, closes + AFTER_CLOSING
    raise AssertionError(f"no beer was sold in {DAYS_LOOKED_AT} days before {now}")


def _day(day: datetime) -> Day:
    tomorrow = day.date() + timedelta(days=1)
    return Day(date=day.date().isoformat(), weekday=day.weekday(), tomorrow=tomorrow.isoformat())
