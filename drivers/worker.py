"""One thread that does a device's jobs one after the other: for printers and terminals.

The caller (the engine) never waits: `submit` puts a job into a bounded queue, or says no.
"""

import threading
from collections import deque
from collections.abc import Callable

from drivers.deadline import Flag
from drivers.errors import DeviceClosed

Job = Callable[[], None]
STOP_TIMEOUT_S = 1.0


class Worker:
    """A thread with a bounded queue of jobs, and a chore for when there is none.

    Jobs must not raise: a driver turns its device's errors into events. One that raises all the
    same is a defect: `on_crash` is called, or else the exception reaches `threading.excepthook`,
    which ends the process.

    Jobs that wait do so on `stopping` too (`open_transport(..., stop=worker.stopping)`), so that
    `stop()` can keep its promise.
    """

    def __init__(
        self,
        name: str,
        *,
        capacity: int = 8,
        idle: Job | None = None,
        idle_every_s: float = 1.0,
        on_crash: Callable[[BaseException], None] | None = None,
    ) -> None:
        self.stopping = Flag()
        self._wake = Flag()
        self._name = name
        self._capacity = capacity
        self._idle = idle
        self._idle_every_s = idle_every_s
        self._on_crash = on_crash
        self._jobs: deque[Job] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread. Jobs submitted before wait for it."""
        if self._thread is not None:
            raise DeviceClosed(f"{self._name}: can be started only once.")
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> bool:
        """Queue a job behind the others; False when the queue is full or the worker stopped."""
        with self._lock:
            if self.stopping.is_set() or len(self._jobs) >= self._capacity:
                return False
            self._jobs.append(job)
        self._wake.set()
        return True

    def pending(self) -> int:
        """How many jobs wait (the running one not counted)."""
        with self._lock:
            return len(self._jobs)

    def stop(self) -> int:
        """Drop the waiting jobs, end the running one's waits and the thread; idempotent.

        Returns how many jobs were dropped unstarted. At most one second.
        """
        with self._lock:
            self.stopping.set()
            dropped = len(self._jobs)
            self._jobs.clear()
        self._wake.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(STOP_TIMEOUT_S)
        return dropped

    def _run(self) -> None:
        try:
            while not self.stopping.is_set():
                job = self._take()
                if job is not None:
                    job()
                elif self._idle is not None and not self.stopping.is_set():
                    self._idle()
        except BaseException as error:
            if self._on_crash is None:
                raise
            self._on_crash(error)

    def _take(self) -> Job | None:
        """The next job; None after `idle_every_s` without one, or at stop."""
        timeout_s = self._idle_every_s if self._idle is not None else 3600.0
        if self.pending() == 0:
            self._wake.wait(timeout_s)
        self._wake.clear()
        with self._lock:
            return self._jobs.popleft() if self._jobs else None
