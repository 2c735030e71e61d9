"""What is written, as one would say it."""

import pytest

from kiosk.ui.i18n import translator
from kiosk.ui.speech.sayable import sayable

NB, EN = translator("nb"), translator("en")
SAID = [
    ("213,95 kr", "213 kroner og 95 øre"),
    ("213,95", "213 kroner og 95 øre"),
    ("1 234,05 kr", "1234 kroner og 5 øre"),
    ("30,00 kr", "30 kroner"),
    ("−14,90", "minus 14 kroner og 90 øre"),
    ("26,90 kr/kg", "26 kroner og 90 øre per kilo"),
    ("22,90 kr/stk", "22 kroner og 90 øre per stykk"),
    ("2 × 14,90 kr", "2 ganger 14 kroner og 90 øre"),
    ("0,842 kg", "0,842 kg"),
    ("Cola 1,5 l", "Cola 1,5 l"),
    ("9 varer · pant 6,00", "9 varer pant 6 kroner"),
    ("Vi har sendt betalingen til ••• •• •67.", "Vi har sendt betalingen til 67."),
    ("kr", ""),
    ("–", ""),
    ("", ""),
]


@pytest.mark.parametrize(("written", "said"), SAID, ids=[written or "-" for written, _ in SAID])
def test_amounts_are_said_as_money_and_marks_are_not_said(written: str, said: str) -> None:
    assert sayable(written, NB) == said


def test_each_language_says_money_its_own_way() -> None:
    assert sayable("22,90 kr each", EN) == "22 kroner 90 each"


def test_braces_in_a_products_name_are_only_braces() -> None:
    assert sayable("{whole} 10,00 kr", NB) == "{whole} 10 kroner"
