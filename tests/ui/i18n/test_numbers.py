import pytest

from kiosk.ui.i18n import kroner, money, weight, whole_or_money


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (21395, "213,95"),
        (0, "0,00"),
        (5, "0,05"),
        (-1490, "\u221214,90"),
        (-5, "\u22120,05"),
        (123456, "1\u00a0234,56"),
        (123456789, "1\u00a0234\u00a0567,89"),
        (-100000, "\u22121\u00a0000,00"),
    ],
)
def test_money_has_a_comma_and_a_real_minus_sign(minor: int, text: str) -> None:
    assert money(minor) == text


def test_money_with_its_currency() -> None:
    assert kroner(2265) == "22,65 kr"


@pytest.mark.parametrize(("minor", "text"), [(20000, "200"), (19950, "199,50"), (100, "1")])
def test_a_limit_in_whole_kroner_has_no_decimals(minor: int, text: str) -> None:
    assert whole_or_money(minor) == text


@pytest.mark.parametrize(
    ("grams", "text"),
    [(842, "0,842 kg"), (0, "0,000 kg"), (12005, "12,005 kg"), (-3, "\u22120,003 kg")],
)
def test_a_weight_is_told_to_the_gram(grams: int, text: str) -> None:
    assert weight(grams) == text
