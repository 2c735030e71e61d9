"""When a Z is due, and for which day. Dates in, answer out: no clock, no journal.

The rules:

1. One Z for each local day with sales, gap-free, and never the same day twice.
2. It is due at `ZRules.at` of that day, or as soon after as no sale is open: a sale across
   midnight still belongs to the day it began in, and holds that day's Z back.
3. A day that ended without (the kiosk was off, or a sale was in doubt) gets its Z first of all;
   one Z for all that was registered. Days without sales owe none.
4. What is sold after a day's Z belongs to the next day's.

Local time decides, so on the days when the clocks change nothing is due twice or never: times that
do not exist have passed when the hour after them begins, and one that comes twice finds its day
closed.

Sources: Kassasystemforskriften sections 2-8-2 and 2-8-3 (running number, no open sale);
Bokføringsforskriften section 5-3-2 and the tax authority's answers (one Z each day, made that day).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from kiosk.sale.invariant import require

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ZRules:
    """When the day is closed: after the shop has closed and before midnight."""

    at: time = time(23, 55)


class ZDue(StrEnum):
    """Whether a Z is owed now."""

    NOTHING = "nothing"
    """Nothing was registered since the last one."""
    LATER = "later"
    NOW = "now"
    AFTER_SALE = "after_sale"
    """It would be now, but a sale is open, or a payment in doubt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a register stands between two Z."""

    now: datetime
    """Local, aware."""
    first_sale: datetime | None
    """When the first sale since the last Z began, local; None when there was none."""
    last_day: date | None
    """The day that the last Z closed."""
    sale_open: bool


def business_day(standing: Standing) -> date | None:
    """Return the day that the next Z closes; None when there is nothing to close."""
    if standing.first_sale is None:
        return None
    day = standing.first_sale.date()
    last = standing.last_day
    if last is None or day > last:
        return day
    # A Z far ahead of today was made under a wrong clock: waiting for its morrow would leave the
    # kiosk without a Z until then.
    return day if last > standing.now.date() + _DAY else last + _DAY


def due(standing: Standing, rules: ZRules | None = None) -> ZDue:
    """Return whether a Z is owed now."""
    require(standing.now.tzinfo is not None, "a local time needs its time zone")
    at = (rules or ZRules()).at
    day = business_day(standing)
    if day is None:
        return ZDue.NOTHING
    today = standing.now.date()
    if day > today or (day == today and standing.now.time() < at):
        return ZDue.LATER
    return ZDue.AFTER_SALE if standing.sale_open else ZDue.NOW


class ZRefused(Exception):
    """A Z that somebody asked for must not be made. The message says why.

    Example scenarios: a sale is open; this day has its Z already; nothing was sold since.
    """


def check_may_make(standing: Standing) -> date:
    """Return the day that a Z made now closes: staff may close a day before its hour.

    Raises:
        ZRefused: a sale is open, nothing was sold, or today's Z is made.
    """
    day = business_day(standing)
    if standing.sale_open:
        raise ZRefused("A sale is open, or a payment in doubt. Finish or cancel it first.")
    if day is None:
        raise ZRefused("Nothing was registered since the last Z report, so none is owed.")
    if day > standing.now.date():
        raise ZRefused(f"The Z report of {standing.now.date()} is made; the next is tomorrow's.")
    return day
