"""10 still there: the counter rises over the list, and says what comes after the countdown."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator

WHOLE_S = 30
"""Seconds to answer (look.md): the whole ring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StillThereModel:
    """Everything on the raised counter."""

    title: str
    seconds: str
    share: float
    """How much of the ring is left, 0 to 1."""
    lead: str
    nothing_taken: str
    yes: str
    leave: str


def present_still_there(view: View, words: Translator) -> StillThereModel:
    """Return the question."""
    seconds = max(0, view.seconds_left)
    return StillThereModel(
        title=words("still_there.title"),
        seconds=str(seconds),
        share=min(1.0, seconds / WHOLE_S),
        lead=words.many("still_there.lead", seconds),
        nothing_taken=words("still_there.nothing_taken"),
        yes=words("still_there.yes"),
        leave=words("still_there.leave"),
    )
