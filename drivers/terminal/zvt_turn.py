"""The terminal's turn in a conversation: how we answer meanwhile, and how long we listen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.deadline import Clock, Deadline
from drivers.errors import DeviceTimeout
from drivers.terminal.zvt_apdu import POSITIVE, Apdu
from drivers.terminal.zvt_messages import IntermediateStatus, StatusInformation

ABORTS_MAX: Final = 3


def agree(_: StatusInformation) -> Apdu:
    """Acknowledge a status information."""
    return POSITIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long to wait for what, in seconds."""

    answer_s: float = 5.0
    """T3 of PA00P015: for an acknowledgement."""
    next_s: float = 180.0
    """T4: for the next packet of the terminal."""
    abort_every_s: float = 3.0
    """A terminal may swallow a wish while it waits for something else."""
    abort_grace_s: float = 30.0
    """An acknowledged wish must lead to an end in this time; then the terminal is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to ask for a lost answer, in seconds."""

    first_wait_s: float = 2.0
    longest_wait_s: float = 5.0
    settle_s: float = 5.0
    silence_s: float = 60.0
    total_s: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """How the kiosk answers during one command."""

    on_status: Callable[[StatusInformation], Apdu] = agree
    on_intermediate: Callable[[IntermediateStatus], None] = lambda _: None
    unwanted: Callable[[], bool] = lambda: False
    """Whether somebody wishes it to stop; looked at whenever the wait is woken."""
    total_s: float = 600.0
    mute_s: float | None = None
    """For questions: a terminal that acknowledges, and says nothing for so long, has ended."""


class TurnPatience:
    """The deadlines of one turn, and the wish to end it."""

    def __init__(self, turn: Turn, times: Times, clock: Clock) -> None:
        self._turn = turn
        self._times = times
        self._clock = clock
        self._total = Deadline(clock, turn.total_s)
        self._silence = Deadline(clock, times.next_s)
        self._mute = None if turn.mute_s is None else Deadline(clock, turn.mute_s)
        self._next_abort = Deadline(clock, 0)
        self._aborts = 0
        self._abort_heard = False

    def is_abort_due(self) -> bool:
        """Whether 06 B0 is to be sent now; each True counts as sent."""
        if not self._may_abort() or not self._next_abort.passed():
            return False
        self._aborts += 1
        self._next_abort = Deadline(self._clock, self._times.abort_every_s)
        return True

    def next_deadline(self) -> Deadline:
        """How long to listen at most before looking again."""
        deadlines = [self._silence, self._total]
        if self._mute is not None:
            deadlines.append(self._mute)
        if self._may_abort():
            deadlines.append(self._next_abort)
        return min(deadlines, key=Deadline.left_s)

    def heard_answer(self, apdu: Apdu) -> None:
        """Only a wish of ours can be answered here; one that was heard must lead to an end soon."""
        if self._aborts and apdu.is_positive and not self._abort_heard:
            self._abort_heard = True
            self._silence = Deadline(self._clock, self._times.abort_grace_s)

    def heard(self) -> None:
        """The terminal said something: it lives."""
        times = self._times
        self._silence = Deadline(
            self._clock, times.abort_grace_s if self._abort_heard else times.next_s
        )
        self._mute = None

    def is_mute(self) -> bool:
        """Whether a question was acknowledged and then not answered."""
        return self._mute is not None and self._mute.passed()

    def require_life(self) -> None:
        """Raise DeviceTimeout when it was silent, or at work, for too long."""
        if self._silence.passed() or self._total.passed():
            raise DeviceTimeout("terminal: it stopped talking before the end")

    def _may_abort(self) -> bool:
        return self._aborts < ABORTS_MAX and not self._abort_heard and self._turn.unwanted()
