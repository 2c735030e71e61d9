"""Touch: which ring stands now, where, and how many have been met."""

from dataclasses import dataclass

from kiosk.engine.touch import POINTS, PROOF, Place
from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import BannerModel
from kiosk.ui.present.staff_parts import present_problem, staff_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTouchModel:
    """Everything on the touch screen."""

    title: str
    progress: str
    target: Place
    """The ring's middle, in shares of the glass."""
    banner: BannerModel | None
    cancel: str


def present_staff_touch(view: View, words: Translator) -> StaffTouchModel:
    """Return the ring that is to be touched next."""
    staff = staff_of(view)
    met = min(staff.touch_points, len(POINTS))
    proving = met == len(POINTS)
    return StaffTouchModel(
        title=words("staff.touch.prove" if proving else "staff.touch.title"),
        progress=words("staff.touch.progress", n=met + 1, of=len(POINTS) + 1),
        target=PROOF if proving else POINTS[met],
        banner=present_problem(staff, words),
        cancel=words("staff.touch.cancel"),
    )
