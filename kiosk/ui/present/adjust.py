"""The adjust panel: text size, contrast, lower controls, less motion; reading aloud comes later."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import PrimaryModel, PromptModel

SETTINGS = {
    "large_text": ("adjust.large_text", "text-aa"),
    "high_contrast": ("adjust.high_contrast", "circle-half"),
    "lower_controls": ("adjust.lower_controls", "arrow-line-down"),
    "less_motion": ("adjust.less_motion", "pause"),
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
    """Return the panel. Reading aloud keeps its place, and says that it is not here yet."""
    settings = [
        SettingModel(
            setting=name,
            sign=sign,
            text=words(key),
            state=words("adjust.on" if getattr(view.settings, name) else "adjust.off"),
            on=getattr(view.settings, name),
        )
        for name, (key, sign) in SETTINGS.items()
    ]
    read_aloud = SettingModel(
        setting="read_aloud",
        sign="speaker-high",
        text=words("adjust.read_aloud"),
        state=words("adjust.read_aloud_later"),
        on=False,
        available=False,
    )
    return AdjustModel(
        prompt=PromptModel(sign="text-aa", text=words("adjust.title")),
        lead=words("adjust.lead"),
        settings=(*settings, read_aloud),
        done=PrimaryModel(text=words("adjust.done")),
    )
