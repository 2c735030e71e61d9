"""The simulated ZVT terminal's end of the wire, written apart from the driver's: one socket or pty.

Packets are plain tuples of two control bytes and data. Source: ZVT PA00P015 and PA00P016.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from drivers.deadline import SYSTEM_CLOCK, Deadline, Flag, ready
from drivers.sim.line import PtyLine

STOP_TIMEOUT_S = 1.0
Packet = tuple[bytes, bytes]
Hear = Callable[[Packet], None]
_FRAME_START, _FRAME_END = b"\x10\x02", b"\x10\x03"
LENGTHS = {1: 1, 2: 1, 3: 1, 4: 6, 5: 1, 0x19: 1, 0x49: 2, 0x87: 2, 0x8A: 1}


def write_packet(control: bytes, data: bytes, *, long: bool = False) -> bytes:
    """Return the bytes of a packet; `long` takes three bytes of length where one would do."""
    if long or len(data) > 0xFE:
        return control + b"\xff" + bytes([len(data) & 0xFF, len(data) >> 8]) + data
    return control + bytes([len(data)]) + data


def cut_packets(buffer: bytearray) -> list[Packet]:
    """Take the whole packets off the front of `buffer`."""
    packets: list[Packet] = []
    while len(buffer) >= 3:
        start, size = 3, buffer[2]
        if size == 0xFF:
            if len(buffer) < 5:
                break
            start, size = 5, buffer[3] + 256 * buffer[4]
        if len(buffer) < start + size:
            break
        packets.append((bytes(buffer[:2]), bytes(buffer[start : start + size])))
        del buffer[: start + size]
    return packets


def bcd(value: int, size: int) -> bytes:
    """Return digits packed two to a byte."""
    return bytes.fromhex(str(value).rjust(size * 2, "0"))


def read_fields(data: bytes) -> dict[int, int]:
    """Return the fields of a till's request by tag, as numbers; TLV containers are passed over."""
    found: dict[int, int] = {}
    at = 0
    while at < len(data):
        tag = data[at]
        if tag == 6:
            at += 2 + data[at + 1]
            continue
        size = LENGTHS[tag]
        value = data[at + 1 : at + 1 + size]
        is_byte = tag in (1, 2, 3, 5, 0x19, 0x8A)
        found[tag] = value[0] if is_byte else int(value.hex())
        at += 1 + size
    return found


def digits_length(size: int, places: int) -> bytes:
    """Return a length in the form of LLVAR and LLLVAR."""
    return bytes(0xF0 + int(digit) for digit in str(size).rjust(places, "0"))


def checksum(data: bytes) -> int:
    """CRC of a frame, by shifting bits; the driver's is checked against it."""
    value = 0
    for byte in data + b"\x03":
        for bit in range(8):
            low = (value ^ (byte >> bit)) & 1
            value >>= 1
            if low:
                value ^= 0x8408
    return value


class Port(Protocol):
    """Where a till is plugged in."""

    @property
    def url(self) -> str:
        """What the till is given."""

    def send(self, raw: bytes) -> bool:
        """Write bytes of packets; False when nobody is there."""

    def plug_in(self) -> None:
        """Put the cable in."""

    def unplug(self) -> None:
        """Pull it."""

    def drop(self) -> None:
        """Break the connection and take the next one."""

    def close(self) -> None:
        """End for good."""


