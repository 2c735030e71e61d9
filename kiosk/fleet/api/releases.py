"""Catalogs, configurations and their roll-outs; and where kiosks fetch them."""

from typing import Annotated

from fastapi import APIRouter, Body, Query
from fastapi.responses import FileResponse

from kiosk.fleet.access.rights import Caller, stores_of
from kiosk.fleet.api.callers import OperatorOfAll, Refused, TheFleet, Viewer
from kiosk.fleet.api.more_types import NewRollout, Rollout, Snapshot, SnapshotKind
from kiosk.fleet.api.types import Number
from kiosk.fleet.releases.rollouts import NoSuchRollout, RolloutRefused
from kiosk.fleet.releases.snapshots import SnapshotExists, SnapshotRefused

router = APIRouter(tags=["releases"])
VERSION = r"^[A-Za-z0-9._+-]{1,40}$"


@router.get("/api/catalogs")
def snapshots(
    caller: Viewer,
    fleet: TheFleet,
    kind: SnapshotKind | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Snapshot]:
    """Versions of catalog and configuration, newest first; none for people of some stores only."""
    if _is_of_some_stores(caller):
        return []
    return fleet.snapshots.newest(kind, limit)


@router.post("/api/catalogs", status_code=201)
def upload(
    caller: OperatorOfAll,
    fleet: TheFleet,
    kind: SnapshotKind,
    version: Annotated[str, Query(pattern=VERSION)],
    body: Annotated[bytes, Body(media_type="application/octet-stream")],
    note: Annotated[str, Query(max_length=200)] = "",
) -> Snapshot:
    """Upload a catalog (the SQLite file that `kiosk catalog import` made) or a configuration.

    Checked, signed, kept; no kiosk hears of it before a roll-out. 409 when the version exists with
    other content, 422 when it is not what it says.
    """
    try:
        return fleet.snapshots.add(kind, version, body, note, by=caller)
    except SnapshotExists as error:
        raise Refused(409, "version_exists", str(error)) from error
    except SnapshotRefused as error:
        raise Refused(422, "invalid", str(error)) from error


@router.get("/snapshots/{sha256}", response_class=FileResponse)
def download(sha256: str, fleet: TheFleet) -> FileResponse:
    """A snapshot by its SHA-256, for kiosks. Who knows the sum was told it by the fleet."""
    path = fleet.snapshots.path(sha256)
    if path is None:
        raise Refused(404, "no_such_snapshot")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(path, media_type="application/octet-stream", headers=headers)


@router.get("/api/rollouts")
def rollouts(
    caller: Viewer,
    fleet: TheFleet,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Rollout]:
    """Roll-outs, newest first, each with how far it is; none for people of some stores only."""
    if _is_of_some_stores(caller):
        return []
    return fleet.rollouts.newest(limit)


@router.post("/api/rollouts", status_code=201)
def start(asked: NewRollout, caller: OperatorOfAll, fleet: TheFleet) -> Rollout:
    """Begin a roll-out with its first group; 409 while another of its kind and tenant runs."""
    try:
        return fleet.rollouts.start(asked, by=caller)
    except RolloutRefused as error:
        raise Refused(409, "refused", str(error)) from error


@router.post("/api/rollouts/{rollout_id}/{step}")
def step(rollout_id: Number, step: str, caller: OperatorOfAll, fleet: TheFleet) -> Rollout:
    """Do `pause`, `resume`, `stop` (nothing more is announced) or `back` (the previous version)."""
    try:
        return fleet.rollouts.step(rollout_id, step, by=caller)
    except NoSuchRollout as error:
        raise Refused(404, "no_such_rollout") from error
    except RolloutRefused as error:
        raise Refused(409, "refused", str(error)) from error


def _is_of_some_stores(caller: Caller) -> bool:
    return stores_of(caller.user) is not None
