"""One HTTP exchange with a terminal: bounded in time and size, and honest about what was sent.

Each exchange is a fresh connection. A kept-alive one may be dead without anybody knowing, and then
"was the request sent?" has no answer; with money, that answer is worth a TLS handshake.
"""

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from drivers.errors import DeviceConfigError, DeviceLost, DeviceTimeout, ProtocolError
from drivers.terminal.nexo_tls import check_name

CONNECT_TIMEOUT_S = 5.0
ANSWER_BYTES_MAX = 256 * 1024
LOOPBACK = ("127.0.0.1", "localhost", "::1")
OWN_NETWORKS = tuple(
    # RFC 1918, RFC 4193, and link-local (RFC 3927, RFC 4291): a cable between two devices.
    ipaddress.ip_network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"),
        *("169.254.0.0/16", "fe80::/10"),
    )
)


class NeverSent(DeviceLost):
    """The connection failed before the first byte of the request: the terminal knows nothing."""


class AnswerLost(DeviceTimeout):
    """The request, or a part of it, went out, and no whole answer came back."""


class Exchange:
    """A handle on one running exchange, so that another thread can end its waiting."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self.dropped = False
        """Whether somebody hung up."""
        self.sent = False
        """True from before the first byte of the request until for ever."""

    def drop(self) -> None:
        """Hang up: the exchange ends with AnswerLost, or NeverSent, at once. Idempotent."""
        with self._lock:
            self.dropped = True
            connection = self._socket
        if connection is not None:
            with contextlib.suppress(OSError):
                # On the TLS socket's own class this would also try to speak; a plain shutdown
                # wakes the thread that reads.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)

    def drop_unsent(self) -> None:
        """Hang up, unless the request has already begun to leave: then do nothing."""
        with self._lock:
            if self.sent:
                return
            self.dropped = True

    def connected(self, connection: socket.socket) -> None:
        """Remember what to hang up on."""
        with self._lock:
            self._socket = connection
            if self.dropped:
                raise NeverSent("terminal: hung up before sending")

    def forget(self) -> None:
        """Nothing to hang up on any more."""
        with self._lock:
            self._socket = None

    def about_to_send(self) -> None:
        """Note that from here on the terminal may know; raises when it is too late to send."""
        with self._lock:
            if self.dropped:
                raise NeverSent("terminal: hung up before sending")
            self.sent = True


class Wire:
    """Posts bytes to one address.

    `certificate_name` None means plain HTTP: to this computer, or with `plain` (for terminals that
    know no TLS) to a literal address of a private network, which no name server can redirect.

    Raises:
        DeviceConfigError: if `url` is anywhere else.
    """

    def __init__(
        self,
        url: str,
        *,
        context: ssl.SSLContext | None,
        certificate_name: str | None,
        content_type: str = "application/json",
        plain: bool = False,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" or plain:
            _require_near(url, plain=plain)
        self._url = url
        self._content_type = content_type
        self._verify: ssl.SSLContext | bool = context if context is not None else False
        self._certificate_name = certificate_name
        self._lock = threading.Lock()
        self._live: set[Exchange] = set()
        self._closed = False

    def hang_up(self) -> None:
        """Drop every running exchange, and every later one before it sends."""
        with self._lock:
            self._closed = True
            live = list(self._live)
        for exchange in live:
            exchange.drop()

    def post(self, body: bytes, *, timeout_s: float, exchange: Exchange | None = None) -> bytes:
        """Send `body` once and return the whole answer, b"" for 204 or an empty one.

        Raises:
            NeverSent: certainly no byte of the request left (UntrustedTerminal inside `__cause__`
                when it was the certificate).
            AnswerLost: anything else that went wrong, HTTP errors included.
            ProtocolError: an answer larger than any message is.
        """
        handle = exchange or Exchange()
        deadline_s = time.monotonic() + timeout_s
        with self._lock:
            self._live.add(handle)
            if self._closed:
                handle.drop()
        try:
            return self._post(body, timeout_s, deadline_s, handle)
        except (httpx.HTTPError, httpx.InvalidURL, DeviceLost, OSError) as error:
            # The text of httpx may hold an address, never a body: safe for a log.
            text = f"terminal: {type(error).__name__}: {error}"
            raise (AnswerLost(text) if handle.sent else NeverSent(text)) from error
        finally:
            with self._lock:
                self._live.discard(handle)
            handle.forget()

    def _post(self, body: bytes, timeout_s: float, deadline_s: float, handle: Exchange) -> bytes:
        timeout = httpx.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S)
        with (
            # No proxies and no netrc from the environment: this call stays in the shop.
            httpx.Client(
                verify=self._verify,
                timeout=timeout,
                trust_env=False,
                follow_redirects=False,
                limits=httpx.Limits(max_keepalive_connections=0),
            ) as client,
            client.stream(
                "POST",
                self._url,
                content=body,
                headers={"Content-Type": self._content_type, "Connection": "close"},
                extensions={"trace": self._tracer(handle)},
            ) as response,
        ):
            if response.status_code not in (200, 204):
                raise AnswerLost(f"HTTP {response.status_code}")
            answer = bytearray()
            for chunk in response.iter_raw(65536):
                answer += chunk
                if len(answer) > ANSWER_BYTES_MAX:
                    raise ProtocolError(f"terminal: answer exceeds {ANSWER_BYTES_MAX} bytes")
                if time.monotonic() > deadline_s:
                    raise AnswerLost("answer is still dripping after the time-out")
            return bytes(answer)

    def _tracer(self, handle: Exchange) -> Any:
        """Watch httpx's documented trace events: who is it, and has anything left yet?"""

        def trace(event: str, info: dict[str, Any]) -> None:
            match event:
                case "connection.connect_tcp.complete":
                    handle.connected(info["return_value"].get_extra_info("socket"))
                case "connection.start_tls.complete":
                    stream = info["return_value"]
                    handle.connected(stream.get_extra_info("socket"))
                    if self._certificate_name is not None:
                        peer = stream.get_extra_info("ssl_object").getpeercert()
                        check_name(peer, self._certificate_name)
                case "http11.send_request_headers.started":
                    handle.about_to_send()

        return trace


def _require_near(url: str, *, plain: bool) -> None:
    """Raise DeviceConfigError unless `url` is plain HTTP to where plain HTTP may go."""
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname in LOOPBACK:
        return
    if not plain:
        raise DeviceConfigError(
            f"terminal url {url!r}: expected https://HOST:8443/nexo "
            "(plain http only to this computer, in the test environment)"
        )
    try:
        address = ipaddress.ip_address(parts.hostname or "")
        # Not `is_private`: that takes in ranges which are no shop's.
        private = any(address in network for network in OWN_NETWORKS)
    except ValueError:
        private = False
    if parts.scheme != "http" or not private:
        raise DeviceConfigError(
            f"terminal url {url!r}: expected http://ADDRESS:11000/EPASSaleToPOI/3.1 with an "
            "address of a private network (a cable or network of its own: this wire has no lock)"
        )
