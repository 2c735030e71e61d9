"""Byte lines to devices: serial ports, character devices and TCP sockets, all used alike.

Where a line goes is one string from the configuration:

    /dev/serial/by-id/usb-...   a serial port (or a pseudo-terminal), through pyserial
    /dev/usb/lp0, char:PATH     a character device, read and written as it is
    tcp://10.0.0.7:9100         a TCP socket; IPv6 addresses in brackets

This is the one edge where the errors of the system and of pyserial become ours (`DeviceLost`,
`DeviceBusy`, `DeviceTimeout`, `DeviceClosed`); no driver catches an `OSError` itself.
"""

import errno
import os
import stat
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import serial

from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, Flag, ready
from drivers.errors import DeviceBusy, DeviceClosed, DeviceConfigError, DeviceLost, DeviceTimeout
from drivers.sockets import connected_socket, parse_tcp_url

READ_BYTES_MAX = 4096
WRITE_TIMEOUT_S = 2.0

_BUSY_ERRNOS = frozenset({errno.EBUSY, errno.EAGAIN, errno.EACCES})
"""A port that is open elsewhere: in use, locked; a refused permission is told apart by its text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSettings:
    """How a serial port is set. Ignored for sockets and character devices."""

    baudrate: int = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    rtscts: bool = False
    xonxoff: bool = False


class Transport(Protocol):
    """An open byte line. Used by one thread; `close` may be called from any."""

    @property
    def url(self) -> str:
        """Where it goes, as configured."""

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """Return what is there, waiting at most `timeout_s` for the first byte.

        Empty: nothing came, or the stop or wake flag went up.
        Raises:
            DeviceLost: the other end is gone.
        """

    def write(self, data: bytes, timeout_s: float = WRITE_TIMEOUT_S) -> None:
        """Write all of `data`.

        Raises:
            DeviceLost: the other end is gone.
            DeviceTimeout: it did not take all bytes in time; how many it took is unknown to it.
            DeviceClosed: the stop flag went up before all was written.
        """

    def flush_input(self) -> int:
        """Throw away what has arrived and was not read; return how many bytes."""

    def close(self) -> None:
        """Close it; idempotent."""


class FdTransport:
    """A byte line over one non-blocking descriptor."""

    def __init__(
        self,
        fd: int,
        *,
        url: str,
        close: Callable[[], None],
        stop: Flag | None = None,
        wake: Flag | None = None,
        clock: Clock = SYSTEM_CLOCK,
        empty_read_is_lost: bool = True,
    ) -> None:
        self._fd = fd
        self._url = url
        self._close = close
        self._stop = stop
        self._wake = wake
        self._clock = clock
        self._empty_read_is_lost = empty_read_is_lost
        self._closed = False

    @property
    def url(self) -> str:
        """Where it goes, as configured."""
        return self._url

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        """See `Transport.read`."""
        flags = [flag for flag in (self._stop, self._wake) if flag is not None]
        with lost_device_errors(self._url):
            self._require_open()
            got = ready([self._fd, *flags], timeout_s)
            if self._wake is not None and self._wake.fileno() in got:
                self._wake.clear()
            if self._fd not in got:
                return b""
            try:
                data = os.read(self._fd, min(max_bytes, READ_BYTES_MAX))
            except BlockingIOError:
                return b""
        if not data:
            self._on_empty_read(timeout_s)
        return data

    def _on_empty_read(self, timeout_s: float) -> None:
        if self._empty_read_is_lost:
            raise DeviceLost(f"{self._url}: the other end closed the line")
        # A printer's back channel answers "readable, nothing" without end. Pause, or the
        # caller's loop would take a whole processor.
        pause_s = min(timeout_s, 0.05)
        if self._stop is not None:
            self._stop.wait(pause_s)
        else:
            ready((), pause_s)

    def write(self, data: bytes, timeout_s: float = WRITE_TIMEOUT_S) -> None:
        """See `Transport.write`."""
        left = memoryview(data)
        deadline = Deadline(self._clock, timeout_s)
        flags = [self._stop] if self._stop is not None else []
        with lost_device_errors(self._url):
            while left:
                self._require_open()
                got = ready(flags, deadline.left_s(), writable=[self._fd])
                if self._fd in got:
                    with suppress(BlockingIOError):
                        left = left[os.write(self._fd, left) :]
                elif got:
                    raise DeviceClosed(f"{self._url}: stopped with {len(left)} bytes unwritten")
                if left and deadline.passed():
                    raise DeviceTimeout(
                        f"{self._url}: {len(left)} of {len(data)} bytes not taken in {timeout_s} s"
                    )

    def write_some(self, data: bytes, timeout_s: float) -> int:
        """Write what is taken at once, waiting at most `timeout_s` for room; return how many bytes.

        For devices that stop taking bytes for a while and whose owner must know how many they
        took: a printer without paper. 0: none in time, or the stop flag went up.
        """
        flags = [self._stop] if self._stop is not None else []
        with lost_device_errors(self._url):
            self._require_open()
            if self._fd not in ready(flags, timeout_s, writable=[self._fd]):
                return 0
            try:
                return os.write(self._fd, data)
            except BlockingIOError:
                return 0

    def flush_input(self) -> int:
        """See `Transport.flush_input`."""
        count = 0
        # Bounded: a device that never stops talking must not hold us here.
        for _ in range(64):
            data = self._read_now()
            count += len(data)
            if not data:
                break
        return count

    def _read_now(self) -> bytes:
        with lost_device_errors(self._url):
            self._require_open()
            if self._fd not in ready([self._fd], 0):
                return b""
            try:
                return os.read(self._fd, READ_BYTES_MAX)
            except BlockingIOError:
                return b""

    def close(self) -> None:
        """See `Transport.close`."""
        if self._closed:
            return
        self._closed = True
        with suppress(OSError, serial.SerialException, termios.error):
            self._close()

    def _require_open(self) -> None:
        if self._closed:
            raise DeviceClosed(f"{self._url}: the line is closed")


@contextmanager
def lost_device_errors(url: str) -> Iterator[None]:
    """Translate what the system and pyserial raise about `url` into our errors."""
    try:
        yield
    except (serial.SerialException, OSError, termios.error) as error:
        # pyserial's SerialException is an OSError, and so is a socket's time-out.
        number = error.errno if isinstance(error, OSError) else None
        if number in _BUSY_ERRNOS and "exclusively lock" in str(error):
            raise DeviceBusy(f"{url}: open in another program. Close that one first.") from error
        if number == errno.EBUSY:
            raise DeviceBusy(f"{url}: in use by somebody else ({error})") from error
        raise DeviceLost(f"{url}: {error}") from error


def open_transport(
    url: str,
    *,
    stop: Flag | None = None,
    wake: Flag | None = None,
    settings: SerialSettings = SerialSettings(),
    clock: Clock = SYSTEM_CLOCK,
) -> FdTransport:
    """Open the line that `url` names (see the top of this module).

    `stop` ends waits for good, `wake` ends one read early.
    Raises:
        DeviceConfigError: the url is of no known form.
        DeviceLost: nothing is there now.
        DeviceBusy: another program has the serial port.
    """
    if url.startswith("tcp://"):
        return _open_socket(url, stop=stop, wake=wake, clock=clock)
    if url.startswith(("/", "char:/")):
        path = url.removeprefix("char:")
        is_char = url != path or os.path.realpath(path).startswith("/dev/usb/lp")
        if is_char:
            return _open_character_device(path, url, stop=stop, wake=wake, clock=clock)
        return _open_serial(path, settings, stop=stop, wake=wake, clock=clock)
    raise DeviceConfigError(
        f"{url!r} names no byte line. Expected a device path such as /dev/serial/by-id/usb-..., "
        "char:/dev/usb/lp0, or tcp://host:port."
    )


def _open_socket(url: str, *, stop: Flag | None, wake: Flag | None, clock: Clock) -> FdTransport:
    host, port = parse_tcp_url(url)
    with lost_device_errors(url):
        line = connected_socket(host, port, stop=stop, clock=clock)
    return FdTransport(line.fileno(), url=url, close=line.close, stop=stop, wake=wake, clock=clock)


def _open_character_device(
    path: str, url: str, *, stop: Flag | None, wake: Flag | None, clock: Clock
) -> FdTransport:
    with lost_device_errors(url):
        fd = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        if not stat.S_ISCHR(os.fstat(fd).st_mode):
            os.close(fd)
            raise DeviceConfigError(f"{url}: not a character device.")
    return FdTransport(
        fd,
        url=url,
        close=lambda: os.close(fd),
        stop=stop,
        wake=wake,
        clock=clock,
        empty_read_is_lost=os.isatty(fd),
    )


def _open_serial(
    path: str, settings: SerialSettings, *, stop: Flag | None, wake: Flag | None, clock: Clock
) -> FdTransport:
    with lost_device_errors(path):
        try:
            port = _serial_port(path, settings)
        except termios.error:
            if not is_pseudo_terminal(path):
                raise
            # The kernel's ptys know neither 7 bits nor parity; bytes pass them unchanged.
            plain = SerialSettings(baudrate=settings.baudrate)
            port = _serial_port(path, plain)
    return FdTransport(port.fileno(), url=path, close=port.close, stop=stop, wake=wake, clock=clock)


def _serial_port(path: str, settings: SerialSettings) -> serial.Serial:
    return serial.Serial(
        path,
        baudrate=settings.baudrate,
        bytesize=settings.bytesize,
        parity=settings.parity,
        stopbits=settings.stopbits,
        rtscts=settings.rtscts,
        xonxoff=settings.xonxoff,
        timeout=0,
        write_timeout=0,
        exclusive=True,
    )


def is_pseudo_terminal(path: str) -> bool:
    """Whether `path` is a pseudo-terminal, which only far ends in tests and demos are."""
    return Path(path).resolve().is_relative_to("/dev/pts")
