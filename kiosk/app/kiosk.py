"""`kiosk run`: one kiosk, from its configuration to its last frame."""

import faulthandler
import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from drivers.errors import DeviceConfigError
from kiosk.app.config import Config, ConfigError
from kiosk.app.logs import log_the_uncaught, set_up_logs
from kiosk.app.mending import stay_until_mended
from kiosk.app.store_settings import load_all
from kiosk.app.update.waiting import wait_for_updates
from kiosk.app.watchdog import Notifier, Watchdog, timeout_of
from kiosk.app.wiring import Machine, wire
from kiosk.catalog import CatalogError
from kiosk.engine.messages import Tick
from kiosk.engine.view import Screen, View
from kiosk.fiscal.signature import KeyRefused
from kiosk.journal import JournalError
from kiosk.staff import StaffError

if TYPE_CHECKING:
    from kiosk.ui.app import KioskApp

logger = structlog.get_logger(__name__)

EXIT_CONFIG = 78
"""EX_CONFIG of sysexits.h: starting again will not help, a person must mend something."""
EXIT_CRASH = 70
"""EX_SOFTWARE: systemd starts it again, and the journal brings the sale back."""
LATENCIES_KEPT = 10_000
REFUSALS = (ConfigError, DeviceConfigError, JournalError, CatalogError, StaffError, KeyRefused)
"""What keeps a kiosk from starting until a person has mended something."""


def run_kiosk(path: Path) -> int:
    """Run the kiosk configured at `path` until it is stopped; returns the exit code."""
    set_up_logs()
    log_the_uncaught()
    # systemd's watchdog ends a stuck kiosk by SIGABRT: then every thread's stack is in the log.
    faulthandler.enable()
    try:
        config = load_all(path)
        machine = wire(config, died=_die)
    except REFUSALS as error:
        print(f"The kiosk does not start.\n{error}", file=sys.stderr)
        stay_until_mended(path, str(error), Notifier(os.environ.get("NOTIFY_SOCKET", "")))
        return EXIT_CONFIG
    threading.excepthook = _thread_died
    try:
        machine.start()
        return _show(config, machine)
    finally:
        machine.stop()


def _show(config: Config, machine: Machine) -> int:
    """Open the window and stay in it. Kivy is imported here, while the engine already recovers."""
    from kiosk.ui.app import KioskApp
    from kiosk.ui.theme import Brand, BrandRefused

    screen, brand = config.screen, config.brand
    latencies = ScanLatencies(machine.bridge.latest)
    try:
        app = KioskApp(
            machine.bridge,
            width_px=screen.width_px,
            height_px=screen.height_px,
            px_per_mm=screen.px_per_mm,
            fullscreen=screen.fullscreen,
            brand=Brand(
                name=config.shop.name, gran=brand.gran, gran2=brand.gran2, gran3=brand.gran3
            ),
            volume=screen.volume,
            on_frame_shown=latencies.note,
        )
    except BrandRefused as error:
        print(f"The kiosk does not start.\n[brand] {error}", file=sys.stderr)
        return EXIT_CONFIG
    if machine.reporting is not None:
        machine.reporting.show_on(app)
    machine.bridge.subscribe(latencies.expect)
    machine.bridge.subscribe(Collector().show)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: app.stop())
    control = _open_glass(config, machine, app, latencies)
    watchdog = _watch(machine, app)
    waiter = wait_for_updates(config, machine.bridge, app.stop)
    try:
        app.run()
    finally:
        if waiter is not None:
            waiter.stop()
        watchdog.stop()
        if control is not None:
            control.stop()
    return 0


def _watch(machine: Machine, app: "KioskApp") -> Watchdog:
    """Let systemd know that the kiosk is up, and that it lives."""
    watchdog = Watchdog(
        Notifier(os.environ.get("NOTIFY_SOCKET", "")),
        engine=lambda: machine.engine.handled,
        # Before its first frame a screen that turns shows nothing yet, so nobody is served.
        screen=lambda: app.heartbeats if app.frames_shown else 0,
        poke=lambda: machine.engine.send(Tick()),
        timeout_s=timeout_of(),
    )
    watchdog.start()
    return watchdog


