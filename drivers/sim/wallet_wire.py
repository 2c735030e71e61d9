"""The providers' end of the wire: plain HTTP on loopback, a record of what passed, and faults.

A provider answers through `answer(request) -> Reply`. Faults are given `where`: a part of
"METHOD /path$", so that one can spoil captures ("/capture") or creates ("/payments$") and leave
questions alone; "" spoils anything.
"""

import json
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from drivers.sim.loopback import free_port

REQUEST_BYTES_MAX = 256 * 1024
KEPT_EXCHANGES = 2000

FAULT_VERBS: Final = (
    "fail_next",
    "lose_next_answer",
    "replace_next_answer",
    "lose_next_request",
    "answer_late",
    "answer_garbage",
    "answer_too_much",
    "redirect_next",
    "set_clock_ahead",
    "stand_behind",
    "unplug",
    "plug_in",
    "mend",
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a kiosk sent."""

    method: str
    path: str
    query: Mapping[str, str]
    target: str
    """Path and query as they were on the wire."""
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as a JSON object; ValueError when it is none."""
        value = json.loads(self.body)
        if not isinstance(value, dict):
            raise ValueError("no object")
        return value


@dataclass(frozen=True, slots=True)
class Reply:
    """What it hears. `body` None means no body."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the provider's own reply, before any fault spoilt it."""

    request: Request
    reply: Reply


@dataclass(slots=True)
class _Fault:
    kind: str
    where: str
    left: int
    value: Any = None


class WalletServer:
    """An HTTP server that can be unplugged, with faults to order."""

    def __init__(self, answer: Callable[[Request], Reply], *, host: str, port: int) -> None:
        self._answer = answer
        self._host = host
        self.port = port or free_port()
        self._server: _Server | None = None
        self._lock = threading.Lock()
        self._faults: list[_Fault] = []
        self.clock_ahead_s = 0.0
        self.proxy_url = ""
        self.exchanges: deque[Exchange] = deque(maxlen=KEPT_EXCHANGES)
        self._released = threading.Event()

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://{self._host}:{self.port}"

    @property
    def listens(self) -> bool:
        """Whether its port is open."""
        return self._server is not None

    def plug_in(self) -> None:
        """Listen; nothing happens when it does already."""
        if self._server is None:
            self._released.clear()
            self._server = _Server((self._host, self.port), self)
            threading.Thread(
                target=self._server.serve_forever,
                kwargs={"poll_interval": 0.02},
                name="sim-wallet",
                daemon=True,
            ).start()

    def unplug(self) -> None:
        """Close the port and cut every connection."""
        server, self._server = self._server, None
        if server is not None:
            self._released.set()
            server.shutdown()
            server.server_close()
            server.cut()

    def order(self, kind: str, where: str, count: int, value: Any = None) -> None:
        """Spoil the next `count` requests that have `where` in their "METHOD /path$"."""
        with self._lock:
            self._faults.append(_Fault(kind, where, count, value))

    def mend(self) -> None:
        """Spoil nothing any more."""
        with self._lock:
            self._faults.clear()

    def handle(self, request: Request) -> Reply | bytes | None:
        """Return what goes back: a reply, raw bytes, or nothing at all."""
        fault = self._take(request)
        value: Any = fault.value
        match fault.kind:
            case "lose_request":
                return None
            case "status":
                return _ordered(*value)
            case "redirect":
                return Reply(302, None, {"Location": value})
        reply = self._answer(request)
        self.exchanges.append(Exchange(request, reply))
        match fault.kind:
            case "lose_answer":
                return None
            case "replace_answer":
                return _ordered(value, 0)
            case "late":
                self._released.wait(value)
            case "garbage":
                return b'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"state":'
            case "too_much":
                size = int(value)
                return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b" " * size
        return reply

    def _take(self, request: Request) -> _Fault:
        line = f"{request.method} {request.path}$"
        with self._lock:
            for fault in self._faults:
                if fault.where in line:
                    fault.left -= 1
                    if fault.left <= 0:
                        self._faults.remove(fault)
                    return fault
        return _Fault("", "", 0)


def _ordered(status: int, retry_after_s: int) -> Reply:
    """An error that the test wants."""
    problem = {"type": "about:blank", "title": "Ordered", "status": status, "traceId": "0"}
    return Reply(status, problem, {"Retry-After": str(retry_after_s)} if retry_after_s else {})


class WalletFaults:
    """The verbs of faults, for far ends with a `_server`."""

    _server: WalletServer

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    @property
    def called_as(self) -> str:
        """Where kiosks call: a proxy in front of it, if there is one."""
        return self._server.proxy_url or self._server.url

    def fail_next(
        self, status: int, count: int = 1, where: str = "", retry_after_s: int = 0
    ) -> None:
        """Answer so many requests with this status, and do nothing of what they ask."""
        self._server.order("status", where, count, (status, retry_after_s))

    def lose_next_answer(self, count: int = 1, where: str = "") -> None:
        """Do what is asked, and break the connection instead of answering."""
        self._server.order("lose_answer", where, count)

    def replace_next_answer(self, status: int, count: int = 1, where: str = "") -> None:
        """Do what is asked, and let something in between answer with this status."""
        self._server.order("replace_answer", where, count, status)

    def lose_next_request(self, count: int = 1, where: str = "") -> None:
        """Break the connection and do nothing."""
        self._server.order("lose_request", where, count)

    def answer_late(self, seconds: float, where: str = "") -> None:
        """Answer once so much later."""
        self._server.order("late", where, 1, seconds)

    def answer_garbage(self, where: str = "") -> None:
        """Answer once with half a JSON text."""
        self._server.order("garbage", where, 1)

    def answer_too_much(self, where: str = "", size: int = 2_000_000) -> None:
        """Answer once with more than anybody should read."""
        self._server.order("too_much", where, 1, size)

    def redirect_next(self, location: str, where: str = "") -> None:
        """Send the kiosk to another address once."""
        self._server.order("redirect", where, 1, location)

    def set_clock_ahead(self, seconds: float) -> None:
        """Let the provider's clock be ahead of this computer's: as if ours were behind."""
        self._server.clock_ahead_s = seconds

    def stand_behind(self, proxy_url: str) -> None:
        """A proxy stands in front: addresses are told, and signatures checked, by the proxy's."""
        self._server.proxy_url = proxy_url.rstrip("/")

    def unplug(self) -> None:
        """Cut the line."""
        self._server.unplug()

    def plug_in(self) -> None:
        """Mend it."""
        self._server.plug_in()

    def mend(self) -> None:
        """Forget the faults that are still to come."""
        self._server.mend()

    @property
    def plugged_in(self) -> bool:
        """Whether anybody can reach it."""
        return self._server.listens

    def exchanges(self) -> list[Exchange]:
        """All requests that were answered, with the replies, oldest first."""
        return list(self._server.exchanges)

    def heard(self, where: str) -> int:
        """How many answered requests had `where` in their "METHOD /path$"."""
        return sum(
            where in f"{exchange.request.method} {exchange.request.path}$"
            for exchange in self.exchanges()
        )


def write_keys(path: str, keys: str) -> None:
    """Write the kiosk's key file (mode 0600), as whoever signed the agreement would; not twice."""
    file = Path(path)
    if path and not file.exists():
        file.touch(mode=0o600)
        file.write_text(keys, encoding="utf-8")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], wallet: WalletServer) -> None:
        self.wallet = wallet
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # Without HTTPServer's own: it asks the network for this computer's name.
        super(ThreadingHTTPServer, self).server_bind()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        with self._lock:
            connections, self._open = self._open, set()
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A kiosk that hangs up is nothing to tell about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def _serve(self) -> None:
        length = min(int(self.headers.get("Content-Length", "0")), REQUEST_BYTES_MAX)
        parts = urlsplit(self.path)
        request = Request(
            method=self.command,
            path=parts.path,
            query={name: values[-1] for name, values in parse_qs(parts.query).items()},
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(length),
        )
        answer = self.server.wallet.handle(request)
        if answer is None or isinstance(answer, bytes):
            self.close_connection = True
            self.wfile.write(answer or b"")
            return
        body = b"" if answer.body is None else json.dumps(answer.body).encode()
        if answer.content_type.startswith("text/"):
            body = str(answer.body).encode()
        self.send_response_only(answer.status)
        self.send_header(
            "Date", formatdate(time.time() + self.server.wallet.clock_ahead_s, usegmt=True)
        )
        if body:
            self.send_header("Content-Type", answer.content_type)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = _serve  # noqa: N815 - its names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""
