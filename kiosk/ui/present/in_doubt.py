"""The result of a payment is not known: say so, and forbid paying again (text 20)."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import (
    ChipModel,
    FrameModel,
    Kind,
    PromptModel,
    TotalModel,
    present_frame,
    present_total,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InDoubtModel:
    """Everything on the screen. There is no button: only time and staff lead on."""

    frame: FrameModel
    chip: ChipModel
    title: str
    prompt: PromptModel
    lead: str
    code_label: str
    code: str
    """What staff asks for; empty while there is none."""
    total: TotalModel


def present_in_doubt(view: View, words: Translator) -> InDoubtModel:
    """Return the screen."""
    return InDoubtModel(
        frame=present_frame(view, words),
        chip=ChipModel(kind=Kind.PEOPLE, sign="bell-ringing", text=words("frame.shop_told")),
        title=words("in_doubt.title"),
        prompt=PromptModel(sign="user-check", text=words("in_doubt.prompt")),
        lead=words("in_doubt.lead"),
        code_label=words("in_doubt.code"),
        code=view.doubt_code,
        total=present_total(view, words),
    )
