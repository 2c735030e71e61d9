"""The cash register's day: it begins with the program, signs each sale, and closes with a Z.

The register says when a Z is due; here it is asked when a shopper has left and once a minute while
nobody is there. A Z is written down first and printed then: what the printer does with it holds up
nobody, and the journal has it in full.
"""

import logging

from drivers.contracts import PrintDone, PrintOutcome
from kiosk.engine.batches import Batches
from kiosk.engine.printing import job_of_rows
from kiosk.engine.till import JournalFailed, Till
from kiosk.fiscal.events import REGISTER, PriceListTaken
from kiosk.fiscal.figures import Report
from kiosk.fiscal.report_layout import lay_out_report
from kiosk.fiscal.zreport import ZDue, ZRefused
from kiosk.journal import JournalError
from kiosk.sale.state import Phase

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 60
"""How often an idle kiosk asks whether its day is over."""


class Day:
    """The day of one till's register. Nothing of it is needed after a power cut."""

    def __init__(self, till: Till) -> None:
        self._till = till
        till.close_day = self.close
        self.batches = Batches(till)
        self._begun = False
        self._sale_id = ""
        self._look_ns = 0
        self._unprinted: list[Report] = []
        self._printing: dict[str, Report] = {}
        self._print_ns = 0
        """Not before then is a Z sent to the printer again."""

    def begin(self) -> None:
        """Write down that the program began, and sign what an earlier life left unsigned.

        Called again after trouble with the journal, it only signs.

        Raises:
            JournalFailed: the journal cannot be written.
        """
        register, now_utc = self._till.register, self._till.now_utc()
        try:
            if self._begun:
                register.sign_due(now_utc)
            else:
                register.start(now_utc)
        except JournalError as error:
            raise _failed(error) from error
        self._begun = True

    def note_prices(self) -> None:
        """Write down that another price list is in use than the record says, if it is.

        Raises:
            JournalFailed: the journal cannot be written.
        """
        till = self._till
        try:
            before = till.journal.newest_of(REGISTER, PriceListTaken.__name__)
        except JournalError as error:
            raise _failed(error) from error
        taken = before.event if before else None
        known = taken.to_version if isinstance(taken, PriceListTaken) else ""
        version = till.catalog.version
        if version != known:
            till.note(
                PriceListTaken(
                    at_utc=till.now_utc(),
                    from_version=known,
                    to_version=version,
                    products=till.catalog.count(),
                )
            )

    def end(self) -> None:
        """Write down that the program ends in order. Where that fails, it ends all the same."""
        try:
            self._till.register.stop(self._till.now_utc())
        except JournalError as error:
            logger.error("journal: the end of the program is not written down: %s", error)

    def close(self, attendant_id: str = "") -> Report | None:
        """Make the Z now, before its hour, because people want it.

        Returns it; None when it is refused, as while a sale is open.

        Raises:
            JournalFailed: the journal cannot be written.
        """
        till = self._till
        try:
            report = till.register.make_z(till.now_utc(), attendant_id)
        except ZRefused as refused:
            logger.warning("register: no Z report: %s", refused)
            return None
        except JournalError as error:
            raise _failed(error) from error
        logger.info("register: Z report %d of %s", report.number, report.business_day)
        self.batches.close(report)
        self._unprinted.append(report)
        self._print_ns = 0
        return report

    def look_at_the_time(self) -> None:
        """Close the day when it is over, and print what is to be printed.

        Raises:
            JournalFailed: the journal cannot be written.
        """
        till = self._till
        if till.sale.id != self._sale_id:
            self._sale_id, self._look_ns = till.sale.id, 0
        if till.sale.phase is Phase.NONE and till.now_ns() >= self._look_ns:
            self._look_ns = till.after(LOOK_EVERY_S)
            if self._is_over():
                self.close()
        self._print()
        if not self._unprinted and not self._printing:
            self.batches.print_due()

    def _is_over(self) -> bool:
        try:
            return self._till.register.z_due(self._till.now_utc()) is ZDue.NOW
        except JournalError as error:
            raise _failed(error) from error

    def deadlines_ns(self) -> list[int]:
        """Return when the time must be looked at again."""
        if not self._till.register.keeps_days:
            return []
        deadlines = [self._look_ns] if self._till.sale.phase is Phase.NONE else []
        return [*deadlines, self._print_ns] if self._can_print() else deadlines

    # --- paper -----------------------------------------------------------------------------

    def _can_print(self) -> bool:
        """Whether a Z waits that may go to the printer: between two shoppers, one at a time."""
        return (
            bool(self._unprinted)
            and not self._printing
            and self._till.sale.phase is Phase.NONE
            and self._till.health.can_print()
        )

    def _print(self) -> None:
        till = self._till
        if till.devices.printer is None or not self._can_print():
            return
        if till.now_ns() < self._print_ns:
            return
        report, shop = self._unprinted.pop(0), till.config.shop
        print_id = till.ids.print_id()
        self._printing[print_id] = report
        rows = lay_out_report(report, shop_name=shop.name, declared=shop.declared)
        till.devices.printer.print(job_of_rows(print_id, rows))

    def printed(self, event: PrintDone) -> bool:
        """Take the printer's answer; False when it is about another paper.

        What is certainly not on paper is tried again, and what perhaps is is not: a Z can always
        be printed anew from the journal.
        """
        if self.batches.printed(event):
            return True
        report = self._printing.pop(event.print_id, None)
        if report is None:
            return False
        if event.outcome is PrintOutcome.NOT_PRINTED:
            self._unprinted.insert(0, report)
            self._print_ns = self._till.after(LOOK_EVERY_S)
        if event.outcome is not PrintOutcome.PRINTED:
            logger.warning("register: Z report %d: %s", report.number, event.outcome)
        return True


def _failed(error: JournalError) -> JournalFailed:
    logger.error("journal: the register cannot go on: %s", error)
    return JournalFailed()
