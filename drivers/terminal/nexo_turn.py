"""Waiting for one's turn at the terminal: logged in, and no longer busy with the payment before.

A payment or reversal is sent again in two cases only, and both are the terminal's own answer to
this very request: Busy (it had not begun, it was at work or talked to its host) and LoggedOut (it
knows no session, so it began nothing). An answer that was lost is neither: that is asked about.
"""

from collections.abc import Callable

from drivers.contracts import TerminalStep
from drivers.deadline import Clock, Deadline
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_http import NeverSent
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_running import Running
from drivers.terminal.nexo_session import NotReady, Session


class Turn:
    """Takes the terminal for one payment or reversal, on the payment thread.

    With `busy_wait_s` 0 nothing is sent again; the caller has to ask what an answer means.
    """

    def __init__(
        self,
        session: Session,
        *,
        busy_wait_s: float,
        busy_pause_s: float,
        clock: Clock,
        pause: Callable[[float], bool],
    ) -> None:
        self._session = session
        self._busy_wait_s = busy_wait_s
        self._busy_pause_s = busy_pause_s
        self._clock = clock
        self._pause = pause

    @property
    def sends_again(self) -> bool:
        """Whether Busy and LoggedOut are the terminal's word that it may be asked again."""
        return self._busy_wait_s > 0

    def doubt(self, condition: Condition) -> None:
        """Look closer at the terminal before it is used again."""
        self._session.doubt(condition)

    def take(
        self, send: Callable[[], m.Answer | None], running: Running | None = None
    ) -> m.Answer | None:
        """Send when the terminal is ready, and return its answer.

        Raises:
            NotReady: nothing has begun.
            NeverSent: nothing was sent, or it is unwanted by now.
            DeviceError: as Dialog.call: sent, and nobody knows.
        """
        patience = Deadline(self._clock, self._busy_wait_s)
        logins_left = 1
        while True:
            busy: NotReady | None = None
            answer: m.Answer | None = None
            try:
                self._session.open()
            except NotReady as error:
                if error.code != Condition.BUSY.value:
                    raise
                busy = error
            else:
                answer = send()
                condition = condition_of(answer)
                if not self.sends_again:
                    return answer
                if condition is Condition.LOGGED_OUT and logins_left:
                    logins_left -= 1
                    self._session.doubt(condition)
                elif condition is not Condition.BUSY:
                    return answer
                else:
                    busy = NotReady(condition.value, "terminal: busy")
            if busy is not None:
                if running is not None:
                    running.say(TerminalStep.BUSY)
                if patience.passed() or self._pause(self._busy_pause_s):
                    raise busy
            if running is not None and not running.again():
                raise NeverSent("terminal: not wanted any more")


def condition_of(answer: m.Answer | None) -> Condition:
    """Return why a payment, reversal or end of day failed; NONE for everything else."""
    if isinstance(answer, m.PaymentResponse | m.ReversalResponse | m.ReconciliationResponse):
        return answer.verdict.condition
    return Condition.NONE
