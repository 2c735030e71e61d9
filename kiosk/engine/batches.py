"""The terminal's own end of day, with each Z: its total held against ours, told, never corrected.

A terminal counts from its last end of day, and closes one by itself when it must (a full memory,
its host's wish), so a difference need not be a fault. It is written down, stands on paper beside
the Z and in the log; payment by payment `kiosk payments reconcile` finds where it comes from.
"""

import logging
from dataclasses import dataclass, field
from typing import Final

from drivers.contracts import BatchClosed, PrintDone, PrintOutcome
from drivers.contracts.batch import NO_BATCH, Batching
from kiosk.engine.printing import job_of_rows
from kiosk.engine.till import Till
from kiosk.fiscal.batch_layout import lay_out_batch
from kiosk.fiscal.events import TerminalDayEnded
from kiosk.fiscal.figures import Report
from kiosk.sale.state import Phase

logger = logging.getLogger(__name__)

CARDS: Final = ("CARD", "CREDITCARD")
"""The means of payment of a Z that the card terminal takes."""


@dataclass(slots=True)
class Batches:
    """Ends the terminal's day. Nothing of it is needed after a power cut: the next Z asks again."""

    till: Till
    _asked: Report | None = None
    _unprinted: list[TerminalDayEnded] = field(default_factory=list)
    _printing: set[str] = field(default_factory=set)

    def close(self, report: Report) -> None:
        """Let the terminal end its day too, if it has one."""
        terminal: object = self.till.devices.terminal
        if isinstance(terminal, Batching):
            self._asked = report
            terminal.close_batch()

    def answered(self, event: BatchClosed) -> None:
        """Write down what the terminal says, beside what the Z has.

        Raises:
            JournalFailed: the journal cannot be written.
        """
        report, self._asked = self._asked, None
        if report is None:
            logger.info("terminal: end of day that nobody waits for, done=%s", event.done)
            return
        if not event.done and event.reason == NO_BATCH:
            logger.info("terminal: it keeps no day of its own")
            return
        ended = TerminalDayEnded(
            at_utc=self.till.now_utc(),
            device=event.device,
            z_number=report.number,
            done=event.done,
            reason=event.reason,
            ours_minor=ours_minor(report),
            theirs_minor=event.amount_minor,
            currency=event.currency or self.till.config.currency,
            reference=event.reference,
        )
        self.till.note(ended)
        self._tell(ended)
        self._unprinted.append(ended)

    def print_due(self) -> None:
        """Print what waits, between two shoppers; what fails stands in the journal all the same."""
        till = self.till
        free = till.sale.phase is Phase.NONE and till.health.can_print() and not self._printing
        if not self._unprinted or not free or till.devices.printer is None:
            return
        ended, print_id = self._unprinted.pop(0), till.ids.print_id()
        self._printing.add(print_id)
        rows = lay_out_batch(ended, shop=till.config.shop, timezone=till.config.timezone)
        till.devices.printer.print(job_of_rows(print_id, rows))

    def printed(self, event: PrintDone) -> bool:
        """Take the printer's answer; False when it is about another paper."""
        if event.print_id not in self._printing:
            return False
        self._printing.discard(event.print_id)
        if event.outcome is not PrintOutcome.PRINTED:
            logger.warning("register: the terminal's end of day on paper: %s", event.outcome)
        return True

    def _tell(self, ended: TerminalDayEnded) -> None:
        if not ended.done:
            logger.error("terminal: its day could not be ended: %s", ended.reason)
        elif ended.theirs_minor is None:
            logger.warning("terminal: its day is ended, and it said no total")
        elif ended.theirs_minor != ended.ours_minor:
            logger.error(
                "terminal: totals differ, ours=%d, theirs=%d, Z %d",
                ended.ours_minor,
                ended.theirs_minor,
                ended.z_number,
            )


def ours_minor(report: Report) -> int:
    """Return what a Z says was paid by card, refunds taken off."""
    return sum(row.amount_minor for row in report.figures.payments if row.key in CARDS)
