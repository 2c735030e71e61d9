"""APDUs over a byte line: bare ones over TCP, framed and acknowledged ones over serial lines.

A link reads and writes on one thread. Nothing is sent twice over TCP. On a serial line a frame is
sent again only when the terminal says NAK: silence may mean that its ACK was lost, and a payment
that is sent again is a second payment.

Source: ZVT PA00P016, chapters "TCP/IP" and "Serial transport" (T1 0.2 s between two bytes).
"""

from collections import deque
from typing import Final, Protocol

from drivers.deadline import Clock, Deadline
from drivers.errors import DeviceTimeout, ProtocolError
from drivers.terminal.zvt_apdu import Apdu, ApduStream, decode
from drivers.terminal.zvt_serial import ACK, NAK, FrameStream, Signal, encode_frame
from drivers.transport import READ_BYTES_MAX, Transport

T1_S: Final = 0.2
ACK_WAIT_S: Final = 2.0
TRIES: Final = 3
BAD_FRAMES_MAX: Final = 10


class Link(Protocol):
    """A line to a terminal that carries APDUs."""

    def send(self, apdu: Apdu) -> None:
        """Write one packet.

        Raises:
            DeviceError: it may or may not have arrived.
        """

    def receive(self, timeout_s: float) -> Apdu | None:
        """Return the next packet; None when none came in time, or the wait was ended early.

        Raises:
            DeviceLost: the other end is gone.
            ProtocolError: what comes is no ZVT.
        """

    def close(self) -> None:
        """Hang up; idempotent."""


class TcpLink:
    """APDUs one behind the other on a stream."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._stream = ApduStream()
        self._ready: deque[Apdu] = deque()

    def send(self, apdu: Apdu) -> None:
        """See `Link.send`."""
        self._transport.write(apdu.encode())

    def receive(self, timeout_s: float) -> Apdu | None:
        """See `Link.receive`. A packet that comes in parts is waited for by further calls."""
        if not self._ready:
            self._ready.extend(self._stream.feed(self._transport.read(READ_BYTES_MAX, timeout_s)))
        return self._ready.popleft() if self._ready else None

    def close(self) -> None:
        """See `Link.close`."""
        self._transport.close()


class SerialLink:
    """APDUs in frames, each acknowledged."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._frames = FrameStream()
        self._signals: deque[Signal] = deque()
        self._ready: deque[Apdu] = deque()
        self._silence: Deadline | None = None
        self._bad_frames = 0

    def send(self, apdu: Apdu) -> None:
        """See `Link.send`. Up to TRIES times, while the terminal answers NAK."""
        frame = encode_frame(apdu.encode())
        for _ in range(TRIES):
            self._signals.clear()
            self._transport.write(frame)
            if self._acknowledged():
                return
        raise DeviceTimeout(f"{self._transport.url}: frame refused {TRIES} times")

    def receive(self, timeout_s: float) -> Apdu | None:
        """See `Link.receive`."""
        if not self._ready:
            self._read(timeout_s)
        return self._ready.popleft() if self._ready else None

    def close(self) -> None:
        """See `Link.close`."""
        self._transport.close()

    def _acknowledged(self) -> bool:
        """Wait for ACK (True) or NAK (False). The terminal's own frames meanwhile are kept."""
        deadline = Deadline(self._clock, ACK_WAIT_S)
        while not self._signals:
            if deadline.passed():
                raise DeviceTimeout(f"{self._transport.url}: no ACK in {ACK_WAIT_S} s")
            self._read(deadline.left_s())
        return self._signals.popleft() is Signal.ACK

    def _read(self, timeout_s: float) -> None:
        inside = self._frames.is_inside and self._silence is not None
        wait_s = min(timeout_s, self._silence.left_s()) if inside and self._silence else timeout_s
        data = self._transport.read(READ_BYTES_MAX, wait_s)
        if data:
            self._silence = Deadline(self._clock, T1_S)
        elif inside and self._silence is not None and self._silence.passed():
            self._frames.reset()
            self._refuse()
        for item in self._frames.feed(data):
            if isinstance(item, bytes):
                self._take(item)
            elif item is Signal.BAD_FRAME:
                self._refuse()
            else:
                self._signals.append(item)

    def _take(self, body: bytes) -> None:
        try:
            apdu = decode(body)
        except ProtocolError:
            self._refuse()
            return
        self._bad_frames = 0
        self._transport.write(bytes([ACK]))
        self._ready.append(apdu)

    def _refuse(self) -> None:
        self._bad_frames += 1
        if self._bad_frames > BAD_FRAMES_MAX:
            raise ProtocolError(
                f"{self._transport.url}: only broken frames come; check the baud rate"
            )
        self._transport.write(bytes([NAK]))
