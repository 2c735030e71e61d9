from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.fiscal import amounts


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "0,00"),
        (5, "0,05"),
        (21395, "213,95"),
        (-1490, "−14,90"),
        (-5, "−0,05"),
        (123456789, "1\u00a0234\u00a0567,89"),
    ],
)
def test_an_amount_has_a_comma_and_a_true_minus(minor: int, text: str) -> None:
    assert amounts.amount(minor) == text


def test_a_currency_without_minor_units_has_no_comma() -> None:
    assert amounts.amount(1234, digits=0) == "1\u00a0234"


@pytest.mark.parametrize(
    ("rate_bp", "text"), [(1500, "15 %"), (2500, "25 %"), (1111, "11,11 %"), (0, "0 %")]
)
def test_a_rate_has_only_the_decimals_it_needs(rate_bp: int, text: str) -> None:
    assert amounts.rate(rate_bp) == text


def test_weight_date_time_and_organisation_number() -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=ZoneInfo("Europe/Oslo"))
    assert amounts.kilograms(842) == "0,842 kg"
    assert amounts.date(at) == "02.01.2026"
    assert amounts.time_of_day(at) == "kl. 03:04:05"
    assert amounts.org_number("999999999") == "999 999 999"
