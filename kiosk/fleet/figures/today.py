"""The cards over the table: today so far, yesterday until the same hour, a line of what was."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from kiosk.fleet.api.more_types import Figure, Figures
from kiosk.fleet.calling import that_call
from kiosk.fleet.figures import charts, counts
from kiosk.fleet.figures.scope import Scope, buckets, midnight, spans
from kiosk.fleet.store import tables as t
from kiosk.fleet.store.database import Database
from kiosk.fleet.times import text_of, us_of

Span = tuple[int, int]


def figures_of(database: Database, scope: Scope, *, now: datetime, zone: ZoneInfo) -> Figures:
    """Return the four cards."""
    begin = midnight(now, zone)
    today = (us_of(begin), us_of(now) + 1)
    # The same wall-clock hour of yesterday, also when the clock was changed in the night.
    yesterday = (us_of(begin - timedelta(days=1)), us_of(now.astimezone(zone) - timedelta(days=1)))
    week = spans(buckets(now - timedelta(days=6), now, zone, "day"))
    hours = spans(buckets(now, now, zone, "hour"))[-12:]
    with database.read() as db:
        count = counts.sales(db, scope, today)[0]
        figures = [
            _sales(db, scope, today, yesterday, hours),
            Figure(
                name="help_per_100",
                unit="count",
                count=count,
                value=charts.help_per_100(db, scope, today),
                yesterday=charts.help_per_100(db, scope, yesterday),
                spark=[charts.help_per_100(db, scope, span) for span in week],
            ),
            Figure(
                name="help_seconds",
                unit="seconds",
                count=count,
                value=_median(db, scope, today),
                yesterday=_median(db, scope, yesterday),
                spark=[_median(db, scope, span) for span in week],
            ),
            Figure(
                name="weight_alarms",
                unit="percent",
                count=count,
                value=charts.weight_alarms(db, scope, today),
                yesterday=charts.weight_alarms(db, scope, yesterday),
                goal=charts.WEIGHT_ALARMS_GOAL_PERCENT,
                spark=[charts.weight_alarms(db, scope, span) for span in week],
            ),
        ]
    return Figures(day=begin.date().isoformat(), figures=figures)


def _sales(db: Connection, scope: Scope, today: Span, yesterday: Span, hours: list[Span]) -> Figure:
    count, minor, _ = counts.sales(db, scope, today)
    return Figure(
        name="sales",
        unit="minor",
        currency=counts.currency(db, scope),
        count=count,
        value=minor,
        yesterday=counts.sales(db, scope, yesterday)[1],
        spark=[counts.sales(db, scope, span)[1] for span in hours],
    )


def _median(db: Connection, scope: Scope, span: Span) -> float | None:
    return counts.percentile(counts.call_seconds(db, scope, span), 0.5)


def changed_today(
    database: Database, since_us: int, today_us: int
) -> dict[str, dict[str, int | str]]:
    """Return today's figures of the kiosks that had a sale stored since `since_us`."""
    s, i = t.sale.c, t.intervention.c
    with database.read() as db:
        changed = select(s.kiosk_no).where(s.stored_us >= since_us).distinct()
        numbers = list(db.execute(changed).scalars())
        found: dict[str, dict[str, int | str]] = {}
        for begin in range(0, len(numbers), 500):
            part = numbers[begin : begin + 500]
            sales = (
                select(
                    t.kiosk.c.key,
                    func.count().label("count"),
                    func.coalesce(func.sum(s.total_minor), 0).label("minor"),
                    func.max(s.ended_us).label("last_us"),
                )
                .join(t.kiosk, t.kiosk.c.no == s.kiosk_no)
                .where(s.kiosk_no.in_(part), s.ended_us >= today_us, s.completed)
                .where(s.training.is_not(True))
                .group_by(t.kiosk.c.key)
            )
            for row in db.execute(sales):
                found[row.key] = {
                    "sales_today": row[1],
                    "sales_today_minor": int(row.minor),
                    "last_sale_at": text_of(row.last_us),
                    "calls_today": 0,
                }
            calls = (
                select(t.kiosk.c.key, func.count())
                .join(t.kiosk, t.kiosk.c.no == i.kiosk_no)
                .where(i.kiosk_no.in_(part), i.raised_us >= today_us)
                .where(that_call(t.intervention), counts.not_training(i))
                .group_by(t.kiosk.c.key)
            )
            for key, count in db.execute(calls):
                found.setdefault(key, {})["calls_today"] = count
    return found
