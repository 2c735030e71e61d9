"""What stands before every route: sizes, headers that keep browsers careful, an origin check.

References:
    OWASP HTTP Headers Cheat Sheet; Content Security Policy Level 3; Fetch Metadata.
"""

from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX: Final = 64 * 1024
UPLOAD_BYTES_MAX: Final = 512 * 1024 * 1024
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


class Guard:
    """Wraps the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        most = UPLOAD_BYTES_MAX if scope["path"] == UPLOAD_PATH else BODY_BYTES_MAX

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    given.setdefault(name, value)
                if scope["scheme"] == "https":
                    given.setdefault("Strict-Transport-Security", HSTS)
                if scope["path"].startswith("/api/"):
                    given.setdefault("Cache-Control", "no-store")
            await send(message)

        length = headers.get("content-length", "0")
        if length.isdecimal() and int(length) > most:
            await _refuse(413, "too_large")(scope, receive, guarded)
        elif headers.get("sec-fetch-site") == "cross-site" and scope["path"].startswith("/api/"):
            await _refuse(403, "cross_site")(scope, receive, guarded)
        elif "transfer-encoding" in headers:
            # Its length is not said beforehand, so it is read here, as far as it may go.
            body = await _read(receive, most)
            if body is None:
                await _refuse(413, "too_large")(scope, receive, guarded)
            else:
                await self._app(scope, _again(body, receive), guarded)
        else:
            await self._app(scope, receive, guarded)


async def _read(receive: Receive, most: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    given = False

    async def read() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read


def _refuse(status: int, code: str) -> JSONResponse:
    return JSONResponse({"code": code, "detail": "", "retry_after_s": 0}, status)
