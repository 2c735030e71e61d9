"""Asking a printer about a job of an earlier life, or of a line that was lost.

Only a proof that the printer sent for the job itself counts. Sending the same id again would prove
nothing: the printer answers any id once its buffer is empty, also after half a receipt. So a
question of our own goes behind whatever is still in the printer, and what comes first is the truth:
the job's proof, which the printer kept while nobody listened, or the answer to the question.
"""

from collections.abc import Callable

from drivers.contracts import PrintOutcome
from drivers.deadline import Clock, Deadline, Flag
from drivers.printer.delivery import LISTEN_S, Verdict
from drivers.printer.link import QUESTION_ID, RESYNC, PrinterLink, Timing, end_of_job


def inquire(
    link: PrinterLink,
    process_id: bytes,
    *,
    proof: bool,
    stopping: Flag,
    clock: Clock,
    timing: Timing,
    watch: Callable[[PrinterLink], None],
) -> Verdict:
    """Return PRINTED if the printer proves the job on this link, else IN_DOUBT.

    Waits for paper and a closed cover as a delivery does. `watch` asks for the status when it is
    time. Raises DeviceLost.
    """
    patience = Deadline(clock, timing.recovery_s)
    done = Deadline(clock, timing.done_s)
    answered = link.proofs.questions
    target = link.ask_in_stream(RESYNC + end_of_job(QUESTION_ID, proof=proof))
    while not stopping.is_set():
        link.listen(LISTEN_S)
        if process_id in link.proofs.ids:
            return PrintOutcome.PRINTED, ""
        if link.proofs.questions > answered:
            return PrintOutcome.IN_DOUBT, "not_proven"
        if link.worked_off >= target and not link.proofs.can_prove:
            return PrintOutcome.IN_DOUBT, "not_proven"
        if link.poll_due():
            watch(link)
        if link.sense.trouble:
            done = Deadline(clock, timing.done_s)
        if patience.passed() or done.passed():
            return PrintOutcome.IN_DOUBT, link.sense.trouble or "no_answer"
    return PrintOutcome.IN_DOUBT, "stopped"
