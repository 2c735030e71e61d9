"""The web application: routes, pages, errors as `Problem`, headers that keep browsers careful."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError
from starlette.middleware.gzip import GZipMiddleware

from kiosk.fleet import metrics
from kiosk.fleet.api import (
    calls,
    figures,
    kiosks,
    pages,
    receipts,
    registers,
    releases,
    sessions,
    stream,
)
from kiosk.fleet.api.callers import Refused, address_of, token_of
from kiosk.fleet.api.guard import Guard
from kiosk.fleet.api.types import Problem, Role
from kiosk.fleet.desk import AnotherDecision, TooMany
from kiosk.fleet.server import Fleet
from kiosk.fleet.store.database import DatabaseDown

REFUSALS: Final = {
    401: "Nobody is signed in.",
    403: "Not allowed, or the CSRF token is missing.",
    404: "Not there, or not yours to see.",
    409: "It does not fit with what is there.",
    422: "Not as described.",
    429: "Too often; `retry_after_s` says when again.",
    503: "The database cannot be reached now.",
}


def make_app(fleet: Fleet, *, starts: bool = True) -> FastAPI:
    """Return the application; `starts` also starts and stops the fleet's threads with it."""

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        fleet.feed.attach(asyncio.get_running_loop())
        if starts:
            await asyncio.to_thread(fleet.start)
        yield
        if starts:
            await asyncio.to_thread(fleet.stop)

    app = FastAPI(
        title="Selvkasse fleet",
        version="1",
        description="Kiosks, people who wait, alerts, roll-outs. See the types for units.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
        responses={
            status: {"model": Problem, "description": words} for status, words in REFUSALS.items()
        },
    )
    app.state.fleet = fleet
    for part in (sessions, kiosks, calls, figures, releases, stream, receipts, registers):
        app.include_router(part.router)
    app.include_router(metrics.router)
    pages.add(app)
    _add_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=2000, compresslevel=4)

    async def why_not(request: Request) -> tuple[int, str] | None:
        token, address = token_of(request), address_of(request)
        caller = await asyncio.to_thread(fleet.sessions.find, token, address)
        if caller is None:
            return 401, "not_signed_in"
        return None if caller.has(Role.OPERATOR) else (403, "not_allowed")

    app.add_middleware(Guard, why_not=why_not)
    return app


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        return _problem(error.status, error.code, error.detail, error.retry_after_s)

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        # Never the input itself: it may be a password.
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return _problem(422, "invalid", f"{where}: {first['msg']}"[:300])

    @app.exception_handler(DataError)
    async def no_data(_request: Request, _error: DataError) -> JSONResponse:
        return _problem(422, "invalid", "A text or a number that no database keeps.")

    @app.exception_handler(DatabaseDown)
    async def down(_request: Request, _error: DatabaseDown) -> JSONResponse:
        return _problem(503, "database", "The database cannot be reached. Try again.", 5)

    @app.exception_handler(TooMany)
    async def too_many(_request: Request, error: TooMany) -> JSONResponse:
        return _problem(429, "too_many", "Too many commands.", error.wait_s)

    @app.exception_handler(AnotherDecision)
    async def another(_request: Request, _error: AnotherDecision) -> JSONResponse:
        return _problem(409, "another_decision", "This decision's id was used before.")


def _problem(status: int, code: str, detail: str = "", retry_after_s: int = 0) -> JSONResponse:
    problem = Problem(code=code, detail=detail, retry_after_s=retry_after_s)
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s else {}
    return JSONResponse(problem.model_dump(), status, headers=headers)
