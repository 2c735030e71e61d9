"""The gate that every scanner shares: which codes go to the engine, and which get an error tone."""

import threading
from abc import abstractmethod
from collections import deque
from enum import Enum, auto

from drivers.contracts import BarcodeScanned, DeviceKind
from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.reader import DEFAULT_BACKOFF, Backoff, OnCrash, ReaderThread
from drivers.scanner.framing import Fault, ScannedCode

TONES_MAX = 8
"""Tones that wait to be sounded; more than that is noise, and the oldest goes."""


class Tone(Enum):
    """A sound of the scanner itself."""

    GOOD_READ = auto()
    ERROR = auto()


class GatedScanner(ReaderThread):
    """A scanner whose codes pass only while it is enabled.

    A code that arrives while it is disabled is refused: error tone, counted, forgotten. So is one
    that the engine's inbox has no room for. Nothing is ever kept for later, because what is sold
    later is not what the shopper meant.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Clock = SYSTEM_CLOCK,
        backoff: Backoff = DEFAULT_BACKOFF,
        on_crash: OnCrash | None = None,
    ) -> None:
        super().__init__(name, DeviceKind.SCANNER, clock=clock, backoff=backoff, on_crash=on_crash)
        self._enabled = False
        self._tones: deque[Tone] = deque(maxlen=TONES_MAX)
        self._tones_lock = threading.Lock()

    @abstractmethod
    def sound(self, tone: Tone) -> None:
        """Sound a tone, where the scanner can. On the reader thread."""

    def enable(self) -> None:
        """Let codes through from now on."""
        self._enabled = True
        self.wake.set()

    def disable(self) -> None:
        """Refuse codes from now on."""
        self._enabled = False
        self.wake.set()

    def good_read(self) -> None:
        """Sound the good-read tone soon."""
        self._queue(Tone.GOOD_READ)

    def error_tone(self) -> None:
        """Sound the error tone soon."""
        self._queue(Tone.ERROR)

    @property
    def enabled(self) -> bool:
        """Whether codes pass."""
        return self._enabled

    def admit(self, outcome: ScannedCode | Fault) -> None:
        """Post a code or refuse it; count what was none. On the reader thread."""
        if isinstance(outcome, Fault):
            self.count(outcome.value)
            if outcome is Fault.TOO_LONG:
                # Somebody held a whole code to the window: say that it was not taken. Half a code
                # is a pulled cable or a reset, and nobody waits for an answer.
                self.sound(Tone.ERROR)
            return
        if not self._enabled:
            self.count("refused_scans")
            self.sound(Tone.ERROR)
            return
        event = BarcodeScanned(
            device=self.name,
            text=outcome.text,
            aim_id=outcome.aim_id,
            at_monotonic_ns=outcome.at_ns,
        )
        if self.post(event):
            self.count("good_scans")
        else:
            self.count("dropped_scans")
            self.sound(Tone.ERROR)

    def sound_queued_tones(self) -> None:
        """Sound what the engine asked for. On the reader thread."""
        while True:
            with self._tones_lock:
                if not self._tones:
                    return
                tone = self._tones.popleft()
            self.sound(tone)

    def forget_tones(self) -> None:
        """Drop tones that were asked for while the scanner was away."""
        with self._tones_lock:
            self._tones.clear()

    def _queue(self, tone: Tone) -> None:
        with self._tones_lock:
            self._tones.append(tone)
        self.wake.set()
