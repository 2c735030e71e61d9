"""What the parts of a ZVT driver that move money work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from drivers.announcer import StateAnnouncer
from drivers.deadline import Clock
from drivers.terminal.zvt_memory import Memory
from drivers.terminal.zvt_options import ZvtOptions
from drivers.terminal.zvt_session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """One terminal, the memory of it, and time. Used on the driver's one thread."""

    options: ZvtOptions
    session: Session
    memory: Memory
    announcer: StateAnnouncer
    count: Callable[[str], None]
    clock: Clock
    pause: Callable[[float], bool]
    """Waits so many seconds; True when the driver stops meanwhile."""
    utc_now: Callable[[], datetime]
