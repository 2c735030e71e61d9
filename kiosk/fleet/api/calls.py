"""Interventions and alerts: who waits, what is wrong, and an answer to it."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from kiosk.fleet.access.rights import may_see
from kiosk.fleet.api.callers import (
    Attendant,
    Operator,
    Refused,
    SeenKiosk,
    TheFleet,
    Viewer,
    check,
)
from kiosk.fleet.api.more_types import Alert, AlertState
from kiosk.fleet.api.types import (
    CommandKind,
    CommandStatus,
    Decide,
    Intervention,
    Number,
    StoreKey,
)

router = APIRouter(prefix="/api", tags=["calls"])
DECIDE = "/interventions/{tenant}/{store}/{kiosk}/{intervention_id}/decide"


@router.get("/interventions", response_model=list[Intervention])
def interventions(
    caller: Viewer,
    fleet: TheFleet,
    store: StoreKey | None = None,
    state: Literal["open", "settled"] = "open",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Any:
    """Who waits, longest first; or what was settled lately, newest first."""
    if store is not None and not may_see(caller.user, store):
        raise Refused(404, "no_such_store")
    return fleet.interventions(caller.user, store or "", settled=state == "settled", limit=limit)


@router.post(DECIDE, status_code=202)
async def decide(
    key: SeenKiosk, intervention_id: str, asked: Decide, caller: Attendant, fleet: TheFleet
) -> CommandStatus:
    """Decide. The first word wins; who comes second reads in `data` what stands.

    Verdicts: taken, stands, only_here, no_such, failed; "" with state "sent" while the kiosk has
    not answered within 3 s (its answer then comes on the stream). The same `decision_id` again is
    answered with the same.
    """
    await check(fleet, caller, CommandKind.DECIDE, key)
    call = fleet.picture.intervention(key, intervention_id)
    if call is None:
        raise Refused(404, "no_such_intervention", "It is settled, or was never raised.")
    return await fleet.desk.decide(key, call, asked, caller)


@router.get("/alerts")
def alerts(
    caller: Viewer,
    fleet: TheFleet,
    state: Annotated[list[AlertState], Query()] = [AlertState.OPEN, AlertState.ACKNOWLEDGED],  # noqa: B006
    store: StoreKey | None = None,
    limit: Annotated[int, Query(ge=1, le=5000)] = 500,
) -> list[Alert]:
    """Alerts, bad before warn, newest first."""
    return fleet.alerts.listed(caller.user, frozenset(state), store or "", limit)


@router.post("/alerts/{alert_id}/acknowledge")
def acknowledge(alert_id: Number, caller: Attendant, fleet: TheFleet) -> Alert:
    """Somebody has seen it and is on it: no more mail about it."""
    return _alert(fleet, alert_id, caller, AlertState.ACKNOWLEDGED)


@router.post("/alerts/{alert_id}/close")
def close(alert_id: Number, caller: Operator, fleet: TheFleet) -> Alert:
    """Close it by hand; opened again when the cause is still there at the next look."""
    return _alert(fleet, alert_id, caller, AlertState.CLOSED)


def _alert(fleet: TheFleet, alert_id: int, caller: Attendant, state: AlertState) -> Alert:
    changed = fleet.alerts.set_state(alert_id, state, by=caller)
    if changed is None:
        raise Refused(404, "no_such_alert")
    return changed
