"""Where the terminal posts its display notifications: one small HTTP listener in the kiosk.

It serves one connection at a time, gives each two seconds and 64 KiB, and believes only what the
dialect lets it believe (in JSON: sealed messages). Whoever floods it can hide a progress text and
nothing else: no answer about money is ever taken from here.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import structlog

from drivers.deadline import Flag, ready
from drivers.errors import DeviceConfigError, ProtocolError

logger = structlog.get_logger(__name__)

BODY_BYTES_MAX = 64 * 1024
READ_TIMEOUT_S = 2.0
STOP_TIMEOUT_S = 0.5


class Listener:
    """Hands each posted body to `received`, and posts back what that returns.

    `received` raises ProtocolError for what is not ours.
    """

    def __init__(
        self,
        listen: str,
        received: Callable[[bytes], bytes],
        *,
        cert_file: str = "",
        silent_status: int = 200,
    ) -> None:
        host, _, port = listen.rpartition(":")
        if not host or not port.isdigit():
            raise DeviceConfigError(f"terminal listen {listen!r}: expected ADDRESS:PORT")
        self._address = (host, int(port))
        self._received = received
        self._cert_file = cert_file
        self._silent_status = silent_status
        self._stopping = Flag()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port in use; 0 before start."""
        return self._server.server_port if self._server is not None else 0

    def start(self) -> bool:
        """Start serving; False (and a log line) when the address is not to be had."""
        try:
            server = _Server(self._address, self._received, self._silent_status)
            if self._cert_file:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self._cert_file)
                # The handshake happens at the first read, under the handler's own time-out.
                server.socket = context.wrap_socket(
                    server.socket, server_side=True, do_handshake_on_connect=False
                )
        except OSError as error:
            logger.warning("terminal progress not available", error=str(error))
            return False
        self._server = server
        self._thread = threading.Thread(
            target=self._serve, args=(server,), name="terminal-listener", daemon=True
        )
        self._thread.start()
        return True

    def stop(self) -> None:
        """Close the port; idempotent."""
        server, self._server = self._server, None
        if server is None or self._thread is None:
            return
        self._stopping.set()
        # A handler may be in its two seconds: it is not waited for, the port closes all the same.
        self._thread.join(STOP_TIMEOUT_S)
        server.server_close()

    def _serve(self, server: "_Server") -> None:
        while self._stopping.fileno() not in (able := ready([server, self._stopping], 3600)):
            if able:
                server.handle_request()


class _Server(HTTPServer):
    allow_reuse_address = True
    timeout = 0

    def __init__(
        self,
        address: tuple[str, int],
        received: Callable[[bytes], bytes],
        silent_status: int,
    ) -> None:
        self.received = received
        self.silent_status = silent_status
        super().__init__(address, _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        connection.settimeout(READ_TIMEOUT_S)
        return connection, address

    def server_bind(self) -> None:
        # Without HTTPServer's own: it asks the network for this computer's name.
        super(HTTPServer, self).server_bind()
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        logger.info("terminal notification broken off", peer=client_address[0])


class _Handler(BaseHTTPRequestHandler):
    timeout = READ_TIMEOUT_S
    server: _Server

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or len(length) > 9 or int(length) > BODY_BYTES_MAX:
            return self._answer(413)
        try:
            answer = self.server.received(self.rfile.read(int(length)))
        except ProtocolError as error:
            logger.warning("terminal notification refused", error=str(error))
            return self._answer(400)
        return self._answer(200 if answer else self.server.silent_status, answer)

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.send_response(status)
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            if body:
                self.send_header("Content-Type", "application/xml; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing: request lines are not events."""
