"""The choice of language, raised over any screen. Names in their own words, no flags."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.ui.i18n import Translator
from kiosk.ui.present.parts import PromptModel
from kiosk.ui.present.start import LanguageModel, present_languages


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChoiceModel:
    """Everything on the raised counter."""

    prompt: PromptModel
    languages: tuple[LanguageModel, ...]
    back: str


def present_language(view: View, words: Translator) -> LanguageChoiceModel:
    """Return the choice of language."""
    return LanguageChoiceModel(
        prompt=PromptModel(sign="globe", text=words("language.title")),
        languages=present_languages(view),
        back=words("frame.back"),
    )
