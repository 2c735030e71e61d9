"""15b closed: the word, when it opens again, and where to go."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import FrameModel, present_frame


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedModel:
    """Everything on the closed screen."""

    frame: FrameModel
    title: str
    lead: str
    elsewhere: str
    cash: str


def present_closed(view: View, words: Translator) -> ClosedModel:
    """Return the closed screen."""
    return ClosedModel(
        frame=present_frame(view, words),
        title=words("closed.title"),
        lead=_lead(view, words),
        elsewhere=words("closed.elsewhere"),
        cash=words("closed.cash"),
    )


def _lead(view: View, words: Translator) -> str:
    if view.paused:
        return words("closed.paused")
    if view.opens_at:
        return words("closed.opens", time=words.clock(view.opens_at))
    return words("closed.not_in_use")