def _open_glass(
    config: Config, machine: Machine, app: "KioskApp", latencies: "ScanLatencies"
) -> Any:
    """Serve the glass on the bench's socket, only where the configuration names one."""
    if config.bench.socket is None:
        return None
    from drivers.sim.control import serve_control
    from kiosk.app.glass import Glass
    from kiosk.app.tied import tie_to_starter

    tie_to_starter()
    glass = Glass(
        KioskWindow(app, latencies),
        machine.engine.send,
        machine.bridge.latest,
        config.kiosk.id,
    )
    return serve_control(glass, config.bench.socket)


class ScanLatencies:
    """From the last byte of a scan to the end of the flip that shows its line."""

    def __init__(self, latest: Callable[[], View]) -> None:
        self._latest = latest
        self._lock = threading.Lock()
        self._scanned: dict[int, int] = {}
        self._ms: deque[float] = deque(maxlen=LATENCIES_KEPT)
        self.shown_seq = -1

    def expect(self, view: View) -> None:
        """Remember when the scan behind this view came in; called by the engine's thread."""
        if view.scan_at_monotonic_ns:
            with self._lock:
                self._scanned[view.seq] = view.scan_at_monotonic_ns

    def note(self, seq: int, flipped_ns: int) -> None:
        """Close the account of every scan that this frame shows; called after the flip."""
        self.shown_seq = seq
        with self._lock:
            shown = [key for key in self._scanned if key <= seq]
            scans = {self._scanned.pop(key) for key in shown}
            self._ms.extend((flipped_ns - scan_ns) / 1e6 for scan_ns in sorted(scans))

    def values(self) -> list[float]:
        """Return the milliseconds of each scan that was shown, oldest first."""
        with self._lock:
            return list(self._ms)


class Collector:
    """Collects garbage between shoppers, so that no scan waits for a full collection (50 ms).

    What is there when the first start screen stands lives as long as the kiosk, and is never
    looked at again.
    """

    def __init__(self) -> None:
        self._screen = Screen.CLOSED
        self._frozen = False
        gc.set_threshold(50_000, 20, 1_000)

    def show(self, view: View) -> None:
        """Collect when a start screen has just come up; called by the engine's thread."""
        if not gc.isenabled():
            gc.enable()
        before, self._screen = self._screen, view.screen
        if view.screen is not Screen.START or before is Screen.START:
            return
        gc.collect()
        if not self._frozen:
            gc.freeze()
            self._frozen = True


class KioskWindow:
    """The window as `kiosk.app.glass` wants it, callable from any thread."""

    def __init__(self, app: "KioskApp", latencies: ScanLatencies) -> None:
        self._app = app
        self._latencies = latencies

    def tap(self, x: float, y: float) -> None:
        """Touch at fractions of the width and the height from the top left."""
        glass = self._app.glass
        self._app.tap(x * glass.width_px, y * glass.height_px)

    def texts(self) -> list[tuple[str, float, float]]:
        """Return what can be read and where."""
        return self._app.visible_texts()

    def screenshot_png(self) -> bytes:
        """Return what the window shows."""
        return self._app.screenshot_png()

    def frames(self) -> int:
        """Return how many frames were flipped."""
        return self._app.frames_shown

    def shown_seq(self) -> int:
        """Return the number of the newest view that was shown."""
        return self._latencies.shown_seq

    def scan_latencies_ms(self) -> list[float]:
        """Return scan to frame, one for each scan."""
        return self._latencies.values()


def _die(error: BaseException) -> None:
    """End the process at once: a thread that the kiosk cannot do without is gone."""
    logger.critical("thread died", error=repr(error))
    os._exit(EXIT_CRASH)


def _thread_died(args: threading.ExceptHookArgs) -> None:
    logger.critical(
        "thread died",
        thread=args.thread.name if args.thread else "",
        exc_info=(args.exc_type, args.exc_value, args.exc_traceback),
    )
    os._exit(EXIT_CRASH)