class TcpPort:
    """A socket that serves one till; a new one takes the place of the old."""

    def __init__(self, host: str, port: int, hear: Hear) -> None:
        self._host, self._port = host, port
        self._hear = hear
        self._lock = threading.Lock()
        self._client: socket.socket | None = None
        self._listener: socket.socket | None = None
        self._thread = threading.current_thread()
        self._ending = Flag()

    @property
    def url(self) -> str:
        """tcp://HOST:PORT."""
        return f"tcp://{self._host}:{self._port}"

    def plug_in(self) -> None:
        """Listen at the same port as before."""
        if self._listener is not None:
            return
        self._ending = Flag()
        self._listener = self._listen()
        self._port = self._listener.getsockname()[1]
        self._thread = threading.Thread(
            target=self._accept, args=(self._listener, self._ending), name="sim-zvt", daemon=True
        )
        self._thread.start()

    def unplug(self) -> None:
        """Close the port and the connection."""
        listener, self._listener = self._listener, None
        self._ending.set()
        if listener is not None:
            self._thread.join(STOP_TIMEOUT_S)
            listener.close()
        self.drop()

    def drop(self) -> None:
        """Break the connection."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            with suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()

    def close(self) -> None:
        """End for good."""
        self.unplug()

    def send(self, raw: bytes) -> bool:
        """Write; False when nobody is there."""
        with self._lock:
            client = self._client
        try:
            if client is not None:
                client.sendall(raw)
        except OSError:
            return False
        return client is not None

    def _listen(self) -> socket.socket:
        """Listen; a till that is just connecting in vain may hold the port for a moment."""
        deadline = Deadline(SYSTEM_CLOCK, STOP_TIMEOUT_S)
        while True:
            try:
                return socket.create_server((self._host, self._port))
            except OSError:
                if deadline.passed():
                    raise
                ready((), 0.02)

    def _accept(self, listener: socket.socket, ending: Flag) -> None:
        while not ending.is_set():
            try:
                ready([listener, ending], 3600)
                if ending.is_set():
                    return
                client, _ = listener.accept()
            except (OSError, ValueError):
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.drop()
            with self._lock:
                self._client = client
            threading.Thread(
                target=self._read, args=(client,), name="sim-zvt-till", daemon=True
            ).start()

    def _read(self, client: socket.socket) -> None:
        buffer = bytearray()
        with suppress(OSError):
            while data := client.recv(4096):
                buffer += data
                for packet in cut_packets(buffer):
                    self._hear(packet)
        with self._lock:
            if self._client is client:
                self._client = None


class SerialPort:
    """A serial cable as a pty, with frames; `naks` of them are refused before one is taken."""

    def __init__(self, link: str | Path | None, hear: Hear) -> None:
        self._hear = hear
        self._buffer = bytearray()
        self.naks = 0
        self.corrupt = 0
        self.heard_naks = 0
        self._line = PtyLine(self._take, link=link)

    @property
    def url(self) -> str:
        """The path of the port."""
        return self._line.path

    def plug_in(self) -> None:
        """Put the cable in."""
        self._line.plug_in()

    def unplug(self) -> None:
        """Pull it."""
        self._buffer.clear()
        self._line.unplug()

    def drop(self) -> None:
        """A serial cable cannot be dropped by the terminal: pull it and put it back."""
        self.unplug()
        self.plug_in()

    def close(self) -> None:
        """End for good."""
        self._line.close()

    def send(self, raw: bytes) -> bool:
        """Write a frame; a corrupted one is sent again when the till says NAK."""
        frame = (
            _FRAME_START
            + raw.replace(b"\x10", b"\x10\x10")
            + _FRAME_END
            + checksum(raw).to_bytes(2, "little")
        )
        if self.corrupt:
            self.corrupt -= 1
            self._again = frame
            frame = frame[:-1] + bytes([frame[-1] ^ 0xFF])
        return self._line.write(frame)

    _again = b""

    def _take(self, data: bytes) -> None:
        self._buffer += data
        while self._buffer:
            if self._buffer[0] in (0x06, 0x15):
                self.heard_naks += self._buffer[0] == 0x15
                if self._buffer.pop(0) == 0x15 and self._again:
                    self._line.write(self._again)
                    self._again = b""
                continue
            frame = self._cut_frame()
            if frame is None:
                return
            if self.naks:
                self.naks -= 1
                self._line.write(b"\x15")
                continue
            self._line.write(b"\x06")
            for packet in cut_packets(bytearray(frame)):
                self._hear(packet)

    def _cut_frame(self) -> bytes | None:
        body, at = bytearray(), 2
        while at + 1 < len(self._buffer):
            if self._buffer[at] != 0x10:
                body.append(self._buffer[at])
                at += 1
            elif self._buffer[at + 1] == 0x10:
                body.append(0x10)
                at += 2
            else:
                end = at + 4
                if len(self._buffer) < end:
                    return None
                del self._buffer[:end]
                return bytes(body)
        return None
