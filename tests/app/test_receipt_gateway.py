"""[receipt_gateway]: what it may say, and what is made of it."""

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contracts.gateway import Reach
from drivers.errors import DeviceConfigError
from drivers.gateway import LinkSender
from kiosk.app.config import ConfigError, config_of
from kiosk.app.receipt_gateway import GatewaySection, check, gateway_of

SMS = GatewaySection(route="sms", key="/k", sender="Naermat", url="https://sms.example/m")
MAIL = GatewaySection(
    route="mail", key="/k", sender="a@b.example", host="mail.example", to="{number}@x", user="u"
)


EMAIL = GatewaySection(route="email", key="/k", sender="a@b.example", host="mail.example", user="u")


def told(section: GatewaySection) -> list[str]:
    places: list[str] = []
    check(section, lambda place, _what: places.append(place))
    return places


@pytest.mark.parametrize("good", [SMS, MAIL, EMAIL])
def test_each_route_can_be_configured(good: GatewaySection, tmp_path: Path) -> None:
    assert told(good) == []
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text("secret", encoding="utf-8")
    assert isinstance(gateway_of(replace(good, key=str(key))), LinkSender)
    key.chmod(0o644)
    with pytest.raises(DeviceConfigError, match="others can read it"):
        gateway_of(replace(good, key=str(key)))


def test_the_route_decides_whether_a_number_or_an_address_is_typed(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text("secret", encoding="utf-8")
    for section, reach in ((SMS, Reach.NUMBER), (MAIL, Reach.NUMBER), (EMAIL, Reach.EMAIL)):
        gateway = gateway_of(replace(section, key=str(key)))
        assert gateway is not None
        assert gateway.reach is reach


def test_without_the_section_there_is_no_gateway() -> None:
    assert gateway_of(None) is None


@pytest.mark.parametrize(
    ("section", "where"),
    [
        (replace(SMS, route="fax"), "receipt_gateway.route"),
        (replace(SMS, url=""), "receipt_gateway.url"),
        (replace(SMS, host="mail.example"), "receipt_gateway.host"),
        (replace(SMS, timeout_s=0), "receipt_gateway.timeout_s"),
        (replace(MAIL, user=""), "receipt_gateway.user"),
        (replace(MAIL, url="https://x"), "receipt_gateway.url"),
        (replace(EMAIL, to="{number}@x"), "receipt_gateway.to"),
    ],
)
def test_what_cannot_be_meant_is_told(section: GatewaySection, where: str) -> None:
    assert told(section) == [where]


def test_a_gateway_without_receipts_for_phones_has_nothing_to_send() -> None:
    raw = {
        "kiosk": {"id": "k", "till": "1", "data_dir": "/x"},
        "receipt_gateway": {"route": "sms", "key": "/k", "sender": "Abc", "url": "https://x"},
    }
    with pytest.raises(ConfigError, match=r"receipt_gateway: needs \[receipts\]"):
        config_of(raw, "kiosk.toml")
