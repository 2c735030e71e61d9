"""The card terminal's rest at night: logged out for an hour, so that it can update itself.

A terminal that never rests never gets its parameters and its software (Swedbank Pay wants an hour
a day, nexo Logout with MaintenanceAllowed). A shopper who is here when the hour comes is served
first; who comes during it sees cards grey, and pays by what else there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from typing import Final

from drivers.contracts import Resting
from kiosk.engine.till import Till
from kiosk.sale.state import Phase

LOOK_EVERY_S: Final = 60


@dataclass(slots=True)
class NightRest:
    """Lets the terminal rest. Nothing is remembered: after a power cut its driver logs it in."""

    till: Till
    _terminal: Resting | None = field(init=False)
    """None where there is none, or none that rests; looked up once, since it never changes."""
    _resting: bool = False
    _look_ns: int = 0

    def __post_init__(self) -> None:
        terminal: object = self.till.devices.terminal
        self._terminal = terminal if isinstance(terminal, Resting) else None

    def look(self) -> None:
        """Begin or end the rest when its hour has come."""
        if self._terminal is None or self.till.now_ns() < self._look_ns:
            return
        self._look_ns = self.till.after(LOOK_EVERY_S)
        now = self.till.clock.utc_now().astimezone(self.till.zone).time()
        wanted = holds(self.till.config.terminal_rest, now)
        busy = wanted and self.till.sale.phase is not Phase.NONE
        if wanted is not self._resting and not busy:
            self._resting = wanted
            self._terminal.allow_maintenance(wanted)

    def deadlines_ns(self) -> Iterator[int]:
        """Yield when the time must be looked at again."""
        if self._terminal is not None:
            yield self._look_ns


def holds(hours: tuple[time, time], now: time) -> bool:
    """Return whether `now` lies in hours that may go over midnight; equal ends are no hours."""
    begin, end = hours
    return begin <= now < end if begin <= end else now >= begin or now < end
