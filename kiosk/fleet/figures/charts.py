"""Charts: one question each."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from kiosk.fleet.api.more_types import Chart, ChartName, Series
from kiosk.fleet.figures import counts
from kiosk.fleet.figures.scope import Scope, buckets, spans
from kiosk.fleet.store.database import Database

Span = tuple[int, int]


def chart_of(
    database: Database,
    name: ChartName,
    scope: Scope,
    *,
    since: datetime,
    now: datetime,
    zone: ZoneInfo,
    by: str,
) -> Chart:
    """Return a chart from the day of `since` until now."""
    edges = buckets(since, now, zone, by)
    parts = spans(edges)
    labels = [edge.isoformat() for edge in edges[:-1]]
    with database.read() as db:
        match name:
            case ChartName.REASONS:
                return _reasons(db, scope, (parts[0][0], parts[-1][1]))
            case ChartName.PAYMENT_MIX:
                return _mix(db, scope, (parts[0][0], parts[-1][1]))
            case ChartName.SALES:
                return _sales(db, scope, parts, labels)
            case ChartName.RESOLVE_SECONDS:
                return _seconds(db, scope, parts, labels)
            case _:
                return _simple(db, name, scope, parts, labels)


def _reasons(db: Connection, scope: Scope, span: Span) -> Chart:
    found = counts.call_kinds(db, scope, span)
    values: list[float | None] = [count for _, count in found]
    return Chart(
        name=ChartName.REASONS,
        unit="count",
        labels=[kind for kind, _ in found],
        series=[Series(name="count", values=values)],
        total=sum(count for _, count in found),
    )


def _mix(db: Connection, scope: Scope, span: Span) -> Chart:
    found = counts.methods(db, scope, span)
    return Chart(
        name=ChartName.PAYMENT_MIX,
        unit="count",
        currency=counts.currency(db, scope),
        labels=[method for method, _, _ in found],
        series=[
            Series(name="count", values=[count for _, count, _ in found]),
            Series(name="amount_minor", values=[minor for _, _, minor in found]),
        ],
        total=sum(count for _, count, _ in found),
    )


def _sales(db: Connection, scope: Scope, parts: list[Span], labels: list[str]) -> Chart:
    found = [counts.sales(db, scope, span) for span in parts]
    return Chart(
        name=ChartName.SALES,
        unit="minor",
        currency=counts.currency(db, scope),
        labels=labels,
        series=[
            Series(name="amount_minor", values=[minor for _, minor, _ in found]),
            Series(name="count", values=[count for count, _, _ in found]),
        ],
        total=sum(minor for _, minor, _ in found),
    )


def _seconds(db: Connection, scope: Scope, parts: list[Span], labels: list[str]) -> Chart:
    found = [counts.call_seconds(db, scope, span) for span in parts]
    every = sorted(value for values in found for value in values)
    return Chart(
        name=ChartName.RESOLVE_SECONDS,
        unit="seconds",
        labels=labels,
        series=[
            Series(name="median", values=[counts.percentile(values, 0.5) for values in found]),
            Series(name="p90", values=[counts.percentile(values, 0.9) for values in found]),
        ],
        total=counts.percentile(every, 0.5),
    )


def _simple(
    db: Connection, name: ChartName, scope: Scope, parts: list[Span], labels: list[str]
) -> Chart:
    unit, value, limit = _SIMPLE[name]
    whole = (parts[0][0], parts[-1][1])
    return Chart(
        name=name,
        unit=unit,
        labels=labels,
        series=[Series(name=name.value, values=[value(db, scope, span) for span in parts])],
        total=value(db, scope, whole),
        limit=value(db, Scope(scope.stores), whole) if name is ChartName.HELP_PER_100 else limit,
    )


def _calls(db: Connection, scope: Scope, span: Span) -> float | None:
    return counts.calls(db, scope, span)


def _abandoned(db: Connection, scope: Scope, span: Span) -> float | None:
    paid, _, unpaid = counts.sales(db, scope, span)
    return counts.share(unpaid, paid + unpaid)


def help_per_100(db: Connection, scope: Scope, span: Span) -> float | None:
    """Return calls per 100 paid sales."""
    return counts.share(counts.calls(db, scope, span), counts.sales(db, scope, span)[0])


def weight_alarms(db: Connection, scope: Scope, span: Span) -> float | None:
    """Return the percentage of sales with a weight alarm without cause."""
    return counts.share(counts.weight_alarms(db, scope, span), counts.sales(db, scope, span)[0])


WEIGHT_ALARMS_GOAL_PERCENT = 1.0
_SIMPLE: dict[
    ChartName, tuple[str, Callable[[Connection, Scope, Span], float | None], float | None]
] = {
    ChartName.INTERVENTIONS: ("count", _calls, None),
    ChartName.ABANDONMENT: ("percent", _abandoned, None),
    ChartName.HELP_PER_100: ("count", help_per_100, None),
    ChartName.WEIGHT_ALARMS: ("percent", weight_alarms, WEIGHT_ALARMS_GOAL_PERCENT),
}
