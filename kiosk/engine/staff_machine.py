"""What staff set on the machine itself: how loud it is, and where a touch is.

Both outlive the program, and both stand in the register's record with who set them.
"""

from kiosk.engine import touch
from kiosk.engine.staff_steps import attendant_id, change, to
from kiosk.engine.staff_view import StaffProblem, StaffStep
from kiosk.engine.till import Till
from kiosk.engine.view import Tone
from kiosk.fiscal.events import KioskAdjusted


def set_volume(till: Till, percent: int) -> None:
    """Set the loudness, and let it be heard."""
    wanted = max(0, min(percent, 100))
    if wanted == till.volume_percent:
        return
    till.volume_percent = wanted
    till.keep_machine(wanted, till.touch)
    till.note(
        KioskAdjusted(
            at_utc=till.now_utc(),
            attendant_id=attendant_id(till),
            setting="volume",
            value=str(wanted),
        )
    )
    till.sound(Tone.ADDED)


def point_met(till: Till, x: float, y: float) -> None:
    """Take a touch of the point that is shown; the fifth proves the other four, or all was in vain.

    Until it is proven the old map holds, so that a slip of the finger locks nobody out.
    """
    staff = till.staff
    if staff is None:
        return
    met = len(staff.touched)
    target = touch.POINTS[met] if met < len(touch.POINTS) else touch.PROOF
    if not touch.is_aimed((x, y), target):
        change(till, problem=StaffProblem.TOUCH_OFF)
        return
    if met < len(touch.POINTS):
        change(till, touched=(*staff.touched, (x, y)))
        return
    found = touch.found(staff.touched)
    if found is None or not touch.proves(found, (x, y)):
        change(till, touched=(), problem=StaffProblem.TOUCH_OFF)
        return
    till.touch = found
    till.keep_machine(till.volume_percent, found)
    till.note(
        KioskAdjusted(at_utc=till.now_utc(), attendant_id=attendant_id(till), setting="touch")
    )
    to(till, StaffStep.MORE, touched=())
