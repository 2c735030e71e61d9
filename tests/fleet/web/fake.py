"""A server as the pages see it: the API's own types, a small memory, a stream to push on.

It stands in for the whole fleet where a test is about the page alone. What it answers is made of
the API's types, so a page cannot be tested against an answer that the API would not give.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse

from kiosk.fleet.api import more_types as mt
from kiosk.fleet.api import types as ty
from kiosk.fleet.api.more_types import AlertState, Severity
from kiosk.fleet.pages import add_pages

STORE = "naermat/torshov"
PASSWORD = "correct horse battery"
SPEAKS_EVERY_S = 5.0
"""As the real server does: a stream that is silent for long is taken for dead."""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080600000"
    "01f15c4890000000d49444154789c6360f8cfc0f01f00050001ff5ea5d7d40000000049454e44ae426082"
)


def ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat()


def row(number: int, *, store: str = "torshov", **fields: Any) -> ty.KioskRow:
    """A kiosk as it stands on a good day."""
    values: dict[str, Any] = {
        "key": f"naermat/{store}/kasse-{number}",
        "tenant": "naermat",
        "store": store,
        "kiosk": f"kasse-{number}",
        "name": f"Kasse {number}",
        "online": True,
        "mode": "open",
        "phase": "idle",
        "currency": "NOK",
        "paper": "ok",
        "devices": {
            "scanner": "ready",
            "bag_scale": "ready",
            "terminal": "ready",
            "printer": "ready",
        },
        "software": "2.4.1",
        "catalog": "2026-11-22",
        "since_at": ago(300),
        "last_sale_at": ago(360),
        "last_heard_at": ago(4),
        "sales_today": 60 + number,
        "sales_today_minor": 1_200_000 + number * 43_117,
        "calls_today": 2,
    }
    return ty.KioskRow(**(values | fields))


def beer(number: int = 2, *, seconds: float = 48, **fields: Any) -> ty.Intervention:
    line = ty.SaleLine(line_id=3, name="Pilsner", picture="beer", amount_minor=2490, flags=["age"])
    lines = [
        ty.SaleLine(line_id=1, name="Lettmelk 1 l", picture="milk", amount_minor=2390),
        ty.SaleLine(line_id=2, name="Bananer", picture="banana", weight_g=842, amount_minor=2265),
        line,
    ]
    values: dict[str, Any] = {
        "id": f"sale-{number}-1",
        "key": f"naermat/torshov/kasse-{number}",
        "kiosk_name": f"Kasse {number}",
        "sale_id": f"sale-{number}",
        "kind": "age",
        "policy": "before_payment",
        "reason": "18",
        "line": line,
        "currency": "NOK",
        "raised_at": ago(seconds),
        "remote_ok": False,
        "lines": lines,
        "total_minor": 28175,
        "item_count": 10,
    }
    return ty.Intervention(**(values | fields))


def bag(number: int = 5, *, seconds: float = 19, **fields: Any) -> ty.Intervention:
    coffee = ty.SaleLine(line_id=1, name="Kaffe 250 g", picture="coffee", amount_minor=4990)
    values = {"kind": "weight", "reason": "heavier", "line": coffee, "remote_ok": True}
    values |= {"lines": [coffee], "total_minor": 9640, "item_count": 4, "policy": "blocks_now"}
    return beer(number, seconds=seconds, **(values | fields))


def a_store() -> list[ty.KioskRow]:
    """The eight kiosks of the reference pictures."""
    shopping = {"phase": "shopping", "sale_id": "s"}
    return [
        row(1, item_count=5, total_minor=14320, **shopping),
        row(
            2,
            item_count=10,
            total_minor=28175,
            phase="waiting",
            sale_id="sale-2",
            waiting=["sale-2-1"],
            condition="waiting",
        ),
        row(3, item_count=9, total_minor=21395, phase="paying", sale_id="s3"),
        row(4),
        row(
            5,
            item_count=4,
            total_minor=9640,
            phase="waiting",
            sale_id="sale-5",
            waiting=["sale-5-1"],
            condition="waiting",
        ),
        row(6),
        row(
            7,
            item_count=2,
            total_minor=5180,
            paper="low",
            condition="warning",
            reason="paper_low",
            **shopping,
        ),
        row(
            8,
            mode="closed",
            fault="terminal",
            condition="trouble",
            reason="device_lost",
            devices={"scanner": "ready", "terminal": "lost", "printer": "ready"},
        ),
    ]


class FakeFleet:
    """What the server knows, changed by tests, told to the pages as the server tells it."""

    def __init__(self, rows: list[ty.KioskRow] | None = None) -> None:
        self.log: list[tuple[str, Any]] = []
        """All that was pushed; a stream goes on where the page's lists ended."""
        self.wakers: list[asyncio.Event] = []
        self.loop: asyncio.AbstractEventLoop | None = None
        self.app = _app(self)
        self.reset(rows)

    def reset(self, rows: list[ty.KioskRow] | None = None) -> None:
        """Be as new, for the next test."""
        self.rows = {one.key: one for one in (a_store() if rows is None else rows)}
        self.calls: dict[str, ty.Intervention] = {}
        self.solved: list[ty.Intervention] = []
        self.alerts: list[mt.Alert] = []
        self.rollouts: list[mt.Rollout] = []
        self.user = ty.User(
            name="ingrid", display_name="Ingrid", role=ty.Role.ATTENDANT, stores=[STORE]
        )
        self.people = [self.user]
        self.signed_in = True
        self.password = PASSWORD
        self.csrf = "the-token"
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.verdict: dict[str, Any] = {}
        self.cut = False
        """The network is gone: nothing is answered."""

    def push(self, name: str, data: list[Any]) -> None:
        """Tell every open page; from any thread."""
        plain = [one.model_dump(mode="json") if hasattr(one, "model_dump") else one for one in data]
        self.log.append((name, plain))
        self._wake()

    def _wake(self) -> None:
        if self.loop is not None:
            for waker in list(self.wakers):
                self.loop.call_soon_threadsafe(waker.set)

    def raise_call(self, call: ty.Intervention) -> None:
        self.calls[call.id] = call
        self.push("interventions", [call])

    def settle(
        self, call_id: str, *, approved: bool = True, by: str = "jonas", where: str = "kiosk"
    ) -> None:
        call = self.calls.pop(call_id)
        settled = ty.Settled(approved=approved, attendant_id=by, where=where, resolved_at=ago(0))
        done = call.model_copy(update={"settled": settled})
        self.solved.insert(0, done)
        self.push("interventions", [done])

    def change(self, key: str, **fields: Any) -> None:
        self.rows[key] = self.rows[key].model_copy(update=fields)
        self.push("kiosks", [{"key": key, **fields}])

    def cut_off(self) -> None:
        """Pull the network cable."""
        self.cut = True
        self._wake()


