"""The words of the screen: keys, translators and the way numbers are written (see README.md)."""

from kiosk.ui.i18n.catalogs import DEFAULT_LANGUAGE, Translator, languages, own_name, translator
from kiosk.ui.i18n.numbers import kroner, money, weight, whole_or_money

__all__ = [
    "DEFAULT_LANGUAGE",
    "Translator",
    "kroner",
    "languages",
    "money",
    "own_name",
    "translator",
    "weight",
    "whole_or_money",
]
