"""One call to a wallet while it is being done: what the shopper gives, wishes and sees."""

import threading
from collections import deque
from collections.abc import Callable, Container
from typing import Any

from drivers.contracts import (
    WalletInput,
    WalletInputKind,
    WalletShown,
    WalletStep,
)
from drivers.deadline import Clock, Deadline, Flag, ready
from drivers.errors import DeviceError
from drivers.wallet.wire import Answer, NeverSent

INPUTS_MAX = 4
FAILURES_UNTOLD = 1
"""One lost answer is nothing to tell a shopper about."""

Pause = Callable[[float, Flag], None]
"""Wait so many seconds, or until the flag is up. A test passes its own and moves its clock."""


class Stopped(Exception):
    """The driver was told to stop; whatever runs ends as UNKNOWN."""


class Run:
    """A charge, question, capture or reversal from its first byte to its answer."""

    def __init__(
        self,
        attempt_id: str,
        service_id: str,
        *,
        stopping: Flag,
        clock: Clock,
        say: Callable[[WalletShown], None],
        device: str,
        pause: Pause | None = None,
    ) -> None:
        self.attempt_id = attempt_id
        self.service_id = service_id
        self._stopping = stopping
        self._clock = clock
        self._say = say
        self._device = device
        self._pause = pause or (lambda seconds, wake: _poll(seconds, wake, stopping))
        self._wake = Flag()
        self._lock = threading.Lock()
        self._given: deque[WalletInput] = deque(maxlen=INPUTS_MAX)
        self._unwanted = False
        self._shown: WalletShown | None = None
        self._before_silence: WalletShown | None = None
        self._answer_owed = False
        """The shopper has given something, and the screen waits for what comes of it."""

    # --- from any thread --------------------------------------------------------------------------

    def unwant(self) -> None:
        """Wish to stop it."""
        with self._lock:
            self._unwanted = True
        self._wake.set()

    def give(self, given: WalletInput) -> None:
        """Keep what the shopper typed until it is taken."""
        with self._lock:
            self._given.append(given)
        self._wake.set()

    # --- from the thread that does it -------------------------------------------------------------

    @property
    def unwanted(self) -> bool:
        """Whether somebody wished to stop it."""
        with self._lock:
            return self._unwanted

    def take(self, *kinds: WalletInputKind) -> WalletInput | None:
        """Return the newest input of these kinds and forget all that came before it."""
        with self._lock:
            fitting = [given for given in self._given if given.kind in kinds]
            self._given.clear()
        self._answer_owed = self._answer_owed or bool(fitting)
        return fitting[-1] if fitting else None

    def wait(self, seconds: float) -> None:
        """Wait, until a wish or an input at most. Raises Stopped."""
        self._pause(seconds, self._wake)
        self._wake.clear()
        if self._stopping.is_set():
            raise Stopped

    def deadline(self, seconds: float) -> Deadline:
        """A deadline on the driver's clock."""
        return Deadline(self._clock, seconds)

    def moment_ns(self, seconds: float) -> int:
        """The moment on the driver's clock that lies so far ahead."""
        return self._clock.monotonic_ns() + round(seconds * 1e9)

    def show(self, step: WalletStep, **more: Any) -> None:
        """Tell the engine what the screen must show, unless it shows just that.

        What the shopper gave is always answered: the same wrong number twice is wrong twice.
        """
        shown = WalletShown(device=self._device, attempt_id=self.attempt_id, step=step, **more)
        if shown != self._shown or self._answer_owed:
            self._shown, self._answer_owed = shown, False
            self._say(shown)

    def say_no_answer(self) -> None:
        """Tell that the provider is silent; what stood on the screen comes back later."""
        if self._shown is not None and self._shown.step is not WalletStep.NO_ANSWER:
            before = self._shown
            self.show(WalletStep.NO_ANSWER)
            self._before_silence = before

    def say_answer(self) -> None:
        """It answers again: back to what the screen showed before."""
        if self._shown is not None and self._shown.step is WalletStep.NO_ANSWER:
            before, self._before_silence = self._before_silence, None
            if before is not None:
                self._shown = before
                self._say(before)


def _poll(seconds: float, wake: Flag, stopping: Flag) -> None:
    ready([wake, stopping], seconds)


class Pace:
    """When to ask next: after `first_s`, then every `every_s`; without an answer ever later.

    Each failure doubles the wait up to `slow_s`; a provider that says when to come back is obeyed.
    """

    def __init__(self, first_s: float, every_s: float, slow_s: float) -> None:
        self._every_s = every_s
        self._slow_s = slow_s
        self._next_s = first_s
        self.failures = 0

    def next_s(self) -> float:
        """Seconds to wait now; the next call returns the usual pace."""
        seconds, self._next_s = self._next_s, self._every_s
        return seconds

    def answered(self) -> None:
        """An answer came: back to the usual pace."""
        self.failures = 0
        self._next_s = self._every_s

    def failed(self, retry_after_s: float = 0.0) -> None:
        """No answer, or not now."""
        self.failures += 1
        backed_off = min(self._every_s * 2.0 ** min(self.failures, 16), self._slow_s)
        self._next_s = max(backed_off, retry_after_s)


def ask_once(
    run: Run, pace: Pace, call: Callable[[], Answer], accept: Container[int] | None = None
) -> Answer | None:
    """Ask once; None when nobody answered, or answered "not now" (429, 5xx).

    `accept` lists the statuses that are answers to the question; a question about money takes no
    401 for a fact. Keeps the pace, and tells the screen of a silence that lasts.
    """
    try:
        answer = call()
    except DeviceError:
        answer = None
    if answer is None or answer.come_back or (accept is not None and answer.status not in accept):
        pace.failed(answer.retry_after_s if answer is not None else 0.0)
        if pace.failures > FAILURES_UNTOLD:
            run.say_no_answer()
        return None
    pace.answered()
    run.say_answer()
    return answer


class Sending:
    """Sends one request under its idempotency key until it is answered."""

    def __init__(self, call: Callable[[], Answer], accept: Container[int] | None = None) -> None:
        self._call = call
        self._accept = accept
        self.perhaps_done = False
        """Whether a sending that got no answer of its own may have been carried out."""

    def insist(
        self, run: Run, pace: Pace, until: Deadline, *, unless: Callable[[], bool] | None = None
    ) -> Answer | None:
        """Return the answer; None when none came before `until`, or `unless` became true."""
        while True:
            answer = ask_once(run, pace, self._noting, self._accept)
            if answer is not None:
                return answer
            if until.passed() or (unless is not None and unless()):
                return None
            run.wait(min(pace.next_s(), max(until.left_s(), 0.001)))

    def _noting(self) -> Answer:
        try:
            answer = self._call()
        except NeverSent:
            raise
        except DeviceError:
            self.perhaps_done = True
            raise
        # "Not now" may be the word of something in between, after the provider has done it.
        self.perhaps_done = self.perhaps_done or answer.come_back
        return answer
