"""Number keys for a code that cannot be scanned."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import BannerModel, FrameModel, present_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeModel:
    """Everything on the number-key screen."""

    frame: FrameModel
    title: str
    lead: str
    field: str
    placeholder: str
    """Stands where the digits will."""
    can_confirm: bool
    banner: BannerModel | None
    delete: str
    back: str


def present_code(view: View, words: Translator) -> CodeModel:
    """Return the number-key screen."""
    return CodeModel(
        frame=present_frame(view, words),
        title=words("code.title"),
        lead=words("code.lead"),
        field=view.code,
        placeholder=words("code.empty"),
        can_confirm=bool(view.code),
        banner=present_notice(view, words),
        delete=words("lookup.delete"),
        back=words("frame.back"),
    )
