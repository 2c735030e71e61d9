"""11b help: it is already on the way; a reason lets staff come prepared, and none is required."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import (
    ChipModel,
    FrameModel,
    Kind,
    PrimaryModel,
    PromptModel,
    present_frame,
)

REASONS = {
    "barcode": ("help.reason.barcode", "barcode"),
    "price": ("help.reason.price", "tag"),
    "payment": ("help.reason.payment", "credit-card"),
    "other": ("help.reason.other", "dots-three"),
}
"""Text and sign of each reason, in the order of the tiles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonModel:
    """One reason, and whether it is the chosen one."""

    reason: str
    sign: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpModel:
    """Everything on the help screen."""

    frame: FrameModel
    chip: ChipModel
    title: str
    lead: str
    prompt: PromptModel
    reasons: tuple[ReasonModel, ...]
    onward: PrimaryModel
    cancel: str


def present_help(view: View, words: Translator) -> HelpModel:
    """Return the help screen. A lamp is promised only where there is one."""
    return HelpModel(
        frame=present_frame(view, words),
        chip=ChipModel(kind=Kind.PEOPLE, sign="bell-ringing", text=words("frame.shop_told")),
        title=words("help.title"),
        lead=words("help.stay_light" if view.has_light else "help.stay"),
        prompt=PromptModel(sign="chat-circle-text", text=words("help.question")),
        reasons=tuple(
            ReasonModel(
                reason=reason, sign=sign, text=words(key), chosen=reason == view.help_reason
            )
            for reason, (key, sign) in REASONS.items()
        ),
        onward=PrimaryModel(text=words("help.continue" if view.lines else "frame.back")),
        cancel=words("help.cancel"),
    )
