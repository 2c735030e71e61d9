"""Counts over a span of time: one small query each, by index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, func, select

from kiosk.fleet.calling import that_call
from kiosk.fleet.figures.scope import Scope
from kiosk.fleet.store import tables as t

S, P, I = t.sale.c, t.payment.c, t.intervention.c  # noqa: E741 - as in the queries


def not_training(columns: Any) -> ColumnElement[bool]:
    """Return the condition that a fact's sale is no exercise; a call without a sale is none."""
    exercise = (S.kiosk_no == columns.kiosk_no, S.sale_id == columns.sale_id, S.training)
    return ~exists().where(*exercise)


def _of_span(query: Select[Any], column: Any, span: tuple[int, int]) -> Select[Any]:
    return query.where(column >= span[0], column < span[1])


def sales(db: Connection, scope: Scope, span: tuple[int, int]) -> tuple[int, int, int]:
    """Return the number of paid sales, their amount, and how many ended without payment."""
    paid = func.coalesce(func.sum(case((S.completed, 1), else_=0)), 0)
    amount = func.coalesce(func.sum(case((S.completed, S.total_minor), else_=0)), 0)
    query = select(paid, amount, func.count()).where(*scope.where(S.kiosk_no))
    query = query.where(S.training.is_not(True))
    count, minor, ended = db.execute(_of_span(query, S.ended_us, span)).one()
    return int(count), int(minor), int(ended) - int(count)


def calls(db: Connection, scope: Scope, span: tuple[int, int]) -> int:
    """Return how many times somebody was called."""
    query = select(func.count()).where(*scope.where(I.kiosk_no), *_calls())
    return int(db.execute(_of_span(query, I.raised_us, span)).scalar_one())


def call_seconds(db: Connection, scope: Scope, span: tuple[int, int]) -> list[float]:
    """Return how long each call that a person settled took, sorted.

    One that ended before it began is none: the kiosk's clock was set meanwhile.
    """
    query = select(I.resolved_us - I.raised_us).where(*scope.where(I.kiosk_no), *_calls())
    query = query.where(I.resolved_us >= I.raised_us, I.place != "itself")
    return sorted(us / 1e6 for us in db.execute(_of_span(query, I.raised_us, span)).scalars())


def call_kinds(db: Connection, scope: Scope, span: tuple[int, int]) -> list[tuple[str, int]]:
    """Return kinds of calls and their numbers, most first."""
    query = select(I.kind, func.count()).where(*scope.where(I.kiosk_no), *_calls())
    query = _of_span(query, I.raised_us, span).group_by(I.kind).order_by(func.count().desc())
    return [(str(kind), int(count)) for kind, count in db.execute(query)]


def weight_alarms(db: Connection, scope: Scope, span: tuple[int, int]) -> int:
    """Return how many weight alarms staff approved: nothing was wrong."""
    query = select(func.count()).where(*scope.where(I.kiosk_no))
    query = query.where(I.kind == "weight", I.approved, I.place != "itself", not_training(I))
    return int(db.execute(_of_span(query, I.raised_us, span)).scalar_one())


def methods(db: Connection, scope: Scope, span: tuple[int, int]) -> list[tuple[str, int, int]]:
    """Return means of payment with the number and the amount of approved payments."""
    query = select(P.method, func.count(), func.sum(P.amount_minor)).where(
        *scope.where(P.kiosk_no), P.outcome == "approved", not_training(P)
    )
    query = _of_span(query, P.settled_us, span).group_by(P.method).order_by(func.count().desc())
    return [(str(m or ""), int(count), int(minor or 0)) for m, count, minor in db.execute(query)]


def currency(db: Connection, scope: Scope) -> str:
    """Return the currency of the newest sale in scope."""
    query = select(S.currency).where(*scope.where(S.kiosk_no), S.currency.is_not(None))
    found = db.execute(query.order_by(S.ended_us.desc()).limit(1)).scalar_one_or_none()
    return found or ""


def percentile(values: Sequence[float], share: float) -> float | None:
    """Return the value below which `share` of the sorted values lie (nearest rank)."""
    if not values:
        return None
    return values[min(len(values) - 1, int(share * len(values)))]


def share(part: float, whole: float, of: int = 100) -> float | None:
    """Return part per `of` of the whole, None when there is no whole."""
    return round(of * part / whole, 2) if whole else None


def _calls() -> list[Any]:
    """Return what makes an intervention a call."""
    return [that_call(t.intervention), not_training(I)]
