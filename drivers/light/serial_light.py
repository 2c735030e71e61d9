"""Lamps behind relays on a serial line: a table of bytes, one row for each lamp.

Source of the built-in table: LCUS-type relay boards (CH340), as their sellers document them:
A0, number of the relay, 01 for on or 00 for off, and the sum of the three.
Other towers get a table of their own in the configuration, in hexadecimal.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import ClassVar

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.errors import DeviceError, DeviceLost
from drivers.light.contract import LAMPS, Lamp
from drivers.light.lamps import LampThread
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash
from drivers.transport import SerialSettings, Transport, open_transport


def lcus(relay: int, on: bool) -> bytes:
    """Return the command for one relay (1 to 8) of an LCUS board."""
    head = bytes((0xA0, relay, int(on)))
    return head + bytes((sum(head) & 0xFF,))


def _lcus_table(on: bool) -> dict[str, str]:
    return {lamp.value: lcus(relay, on).hex() for relay, lamp in enumerate(LAMPS, 1)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLightOptions:
    """The board as it is wired."""

    name: str
    url: str
    """The line, e.g. /dev/serial/by-id/... (see `drivers.transport`)."""
    baudrate: int = 9600
    on: Mapping[str, str] = field(default_factory=lambda: _lcus_table(True))
    """Bytes in hexadecimal that light "green", "amber" and "red"; a lamp may be missing."""
    off: Mapping[str, str] = field(default_factory=lambda: _lcus_table(False))

    def __post_init__(self) -> None:
        """A table that cannot be sent must be found at the start, not in the dark."""
        for table in (self.on, self.off):
            for lamp, text in table.items():
                if lamp not in [each.value for each in LAMPS]:
                    raise ValueError(f"{lamp!r} is no lamp: expected green, amber or red")
                bytes.fromhex(text)
        if set(self.on) != set(self.off):
            raise ValueError("on and off must name the same lamps")


class SerialLight(LampThread):
    """See the module."""

    OPTIONS: ClassVar = SerialLightOptions

    def __init__(
        self,
        options: SerialLightOptions,
        *,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(options.name, clock=clock, backoff=backoff, on_crash=on_crash)
        self._url = options.url
        self._settings = SerialSettings(baudrate=options.baudrate)
        self._bytes = {
            (lamp, lit): bytes.fromhex(table[lamp.value])
            for lit, table in ((True, options.on), (False, options.off))
            for lamp in LAMPS
            if lamp.value in table
        }
        self._line: Transport | None = None

    def connect(self) -> None:
        """Open the line."""
        self._line = open_transport(
            self._url,
            stop=self.stopping,
            wake=self.wake,
            settings=self._settings,
            clock=self.clock,
        )

    def disconnect(self) -> None:
        """Leave the lamps dark and close the line."""
        if self._line is None:
            return
        with suppress(DeviceError):
            self.darken()
        self._line.close()
        self._line = None

    def switch(self, lamps: Mapping[Lamp, bool]) -> None:
        """Send the bytes of each lamp: those that go out first."""
        if self._line is None:
            raise DeviceLost(f"{self.name}: the line is closed.")
        self._line.read(256, 0)  # a hang-up is noticed by reading; what a board says is not used
        for lamp, lit in sorted(lamps.items(), key=lambda item: item[1]):
            data = self._bytes.get((lamp, lit))
            if data:
                self._line.write(data)
