"""The allow-list of the logs: what nobody listed is not written, whoever wrote it."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from kiosk.app.logs import set_up_logs
from kiosk.app.redaction import redacted

SECRETS = (
    "4111111111111111",
    "4111 1111 1111 1111",
    "5555-5555-5555-4444",
    "91234567",
    "+4791234567",
    "%2B4791234567",
    "912 34 567",
    "kari@example.no",
    "kari%40example.no",
    "n5pQzGLpVVGbWnCk",
    "eyJhbGciOiJub25lIn0xYz",
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "2930100004711",
)
"""Cards, phones, mails, keys, and the number of a gift card."""


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """All that was written to the log, whoever wrote it, as objects."""
    root = logging.getLogger()
    handlers, level, stderr = root.handlers[:], root.level, sys.stderr
    sys.stderr = written = io.StringIO()
    set_up_logs()
    try:
        yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    finally:
        sys.stderr = stderr
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "name", ["kiosk.engine.tenders", "drivers.wallet.strex", "httpx", "paho.mqtt", "uvicorn.error"]
)
def test_fault_44_a_secret_is_in_no_line_of_any_logger(
    lines: Callable[[], list[dict[str, Any]]], secret: str, name: str
) -> None:
    logger = logging.getLogger(name)
    logger.error("a secret in the text: %s", secret)
    logger.error(f"a secret in the template: {secret}")
    try:
        raise ValueError(secret)
    except ValueError:
        logger.exception("a secret in an exception")
    found = lines()
    assert len(found) == 3
    assert secret not in json.dumps(found)


@pytest.mark.parametrize("secret", SECRETS)
def test_fault_44_a_secret_is_in_no_field_of_a_structured_line(
    lines: Callable[[], list[dict[str, Any]]], secret: str
) -> None:
    digits = int(secret) if secret.isdigit() else 0
    structlog.get_logger("drivers.x").warning(
        f"said {secret}", body={"pan": secret}, why=secret, number=digits, words=[secret]
    )
    (line,) = lines()
    assert secret not in json.dumps(line)


def test_a_library_says_nothing_below_a_warning_and_then_without_its_arguments(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    logging.getLogger("httpx").info("HTTP Request: GET %s", "https://x/?recipient=%2B4791234567")
    logging.getLogger("paho").warning("dropped %s after %d", "a message of Kari", 3)
    logging.getLogger("kiosk.journal").info("journal: %d events", 3)
    texts = [line["event"] for line in lines()]
    assert texts == ["dropped <str> after <int>", "journal: 3 events"]


@pytest.mark.parametrize(
    "text",
    [
        "code 7038010001659 unknown",
        "sale=0f8fad5bd9cb469fa16570867728950e, attempt=attempt-a3f09b12cc45de67",
        "2026-11-22 05:05:07.123456 and 2026-11-22T05:05:07Z",
        "http://192.168.10.20:11000/EPASSaleToPOI/3.1",
        "service 0000000001, amount 1234567, receipt A-000123",
        'File "/usr/lib/kiosk/app/glass.py", line 123, in bar',
        "kiosk-12 2026-07-01 10:00:00,123",
    ],
)
def test_what_people_need_to_mend_a_kiosk_stays_readable(text: str) -> None:
    assert redacted(text) == text


def test_measures_are_shown_however_long_and_other_long_numbers_are_not(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    structlog.get_logger("kiosk.x").info("x", size_bytes=268_435_456, waited_ns=10**12, n=91234567)
    (line,) = lines()
    assert (line["size_bytes"], line["waited_ns"], line["n"]) == (268_435_456, 10**12, "<number>")


def test_without_the_list_every_secret_would_be_written() -> None:
    """Else the tests above prove nothing: each secret is changed by the list, and by it alone."""
    assert [one for one in SECRETS if redacted(f"said {one}.") == f"said {one}."] == []
