"""01 start: scanning starts the sale; the language is a choice, not a gate."""

from dataclasses import dataclass

from kiosk.engine.view import View
from kiosk.sale.events import Method
from kiosk.ui.i18n import Translator, own_name
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import BannerModel, FrameModel, present_frame, sentence

IN_TEXT: dict[Method, str] = {
    Method.CARD: "method.card.in_text",
    Method.VIPPS: "method.vipps.in_text",
    Method.KLARNA: "method.klarna.in_text",
    Method.STREX: "method.strex.in_text",
    Method.GIFT_CARD: "method.gift_card.in_text",
    Method.DEPOSIT_VOUCHER: "method.deposit_voucher.in_text",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageModel:
    """A language by its own name, and whether it is the one in use."""

    code: str
    name: str
    in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StartModel:
    """Everything on the start screen."""

    frame: FrameModel
    hello: str
    lead: str
    notice: BannerModel | None
    choose_language: str
    languages: tuple[LanguageModel, ...]
    methods: str
    """Which means of payment the kiosk takes, in a sentence."""
    cash: str
    begin: str
    adjust: str
    """The strip's longer word, for which there is room here."""


def present_start(view: View, words: Translator) -> StartModel:
    """Return the start screen."""
    names = [words(IN_TEXT[method]) for method in view.methods_offered]
    return StartModel(
        frame=present_frame(view, words),
        hello=words("start.hello"),
        lead=words("start.lead"),
        notice=present_notice(view, words),
        choose_language=words("start.choose_language"),
        languages=present_languages(view),
        methods=words("start.methods", methods=sentence(words.either(names))) if names else "",
        cash=words("start.cash"),
        begin=words("start.begin"),
        adjust=words("start.adjust"),
    )


def present_languages(view: View) -> tuple[LanguageModel, ...]:
    """Return the languages that the shop offers, each in its own words."""
    return tuple(
        LanguageModel(code=code, name=own_name(code), in_use=code == view.settings.language)
        for code in view.languages
    )
