"""How loud the kiosk is: one figure, louder and quieter."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.staff_parts import StaffFrameModel, present_staff_frame, staff_of

STEP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffVolumeModel:
    """Everything on the volume."""

    frame: StaffFrameModel
    title: str
    lead: str
    percent: int
    figure: str
    down: str
    up: str
    back: str


def present_staff_volume(view: View, words: Translator) -> StaffVolumeModel:
    """Return the loudness as it is now."""
    percent = staff_of(view).volume_percent
    return StaffVolumeModel(
        frame=present_staff_frame(view, words),
        title=words("staff.volume.title"),
        lead=words("staff.volume.lead"),
        percent=percent,
        figure=words("staff.volume.percent", n=percent) if percent else words("staff.volume.off"),
        down=words("staff.volume.down"),
        up=words("staff.volume.up"),
        back=words("frame.back"),
    )
