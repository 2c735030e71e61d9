"""01 start: scanning starts the sale; the language is a choice, not a gate."""

from dataclasses import dataclass
from typing import Final

from kiosk.engine.view import Unavailable, View
from kiosk.sale.events import Method
from kiosk.ui.i18n import Translator, own_name, whole_or_money
from kiosk.ui.present.notices import present_notice
from kiosk.ui.present.parts import BannerModel, FrameModel, Kind, present_frame, sentence

IN_TEXT: dict[Method, str] = {
    Method.CARD: "method.card.in_text",
    Method.VIPPS: "method.vipps.in_text",
    Method.KLARNA: "method.klarna.in_text",
    Method.STREX: "method.strex.in_text",
    Method.GIFT_CARD: "method.gift_card.in_text",
    Method.DEPOSIT_VOUCHER: "method.deposit_voucher.in_text",
}

DOWN: Final = (Unavailable.OFFLINE, Unavailable.TERMINAL_LOST)
"""What may work again in a minute; a way that is not set up is not spoken of."""


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
    undeclared: str
    """That nobody has declared this build; empty where somebody has."""
    begin: str
    adjust: str
    """The strip's longer word, for which there is room here."""


def present_start(view: View, words: Translator) -> StartModel:
    """Return the start screen."""
    return StartModel(
        frame=present_frame(view, words),
        hello=words("start.hello"),
        lead=words("start.lead"),
        notice=_notice(view, words),
        choose_language=words("start.choose_language"),
        languages=present_languages(view),
        methods=_methods(view, words),
        cash=words("start.cash"),
        undeclared=words("start.undeclared") if view.undeclared else "",
        begin=words("start.begin"),
        adjust=words("start.adjust"),
    )


def _methods(view: View, words: Translator) -> str:
    """Return what one can pay with here now, and up to what."""
    down = _down(view)
    limits = {one.method: one.limit_minor for one in view.methods if one.limit_minor}
    names = [
        words("start.up_to", method=words(IN_TEXT[method]), limit=whole_or_money(limits[method]))
        if method in limits
        else words(IN_TEXT[method])
        for method in view.methods_offered
        if method not in down
    ]
    return words("start.methods", methods=sentence(words.either(names))) if names else ""


def _down(view: View) -> list[Method]:
    return [one.method for one in view.methods if one.unavailable in DOWN]


def _notice(view: View, words: Translator) -> BannerModel | None:
    """Return what just happened, else which ways to pay are down.

    Said before the first scan: nobody should learn at the end that their way to pay is down.
    """
    told = present_notice(view, words)
    down = _down(view)
    if told is not None or not down:
        return told
    gone = sentence(words.all_of([words(IN_TEXT[method]) for method in down]))
    return BannerModel(
        kind=Kind.WAITING, sign="wifi-slash", text=words("start.not_now", methods=gone)
    )


def present_languages(view: View) -> tuple[LanguageModel, ...]:
    """Return the languages that the shop offers, each in its own words."""
    return tuple(
        LanguageModel(code=code, name=own_name(code), in_use=code == view.settings.language)
        for code in view.languages
    )
