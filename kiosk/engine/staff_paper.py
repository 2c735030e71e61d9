"""Paper that staff ask for: a receipt once more, the figures so far, the end of the day.

A receipt may be copied once (kassasystemforskrifta § 2-6), and the sale itself keeps count, also
when it is long closed. What is asked for after the end stands in the register's record first: a
power cut between there and the paper leaves a copy that perhaps exists, and no second one is made.
"""

from datetime import datetime

from drivers.contracts import PrintDone, PrintOutcome
from kiosk.engine.printing import job_of_rows, print_job
from kiosk.engine.staff_steps import attendant_id, change, desk, to
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.till import JournalFailed, Till
from kiosk.fiscal.events import REGISTER, CopyAsked
from kiosk.fiscal.figures import Report
from kiosk.fiscal.numbers import read_ref
from kiosk.fiscal.receipt import build_receipt
from kiosk.fiscal.report_layout import lay_out_report
from kiosk.journal import JournalError
from kiosk.sale.commands import Rejected, SettlePrint, StartPrint
from kiosk.sale.events import Series
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale

# --- receipts -----------------------------------------------------------------------------------


def copy(till: Till) -> None:
    """Print the receipt of the sale on the glass; without one ask which, the last one proposed."""
    if till.sale.phase is Phase.NONE:
        to(till, StaffStep.ITEM, picking=Tool.COPY, entry=_last_number(till))
        return
    again = StartPrint(
        at_utc=till.now_utc(),
        print_id=till.ids.print_id(),
        copy=_has_original(till.sale),
        attendant_id=attendant_id(till),
    )
    try:
        till.submit(again)
    except Rejected:
        change(till, problem=StaffProblem.NOT_NOW)


def _has_original(sale: Sale) -> bool:
    """Whether somebody may hold a receipt already: the next paper is the copy."""
    return sale.phone_receipt or any(one.printed or one.in_doubt for one in sale.prints)


def _series(till: Till) -> Series:
    return Series.TRAINING if till.training else Series.SALE


def _last_number(till: Till) -> str:
    try:
        last = till.journal.last_number(_series(till))
    except JournalError as error:
        raise JournalFailed from error
    return str(last) if last else ""


def copy_of(till: Till, text: str) -> bool:
    """Print the receipt that a typed number or a scanned code names; never another kiosk's."""
    sale = _named(till, text)
    if sale is None:
        change(till, entry="", problem=StaffProblem.UNKNOWN_RECEIPT)
        return False
    printer, print_id, who = till.devices.printer, till.ids.print_id(), attendant_id(till)
    is_copy = _has_original(sale)
    started = StartPrint(at_utc=till.now_utc(), print_id=print_id, copy=is_copy, attendant_id=who)
    if printer is None or not till.health.can_print():
        change(till, problem=StaffProblem.NOT_PRINTED)
        return False
    till.note(
        CopyAsked(at_utc=till.now_utc(), attendant_id=who, sale_id=sale.id, print_id=print_id)
    )
    try:
        till.append_to(sale.id, started)
    except Rejected:
        change(till, entry="", problem=StaffProblem.COPY_USED)
        return False
    till.late_prints[print_id] = sale.id
    at_local = datetime.fromisoformat(sale.completed_at).astimezone(till.zone)
    printer.print(print_job(print_id, build_receipt(sale, till.config.shop, copy=is_copy,
                                                    at_local=at_local)))  # fmt: skip
    desk(till)
    return True


def _named(till: Till, text: str) -> Sale | None:
    """Return the sale that is meant; what is practised stays apart from what is sold."""
    ref = read_ref(text)
    typed = ref is not None and not ref.register_id
    if ref is None or ref.register_id not in ("", till.config.shop.register_id):
        return None
    series = _series(till) if typed and ref.series is Series.SALE else ref.series
    if (series is Series.TRAINING) is not till.training:
        return None
    try:
        sale_id = till.journal.sale_of_receipt(ref.number, series)
        sale = replay(till.journal.events_of(sale_id)) if sale_id else None
    except JournalError as error:
        raise JournalFailed from error
    return sale if sale is not None and sale.phase is Phase.CLOSED else None


def late_print_done(till: Till, event: PrintDone) -> bool:
    """Take the answer about paper of a closed sale; False when it is about another."""
    sale_id = till.late_prints.pop(event.print_id, None)
    if sale_id is None:
        return False
    settled = SettlePrint(
        at_utc=till.now_utc(),
        print_id=event.print_id,
        printed=event.outcome is PrintOutcome.PRINTED,
        in_doubt=event.outcome is PrintOutcome.IN_DOUBT,
        reason=event.reason,
    )
    till.append_to(sale_id, settled)
    if event.outcome is not PrintOutcome.PRINTED:
        change(till, problem=StaffProblem.NOT_PRINTED)
    return True


def settle_late_print(till: Till) -> None:
    """Take down, after a power cut, that the last such paper may exist: it counts as the copy.

    Raises:
        JournalFailed: the record cannot be read or written.
    """
    try:
        asked = till.journal.newest_of(REGISTER, CopyAsked.__name__)
        if asked is None or not isinstance(asked.event, CopyAsked):
            return
        sale = replay(till.journal.events_of(asked.event.sale_id))
    except JournalError as error:
        raise JournalFailed from error
    if any(one.id == asked.event.print_id and one.printed is None for one in sale.prints):
        till.append_to(
            sale.id,
            SettlePrint(
                at_utc=till.now_utc(),
                print_id=asked.event.print_id,
                printed=False,
                in_doubt=True,
                reason="power_cut",
            ),
        )


# --- reports ------------------------------------------------------------------------------------


def show_x(till: Till, *, closing: bool = False) -> None:
    """Make the X and show it; on the way to the Z it is what the Z will say."""
    try:
        report = till.register.make_x(till.now_utc(), attendant_id(till))
    except JournalError as error:
        raise JournalFailed from error
    to(till, StaffStep.REPORT, report=report, closing=closing)


def print_report(till: Till) -> None:
    """Print the report that is shown, as it was made."""
    staff = till.staff
    if staff is None or staff.report is None or not till.health.can_print():
        change(till, problem=StaffProblem.NOT_PRINTED)
        return
    print_slip(till, staff.report)


def print_slip(till: Till, report: Report) -> None:
    """Send a report to the printer."""
    if till.devices.printer is None:
        return
    shop, print_id = till.config.shop, till.ids.print_id()
    till.slips.add(print_id)
    rows = lay_out_report(report, shop_name=shop.name, declared=shop.declared)
    till.devices.printer.print(job_of_rows(print_id, rows))


def close_day(till: Till) -> None:
    """Make the Z and show it; `day` prints it. None while a sale is open, or twice a day."""
    report = till.close_day(attendant_id(till))
    if report is None:
        desk(till, StaffProblem.NO_Z)
    else:
        to(till, StaffStep.REPORT, report=report, closing=False)
