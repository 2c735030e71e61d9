"""What the store may ask of the machine rather than of the sale. What takes long has a thread.

That thread does one thing at a time, and a few may wait; more is answered `not_now`. The hands
themselves are the program's own (`kiosk.app`): telemetry neither draws nor restarts anything.
"""

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from kiosk.engine.clock import Clock, utc_text
from kiosk.engine.view import Screen
from kiosk.telemetry.commands import BadArguments, argument
from kiosk.telemetry.feed import EventFeed
from kiosk.telemetry.messages import CommandKind, Order, Reply, Verdict
from kiosk.telemetry.slot import Slot

logger = logging.getLogger(__name__)

JOBS_MAX: Final = 4
PICTURE_BYTES_MAX: Final = 600_000
"""A larger picture would not fit into a message, as base64."""
LINES_MAX: Final = 500
IDLE_LOOK_S: Final = 3.0
"""How often somebody looks whether the kiosk is idle, once it has a reason to start again."""
LOG_CHARS_MAX: Final = 400_000
_NOBODY_IS_SERVED: Final = (Screen.START, Screen.CLOSED, Screen.OUT_OF_ORDER)


class Hands(Protocol):
    """What the program can do on request. Called from the errands' thread, but for `log_lines`."""

    def picture(self) -> bytes:
        """Return the glass as a PNG without anything a shopper typed; empty when it cannot."""

    def log_lines(self, count: int) -> list[str]:
        """Return the newest lines of the log, redacted, newest last."""

    def verify_journal(self) -> tuple[bool, str]:
        """Check the whole journal, and return whether it is whole, and what was found."""

    def restart(self) -> None:
        """End the program in order; whoever started it starts it again."""

    def fetch(self, what: str) -> tuple[bool, str]:
        """Fetch what was announced last ("catalog", "config"); return if it worked, and how."""


class Errands:
    """The machine's side of commands; `by_kind` is what a CommandDesk wants."""

    def __init__(self, hands: Hands, slot: Slot, feed: EventFeed, clock: Clock) -> None:
        self._hands = hands
        self._slot = slot
        self._feed = feed
        self._clock = clock
        self._jobs: queue.Queue[tuple[str, Callable[[], Reply | None]] | None] = queue.Queue(
            JOBS_MAX
        )
        self._idle_watch: threading.Timer | None = None
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="errands", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more; what is under way is not waited for."""
        self._stopped = True
        if self._idle_watch is not None:
            self._idle_watch.cancel()
        try:
            self._jobs.put_nowait(None)
        except queue.Full:
            return

    def background(self, work: Callable[[], None]) -> bool:
        """Do something that nobody ordered, in turn; False when too much waits."""

        def job() -> None:
            work()

        try:
            self._jobs.put_nowait(("", job))
        except queue.Full:
            return False
        return True

    def by_kind(self) -> Mapping[str, Callable[[Order], Reply | None]]:
        """Return what is done for which command."""
        return {
            CommandKind.SCREENSHOT: lambda order: self._later(order, self._picture),
            CommandKind.VERIFY_JOURNAL: lambda order: self._later(order, self._verify),
            CommandKind.FETCH_CATALOG: lambda order: self._later(order, self._fetch("catalog")),
            CommandKind.FETCH_CONFIG: lambda order: self._later(order, self._fetch("config")),
            CommandKind.LOGS: self._logs,
            CommandKind.RESTART: self._restart,
            CommandKind.RESEND: self._resend,
        }

    def _logs(self, order: Order) -> Reply:
        count = argument(order, "lines", int, 100)
        if not 0 < count <= LINES_MAX:
            raise BadArguments(f"lines: expected 1 to {LINES_MAX}")
        lines, room = [], LOG_CHARS_MAX
        for line in reversed(self._hands.log_lines(count)):
            room -= len(line)
            if room < 0:
                break
            lines.append(line[:500])
        return self._reply(order, Verdict.DONE, lines=lines[::-1])

    def _restart(self, order: Order) -> Reply:
        if not self._is_idle():
            return self._reply(order, Verdict.NOT_NOW, "somebody is served")
        self._hands.restart()
        return self._reply(order, Verdict.DONE)

    def _is_idle(self) -> bool:
        view = self._slot.view
        if view is None or view.screen not in _NOBODY_IS_SERVED or view.sale_id:
            return False
        return view.staff is None and not view.waiting

    def restart_when_idle(self) -> None:
        """Restart as soon as nobody is served, but not before an answer has had time to go out."""
        if self._idle_watch is None:
            self._watch_for_idle()

    def _watch_for_idle(self) -> None:
        self._idle_watch = threading.Timer(IDLE_LOOK_S, self._restart_or_wait)
        self._idle_watch.daemon = True
        self._idle_watch.start()

    def _restart_or_wait(self) -> None:
        if self._stopped:
            return
        if self._is_idle():
            self._hands.restart()
        else:
            self._watch_for_idle()

    def _resend(self, order: Order) -> Reply:
        journal_id = argument(order, "journal_id", str)
        after_seq = argument(order, "after_seq", int)
        if not self._feed.resend_after(journal_id, after_seq):
            return self._reply(order, Verdict.NO_SUCH, "no such place in this journal")
        return self._reply(order, Verdict.DONE)

    # --- what takes long -----------------------------------------------------------------------

    def _later(self, order: Order, job: Callable[[Order], Reply]) -> Reply | None:
        try:
            self._jobs.put_nowait((order.id, lambda: job(order)))
        except queue.Full:
            return self._reply(order, Verdict.NOT_NOW, "busy with other errands")
        return None

    def _picture(self, order: Order) -> Reply:
        png = self._hands.picture()
        if not png:
            return self._reply(order, Verdict.FAILED, "the screen does not answer")
        if len(png) > PICTURE_BYTES_MAX:
            return self._reply(order, Verdict.FAILED, f"the picture has {len(png)} bytes")
        return self._reply(order, Verdict.DONE, png=png)

    def _verify(self, order: Order) -> Reply:
        ok, words = self._hands.verify_journal()
        self._slot.verified(utc_text(self._clock.utc_now()), ok=ok)
        return self._reply(order, Verdict.DONE if ok else Verdict.FAILED, words)

    def _fetch(self, what: str) -> Callable[[Order], Reply]:
        def job(order: Order) -> Reply:
            done, words = self._hands.fetch(what)
            return self._reply(order, Verdict.DONE if done else Verdict.FAILED, words)

        return job

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            order_id, work = job
            reply: Reply | None
            try:
                reply = work()
            except Exception as error:  # whatever a hand could not do is an answer, no accident
                logger.exception("telemetry: an errand failed")
                reply = Reply(
                    at_utc=utc_text(self._clock.utc_now()),
                    id=order_id,
                    verdict=Verdict.FAILED,
                    detail=type(error).__name__,
                )
            if reply is not None and reply.id:
                self._slot.answer(reply)

    def _reply(
        self, order: Order, verdict: Verdict, detail: str = "", *,
        png: bytes = b"", lines: list[str] | None = None,
    ) -> Reply:  # fmt: skip
        return Reply(
            at_utc=utc_text(self._clock.utc_now()),
            id=order.id,
            verdict=verdict,
            detail=detail[:500],
            png=png,
            lines=lines or [],
        )
