"""What stands before every route: sizes, time, headers that keep browsers careful, an origin check.

A body is limited in length and in time before anybody knows who sends it, and a large one is taken
only from somebody who is signed in: what strangers may make the server hold is 64 kB for 20 s.

References:
    OWASP HTTP Headers Cheat Sheet; Content Security Policy Level 3; Fetch Metadata.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX: Final = 64 * 1024
BODY_S_MAX: Final = 20.0
UPLOAD_BYTES_MAX: Final = 512 * 1024 * 1024
UPLOAD_S_MAX: Final = 900.0
UPLOAD_PATH: Final = "/api/catalogs"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
HSTS: Final = "max-age=31536000"

WhyNot = Callable[[Request], Awaitable[tuple[int, str] | None]]


class Guard:
    """Wraps the application. `why_not` says why a sender may not upload: status and code."""

    def __init__(self, app: ASGIApp, why_not: WhyNot) -> None:
        self._app = app
        self._why_not = why_not

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_upload = scope["path"] == UPLOAD_PATH and scope["method"] == "POST"
        most = UPLOAD_BYTES_MAX if is_upload else BODY_BYTES_MAX
        body = _Body(receive, most, UPLOAD_S_MAX if is_upload else BODY_S_MAX)
        answer = _Answer(scope, send, body)
        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > most:
            await _refuse(413, "too_large")(scope, receive, answer.send)
        elif headers.get("sec-fetch-site") == "cross-site" and scope["path"].startswith("/api/"):
            await _refuse(403, "cross_site")(scope, receive, answer.send)
        elif is_upload and (refusal := await self._why_not(Request(scope))) is not None:
            # The framework reads the whole body before it asks who sends it.
            await _refuse(*refusal)(scope, receive, answer.send)
        else:
            await self._app(scope, body.receive, answer.send)


class _Body:
    """A request's body on its way in; gone as soon as it is too long or takes too long."""

    def __init__(self, receive: Receive, most: int, seconds: float) -> None:
        self._receive = receive
        self._room = most
        self._until = asyncio.get_running_loop().time() + seconds
        self._complete = False
        self.refusal: tuple[int, str] | None = None

    async def receive(self) -> Message:
        """Return the next piece; after a refusal, that the sender is gone."""
        if self._complete:
            return await self._receive()
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            return self._refused(408, "too_slow")
        self._room -= len(message.get("body", b""))
        if self._room < 0:
            return self._refused(413, "too_large")
        self._complete = not message.get("more_body", False)
        return message

    def _refused(self, status: int, code: str) -> Message:
        self.refusal = (status, code)
        return {"type": "http.disconnect"}


class _Answer:
    """The answer on its way out: with our headers, or the refusal of its body instead of it."""

    def __init__(self, scope: Scope, send: Send, body: _Body) -> None:
        self._scope = scope
        self._send = send
        self._body = body
        self._replaced = False

    async def send(self, message: Message) -> None:
        """Pass a piece of the answer on."""
        if self._replaced:
            return
        if message["type"] == "http.response.start" and self._body.refusal is not None:
            self._replaced = True
            await _refuse(*self._body.refusal)(self._scope, _nothing, self._with_headers)
            return
        await self._with_headers(message)

    async def _with_headers(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            given = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                given.setdefault(name, value)
            if self._scope["scheme"] == "https":
                given.setdefault("Strict-Transport-Security", HSTS)
            if self._scope["path"].startswith("/api/"):
                given.setdefault("Cache-Control", "no-store")
        await self._send(message)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}


def _refuse(status: int, code: str) -> JSONResponse:
    content = {"code": code, "detail": "", "retry_after_s": 0}
    # What is left of the body is not read, so the connection cannot go on.
    return JSONResponse(content, status, headers={"Connection": "close"})
