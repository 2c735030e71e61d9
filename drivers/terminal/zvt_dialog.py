"""One conversation with a ZVT terminal: a command, what the terminal says meanwhile, its end.

The kiosk speaks first; when the terminal has acknowledged, it is the terminal's turn ("master")
until 06 0F or 06 1E. Each packet of its turn is answered at once, an answer is never answered, and
the only thing the kiosk may say by itself is 06 B0, the wish to stop.

Times, from PA00P015: an acknowledgement comes within 5 s (T3), the next packet within 180 s (T4);
the kiosk's own answers are due within 5 s too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from drivers.deadline import Clock, Deadline, Flag
from drivers.errors import DeviceClosed, DeviceError, DeviceLost, DeviceTimeout
from drivers.terminal import zvt_codes
from drivers.terminal import zvt_messages as messages
from drivers.terminal.zvt_apdu import POSITIVE, Apdu, refusal
from drivers.terminal.zvt_link import Link
from drivers.terminal.zvt_messages import Completion, StatusInformation
from drivers.terminal.zvt_print import Paper
from drivers.terminal.zvt_turn import Times, Turn, TurnPatience

STRAYS_MAX: Final = 64
"""A terminal that never stops talking by itself must not keep us from a payment."""


class NeverSent(DeviceLost):
    """The command did not leave, not one byte of it.

    Example scenarios: the terminal is switched off; it refused to be registered.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The terminal did not take the command: `84 xx 00`."""

    error: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The command is over. `abort` is the error of 06 1E, None after 06 0F."""

    status: StatusInformation | None
    completion: Completion
    abort: int | None
    paper: Paper


Ending = Refused | Ended


class Dialog:
    """Talks to one terminal, on one thread. `connect` opens a link, or raises DeviceError."""

    def __init__(
        self,
        connect: Callable[[], Link],
        *,
        clock: Clock,
        stopping: Flag,
        times: Times,
        charset: str,
        on_stray: Callable[[StatusInformation], Apdu],
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._stopping = stopping
        self._times = times
        self._charset = charset
        self._on_stray = on_stray
        self._link: Link | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a line, as far as we know."""
        return self._link is not None

    def connect(self) -> None:
        """Open the line if it is not open.

        Raises:
            NeverSent: nobody is there.
        """
        if self._link is None:
            try:
                self._link = self._connect()
            except DeviceError as error:
                raise NeverSent(str(error)) from error

    def hang_up(self) -> None:
        """Close the line; idempotent."""
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def run(self, command: Apdu, turn: Turn | None = None) -> Ending:
        """Send `command`, once, and return how it ended. On an error the line is closed.

        Raises:
            NeverSent: there is no line.
            DeviceError: how it ended is not known.
        """
        turn = turn or Turn()
        if self._link is None:
            raise NeverSent("terminal: no line")
        try:
            return self._run(self._link, command, turn)
        except DeviceError:
            self.hang_up()
            raise

    def listen(self) -> None:
        """Nothing is under way: answer what the terminal says by itself, without waiting.

        Raises:
            DeviceError: the line is gone, and closed.
        """
        if self._link is None:
            return
        paper = Paper(self._charset)
        try:
            for _ in range(STRAYS_MAX):
                if (apdu := self._link.receive(0)) is None:
                    break
                self._answer_stray(self._link, apdu, paper)
        except DeviceError:
            self.hang_up()
            raise

    def _run(self, link: Link, command: Apdu, turn: Turn) -> Ending:
        try:
            self.listen()
        except DeviceError as error:
            raise NeverSent(str(error)) from error
        link.send(command)
        answer = self._acknowledgement(link)
        if not answer.is_positive:
            return Refused(error=answer.error)
        return self._listen_to_end(link, turn)

    def _acknowledgement(self, link: Link) -> Apdu:
        deadline = Deadline(self._clock, self._times.answer_s)
        while True:
            apdu = self._receive(link, deadline)
            if apdu is None:
                if deadline.passed():
                    raise DeviceTimeout(f"terminal: no answer in {self._times.answer_s} s")
            elif apdu.is_answer:
                return apdu
            else:
                self._answer_stray(link, apdu, Paper(self._charset))

    def _listen_to_end(self, link: Link, turn: Turn) -> Ended:
        patience = TurnPatience(turn, self._times, self._clock)
        paper = Paper(self._charset)
        status: StatusInformation | None = None
        while True:
            if patience.is_abort_due():
                link.send(messages.abort())
            apdu = self._receive(link, patience.next_deadline())
            if apdu is None:
                if patience.is_mute():
                    return Ended(status=None, completion=Completion(), abort=None, paper=paper)
                patience.require_life()
            elif apdu.is_answer:
                patience.heard_answer(apdu)
            elif apdu.control in (zvt_codes.COMPLETION, zvt_codes.ABORT):
                link.send(POSITIVE)
                return self._ended(apdu, status, paper)
            else:
                patience.heard()
                status = self._answer_in_turn(link, apdu, turn, paper) or status

    def _answer_in_turn(
        self, link: Link, apdu: Apdu, turn: Turn, paper: Paper
    ) -> StatusInformation | None:
        """Answer one packet of the terminal's turn; return what a status information said."""
        if apdu.control == zvt_codes.STATUS_INFORMATION:
            status = messages.read_status(apdu, self._charset)
            link.send(turn.on_status(status))
            return status
        if apdu.control == zvt_codes.INTERMEDIATE_STATUS:
            link.send(POSITIVE)
            turn.on_intermediate(messages.read_intermediate(apdu, self._charset))
        else:
            link.send(self._plain_answer(apdu, paper))
        return None

    def _ended(self, apdu: Apdu, status: StatusInformation | None, paper: Paper) -> Ended:
        if apdu.control == zvt_codes.ABORT:
            error = messages.read_abort(apdu)
            return Ended(status=status, completion=Completion(), abort=error, paper=paper)
        completion = messages.read_completion(apdu, self._charset)
        return Ended(status=status, completion=completion, abort=None, paper=paper)

    def _answer_stray(self, link: Link, apdu: Apdu, paper: Paper) -> None:
        """Answer a packet that belongs to nothing: the rest of a conversation that broke."""
        if apdu.is_answer:
            return
        if apdu.control == zvt_codes.STATUS_INFORMATION:
            link.send(self._on_stray(messages.read_status(apdu, self._charset)))
        else:
            link.send(self._plain_answer(apdu, paper))

    def _plain_answer(self, apdu: Apdu, paper: Paper) -> Apdu:
        harmless = (
            zvt_codes.INTERMEDIATE_STATUS,
            zvt_codes.COMPLETION,
            zvt_codes.ABORT,
            zvt_codes.SET_TIME,  # heard; the kiosk's own clock is set by NTP
        )
        if paper.take(apdu) or apdu.control in harmless:
            return POSITIVE
        return refusal(zvt_codes.NOT_NOW)

    def _receive(self, link: Link, deadline: Deadline) -> Apdu | None:
        # Looked at each time: a terminal that never stops talking must not keep us from stopping.
        if self._stopping.is_set():
            raise DeviceClosed("terminal: stopped")
        return link.receive(deadline.left_s())
