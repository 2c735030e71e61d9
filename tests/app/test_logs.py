"""Logs never carry a card number."""

import io
import json
import sys

import pytest
import structlog

from kiosk.app.logs import set_up_logs
from kiosk.app.redaction import passes_luhn, redacted


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("4111111111111111", True),  # the well-known Visa test number
        ("4111111111111112", False),
        ("5555555555554444", True),  # the well-known Mastercard test number
        ("79927398713", True),  # the example of ISO/IEC 7812-1, annex B
    ],
)
def test_the_check_digit_of_a_card_number_is_known(number: str, fits: bool) -> None:
    assert passes_luhn(number) is fits


@pytest.mark.parametrize(
    "text", ["pan=4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"]
)
def test_a_card_number_is_masked_but_for_its_last_four_digits(text: str) -> None:
    masked = redacted(text)
    assert "<card ending 1111>" in masked
    assert "41111" not in masked.replace(" ", "").replace("-", "")


def test_a_barcode_that_is_no_card_number_stays_readable() -> None:
    assert redacted("code 7038010001659 unknown") == "code 7038010001659 unknown"


def test_a_card_number_anywhere_in_a_log_line_is_masked(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    set_up_logs()
    try:
        structlog.get_logger().warning("answer", body={"pan": "4111111111111111"}, amount=149)
    finally:
        structlog.reset_defaults()
    line = json.loads(written.getvalue())
    assert line["amount"] == 149
    assert "4111111111111111" not in written.getvalue()
