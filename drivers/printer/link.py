"""One open line to an ESC/POS printer: questions, answers, and what they say together.

Real-time questions (DLE EOT) are answered at once, whatever the printer is doing. Questions in the
stream (GS r, GS ( H) are answered when everything before them has been worked off or printed:
that is the difference between "in order" and "done".
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from drivers.deadline import Clock, Deadline, Flag
from drivers.errors import DeviceClosed, DeviceLost
from drivers.printer.status import (
    QUERIES,
    AutoStatus,
    Proof,
    RealTimeReply,
    ReplyParser,
    Sense,
    SensorReply,
)
from drivers.transport import FdTransport, SerialSettings, open_transport

READ_BYTES: Final = 4096
WRITE_ROOM_S: Final = 0.1
PROOFS_KEPT: Final = 64
AUTO_STATUS_ON: Final = b"\x1da\xff"
QUESTION_ID: Final = b"   ?"
"""Has spaces, which no job's id has."""
RESUME: Final = b"\x10\x05\x01"
"""DLE ENQ 1: go on from the line that failed. Understood only after a recoverable error."""

# A kiosk that died in the middle of a job may have left half a command in the printer. Its
# parameters are at most a QR code's data; so many NULs complete any command of ours, and print
# nothing where there is none.
RESYNC: Final = bytes(256)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long to wait, in seconds."""

    reply_s: float = 0.5
    """For the answer to a real-time question."""
    poll_s: float = 0.5
    """Between real-time questions while a job is under way."""
    idle_poll_s: float = 1.0
    """Between real-time questions while there is nothing to do."""
    silence_s: float = 15.0
    """For any word of a printer with a job; a slow line full of text holds questions up."""
    proof_grace_s: float = 2.0
    """For the proof after the printer has worked off the job, where none was ever seen."""
    done_s: float = 60.0
    """For a printer in order to work off a job, before it is in doubt."""
    recovery_s: float = 300.0
    """For staff to load paper or close the cover in the middle of a receipt."""
    lost_s: float = 20.0
    """For a printer that was lost after it took a whole receipt to come back."""


@dataclass(slots=True)
class Proofs:
    """What the printer has proven, kept by the driver through lost and reopened lines."""

    ids: deque[bytes] = field(default_factory=lambda: deque(maxlen=PROOFS_KEPT))
    """Process ids of jobs that the printer has answered, the oldest first."""
    questions: int = 0
    """How often it answered our own question."""
    can_prove: bool = False
    """Whether it has ever answered one."""

    def take(self, process_id: bytes) -> None:
        """Note one answer."""
        self.can_prove = True
        if process_id == QUESTION_ID:
            self.questions += 1
        else:
            self.ids.append(process_id)


class PrinterLink:
    """Used by the driver's worker thread alone. Every call may raise DeviceLost."""

    def __init__(
        self,
        transport: FdTransport,
        *,
        proofs: Proofs,
        stopping: Flag,
        clock: Clock,
        timing: Timing,
    ) -> None:
        self._transport = transport
        self.proofs = proofs
        self._stopping = stopping
        self._clock = clock
        self._timing = timing
        self._parser = ReplyParser()
        self._asked: deque[int] = deque()
        self._partial = Sense()
        self._silence = Deadline(clock, timing.silence_s)
        self._poll = Deadline(clock, 0)
        self._resume = Deadline(clock, 0)
        self.sense = Sense()
        self.known = False
        """Whether the printer has told its condition at all."""
        self.worked_off = 0
        """How many questions in the stream (GS r) have been answered."""
        self._asked_in_stream = 0
        self.unanswered = 0
        """Real-time questions in a row that nobody answered."""

    @property
    def junk_bytes(self) -> int:
        """Bytes received that were no reply."""
        return self._parser.junk_bytes

    def greet(self, *, auto_status: bool, proof: bool) -> None:
        """Clear half a command of an earlier life, and ask what this printer can do."""
        greeting = RESYNC
        if auto_status:
            greeting += AUTO_STATUS_ON
        if proof:
            greeting += proof_request(QUESTION_ID)
        self.ask_in_stream(greeting + worked_off_request())

    def ask_in_stream(self, request: bytes) -> int:
        """Send a request that ends in GS r; `worked_off` reaches the result when it is answered."""
        return self.asked_in_stream() if self.send_whole(request) else self._asked_in_stream

    def asked_in_stream(self) -> int:
        """Note that a GS r was sent; return what `worked_off` will be when it is answered."""
        self._asked_in_stream += 1
        return self._asked_in_stream

    def close(self) -> None:
        """Close the line."""
        self._transport.close()

    def send(self, data: bytes) -> int:
        """Send what the printer takes now; return how many bytes it took."""
        return self._transport.write_some(data, WRITE_ROOM_S)

    def listen(self, timeout_s: float) -> None:
        """Take in what the printer says, waiting at most `timeout_s` for the first byte."""
        for reply in self._parser.feed(self._transport.read(READ_BYTES, timeout_s)):
            self._silence = Deadline(self._clock, self._timing.silence_s)
            match reply:
                case RealTimeReply(byte):
                    self._take_real_time(byte)
                case AutoStatus(block):
                    self.sense = self._partial = Sense.of_auto_status(block)
                    self.known = True
                case Proof(process_id):
                    self.proofs.take(process_id)
                case SensorReply():
                    self.worked_off += 1

    def _take_real_time(self, byte: int) -> None:
        """Answers come in the order of the questions, however late."""
        if not self._asked:
            return
        number = self._asked.popleft()
        self._partial = self._partial.after_query(number, byte)
        if number == QUERIES[-1]:
            self.sense = self._partial
            self.known = True
            self.unanswered = 0

    @property
    def silent(self) -> bool:
        """Whether nothing at all was heard for `silence_s`."""
        return self._silence.passed()

    def poll_due(self) -> bool:
        """Whether it is time for the next real-time questions."""
        return self._poll.passed()

    def query(self, *, next_in_s: float) -> bool:
        """Ask for the whole real-time status; say whether every question was answered in time.

        Nothing new is asked before the old questions are answered: behind a line full of text
        they may take long, and more of them would only make it longer.
        """
        self._poll = Deadline(self._clock, next_in_s)
        if self.silent:
            self._asked.clear()  # the answers went with the printer's power
        answered = self._await_answers() and all(self._ask(number) for number in QUERIES)
        if answered:
            self._resume_after_jam()
        return answered

    def _ask(self, number: int) -> bool:
        """Ask one question; False when the printer takes none now, or does not answer in time."""
        if number == QUERIES[0]:
            self._partial = self.sense
        if not self.send_whole(bytes((0x10, 0x04, number))):
            return False
        self._asked.append(number)
        return self._await_answers()

    def _await_answers(self) -> bool:
        deadline = Deadline(self._clock, self._timing.reply_s)
        while self._asked and not deadline.passed() and not self._stopping.is_set():
            self.listen(deadline.left_s())
        self.unanswered += bool(self._asked)
        return not self._asked

    def send_whole(self, command: bytes) -> bool:
        """Send all of a short command, or nothing; say whether it was sent.

        Half a command would swallow what follows, so a printer that takes a part and then no more
        is as good as lost.
        """
        left = command[self.send(command) :]
        if len(left) == len(command):
            return False
        deadline = Deadline(self._clock, self._timing.lost_s)
        while left and not self._stopping.is_set():
            left = left[self.send(left) :]
            if deadline.passed():
                raise DeviceLost(f"{self._transport.url}: took half a command and then no more")
        return not left

    def _resume_after_jam(self) -> None:
        if self.sense.cutter and not self.sense.unrecoverable and self._resume.passed():
            self._resume = Deadline(self._clock, self._timing.poll_s)
            self.send_whole(RESUME)


def open_link(
    url: str,
    *,
    settings: SerialSettings,
    proofs: Proofs,
    stopping: Flag,
    clock: Clock,
    timing: Timing,
) -> PrinterLink:
    """Open the line to a printer; raises DeviceError while it is not there."""
    transport = open_transport(url, stop=stopping, settings=settings, clock=clock)
    if stopping.is_set():  # a connection may take longer than a stop
        transport.close()
        raise DeviceClosed(f"{url}: stopped while connecting")
    return PrinterLink(transport, proofs=proofs, stopping=stopping, clock=clock, timing=timing)


def proof_request(process_id: bytes) -> bytes:
    """Return GS ( H fn 48: answer this id when everything before it is printed."""
    return b"\x1d(H\x06\x00\x30\x30" + process_id


def worked_off_request() -> bytes:
    """Return GS r 1: answer when everything before it is worked off."""
    return b"\x1dr\x01"


def end_of_job(process_id: bytes, *, proof: bool) -> bytes:
    """Return what follows a job: the request for its proof, and for its end."""
    return (proof_request(process_id) if proof else b"") + worked_off_request()
