"""What changes, as it changes: server-sent events.

Events, each with an id, so that a browser that comes back (`Last-Event-ID`) misses nothing:
    hello          {"position", "at"}: the stream has begun.
    reset          {}: too much was missed; ask for the lists again.
    kiosks         [{"key", ...only the fields of KioskRow that changed}]; `"gone": true` removes.
    interventions  [Intervention]; settled ones carry `settled` and leave the board.
    alerts         [Alert]; closed ones too.
    commands       [CommandStatus]: answers of kiosks to what anybody asked of them.
    rollouts       [Rollout]
Deltas of the whole fleet are gathered for 100 ms, so 10,000 kiosks are a few frames a second. A
comment line every 10 s shows that the connection lives.
"""

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse

from kiosk.fleet.access.rights import may_see
from kiosk.fleet.api.callers import Refused, TheFleet, Viewer, token_of
from kiosk.fleet.api.types import StoreKey
from kiosk.fleet.live.streaming import frames

router = APIRouter(prefix="/api", tags=["stream"])


@router.get("/stream", response_class=StreamingResponse)
async def stream(
    request: Request,
    caller: Viewer,
    fleet: TheFleet,
    store: StoreKey | None = None,
    since: Annotated[str, Query(max_length=40)] = "",
    last_event_id: Annotated[str, Header(max_length=40)] = "",
) -> StreamingResponse:
    """Server-sent events of one store, or of all that the caller may see."""
    if store is not None and not may_see(caller.user, store):
        raise Refused(404, "no_such_store")
    wait_s = fleet.limits.streams.take(caller.user.name)
    if wait_s:
        raise Refused(429, "too_many_streams", "Too many streams opened.", wait_s)
    position = last_event_id or since
    return StreamingResponse(
        frames(fleet, caller, token_of(request), store or "", position),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
