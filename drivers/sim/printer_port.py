"""The plug of a simulated printer: a pseudo-terminal or a TCP port, with back-pressure.

Unlike the lines of scales and scanners, a printer's line must be able to *not* read: a printer
without paper fills its buffer and then takes no more, which the driver has to survive.
"""

import os
import pty
import socket
import tty
from contextlib import suppress
from pathlib import Path
from select import POLLHUP, POLLIN, poll
from tempfile import mkdtemp
from typing import Protocol

from drivers.deadline import ready
from drivers.sim.loopback import free_port


class Port(Protocol):
    """One plug. Used by the printer's thread alone; `path` is what the driver is given."""

    keeps_replies: bool
    """Whether replies wait in the printer while no host is there (USB, hardware handshake)."""

    @property
    def url(self) -> str:
        """What goes into the driver's configuration."""

    def plug_in(self) -> None:
        """Connect the cable."""

    def unplug(self) -> None:
        """Pull the cable."""

    def sources(self) -> list[int]:
        """Descriptors that become readable when something comes."""

    def read(self, max_bytes: int) -> bytes:
        """What has come, without waiting."""

    def write(self, data: bytes) -> int:
        """Say something; how many bytes were taken."""

    def hosted(self) -> bool:
        """Whether a host has the line open."""

    def close(self) -> None:
        """Remove it for good."""


class PtyPort:
    """A serial line or a USB printer node, as a pseudo-terminal behind a stable link."""

    keeps_replies = True

    def __init__(self, link: str | Path | None = None) -> None:
        self._path = Path(link) if link else Path(mkdtemp(prefix="far-end-")) / "printer"
        self._owns_folder = link is None
        self._master: int | None = None
        self.plug_in()

    @property
    def url(self) -> str:
        """See `Port`."""
        return str(self._path)

    def plug_in(self) -> None:
        """See `Port`."""
        if self._master is not None:
            return
        self._master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(self._master, False)
        beside = Path(f"{self._path}.new")
        beside.unlink(missing_ok=True)
        beside.symlink_to(os.ttyname(slave))
        beside.replace(self._path)
        # Closed, so that a hang-up on the master tells when no host has the line open.
        os.close(slave)

    def unplug(self) -> None:
        """See `Port`."""
        if self._master is None:
            return
        self._path.unlink(missing_ok=True)
        os.close(self._master)
        self._master = None

    def sources(self) -> list[int]:
        """See `Port`. None while nobody has the line open: a hang-up is always "readable"."""
        return [self._master] if self._master is not None and self.hosted() else []

    def hosted(self) -> bool:
        """See `Port`."""
        if self._master is None:
            return False
        look = poll()
        look.register(self._master, POLLIN)
        return not any(event & POLLHUP for _, event in look.poll(0))

    def read(self, max_bytes: int) -> bytes:
        """See `Port`."""
        if self._master is None or self._master not in ready([self._master], 0):
            return b""
        try:
            return os.read(self._master, max_bytes)
        except OSError:
            return b""

    def write(self, data: bytes) -> int:
        """See `Port`."""
        if self._master is None:
            return 0
        try:
            return os.write(self._master, data)
        except OSError:
            return 0

    def close(self) -> None:
        """See `Port`."""
        self.unplug()
        if self._owns_folder:
            with suppress(OSError):
                self._path.parent.rmdir()


class TcpPort:
    """The network plug: one connection at a time on a loopback port, as port 9100 does."""

    keeps_replies = False

    def __init__(self, port: int = 0) -> None:
        self._client: socket.socket | None = None
        self._number = port or free_port()
        self._listener: socket.socket | None = None
        self.plug_in()

    @property
    def url(self) -> str:
        """See `Port`."""
        return f"tcp://127.0.0.1:{self._number}"

    def plug_in(self) -> None:
        """See `Port`."""
        if self._listener is not None:
            return
        self._listener = socket.create_server(("127.0.0.1", self._number), backlog=1)
        self._listener.setblocking(False)

    def unplug(self) -> None:
        """See `Port`."""
        self._hang_up()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def sources(self) -> list[int]:
        """See `Port`."""
        waiting = self._client or self._listener
        return [waiting.fileno()] if waiting is not None else []

    def hosted(self) -> bool:
        """See `Port`."""
        return self._client is not None

    def read(self, max_bytes: int) -> bytes:
        """See `Port`."""
        if self._client is None and self._listener is not None:
            with suppress(BlockingIOError):
                self._client, _ = self._listener.accept()
                self._client.setblocking(False)
                self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._client is None:
            return b""
        try:
            data = self._client.recv(max_bytes)
        except BlockingIOError:
            return b""
        except OSError:
            data = b""
        if not data:
            self._hang_up()
        return data

    def write(self, data: bytes) -> int:
        """See `Port`."""
        if self._client is None:
            return 0
        try:
            return self._client.send(data)
        except OSError:
            return 0

    def close(self) -> None:
        """See `Port`."""
        self.unplug()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
