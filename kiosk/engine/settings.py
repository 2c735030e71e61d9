"""The strip that is always there: language and adjustments."""

from dataclasses import replace
from typing import Any

from kiosk.engine import messages as m
from kiosk.engine.messages import Message
from kiosk.engine.shopping import begin
from kiosk.engine.till import Till
from kiosk.engine.view import Overlay

_SWITCHES = ("large_text", "high_contrast", "lower_controls", "less_motion", "read_aloud")


def handle(till: Till, message: Message) -> bool:
    """Do what a touch on the strip means; False when it is about something else."""
    match message:
        case m.LanguagePressed():
            _toggle(till, Overlay.LANGUAGE)
        case m.AdjustPressed():
            _toggle(till, Overlay.ADJUST)
        case m.LanguageChosen(code):
            if code in till.config.languages:
                till.change(
                    settings=replace(till.session.settings, language=code), overlay=Overlay.NONE
                )
                begin(till)
        case m.Adjusted(setting, on):
            if setting in _SWITCHES:
                switched: dict[str, Any] = {setting: bool(on)}
                till.change(settings=replace(till.session.settings, **switched))
        case _:
            return False
    return True


def _toggle(till: Till, overlay: Overlay) -> None:
    shown = till.session.overlay is overlay
    till.change(overlay=Overlay.NONE if shown else overlay)
