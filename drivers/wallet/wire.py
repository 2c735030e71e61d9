"""HTTPS to one provider: bounded in time and size, no redirects, and nothing personal in errors.

Numbers, tokens and codes travel in headers, bodies and even in addresses (Strex asks by
`?recipient=`). So no text of httpx ever reaches an error or a log: names of exceptions do.
"""

import contextlib
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from drivers.errors import DeviceConfigError, DeviceLost, DeviceTimeout, ProtocolError
from drivers.json_strict import dump, parse

CONNECT_TIMEOUT_S = 5.0
ANSWER_BYTES_MAX = 256 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")

# They log addresses at INFO and headers at DEBUG: a phone number and every token.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class NeverSent(DeviceLost):
    """No connection came about: the provider knows nothing of this request."""


class AnswerLost(DeviceTimeout):
    """The request, or a part of it, may have gone out, and no whole answer came back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer. `body` is {} where there was none, or none that is a JSON object."""

    status: int
    body: dict[str, Any] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)
    """The body when it is a bare JSON string or plain text."""
    retry_after_s: float = 0.0
    clock_ahead_s: float = 0.0
    """How far the provider's clock is ahead of ours, by its Date header; 0 when it sent none."""

    @property
    def ok(self) -> bool:
        """Whether it was done."""
        return 200 <= self.status < 300

    @property
    def come_back(self) -> bool:
        """Whether it is no answer to the question: too many requests, or trouble over there."""
        return self.status in (408, 425, 429) or self.status >= 500

    @property
    def refused(self) -> bool:
        """Whether the provider said no to this very request."""
        return 400 <= self.status < 500 and not self.come_back


class Wire:
    """Talks to one base address. `hang_up` ends every exchange, now and later.

    `wall` is the time of day in seconds since 1970, to compare with the provider's.
    """

    def __init__(
        self, base_url: str, *, timeout_s: float, wall: Callable[[], float] = time.time
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._timeout_s = timeout_s
        self._wall = wall
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._sockets: set[socket.socket] = set()
        self._closed = False

    def call(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """Send once and return the whole answer, of whatever status.

        `path` starts with a slash and is already quoted. Times in seconds.

        Raises:
            NeverSent: certainly no byte of the request left.
            AnswerLost: anything else that went wrong on the way.
            ProtocolError: an answer that is too large, or whose JSON is none.
        """
        content = dump(dict(body)) if body is not None else None
        return self.call_bytes(method, path, headers=headers, content=content, timeout_s=timeout_s)

    def call_bytes(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        timeout_s: float | None = None,
    ) -> Answer:
        """As `call`, for a body that was signed and must leave as it is."""
        sent = [False]
        try:
            return self._exchange(method, path, headers or {}, content, timeout_s, sent)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, RuntimeError) as error:
            # RuntimeError: httpx's word for a client that was closed meanwhile.
            text = f"wallet: {type(error).__name__}"
            raise (AnswerLost(text) if sent[0] else NeverSent(text)) from None

    def hang_up(self) -> None:
        """Cut every connection; later calls raise NeverSent."""
        with self._lock:
            self._closed = True
            sockets, self._sockets = self._sockets, set()
        for connection in sockets:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def _exchange(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes | None,
        timeout_s: float | None,
        sent: list[bool],
    ) -> Answer:
        timeout_s = timeout_s or self._timeout_s
        typed = {"Content-Type": "application/json"} if content is not None else {}
        with self._open().stream(
            method,
            self.base_url + path,
            content=content,
            headers={"Accept": "application/json", **typed, **headers},
            timeout=httpx.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S),
            extensions={"trace": self._tracer(sent)},
        ) as response:
            raw = self._read(response, time.monotonic() + timeout_s)
        return self._answer(response, raw)

    def _open(self) -> httpx.Client:
        """The client; made at the first call, because reading all root certificates takes time."""
        with self._lock:
            if self._closed:
                raise NeverSent("wallet: stopped")
            if self._client is None:
                self._client = httpx.Client(
                    # Plain http is this computer only (require_address): nothing to verify.
                    verify=self.base_url.startswith("https:"),
                    # No proxies and no netrc from the environment; no second address to follow.
                    trust_env=False,
                    follow_redirects=False,
                    headers={"User-Agent": "selvkasse"},
                    limits=httpx.Limits(max_keepalive_connections=2, keepalive_expiry=20.0),
                )
            return self._client

    def _read(self, response: httpx.Response, deadline_s: float) -> bytes:
        raw = bytearray()
        for chunk in response.iter_bytes(65536):
            raw += chunk
            if len(raw) > ANSWER_BYTES_MAX:
                raise ProtocolError(f"wallet: answer exceeds {ANSWER_BYTES_MAX} bytes")
            if time.monotonic() > deadline_s:
                raise AnswerLost("wallet: answer is still dripping after the time-out")
        return bytes(raw)

    def _answer(self, response: httpx.Response, raw: bytes) -> Answer:
        status = response.status_code
        body: dict[str, Any] = {}
        text = ""
        if raw.lstrip().startswith(b"{"):
            try:
                body = parse(raw)
            except ProtocolError:
                if status < 400:
                    raise ProtocolError(f"wallet: {len(raw)} bytes are not JSON") from None
        elif raw:
            text = _bare_text(raw)
        return Answer(
            status=status,
            body=body,
            text=text,
            retry_after_s=_seconds(response.headers.get("Retry-After", "")),
            clock_ahead_s=self._ahead(response.headers.get("Date", "")),
        )

    def _ahead(self, date: str) -> float:
        try:
            return parsedate_to_datetime(date).timestamp() - self._wall()
        except (TypeError, ValueError, OverflowError):
            return 0.0

    def _tracer(self, sent: list[bool]) -> Any:
        """Watch httpx's documented trace events: has anything left yet, and on which socket?"""

        def trace(event: str, info: dict[str, Any]) -> None:
            if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
                self._remember(info["return_value"].get_extra_info("socket"))
            elif event.endswith(".send_request_headers.started"):
                sent[0] = True

        return trace

    def _remember(self, connection: socket.socket) -> None:
        with self._lock:
            if self._closed:
                raise NeverSent("wallet: stopped")
            self._sockets = {known for known in self._sockets if known.fileno() >= 0}
            self._sockets.add(connection)


def require_address(what: str, url: str, *, environment: str, hosts: Mapping[str, str]) -> None:
    """Refuse an address that is not of `environment`: money goes to no stranger, nor to a test.

    `hosts` names the environment of each of the provider's own hosts. This computer counts as
    test, and is the only one that may be spoken to without TLS.

    Raises:
        DeviceConfigError: another environment's address, an unknown one, or one without https.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    local = host in LOOPBACK
    belongs = "test" if local else hosts.get(host, "")
    if belongs != environment:
        good = sorted(name for name, world in hosts.items() if world == environment)
        raise DeviceConfigError(
            f"{what}: {url!r} is {'of the ' + belongs if belongs else 'of no known'} environment, "
            f"configured is {environment!r}. Expected https://{' or https://'.join(good)}"
        )
    if parts.scheme != "https" and not (local and parts.scheme == "http"):
        raise DeviceConfigError(f"{what}: {url!r} must be https://")


def _bare_text(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace").strip()
    with contextlib.suppress(ValueError):
        value = json.loads(text)
        return value if isinstance(value, str) else ""
    return text


def _seconds(text: str) -> float:
    return min(float(text), 3600.0) if text.isascii() and text.isdigit() else 0.0
