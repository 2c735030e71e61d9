"""The adjust panel: text size, contrast, lower controls, less motion, reading aloud."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import PrimaryModel, PromptModel

SETTINGS = {
    "large_text": ("adjust.large_text", "text-aa"),
    "high_contrast": ("adjust.high_contrast", "circle-half"),
    "lower_controls": ("adjust.lower_controls", "arrow-line-down"),
    "less_motion": ("adjust.less_motion", "pause"),
    "read_aloud": ("adjust.read_aloud", "speaker-high"),
}
"""Text and sign of each setting, by its name in `Settings` and `Adjusted`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingModel:
    """One switch: its state is a word, not only a colour."""

    setting: str
    sign: str
    text: str
    state: str
    on: bool
    available: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustModel:
    """Everything on the raised counter."""

    prompt: PromptModel
    lead: str
    settings: tuple[SettingModel, ...]
    done: PrimaryModel


def present_adjust(view: View, words: Translator) -> AdjustModel:
    """Return the panel. A kiosk without a voice keeps the place of reading aloud, and says so."""
    return AdjustModel(
        prompt=PromptModel(sign="text-aa", text=words("adjust.title")),
        lead=words("adjust.lead"),
        settings=tuple(_setting(view, name, words) for name in SETTINGS),
        done=PrimaryModel(text=words("adjust.done")),
    )


def _setting(view: View, name: str, words: Translator) -> SettingModel:
    key, sign = SETTINGS[name]
    available = name != "read_aloud" or view.can_read_aloud
    on = available and getattr(view.settings, name)
    state = words("adjust.on" if on else "adjust.off") if available else words("adjust.no_voice")
    return SettingModel(
        setting=name, sign=sign, text=words(key), state=state, on=on, available=available
    )
