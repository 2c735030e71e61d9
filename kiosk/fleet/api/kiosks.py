"""Kiosks and stores: the table, a kiosk's page, commands to it."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response

from kiosk.fleet.api.callers import (
    Attendant,
    Operator,
    Refused,
    SeenKiosk,
    TheFleet,
    Viewer,
    check,
)
from kiosk.fleet.api.more_types import GroupChange
from kiosk.fleet.api.types import (
    CommandKind,
    CommandStatus,
    Condition,
    EventPage,
    HealthSeries,
    KioskDetail,
    KioskPage,
    KioskRow,
    Logs,
    NewCommand,
    StoreKey,
    StoreRow,
)
from kiosk.fleet.live.search import Sort, Wanted
from kiosk.fleet.store.reading import events_page, health_series

router = APIRouter(prefix="/api", tags=["kiosks"])
ONE = "/kiosks/{tenant}/{store}/{kiosk}"


@router.get("/stores", response_model=list[StoreRow])
def stores(caller: Viewer, fleet: TheFleet) -> Any:
    """The stores that the caller may see, by name."""
    return fleet.picture.stores(caller.user)


@router.get("/kiosks", response_model=KioskPage)
def kiosks(
    caller: Viewer,
    fleet: TheFleet,
    search: Annotated[str, Query(max_length=80)] = "",
    store: StoreKey | None = None,
    group: Annotated[str | None, Query(max_length=40)] = None,
    condition: Annotated[list[Condition], Query()] = [],  # noqa: B006 - FastAPI copies it
    needs_something: bool = False,
    software: Annotated[str | None, Query(max_length=80)] = None,
    sort: Sort = Sort.CONDITION,
    descending: bool = False,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=20_000)] = 100,
) -> Response:
    """A part of the table: searched, filtered, sorted. Trouble sorts first."""
    wanted = Wanted(
        search=search,
        store=store or "",
        group=group,
        conditions=frozenset(condition),
        needs_something=needs_something,
        software=software,
        sort=sort,
        descending=descending,
        offset=offset,
        limit=limit,
    )
    page = fleet.picture.page(caller.user, wanted)
    # Ten thousand rows: written by msgspec, as the model describes them (a test compares).
    return Response(msgspec.json.encode(page), media_type="application/json")


@router.get(ONE, response_model=KioskDetail)
def kiosk(key: SeenKiosk, caller: Viewer, fleet: TheFleet) -> Any:  # noqa: ARG001
    """All that is known of one kiosk."""
    return fleet.detail(key)


@router.put(ONE + "/group", response_model=KioskRow)
def set_group(key: SeenKiosk, asked: GroupChange, caller: Operator, fleet: TheFleet) -> Any:
    """Put the kiosk into a group of roll-outs."""
    return fleet.set_group(key, asked.group, by=caller)


@router.get(ONE + "/events")
def events(
    key: SeenKiosk,
    caller: Viewer,  # noqa: ARG001
    fleet: TheFleet,
    before: Annotated[int, Query(ge=0, le=2**53)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    kind: Annotated[list[str], Query(max_length=40)] = [],  # noqa: B006
    sale_id: Annotated[str, Query(max_length=80)] = "",
) -> EventPage:
    """The kiosk's journal as it came here, newest first."""
    return events_page(fleet.db, key, before=before, limit=limit, kinds=kind, sale_id=sale_id)


@router.get(ONE + "/health")
def health(
    key: SeenKiosk,
    caller: Viewer,  # noqa: ARG001
    fleet: TheFleet,
    hours: Annotated[float, Query(gt=0, le=24 * 90)] = 24.0,
    points: Annotated[int, Query(ge=2, le=2000)] = 288,
) -> HealthSeries:
    """Health of the last hours, at most `points` of them, each the last one of its time."""
    return health_series(fleet.db, key, now=fleet.now(), hours=hours, points=points)


@router.get(ONE + "/commands")
def commands(
    key: SeenKiosk,
    caller: Viewer,  # noqa: ARG001
    fleet: TheFleet,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
) -> list[CommandStatus]:
    """The newest commands to this kiosk and what became of them."""
    return fleet.desk.newest(key, limit)


@router.post(ONE + "/commands", status_code=202)
async def command(
    key: SeenKiosk, asked: NewCommand, caller: Attendant, fleet: TheFleet
) -> CommandStatus:
    """Tell the kiosk something. Answers when the kiosk does, or after 3 s with state "sent"."""
    if asked.kind in (CommandKind.DECIDE, CommandKind.RESEND):
        raise Refused(422, "not_here", "decide has its own address; resend is the server's own.")
    await check(fleet, caller, asked.kind, key)
    return await fleet.desk.tell(key, asked.kind, dict(asked.args), caller)


@router.get(ONE + "/logs")
def logs(key: SeenKiosk, caller: Operator, fleet: TheFleet) -> Logs:
    """The lines that the last `logs` command fetched; 404 when none were. Viewing is recorded."""
    found = fleet.desk.logs(key, viewer=caller)
    if found is None:
        raise Refused(404, "no_logs", "Ask the kiosk for them first.")
    return found


@router.get(
    ONE + "/screenshot",
    response_class=Response,
    responses={200: {"content": {"image/png": {}, "image/jpeg": {}}}},
)
def screenshot(key: SeenKiosk, caller: Operator, fleet: TheFleet) -> Response:
    """The picture that the last `screenshot` command fetched. Viewing is recorded."""
    found = fleet.desk.screenshot(key, viewer=caller)
    if found is None:
        raise Refused(404, "no_screenshot", "Ask the kiosk for one first.")
    return Response(found.body, media_type=found.media_type, headers={"Cache-Control": "no-store"})
