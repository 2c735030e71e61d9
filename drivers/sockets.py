"""TCP sockets to devices: connected without blocking, and closed when nobody answers any more."""

import errno
import os
import socket
from typing import Any
from urllib.parse import urlsplit

from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, Flag, ready
from drivers.errors import DeviceClosed, DeviceConfigError

CONNECT_TIMEOUT_S = 3.0


def parse_tcp_url(url: str) -> tuple[str, int]:
    """Return host and port of `tcp://host:port`, or raise DeviceConfigError."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/"):
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise DeviceConfigError(f"{url!r} is no socket address. Expected tcp://host:port.")


def connected_socket(
    host: str, port: int, *, stop: Flag | None = None, clock: Clock = SYSTEM_CLOCK
) -> socket.socket:
    """Return a non-blocking socket that is connected to the first address that answers.

    Raises:
        OSError: none answers within CONNECT_TIMEOUT_S together.
        DeviceClosed: the stop flag went up.
    """
    deadline = Deadline(clock, CONNECT_TIMEOUT_S)
    failure = OSError(errno.EHOSTUNREACH, os.strerror(errno.EHOSTUNREACH))
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        line = socket.socket(family, kind, protocol)
        try:
            _connect(line, address, deadline, stop)
        except OSError as error:
            line.close()
            failure = error
        except BaseException:
            line.close()
            raise
        else:
            _keep_alive(line)
            return line
    raise failure


def _connect(
    line: socket.socket, address: tuple[Any, ...], deadline: Deadline, stop: Flag | None
) -> None:
    line.setblocking(False)
    error = line.connect_ex(address)
    if error == errno.EINPROGRESS:
        got = ready([stop] if stop else [], deadline.left_s(), writable=[line])
        if stop is not None and stop.fileno() in got:
            raise DeviceClosed(f"{address}: stopped while connecting")
        connected = line.fileno() in got
        error = (
            line.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) if connected else errno.ETIMEDOUT
        )
    if error:
        raise OSError(error, os.strerror(error))


def _keep_alive(line: socket.socket) -> None:
    """A pulled network cable sends nothing, so ask the other end now and then."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 5)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 10_000)
