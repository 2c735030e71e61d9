"""Staff's tools beside the lines: which does what; pause, close, open and the device check here."""

import logging

from drivers.contracts import DeviceState, PrintDone, PrintOutcome
from kiosk.engine import staff_aside, staff_paper, staff_slips, training
from kiosk.engine.printing import job_of_rows
from kiosk.engine.staff_steps import attendant_id, change, to
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.till import Till
from kiosk.fiscal.events import DevicesChecked, KioskClosed, KioskOpened
from kiosk.fiscal.layout import Row

logger = logging.getLogger(__name__)


def use(till: Till, tool: Tool) -> None:
    """Use a tool that may be used: `staff_rights.why_not` has been asked."""
    who = attendant_id(till)
    match tool:
        case Tool.COPY:
            staff_paper.copy(till)
        case Tool.PAUSE if till.paused:
            _open(till, who)
        case Tool.PAUSE:
            till.paused = True
            till.note(KioskClosed(at_utc=till.now_utc(), attendant_id=who, pause=True))
        case Tool.CLOSE:
            till.closing = True
            till.note(KioskClosed(at_utc=till.now_utc(), attendant_id=who))
        case Tool.OPEN:
            _open(till, who)
        case Tool.SUSPEND:
            staff_aside.suspend(till)
        case Tool.TO_TILL:
            staff_aside.to_staffed_till(till)
        case Tool.X_REPORT:
            staff_paper.show_x(till)
        case Tool.CLOSE_DAY:
            staff_paper.show_x(till, closing=True)
        case Tool.TRAINING if till.training:
            training.end(till, who)
        case Tool.TRAINING:
            training.begin(till, who)
        case Tool.VOLUME:
            to(till, StaffStep.VOLUME)
        case Tool.TOUCH:
            to(till, StaffStep.TOUCH, touched=())
        case Tool.DEVICE_CHECK:
            _check_devices(till)
        case Tool.ZERO_BAG_SCALE if till.devices.bag_scale is not None:
            till.devices.bag_scale.zero()
        case _:
            pass


def _open(till: Till, who: str) -> None:
    till.paused = till.closing = False
    till.opens_at = ""
    till.note(KioskOpened(at_utc=till.now_utc(), attendant_id=who))


# --- paper that is no receipt -------------------------------------------------------------------


def _check_devices(till: Till) -> None:
    """Print the state of every device; the print itself is the printer's check."""
    states = {name: till.health.states.get(name) for name in sorted(till.devices.names())}
    faults = tuple(
        name for name, said in states.items() if said is None or said.state is not DeviceState.READY
    )
    at_local = till.clock.utc_now().astimezone(till.zone)
    _print(till, staff_slips.device_check(states, at_local, till.config.till))
    till.note(DevicesChecked(at_utc=till.now_utc(), attendant_id=attendant_id(till), faults=faults))


def _print(till: Till, rows: list[Row]) -> None:
    if till.devices.printer is None:
        change(till, problem=StaffProblem.NOT_PRINTED)
        return
    print_id = till.ids.print_id()
    till.slips.add(print_id)
    till.devices.printer.print(job_of_rows(print_id, rows))


def slip_done(till: Till, event: PrintDone) -> bool:
    """Take the answer about a slip; False when it is about the receipt of the sale on the glass."""
    if staff_paper.late_print_done(till, event):
        return True
    if event.print_id not in till.slips:
        return False
    till.slips.discard(event.print_id)
    if event.outcome is not PrintOutcome.PRINTED:
        change(till, problem=StaffProblem.NOT_PRINTED)
    return True
