"""The till's part: it stops itself for a new version when nobody shops, and says how it is after.

A till that is started again while a sale is open loses no money, but it loses the shopper. So it
is the till that chooses the moment, from what stands on its own screen: the start screen or
"closed", nobody signed in, untouched for a quarter of an hour, or for two minutes at night.
"""

import logging
import sys
import threading
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from drivers.deadline import SYSTEM_CLOCK, Clock, Flag, ready
from kiosk.app.update.fetch import write_whole
from kiosk.app.update.guard import WORDS, Disk, State
from kiosk.app.update.settings import UpdateSection
from kiosk.engine.view import Overlay, Screen, View

if TYPE_CHECKING:
    from kiosk.app.config import Config
    from kiosk.app.wiring import EngineBridge

logger = logging.getLogger(__name__)

LOOK_S: Final = 20.0
NIGHT_QUIET_S: Final = 120.0
TRIAL_S: Final = 180.0
"""A new version that has lived so long, and then can sell, is well."""
SICK_S: Final = 900.0
"""One that cannot after so long is not: a terminal may need minutes to come back."""
NS_PER_S: Final = 1_000_000_000
_RESTING: Final = (Screen.START, Screen.CLOSED)


class Waiter:
    """Looks at the screen and at what waits. `stop_till` ends the program in order."""

    def __init__(
        self,
        disk: Disk,
        words: Path,
        version: str,
        section: UpdateSection,
        *,
        stop_till: Callable[[], object],
        local_now: Callable[[], datetime],
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._disk = disk
        self._words = words
        self._version = version
        self._section = section
        self._stop_till = stop_till
        self._local_now = local_now
        self._clock = clock
        self._lock = threading.Lock()
        self._resting = False
        self._can_sell = False
        self._since_ns = self._started_ns = clock.monotonic_ns()
        self._proved = False
        self._stopping = Flag()
        self._thread = threading.Thread(target=self._run, name="update", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive() and threading.current_thread() is not self._thread:
            self._thread.join(1.0)

    def show(self, view: View) -> None:
        """Note whether anybody is here; called by the engine's thread with each view."""
        nobody = view.staff is None and view.overlay is Overlay.NONE
        resting = view.screen in _RESTING and nobody
        with self._lock:
            # A start screen that is drawn again (a device came back) is nobody's touch.
            if not (resting and self._resting):
                self._since_ns = self._clock.monotonic_ns()
            self._resting = resting
            self._can_sell = view.screen is not Screen.OUT_OF_ORDER

    def look(self) -> None:
        """Look once: prove a new version, or make room for one."""
        state = self._disk.state()
        if state.trial == self._version and not self._proved:
            self._judge()
        elif state.waiting and self._may_give_way(state) and self._quiet():
            logger.info("update: nobody shops, so %s takes over", state.waiting)
            self._say("stopped-for", state.waiting)
            self._stop_till()

    def _may_give_way(self, state: State) -> bool:
        # The guard hears that a trial went well with the next start, which may be months away.
        is_settled = not state.trial or (self._proved and state.trial == self._version)
        return is_settled and not self._unheard(state.waiting)

    def _unheard(self, version: str) -> bool:
        """Whether we stopped for it before and nobody took the word: once is enough."""
        try:
            return (self._words / "stopped-for").read_text("utf-8") == version
        except OSError:
            return False

    def _judge(self) -> None:
        lived_s = (self._clock.monotonic_ns() - self._started_ns) / NS_PER_S
        with self._lock:
            can_sell = self._can_sell
        if lived_s >= TRIAL_S and can_sell:
            self._proved = True
            logger.info("update: %s is well", self._version)
            self._say("healthy", self._version)
        elif lived_s >= SICK_S and not can_sell:
            logger.error("update: %s cannot sell, so the version before returns", self._version)
            self._say("sick", self._version)
            self._stop_till()

    def _quiet(self) -> bool:
        """Whether the till may be started anew without anybody noticing."""
        with self._lock:
            if not self._resting:
                return False
        wanted_s = self._section.quiet_min * 60.0
        if is_night(self._local_now().time(), *self._section.night_hours):
            wanted_s = min(wanted_s, NIGHT_QUIET_S)
        return self._quiet_s() >= wanted_s

    def _quiet_s(self) -> float:
        with self._lock:
            return (self._clock.monotonic_ns() - self._since_ns) / NS_PER_S

    def _say(self, name: str, version: str) -> None:
        self._words.mkdir(exist_ok=True)
        write_whole(self._words / name, version.encode())

    def _run(self) -> None:
        while not ready([self._stopping], LOOK_S):
            try:
                self.look()
            except OSError as error:
                logger.warning("update: %s", error)


def wait_for_updates(
    config: "Config", bridge: "EngineBridge", stop_till: Callable[[], object]
) -> Waiter | None:
    """Begin to look, where this is an installed version; a developer's tree has no others."""
    installed = installed_at()
    if installed is None:
        return None
    home, version = installed
    zone = ZoneInfo(config.kiosk.timezone)
    waiter = Waiter(
        Disk(home),
        # Where the guard listens, wherever the journal lies.
        WORDS,
        version,
        config.update,
        stop_till=stop_till,
        local_now=lambda: datetime.now(zone),
    )
    bridge.subscribe(waiter.show)
    waiter.start()
    return waiter


def is_night(now: time, begins: time, ends: time) -> bool:
    """Whether `now` lies between both; the end may be on the next day."""
    if begins < ends:
        return begins <= now < ends
    return now >= begins or now < ends


def installed_at(prefix: Path = Path(sys.prefix)) -> tuple[Path, str] | None:
    """Return the folder of all versions and this version's name; None for a developer's tree."""
    version, home = prefix.parent, prefix.parents[1]
    if prefix.name != "venv" or not (version / "complete").exists():
        return None
    return (home, version.name) if (home / "guard").exists() else None
