"""Lamps on GPIO lines, through libgpiod v2.

A chip is named by its label (`pinctrl-rp1` on a Raspberry Pi 5, `pinctrl-bcm2711` on a 4), never by
its number, which changes between kernels. Source: libgpiod 2.x, Python bindings, `request_lines`.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.errors import DeviceError, DeviceLost
from drivers.light.contract import LAMPS, Lamp
from drivers.light.lamps import LampThread
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash


class Lines(Protocol):
    """Output lines that were requested."""

    def set(self, levels: Mapping[int, bool]) -> None:
        """Set each line, by its offset; OSError when the chip is gone."""

    def release(self) -> None:
        """Give the lines back."""


OpenLines = Callable[[str, tuple[int, ...], bool], Lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class GpioLightOptions:
    """How the lamps are wired. -1 is a lamp that is not there."""

    name: str
    chip: str
    """The chip's label, or its path."""
    green: int = -1
    amber: int = -1
    red: int = -1
    active_low: bool = False
    """For relay boards that switch on when the line is low."""

    def __post_init__(self) -> None:
        """Two lamps on one line would show each other's signal."""
        used = list(self.offsets().values())
        if not used or len(set(used)) != len(used):
            raise ValueError("expected a line of its own for at least one of green, amber, red")

    def offsets(self) -> dict[Lamp, int]:
        """Return the line of each lamp that is there."""
        wired = zip(LAMPS, (self.green, self.amber, self.red), strict=True)
        return {lamp: offset for lamp, offset in wired if offset >= 0}


class GpioLight(LampThread):
    """See the module."""

    OPTIONS: ClassVar = GpioLightOptions

    def __init__(
        self,
        options: GpioLightOptions,
        *,
        open_lines: OpenLines | None = None,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(options.name, clock=clock, backoff=backoff, on_crash=on_crash)
        self._options = options
        self._open = open_lines or open_gpiod_lines
        self._lines: Lines | None = None

    def connect(self) -> None:
        """Request the lines."""
        options = self._options
        try:
            self._lines = self._open(
                options.chip, tuple(options.offsets().values()), options.active_low
            )
        except (OSError, ValueError) as error:
            raise DeviceLost(f"{self.name}: lines of {options.chip}: {error}") from error

    def disconnect(self) -> None:
        """Leave the lamps dark and give the lines back."""
        if self._lines is None:
            return
        with suppress(DeviceError):
            self.darken()
        with suppress(OSError):
            self._lines.release()
        self._lines = None

    def switch(self, lamps: Mapping[Lamp, bool]) -> None:
        """Set each wired lamp's line."""
        if self._lines is None:
            raise DeviceLost(f"{self.name}: the lines are released.")
        levels = {offset: lamps[lamp] for lamp, offset in self._options.offsets().items()}
        try:
            self._lines.set(levels)
        except OSError as error:
            raise DeviceLost(f"{self.name}: {error}") from error


def open_gpiod_lines(chip: str, offsets: tuple[int, ...], active_low: bool) -> Lines:
    """Request output lines of the chip with this label or path."""
    try:
        import gpiod
        from gpiod.line import Direction, Value
    except ImportError as error:
        raise DeviceLost(f"{chip}: the Python package gpiod is not installed.") from error
    settings = gpiod.LineSettings(
        direction=Direction.OUTPUT, output_value=Value.INACTIVE, active_low=active_low
    )
    request = gpiod.request_lines(
        _path_of(chip), consumer="kiosk-light", config={offsets: settings}
    )

    class _GpiodLines:
        def set(self, levels: Mapping[int, bool]) -> None:
            request.set_values(
                {o: Value.ACTIVE if on else Value.INACTIVE for o, on in levels.items()}
            )

        def release(self) -> None:
            request.release()

    return _GpiodLines()


def _path_of(chip: str) -> str:
    """Return the device of a chip by its label; a path is returned as it is."""
    import gpiod

    if chip.startswith("/"):
        return chip
    for path in sorted(Path("/dev").glob("gpiochip*")):
        with suppress(OSError), gpiod.Chip(str(path)) as opened:
            if opened.get_info().label == chip:
                return str(path)
    raise DeviceLost(f"{chip}: no GPIO chip has this label.")
