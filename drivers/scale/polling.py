"""A scale that is asked: how often, what counts as an answer, and when a weight may be sold by.

- Watched, the scale is asked 4 to 5 times a second and every answer is posted; otherwise once a
  second, only to know that it is there.
- A weight is offered after two equal stable answers in a row. No answer, an answer in motion and
  one that cannot be read are states of their own and end the row; no older weight is ever repeated.
- An answer must be whole and must follow its question. What comes unasked is thrown away.
- Three questions without an answer in a row: the scale is lost.
"""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar

from drivers.contracts import DeviceKind, DeviceState, WeightRead
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline
from drivers.errors import DeviceLost, DeviceTimeout, ProtocolError
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash, ReaderThread
from drivers.scale.reading import Reading
from drivers.transport import SerialSettings, Transport, open_transport

READ_BYTES: Final = 256
MISSES_MAX: Final = 3
EQUAL_READINGS: Final = 2
RESYNC_IDLE_S: Final = 0.05
"""So long a silence is the end of whatever the scale was saying (50 characters at 9600 baud)."""
RESYNC_S_MAX: Final = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleWords:
    """The constants of a scale's protocol."""

    weight_request: bytes
    zero_request: bytes
    frame_end: bytes
    frame_bytes_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleOptions:
    """A scale as it is set up; each protocol adds its own."""

    name: str
    url: str
    """The line, e.g. /dev/serial/by-path/... (see `drivers.transport`)."""
    baudrate: int = 9600
    bytesize: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    stopbits: Literal[1, 2] = 1
    answer_s: float = 0.5
    """How long to wait for an answer."""


