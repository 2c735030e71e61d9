"""A serial line as a pseudo-terminal with a stable name that can be unplugged and plugged in.

Each pseudo-terminal gets a new number, so drivers are given a symbolic link, which points to the
terminal while the cable is in and does not exist while it is out, as udev does with
/dev/serial/by-id. What a pty cannot do: baud rate, 7 data bits and parity are not on the wire.
"""

import os
import pty
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from drivers.deadline import SYSTEM_CLOCK, Deadline, Flag, ready

WRITE_TIMEOUT_S = 1.0
STOP_TIMEOUT_S = 1.0


class PtyLine:
    """The far end of a serial cable. `on_bytes` gets what the driver writes, on the line's thread.

    Starts plugged in. `path` is what the driver is given.
    """

    def __init__(
        self, on_bytes: Callable[[bytes], None], *, link: str | Path | None = None
    ) -> None:
        self.path = str(link or Path(mkdtemp(prefix="far-end-")) / "tty")
        self._owns_folder = link is None
        self._on_bytes = on_bytes
        self._lock = threading.RLock()
        self._stopping = Flag()
        self._changed = Flag()
        self._master: int | None = None
        self._slave: int | None = None
        self.plug_in()
        self._thread = threading.Thread(target=self._run, name="sim-line", daemon=True)
        self._thread.start()

    @property
    def plugged_in(self) -> bool:
        """Whether the cable is in."""
        return self._master is not None

    def plug_in(self) -> None:
        """Put the cable in: a new terminal under the same path. Nothing if it is in."""
        with self._lock:
            if self._master is not None:
                return
            self._master, self._slave = pty.openpty()
            # Raw from the start: a far end must not hear its own words echoed back by the
            # terminal in the moment before a driver has opened and set it.
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self._point_link_to(os.ttyname(self._slave))
        self._changed.set()

    def unplug(self) -> None:
        """Pull the cable: the driver's open line hangs up, and the path is gone."""
        with self._lock:
            if self._master is None or self._slave is None:
                return
            Path(self.path).unlink(missing_ok=True)
            os.close(self._slave)
            os.close(self._master)
            self._master = self._slave = None
        self._changed.set()

    def write(self, data: bytes) -> bool:
        """Say `data` to the driver; False when the cable is out or nobody takes it."""
        left = memoryview(data)
        deadline = Deadline(SYSTEM_CLOCK, WRITE_TIMEOUT_S)
        while left and not deadline.passed():
            with self._lock:
                if self._master is None:
                    return False
                with suppress(BlockingIOError):
                    left = left[os.write(self._master, left) :]
            if left:
                self._stopping.wait(0.002)
        return not left

    def close(self) -> None:
        """Unplug for good and end the thread; idempotent."""
        self._stopping.set()
        self.unplug()
        if self._thread is not threading.current_thread():
            self._thread.join(STOP_TIMEOUT_S)
        if self._owns_folder:
            with suppress(OSError):
                Path(self.path).parent.rmdir()

    def _point_link_to(self, terminal: str) -> None:
        beside = Path(f"{self.path}.new")
        beside.unlink(missing_ok=True)
        beside.symlink_to(terminal)
        beside.replace(self.path)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                line = [] if self._master is None else [self._master]
            ready([*line, self._changed, self._stopping], 3600)
            self._changed.clear()
            data = self._read_now()
            if data:
                self._on_bytes(data)

    def _read_now(self) -> bytes:
        # Under the lock: an unplug in between could have given the number to another file.
        with self._lock:
            if self._master is None or self._master not in ready([self._master], 0):
                return b""
            try:
                return os.read(self._master, 4096)
            except OSError:
                return b""
