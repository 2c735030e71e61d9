"""The simulated terminal's network plug: an HTTP server that one can pull the cable of."""

import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from drivers.sim.loopback import free_port

REQUEST_BYTES_MAX = 256 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: None hangs up without a word."""

    body: bytes | None
    status: int = 200
    times: int = 1


class TerminalServer:
    """An HTTP server that can be unplugged, and comes back at the same port.

    With a `certificate` (PEM, key included) it speaks HTTPS.
    """

    def __init__(
        self,
        host: str,
        port: int,
        answer: Callable[[bytes], Reply],
        *,
        certificate: Path | None = None,
        content_type: str = "application/json",
    ) -> None:
        self._host = host
        self.port = port or free_port()
        self._answer = answer
        self._content_type = content_type
        self._context: ssl.SSLContext | None = None
        if certificate is not None:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(certificate)
        self._server: _Server | None = None

    @property
    def scheme(self) -> str:
        """How its address begins."""
        return "http" if self._context is None else "https"

    def plug_in(self) -> None:
        """Listen; nothing happens when it does already."""
        if self._server is not None:
            return
        self._server = _Server(
            (self._host, self.port), self._context, self._answer, self._content_type
        )
        threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.02},
            name="sim-terminal",
            daemon=True,
        ).start()

    def unplug(self) -> None:
        """Close the port and cut every connection."""
        server, self._server = self._server, None
        if server is None:
            return
        server.shutdown()
        server.server_close()
        server.cut()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(
        self,
        address: tuple[str, int],
        context: ssl.SSLContext | None,
        answer: Callable[[bytes], Reply],
        content_type: str,
    ) -> None:
        self.answer = answer
        self.content_type = content_type
        self._context = context
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        # Without HTTPServer's own: it asks the network for this computer's name.
        super(ThreadingHTTPServer, self).server_bind()

    def get_request(self) -> tuple[socket.socket, Any]:
        line, address = super().get_request()
        if self._context is not None:
            line = self._context.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        with self._lock:
            self._open.add(line)
        return line, address

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut(self) -> None:
        with self._lock:
            connections, self._open = self._open, set()
        for connection in connections:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A till that hangs up is nothing to tell about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length", "0")), REQUEST_BYTES_MAX)
        reply = self.server.answer(self.rfile.read(length))
        self.close_connection = True
        if reply.body is None:
            return
        for _ in range(reply.times):
            self.send_response(reply.status)
            if reply.status != 204:
                self.send_header("Content-Type", self.server.content_type)
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            if reply.status != 204:
                self.wfile.write(reply.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""
