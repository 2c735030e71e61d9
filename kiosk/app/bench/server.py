"""Serves the device bench on the loopback address: the page, the glass, the far ends' verbs.

Only 127.0.0.1 is listened on, only that host name is answered (no DNS rebinding), and every call
that changes something needs a header that other pages cannot send without being asked first.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from drivers.sim.control import RemoteError
from kiosk.app.bench.fleet import fleet_facts, start_fleet, tell_of
from kiosk.app.bench.phone import Phone, PhoneRefused
from kiosk.app.bench.players import Hands, Staff
from kiosk.app.bench.shelf import CARD_FAULTS, CARD_VERBS, PRINTER_VERBS, VERBS, shelf_goods
from kiosk.app.bench.state import bench_state
from kiosk.app.far_ends import STAFFED_TILL, WALLETS
from kiosk.app.own_fleet import OwnFleet, OwnFleetError
from kiosk.app.scenes.hours import selling_day
from kiosk.app.store import Store, StoreError
from kiosk.app.store_config import Sections

PAGE = files("kiosk.app.bench") / "page"
PICTURES = files("kiosk.ui") / "assets" / "pictures"
FONTS = files("kiosk.ui") / "assets" / "fonts"
PAGE_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
STATE_EVERY_S = 0.25
SCREEN_WAIT_S = 2.0
"""How long a request for the next frame may wait for one."""


def run_bench(*, port: int, size: str, data: Path | None) -> int:
    """Start a store and its bench; serve until Ctrl-C. Returns the exit code."""
    try:
        listener = socket.create_server(("127.0.0.1", port))
    except OSError as error:
        print(
            f"The device bench cannot use port {port}: {os.strerror(error.errno or 0)}. "
            "Does it run already? Else choose another one: kiosk bench --port NUMBER",
            file=sys.stderr,
        )
        return 1
    try:
        with listener, TemporaryDirectory(prefix="selvkasse-") as folder:
            return _serve(listener, port, Path(folder), size, data)
    except (StoreError, OwnFleetError) as error:
        print(error, file=sys.stderr)
        return 1


def _serve(listener: socket.socket, port: int, folder: Path, size: str, data: Path | None) -> int:
    # Kept data have a time of their own; a store that is gone afterwards may as well sell beer.
    opened, _ = selling_day(datetime.now(UTC))
    with ExitStack() as running:
        fleet = start_fleet((data or folder) / "fleet", running)
        sections = Sections(
            starts_at="" if data else opened.isoformat(),
            more=fleet.kiosk_section() if fleet else "",
        )
        store = Store(
            folder=folder,
            size=size,
            data=data,
            far_ends=(*STAFFED_TILL, *WALLETS),
            sections=sections,
        )
        running.enter_context(store)
        if not data:
            print(f"In this store it is {opened:%d.%m.%Y, %H.%M}.")
        tell_of(fleet)
        print(f"The kiosk is running. Device bench: http://127.0.0.1:{port}/  (Ctrl-C ends)")
        app = bench_app(store, fleet)
        server = uvicorn.Server(
            uvicorn.Config(app, log_config=None, log_level="warning", timeout_graceful_shutdown=1)
        )
        server.run(sockets=[listener])
        return 0 if server.started else 1


def bench_app(store: Store, fleet: OwnFleet | None = None) -> Starlette:
    """Return the bench's web application over a running store, and the fleet beside it."""
    bench = _Bench(store, fleet)
    return Starlette(
        routes=[
            Route("/", bench.page),
            Route("/{name}.{kind:str}", bench.page),
            Route("/shelf", bench.shelf),
            Route("/fleet", bench.fleet),
            Route("/picture/{name}", bench.picture),
            Route("/font/{name}", bench.font),
            Route("/screen", bench.screen),
            Route("/receipt", bench.receipt),
            Route("/events", bench.events),
            Route("/tap", bench.tap, methods=["POST"]),
            Route("/scan/{number:int}", bench.scan, methods=["POST"]),
            Route("/bag/{verb}", bench.bag, methods=["POST"]),
            Route("/badge", bench.badge, methods=["POST"]),
            Route("/phone/{verb}", bench.phone, methods=["POST"]),
            Route("/decide", bench.decide, methods=["POST"]),
            Route("/do/{device}/{verb}", bench.act, methods=["POST"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])],
        exception_handlers={HTTPException: _refused, RemoteError: _failed},
    )


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": error.detail}, status_code=error.status_code)


async def _failed(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=409)


