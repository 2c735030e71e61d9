"""The routes of enrolment. A port of its own, because browsers would be asked for certificates."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from kiosk.fleet.api.guard import Guard
from kiosk.fleet.enrolment.desk import EnrolmentDesk, Refused
from kiosk.telemetry.enrolment import (
    AUTHORITY_PATH,
    ENROL_PATH,
    RENEW_PATH,
    EnrolRequest,
    Refusal,
    RenewRequest,
    ThisAuthority,
)

PEER: Final = "peer_certificate"
T = TypeVar("T")


class TlsProtocol(H11Protocol):
    """HTTP that knows the certificate with which the other side came."""

    def connection_made(self, transport: Any) -> None:
        """Keep it with what routes see as `request.state`."""
        super().connection_made(transport)
        tls = transport.get_extra_info("ssl_object")
        peer = tls.getpeercert(binary_form=True) if tls is not None else None
        self.app_state = {**self.app_state, PEER: peer}


def make_app(desk: EnrolmentDesk) -> Guard:
    """Return the application."""

    async def authority(_request: Request) -> Response:
        text = await asyncio.to_thread(desk.authority.ca_path.read_text, "utf-8")
        at_utc = desk.now().isoformat(timespec="seconds")
        return _answer(ThisAuthority(authority=text, at_utc=at_utc))

    async def enrol(request: Request) -> Response:
        asked = await _body(request, EnrolRequest)
        return _answer(await asyncio.to_thread(desk.enrol, asked, _address(request)))

    async def renew(request: Request) -> Response:
        asked = await _body(request, RenewRequest)
        peer = getattr(request.state, PEER, None)
        return _answer(await asyncio.to_thread(desk.renew, asked, peer, _address(request)))

    app = Starlette(
        routes=[
            Route(AUTHORITY_PATH, authority),
            Route(ENROL_PATH, _refusing(enrol), methods=["POST"]),
            Route(RENEW_PATH, _refusing(renew), methods=["POST"]),
        ]
    )

    async def never(_request: Request) -> tuple[int, str] | None:
        return 403, "not_allowed"  # nothing large is taken here

    return Guard(app, why_not=never)


def _refusing(
    route: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answered(request: Request) -> Response:
        try:
            return await route(request)
        except Refused as error:
            refusal = Refusal(code=error.code, detail=str(error)[:500], retry_after_s=error.wait_s)
            return _answer(refusal, error.status)

    return answered


async def _body(request: Request, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        # Never the body itself: it has the code.
        raise Refused(422, "invalid", f"It is no {kind.__name__}: {error}") from error


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _answer(message: msgspec.Struct, status: int = 200) -> Response:
    body = msgspec.json.encode(message)
    headers = {"Cache-Control": "no-store"}
    return Response(body, status, media_type="application/json", headers=headers)
