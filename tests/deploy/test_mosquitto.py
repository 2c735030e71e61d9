"""The broker's files on a server are the ones that the tests run with."""

from pathlib import Path

import pytest

from kiosk.app.broker_config import BrokerSettings, access_rules, configuration

FOLDER = Path(__file__).parents[2] / "deploy" / "mosquitto"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mosquitto.conf", configuration(BrokerSettings())),
        ("selvkasse.acl", access_rules()),
    ],
)
def test_the_file_is_what_the_program_writes(name: str, text: str) -> None:
    assert (FOLDER / name).read_text() == text


def test_nobody_stands_for_any_kiosk_in_a_shop() -> None:
    assert "readwrite" not in (FOLDER / "selvkasse.acl").read_text()
