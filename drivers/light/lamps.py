"""The thread of a light: sets the lamps when told, blinks, and sets them again now and then."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Final

from drivers.contracts import DeviceKind
from drivers.deadline import SYSTEM_CLOCK, Clock, Deadline, ready
from drivers.light.contract import LAMPS, Lamp, Signal
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash, ReaderThread

BLINK_S: Final = 1.0
"""Lit so long, then dark so long: half a blink a second."""
AGAIN_S: Final = 5.0
"""A relay that missed a command, or was unplugged for a moment, is right again after this."""


class LampThread(ReaderThread):
    """Base of the lights, which add how lamps are switched."""

    def __init__(
        self,
        name: str,
        *,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(name, DeviceKind.LIGHT, clock=clock, backoff=backoff, on_crash=on_crash)
        self._signal = Signal()
        self._shown: tuple[Signal, bool] | None = None
        self._lit_phase = True
        self._turn = Deadline(clock, 0)
        self._again = Deadline(clock, 0)

    @abstractmethod
    def switch(self, lamps: Mapping[Lamp, bool]) -> None:
        """Set every lamp. Raises DeviceError when that cannot be done."""

    def show(self, signal: Signal) -> None:
        """Show this from now on."""
        self._signal = signal
        self.wake.set()

    def on_connected(self) -> None:
        """Set the lamps at once: whatever was lit belongs to another life."""
        self._shown = None
        self._set()

    def step(self) -> None:
        """Wait for a word, the next half of a blink, or the time to set the lamps again."""
        wait_s = self._turn.left_s() if self._signal.blinking else self._again.left_s()
        ready([self.wake, self.stopping], wait_s)
        self.wake.clear()
        if self._signal.blinking and self._turn.passed():
            self._lit_phase = not self._lit_phase
            self._turn = Deadline(self.clock, BLINK_S)
        self._set()

    def darken(self) -> None:
        """Switch all lamps off, as far as that can be done; for `disconnect`."""
        self.switch(dict.fromkeys(LAMPS, False))

    def _set(self) -> None:
        signal = self._signal
        if self._shown is None or self._shown[0] != signal:
            self._lit_phase = True
            self._turn = Deadline(self.clock, BLINK_S)
        wanted = (signal, self._lit_phase)
        if wanted == self._shown and not self._again.passed():
            return
        lit = self._lit_phase or not signal.blinking
        self.switch({lamp: lit and lamp is signal.lamp for lamp in LAMPS})
        self._shown = wanted
        self._again = Deadline(self.clock, AGAIN_S)
        self.count("switchings")
