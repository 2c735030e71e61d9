"""Figures, charts and the audit log."""

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query

from kiosk.fleet.access.audit import audit_page
from kiosk.fleet.access.rights import may_see, stores_of
from kiosk.fleet.api.callers import Admin, Refused, TheFleet, Viewer
from kiosk.fleet.api.more_types import AuditPage, Chart, ChartName, Figures
from kiosk.fleet.api.types import KioskKey, StoreKey
from kiosk.fleet.figures.charts import chart_of
from kiosk.fleet.figures.scope import Scope
from kiosk.fleet.figures.today import figures_of

router = APIRouter(prefix="/api", tags=["figures"])


@router.get("/figures")
def figures(caller: Viewer, fleet: TheFleet, store: StoreKey | None = None) -> Figures:
    """The cards over the table: today so far, yesterday until the same hour, and a spark line."""
    return figures_of(fleet.db, _scope(caller, store, None), now=fleet.now(), zone=fleet.zone)


@router.get("/charts/{name}")
def chart(
    name: ChartName,
    caller: Viewer,
    fleet: TheFleet,
    store: StoreKey | None = None,
    kiosk: KioskKey | None = None,
    days: Annotated[int, Query(ge=1, le=366)] = 7,
    bucket: Literal["hour", "day"] = "day",
) -> Chart:
    """One chart of the last days, today included."""
    if bucket == "hour" and days > 14:
        raise Refused(422, "too_many_buckets", "Hours are for 14 days at most.")
    since = fleet.now() - timedelta(days=days - 1)
    scope = _scope(caller, store, kiosk)
    return chart_of(fleet.db, name, scope, since=since, now=fleet.now(), zone=fleet.zone, by=bucket)


@router.get("/audit")
def audit(
    caller: Admin,  # noqa: ARG001
    fleet: TheFleet,
    before: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    actor: Annotated[str, Query(max_length=40)] = "",
    target: Annotated[str, Query(max_length=130)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
) -> AuditPage:
    """Who did what, newest first."""
    return audit_page(fleet.db, before, limit, actor=actor, target=target, action=action)


def _scope(caller: Viewer, store: str | None, kiosk: str | None) -> Scope:
    if kiosk is not None:
        if not may_see(caller.user, kiosk):
            raise Refused(404, "no_such_kiosk")
        return Scope(kiosk=kiosk)
    if store is not None:
        if not may_see(caller.user, store):
            raise Refused(404, "no_such_store")
        return Scope(stores=(store,))
    return Scope(stores=stores_of(caller.user))