class _Bench:
    """The handlers. Calls to far ends block, so they run in a thread."""

    def __init__(self, store: Store, fleet: OwnFleet | None) -> None:
        self._store = store
        self._fleet = fleet
        self._goods = shelf_goods()
        self._hands = Hands(store, self._goods)
        self._staff = Staff(store)
        self._phone = Phone(store)

    async def page(self, request: Request) -> Response:
        name = request.path_params.get("name", "index")
        kind = request.path_params.get("kind", "html")
        if kind not in PAGE_TYPES or not name.isalpha():
            raise HTTPException(404, "There is no such page.")
        part = PAGE / f"{name}.{kind}"
        if not part.is_file():
            raise HTTPException(404, "There is no such page.")
        headers = {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'self'; "
                   "img-src 'self' blob: data:"}  # fmt: skip
        return Response(part.read_bytes(), media_type=PAGE_TYPES[kind], headers=headers)

    async def shelf(self, _: Request) -> Response:
        return JSONResponse(
            {
                "goods": self._goods,
                "card_verbs": CARD_VERBS,
                "card_faults": CARD_FAULTS,
                "printer_verbs": PRINTER_VERBS,
            }
        )

    async def fleet(self, _: Request) -> Response:
        return JSONResponse(fleet_facts(self._fleet))

    async def font(self, request: Request) -> Response:
        part = FONTS / f"{request.path_params['name']}.otf"
        if not request.path_params["name"].replace("-", "").isalpha() or not part.is_file():
            raise HTTPException(404, "There is no such font.")
        return Response(
            part.read_bytes(), media_type="font/otf", headers={"Cache-Control": "max-age=3600"}
        )

    async def picture(self, request: Request) -> Response:
        name = request.path_params["name"]
        part = PICTURES / f"{name}.png"
        if not name.replace("_", "").isalnum() or not part.is_file():
            return Response(status_code=204)
        return Response(
            part.read_bytes(), media_type="image/png", headers={"Cache-Control": "max-age=3600"}
        )

    async def screen(self, request: Request) -> Response:
        after = _whole_number(request.query_params.get("after", "-1"), "after")
        frame = await run_in_threadpool(self._store.glass.next_frame, after, SCREEN_WAIT_S)
        if frame is None:
            return Response(status_code=204)
        number, png = frame
        return Response(
            png,
            media_type="image/png",
            headers={"X-Frame": str(number), "Cache-Control": "no-store"},
        )

    async def receipt(self, request: Request) -> Response:
        number = _whole_number(request.query_params.get("number", "0"), "number")
        png = await run_in_threadpool(self._store.receipt_png, number)
        if png is None:
            raise HTTPException(404, f"There is no receipt {number}.")
        return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})

    async def events(self, request: Request) -> Response:
        async def stream() -> AsyncIterator[str]:
            last = ""
            while not await request.is_disconnected():
                state = json.dumps(await run_in_threadpool(self._state))
                if state != last:
                    last = state
                    yield f"event: state\ndata: {state}\n\n"
                else:
                    yield ": still here\n\n"
                await asyncio.sleep(STATE_EVERY_S)

        return StreamingResponse(stream(), media_type="text/event-stream")

    def _state(self) -> dict[str, Any]:
        return bench_state(self._store, self._hands, self._staff, self._phone)

    async def tap(self, request: Request) -> Response:
        body = await _body(request)
        x, y = (_fraction(body.get(name)) for name in ("x", "y"))
        await run_in_threadpool(self._store.glass.tap, x, y)
        return JSONResponse({})

    async def scan(self, request: Request) -> Response:
        await _body(request)
        told = await run_in_threadpool(self._hands.scan, self._number(request.path_params))
        return JSONResponse({"told": told})

    async def bag(self, request: Request) -> Response:
        body, hands = await _body(request), self._hands
        match request.path_params["verb"]:
            case "put":
                await run_in_threadpool(hands.put, self._number(body))
            case "take":
                await run_in_threadpool(hands.take, _whole_number(body.get("thing"), "thing"))
            case "own":
                await run_in_threadpool(hands.put_own_bag)
            case "weighed":
                await run_in_threadpool(hands.put_weighed)
            case "leave":
                await run_in_threadpool(hands.leave)
            case "lean":
                await run_in_threadpool(hands.lean, body.get("on") is True)
            case "scans":
                hands.bags_scans = body.get("on") is True
            case other:
                raise HTTPException(404, f"A bag has no verb {other}.")
        return JSONResponse({})

    async def badge(self, request: Request) -> Response:
        body = await _body(request)
        number, reader = str(body.get("number", "")), str(body.get("reader", "badge"))
        if not await run_in_threadpool(self._staff.hold_badge, number, reader):
            raise HTTPException(404, "Nobody has such a badge.")
        return JSONResponse({})

    async def phone(self, request: Request) -> Response:
        await _body(request)
        try:
            told = await run_in_threadpool(self._press_phone, request.path_params["verb"])
        except PhoneRefused as error:
            raise HTTPException(409, str(error)) from error
        except KeyError as error:
            raise HTTPException(404, f"A phone has no verb {error}.") from error
        return JSONResponse({"told": told})

    def _press_phone(self, verb: str) -> str:
        return self._phone.do(verb, self._store.glass.view())

    async def decide(self, request: Request) -> Response:
        body = await _body(request)
        told = await run_in_threadpool(
            self._staff.decide,
            str(body.get("intervention_id", "")),
            body.get("approved") is True,
        )
        return JSONResponse({"told": told})

    def _number(self, body: Mapping[str, Any]) -> int:
        number = _whole_number(body.get("number"), "number")
        if not 0 <= number < len(self._goods):
            raise HTTPException(404, f"There is no good {number} on the shelf.")
        return number

    async def act(self, request: Request) -> Response:
        device, verb = request.path_params["device"], request.path_params["verb"]
        if verb not in VERBS.get(device, ()):
            raise HTTPException(404, f"{device} has no verb {verb}.")
        result = await run_in_threadpool(
            self._store.far_end(device).call, verb, **await _body(request)
        )
        return JSONResponse({"result": result})


async def _body(request: Request) -> dict[str, Any]:
    if request.headers.get("X-Bench") != "1":
        raise HTTPException(403, "Calls that change something need the header X-Bench: 1.")
    try:
        body = await request.json()
    except ValueError as error:
        raise HTTPException(400, "The body is not JSON.") from error
    if not isinstance(body, dict):
        raise HTTPException(400, "The body is not a JSON object.")
    return body


def _whole_number(said: object, name: str) -> int:
    try:
        return int(str(said))
    except ValueError:
        raise HTTPException(400, f"{name} is {said!r}, expected a whole number.") from None


def _fraction(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise HTTPException(400, "A tap needs x and y, each from 0 to 1.")
    return float(value)