def _app(fleet: FakeFleet) -> FastAPI:
    app = FastAPI()

    @app.middleware("http")
    async def gate(request: Request, proceed: Any) -> Response:
        fleet.loop = asyncio.get_running_loop()
        if fleet.cut:
            return Response(status_code=502)
        path = request.url.path
        if path.startswith("/api/") and path != "/api/session" and not fleet.signed_in:
            return JSONResponse({"code": "not_signed_in"}, 401)
        changes = request.method != "GET" and path != "/api/session"
        if changes and request.headers.get("x-csrf-token") != fleet.csrf:
            return JSONResponse({"code": "csrf"}, 403)
        return await proceed(request)

    def session() -> ty.Session:
        if not fleet.signed_in:
            return ty.Session()
        return ty.Session(user=fleet.user, csrf_token=fleet.csrf)

    @app.get("/api/session")
    def get_session() -> ty.Session:
        return session()

    @app.post("/api/session")
    def post_session(asked: ty.SignIn) -> Any:
        if asked.password != fleet.password:
            return JSONResponse({"code": "wrong_password"}, 401)
        fleet.signed_in = True
        return session()

    @app.post("/api/session/password")
    def change_password(asked: ty.PasswordChange) -> Any:
        if asked.current != fleet.password:
            return JSONResponse({"code": "wrong_password"}, 403)
        if asked.new == fleet.password:
            return JSONResponse({"code": "same_password"}, 409)
        fleet.password = asked.new
        fleet.csrf = "another-token"
        return session()

    @app.delete("/api/session", status_code=204)
    def delete_session() -> None:
        fleet.signed_in = False

    @app.get("/api/stores")
    def stores() -> list[ty.StoreRow]:
        found: dict[str, list[ty.KioskRow]] = {}
        for one in fleet.rows.values():
            found.setdefault(f"{one.tenant}/{one.store}", []).append(one)
        return [
            ty.StoreRow(
                key=key,
                tenant=key.split("/")[0],
                store=key.split("/")[1],
                name=key.split("/")[1].capitalize(),
                kiosks=len(rows),
                online=sum(r.online for r in rows),
                waiting=0,
                troubles=0,
                sales_today=1,
                sales_today_minor=1,
                currency="NOK",
            )
            for key, rows in sorted(found.items())
        ]

    @app.get("/api/kiosks")
    def kiosks(store: str = "", search: str = "", limit: int = 100) -> Response:
        order = list(ty.Condition)
        rows = [r for r in fleet.rows.values() if r.key.startswith(store) and search in r.key]
        rows.sort(key=lambda r: (order.index(r.condition), r.key))
        counts: dict[str, int] = {}
        for one in fleet.rows.values():
            counts[one.condition] = counts.get(one.condition, 0) + 1
        page = ty.KioskPage(
            total=len(rows), counts=counts, kiosks=rows[:limit], position=str(len(fleet.log))
        )
        return Response(page.model_dump_json(), media_type="application/json")

    @app.get("/api/interventions")
    def interventions(state: str = "open") -> list[ty.Intervention]:
        return fleet.solved if state == "settled" else list(fleet.calls.values())

    @app.post("/api/interventions/{t}/{s}/{k}/{call_id}/decide", status_code=202)
    async def decide(t: str, s: str, k: str, call_id: str, asked: ty.Decide) -> Any:
        fleet.asked.append(("decide", {"id": call_id, **asked.model_dump()}))
        if call_id not in fleet.calls:
            return JSONResponse({"code": "no_such_intervention"}, 404)
        if not fleet.verdict:
            fleet.settle(call_id, approved=asked.approved, by=fleet.user.name, where="remote")
        return _status(f"{t}/{s}/{k}", "decide", fleet.verdict or {"verdict": "taken"})

    @app.post("/api/kiosks/{t}/{s}/{k}/commands", status_code=202)
    async def command(t: str, s: str, k: str, asked: ty.NewCommand) -> Any:
        fleet.asked.append((asked.kind.value, {"key": f"{t}/{s}/{k}", **asked.args}))
        return _status(f"{t}/{s}/{k}", asked.kind.value, fleet.verdict or {"verdict": "done"})

    def _status(key: str, kind: str, said: dict[str, Any]) -> ty.CommandStatus:
        values = {"id": "c", "key": key, "kind": kind, "state": "answered"}
        values |= {"actor": fleet.user.name, "answered_at": ago(0)}
        return ty.CommandStatus(**(values | {"issued_at": ago(0), "expires_at": ago(-30)} | said))

    @app.get("/api/stream")
    async def stream(since: int | None = None) -> StreamingResponse:
        place = len(fleet.log) if since is None else since
        return StreamingResponse(frames(place), media_type="text/event-stream")

    async def frames(place: int) -> AsyncIterator[str]:
        waker = asyncio.Event()
        fleet.wakers.append(waker)
        try:
            hello = json.dumps({"position": str(place), "at": ago(0)})
            yield f"id: {place}\nevent: hello\ndata: {hello}\n\n"
            while not fleet.cut:
                for name, data in fleet.log[place:]:
                    place += 1
                    yield f"id: {place}\nevent: {name}\ndata: {json.dumps(data)}\n\n"
                waker.clear()
                if place == len(fleet.log) and not fleet.cut:
                    try:
                        await asyncio.wait_for(waker.wait(), SPEAKS_EVERY_S)
                    except TimeoutError:
                        yield ": here\n\n"
        finally:
            fleet.wakers.remove(waker)

    from tests.fleet.web.fake_operator import add_operator  # the operator's half

    add_operator(app, fleet)
    add_pages(app)
    return app


def an_alert(number: int, rule: str, key: str, severity: Severity, **detail: Any) -> mt.Alert:
    return mt.Alert(
        id=number,
        rule=rule,
        severity=severity,
        store_key=key.rsplit("/", 1)[0],
        key=key,
        kiosk_name="Kasse " + key[-1],
        detail=detail,
        state=AlertState.OPEN,
        opened_at=ago(660),
    )
