"""A barcode scanner on a serial line: RS-232, or USB-CDC, which Linux shows as /dev/ttyACM*.

Where the maker has host commands (see `profiles`), the scanner itself is switched off while scans
are not wanted. A code that comes through all the same is refused (see `gate`).
"""

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash
from drivers.scanner.framing import SUFFIX_NAMES, Framer, Framing
from drivers.scanner.gate import GatedScanner, Tone
from drivers.scanner.profiles import PROFILES
from drivers.transport import SerialSettings, Transport, open_transport

READ_BYTES = 4096
IDLE_S: Final = 60.0
"""How long one read waits; bytes, a command and the stop flag all end it at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialScannerOptions:
    """The scanner as it is set up; scanners leave the factory in many ways, see the manual."""

    name: str
    url: str
    """The line, e.g. /dev/serial/by-id/usb-Datalogic_... (see `drivers.transport`)."""
    profile: Literal["plain", "datalogic", "honeywell"] = "plain"
    prefix: str = ""
    """What the scanner is set to send before each code, without the AIM identifier."""
    suffix: Literal["any", "none", "cr", "lf", "crlf", "tab", "etx"] = "any"
    aim_id: bool = True
    gs_substitute: str = ""
    length_max: int = 1024
    gap_ms: int = 80
    half_code_ms: int = 500
    baudrate: int = 9600
    bytesize: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stopbits: Literal[1, 2] = 1
    rtscts: bool = False

    def __post_init__(self) -> None:
        self.framing()

    def framing(self) -> Framing:
        """The part that is about frames."""
        return Framing(
            prefix=self.prefix.encode("latin-1"),
            suffixes=SUFFIX_NAMES[self.suffix],
            gap_ms=self.gap_ms,
            half_code_ms=self.half_code_ms,
            length_max=self.length_max,
            aim_id=self.aim_id,
            gs_substitute=self.gs_substitute,
        )

    def serial(self) -> SerialSettings:
        """The part that is about the port."""
        return SerialSettings(
            baudrate=self.baudrate,
            bytesize=self.bytesize,
            parity=self.parity,
            stopbits=self.stopbits,
            rtscts=self.rtscts,
        )


class SerialScanner(GatedScanner):
    """See the module."""

    OPTIONS: ClassVar = SerialScannerOptions

    def __init__(
        self,
        options: SerialScannerOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(options.name, clock=clock, backoff=backoff, on_crash=on_crash)
        self._options = options
        self._profile = PROFILES[options.profile]
        self._framer = Framer(options.framing())
        self._line: Transport | None = None
        self._told_enabled: bool | None = None

    def connect(self) -> None:
        """Open the line. What waited in it was scanned before, so it is thrown away."""
        self._line = open_transport(
            self._options.url,
            stop=self.stopping,
            wake=self.wake,
            settings=self._options.serial(),
            clock=self.clock,
        )
        self._line.flush_input()

    def on_connected(self) -> None:
        """Bring a scanner that may have been switched off and on to what is wanted now."""
        self._framer.reset()
        self._told_enabled = None
        self.forget_tones()
        self._tell_enabled()

    def disconnect(self) -> None:
        """Close the line."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def step(self) -> None:
        """Pass on what the engine asked for, then wait for bytes."""
        self._tell_enabled()
        self.sound_queued_tones()
        silence_s = self._framer.silence_ends_in_s(self.clock.monotonic_ns())
        data = self._open_line().read(READ_BYTES, IDLE_S if silence_s is None else silence_s)
        now_ns = self.clock.monotonic_ns()
        for outcome in self._framer.feed(data, now_ns) if data else self._framer.on_silence(now_ns):
            self.admit(outcome)

    def sound(self, tone: Tone) -> None:
        """Send the tone's command, if the maker has one."""
        if tone is Tone.GOOD_READ:
            self._say(self._profile.good_read)
            return
        self._say(self._profile.error_tone)
        if self._profile.error_tone_disables:
            self._told_enabled = False
            self._tell_enabled()

    def _tell_enabled(self) -> None:
        wanted = self.enabled
        if wanted is not self._told_enabled:
            self._say(self._profile.enable if wanted else self._profile.disable)
            self._told_enabled = wanted

    def _say(self, command: bytes) -> None:
        if command:
            self._open_line().write(command)

    def _open_line(self) -> Transport:
        assert self._line is not None  # hooks run between connect and disconnect
        return self._line