Options = TypeVar("Options", bound=ScaleOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often and how long."""

    watched_s: float = 0.22
    idle_s: float = 1.0
    answer_s: float = 0.5


class PollingScale(ReaderThread, Generic[Options]):
    """Base of the scale drivers, which add their protocol's options, words and decoding."""

    words: ScaleWords

    def __init__(
        self,
        options: Options,
        *,
        cadence: Cadence | None = None,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(
            options.name, DeviceKind.SCALE, clock=clock, backoff=backoff, on_crash=on_crash
        )
        self._options = options
        self._cadence = cadence or Cadence(answer_s=options.answer_s)
        self._line: Transport | None = None
        self._watched = False
        self._asked_watched = False
        self._zero_wanted = False
        self._next = Deadline(clock, 0)
        self._misses = 0
        self._equal = 0
        self._last_g: int | None = None

    @abstractmethod
    def decode(self, frame: bytes) -> Reading:
        """Decode one whole frame; ProtocolError when it is none."""

    # --- calls ----------------------------------------------------------------------------------

    def watch(self, on: bool) -> None:
        """Ask often and post each answer (on), or once a second and post none (off)."""
        self._watched = on
        self.wake.set()

    def zero(self) -> None:
        """Ask the scale to set zero, at its next turn."""
        self._zero_wanted = True
        self.wake.set()

    # --- hooks ----------------------------------------------------------------------------------

    def connect(self) -> None:
        """Open the line."""
        options = self._options
        self._line = open_transport(
            options.url,
            stop=self.stopping,
            wake=self.wake,
            settings=SerialSettings(
                baudrate=options.baudrate,
                bytesize=options.bytesize,
                parity=options.parity,
                stopbits=options.stopbits,
            ),
            clock=self.clock,
        )

    def on_connected(self) -> None:
        """Ask once: a port that opens is not yet a scale."""
        self._misses = 0
        self._zero_wanted = False
        self._forget_row()
        while not self.stopping.is_set() and not self._poll():
            pass

    def disconnect(self) -> None:
        """Close the line."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def step(self) -> None:
        """Wait for the next turn, then ask."""
        self._wait_for_turn()
        if self.stopping.is_set():
            return
        if self._just_watched():
            # Weights from before the shopper was asked to weigh do not count.
            self._forget_row()
        if self._zero_wanted:
            self._zero_wanted = False
            self._set_zero()
        self._poll()

    # --- asking ---------------------------------------------------------------------------------

    def _wait_for_turn(self) -> None:
        """Wait until it is time to ask, or until somebody wants something. Drops unasked bytes."""
        # Wishes are looked at before each read: the read of an answer may have used up their wake.
        while not (
            self.stopping.is_set()
            or self._next.passed()
            or self._zero_wanted
            or self._just_watched()
        ):
            data = self._open_line().read(READ_BYTES, self._next.left_s())
            self.count("unasked_bytes", len(data))

    def _just_watched(self) -> bool:
        """Whether `watch(True)` came after the last question."""
        return self._watched and not self._asked_watched

    def _poll(self) -> bool:
        """Ask for the weight and post what is known then; False when no answer could be read."""
        self._asked_watched = self._watched
        every_s = self._cadence.watched_s if self._asked_watched else self._cadence.idle_s
        self._next = Deadline(self.clock, every_s)
        try:
            reading = self.decode(self._ask(self.words.weight_request))
        except (DeviceTimeout, ProtocolError) as error:
            silent = isinstance(error, DeviceTimeout)
            self.count("unanswered_requests" if silent else "unreadable_answers")
            self._resynchronise()
            self._on_miss(str(error))
            return False
        if self.stopping.is_set():
            return False
        self._misses = 0
        self.count("answers")
        self._on_reading(reading)
        return True

    def _ask(self, request: bytes) -> bytes:
        """Write a request and return the whole frame that answers it."""
        line = self._open_line()
        stray = line.flush_input()
        if stray:
            self.count("unasked_bytes", stray)
        line.write(request)
        deadline = Deadline(self.clock, self._cadence.answer_s)
        frame = bytearray()
        while not deadline.passed() and not self.stopping.is_set():
            frame += line.read(READ_BYTES, deadline.left_s())
            end = frame.find(self.words.frame_end)
            if end >= 0:
                return bytes(frame[: end + len(self.words.frame_end)])
            if len(frame) > self.words.frame_bytes_max:
                raise ProtocolError(f"{self.name}: no end of frame in {frame.hex(' ')}")
        if frame:
            raise ProtocolError(f"{self.name}: answer broke off after {frame.hex(' ')}")
        raise DeviceTimeout(f"{self.name}: no answer within {self._cadence.answer_s} s")

    def _resynchronise(self) -> None:
        """Read until the scale has been silent for a moment, so that the next answer is whole."""
        line = self._open_line()
        deadline = Deadline(self.clock, RESYNC_S_MAX)
        quiet = Deadline(self.clock, RESYNC_IDLE_S)
        while not (quiet.passed() or deadline.passed() or self.stopping.is_set()):
            if line.read(READ_BYTES, quiet.left_s()):
                quiet = Deadline(self.clock, RESYNC_IDLE_S)

    def _set_zero(self) -> None:
        """Ask for zero. What the scale thinks of it shows in the weights that follow."""
        self._forget_row()
        try:
            self._ask(self.words.zero_request)
            self.count("zero_requests")
        except (DeviceTimeout, ProtocolError):
            # Some clones set zero in silence.
            self._resynchronise()
            self.count("unanswered_zero_requests")

    # --- meaning --------------------------------------------------------------------------------

    def _on_miss(self, reason: str) -> None:
        self._forget_row()
        self._misses += 1
        self._post(Reading(error=True), weight_g=None)
        if self._misses >= MISSES_MAX:
            raise DeviceLost(f"{self.name}: {self._misses} requests without an answer; {reason}")

    def _on_reading(self, reading: Reading) -> None:
        if reading.fault:
            self.announce(DeviceState.FAULT, reading.fault)
        elif self.state is DeviceState.FAULT:
            self.announce(DeviceState.READY)
        if reading.weight_g is None:
            self._forget_row()
        elif reading.weight_g == self._last_g:
            self._equal += 1
        else:
            self._last_g, self._equal = reading.weight_g, 1
        self._post(reading, self._last_g if self._equal >= EQUAL_READINGS else None)

    def _forget_row(self) -> None:
        self._last_g, self._equal = None, 0

    def _post(self, reading: Reading, weight_g: int | None) -> None:
        # An answer to a question from before `watch(True)` is not what the shopper put on.
        if not (self._watched and self._asked_watched):
            return
        posted = self.post(
            WeightRead(
                device=self.name,
                weight_g=weight_g,
                stable=weight_g is not None,
                zero=reading.zero,
                net=reading.net,
                in_motion=reading.in_motion,
                under_zero=reading.under_zero,
                over_capacity=reading.over_capacity,
                error=reading.error or bool(reading.fault),
                at_monotonic_ns=self.clock.monotonic_ns(),
            )
        )
        if not posted:
            # The next answer is newer and better; nothing is kept.
            self.count("dropped_readings")

    def _open_line(self) -> Transport:
        assert self._line is not None  # hooks run between connect and disconnect
        return self._line
