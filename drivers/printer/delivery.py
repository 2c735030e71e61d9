"""One job's way to paper: sent once, watched until it is proven or cannot be.

The rules, in order of weight:

- No byte is ever sent twice. Paper out in mid-receipt: the printer keeps what it has and goes on
  after the reload by itself; we send the rest and wait for the proof.
- PRINTED needs the printer's own word (process id), or, where it has none, that it took all, was
  in order before and after, and had no trouble in between.
- NOT_PRINTED needs that not one byte was taken.
- All else is IN_DOUBT, and the caller prints again with KOPI on it.
"""

from collections.abc import Callable, Sequence

from drivers.contracts import PrintOutcome
from drivers.deadline import Clock, Deadline, Flag
from drivers.errors import DeviceLost
from drivers.printer.link import PrinterLink, Timing

LISTEN_S = 0.05

Verdict = tuple[PrintOutcome, str]
"""An outcome and its reason, a word for logs and staff."""


class Delivery:
    """Sends one job over one link and judges how it ended.

    `deliver` raises DeviceLost when the link breaks; `taken_bytes` and `whole` then say how far it
    came. A delivery is never continued on another link.
    """

    def __init__(
        self,
        chunks: Sequence[bytes],
        process_id: bytes,
        *,
        stopping: Flag,
        clock: Clock,
        timing: Timing,
        on_sense: Callable[[], None],
    ) -> None:
        self._chunks = chunks
        self._process_id = process_id
        self._stopping = stopping
        self._clock = clock
        self._timing = timing
        self._on_sense = on_sense
        self._troubled = ""
        self.taken_bytes = 0
        self._bytes = sum(len(chunk) for chunk in chunks)

    @property
    def whole(self) -> bool:
        """Whether the printer (or the line before it) took every byte."""
        return self.taken_bytes == self._bytes

    def deliver(self, link: PrinterLink) -> Verdict:
        """Send the job and wait for its end."""
        refused = self._send(link)
        if refused:
            outcome = PrintOutcome.IN_DOUBT if self.taken_bytes else PrintOutcome.NOT_PRINTED
            return outcome, refused
        return self._settle(link, link.asked_in_stream())

    def _send(self, link: PrinterLink) -> str:
        """Send chunk by chunk; the reason when that could not be finished, else empty.

        Trouble does not stop the sending: a printer without paper keeps what it is given as long
        as it has room, and only a receipt that it has whole survives our own death.
        """
        patience = Deadline(self._clock, self._timing.recovery_s)
        for chunk in self._chunks:
            left = chunk
            while left:
                if self._stopping.is_set():
                    return "stopped"
                if patience.passed():
                    return self._troubled or "no_room"
                took = link.send(left)
                self.taken_bytes += took
                left = left[took:]
                # In the middle of a command nothing else may be sent.
                between = not left or len(left) == len(chunk)
                self._listen(link, 0 if took else LISTEN_S, may_ask=between)
        return ""

    def _settle(self, link: PrinterLink, worked_off: int) -> Verdict:
        """Wait until the printer has proven the job, or until there is nothing to wait for."""
        patience = Deadline(self._clock, self._timing.recovery_s)
        done = Deadline(self._clock, self._timing.done_s)
        grace: Deadline | None = None
        while not self._stopping.is_set():
            self._listen(link, LISTEN_S)
            if self._process_id in link.proofs.ids:
                return PrintOutcome.PRINTED, ""
            if link.sense.trouble:
                done = Deadline(self._clock, self._timing.done_s)
                if link.sense.unrecoverable or patience.passed():
                    return PrintOutcome.IN_DOUBT, self._troubled
                continue
            if link.worked_off >= worked_off and grace is None:
                grace = Deadline(self._clock, self._grace_s(link))
            if grace is not None and grace.passed():
                return self._without_proof(link)
            if done.passed():
                if link.worked_off:  # it answers GS r, so its silence means unfinished
                    return PrintOutcome.IN_DOUBT, "not_proven"
                return self._without_proof(link)
        return PrintOutcome.IN_DOUBT, "stopped"

    def _grace_s(self, link: PrinterLink) -> float:
        """How long after the end of the job its proof may still come."""
        return self._timing.done_s if link.proofs.can_prove else self._timing.proof_grace_s

    def _without_proof(self, link: PrinterLink) -> Verdict:
        """Judge a job that the printer took whole, by its condition before, during and after."""
        if link.proofs.can_prove:
            return PrintOutcome.IN_DOUBT, "not_proven"
        if not link.query(next_in_s=self._timing.poll_s):
            return PrintOutcome.IN_DOUBT, "no_answer"
        trouble = self._troubled or link.sense.trouble
        return (PrintOutcome.IN_DOUBT, trouble) if trouble else (PrintOutcome.PRINTED, "")

    def _listen(self, link: PrinterLink, timeout_s: float, *, may_ask: bool = True) -> None:
        """Hear the printer out, and remember that there was trouble."""
        link.listen(timeout_s)
        if may_ask and link.poll_due():
            link.query(next_in_s=self._timing.poll_s)
        self._troubled = link.sense.trouble or self._troubled
        self._on_sense()
        if link.silent and not link.sense.trouble:
            raise DeviceLost("the printer fell silent in the middle of a receipt")
