"""Which device is paid by which method, and what does not start: worlds and methods that clash."""

from pathlib import Path

import pytest

from drivers.errors import DeviceConfigError
from kiosk.app.config import Config, ConfigError, load
from kiosk.app.payment import check_payment, is_test_money, limits_minor, methods
from kiosk.app.wiring import wire
from kiosk.sale.events import Method

KIOSK = """
[kiosk]
id = "NT-1"
till = "1"
data_dir = "{folder}/data"
[shop]
name = "N"
legal_name = "N AS"
address = "A 1, 0001 Oslo"
org_number = "999999999"
"""
VIPPS = """
[devices.vipps]
protocol = "vipps"
merchant_serial_number = "123456"
keys_file = "{folder}/vipps.keys"
"""
STREX = """
[devices.strex]
protocol = "strex"
merchant_id = "m"
service_code = "1"
cap_minor = 20000
keys_file = "{folder}/strex.keys"
"""
TERMINAL = """
[devices.terminal]
protocol = "zvt"
url = "127.0.0.1:1"
state_file = "{folder}/zvt.json"
"""
BENCH = """
[bench]
socket = "{folder}/kiosk.sock"
"""
TEST = 'environment = "test"\nurl = "http://127.0.0.1:9"\n'


def config(folder: Path, *parts: str) -> Config:
    path = folder / "kiosk.toml"
    path.write_text("".join((KIOSK, *parts)).replace("{folder}", str(folder)), encoding="utf-8")
    return load(path)


def test_each_device_is_a_way_to_pay_and_the_card_stands_first(tmp_path: Path) -> None:
    assert methods(config(tmp_path, VIPPS, STREX, TERMINAL)) == (
        Method.CARD,
        Method.VIPPS,
        Method.STREX,
    )


def test_a_kiosk_without_any_shows_the_card_greyed(tmp_path: Path) -> None:
    assert methods(config(tmp_path)) == (Method.CARD,)


def test_a_shop_may_have_another_order(tmp_path: Path) -> None:
    ordered = '\n[payment]\nmethods = ["vipps", "card"]\n'
    assert methods(config(tmp_path, VIPPS, TERMINAL, ordered)) == (Method.VIPPS, Method.CARD)


def test_a_method_that_nobody_knows_is_a_mistake_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"kiosk.toml:\d+: payment.methods"):
        config(tmp_path, '\n[payment]\nmethods = ["bitcoin"]\n')


def test_a_devices_own_cap_is_the_limit_of_its_tile(tmp_path: Path) -> None:
    assert limits_minor(config(tmp_path, STREX, VIPPS)) == {Method.STREX: 20_000}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((VIPPS, VIPPS.replace("devices.vipps", "devices.vipps2")), "both are paid by vipps"),
        ((VIPPS, '\n[payment]\nmethods = ["card"]\n'), "card has no device"),
        ((VIPPS + TEST, STREX), "strex: environment is live, that of vipps is test"),
        ((VIPPS, BENCH), "makes this a demonstration"),
    ],
)
def test_what_does_not_belong_together_does_not_start(
    tmp_path: Path, parts: tuple[str, ...], words: str
) -> None:
    asked = config(tmp_path, *parts)
    with pytest.raises(DeviceConfigError, match=words):
        check_payment(asked)
    with pytest.raises(DeviceConfigError, match=words):
        wire(asked, died=lambda _: None)


def test_a_demonstration_with_test_keys_may_start_and_says_that_it_is_one(tmp_path: Path) -> None:
    asked = config(tmp_path, VIPPS + TEST, BENCH)
    check_payment(asked)
    assert is_test_money(asked)


def test_a_live_kiosk_says_nothing(tmp_path: Path) -> None:
    asked = config(tmp_path, VIPPS, STREX)
    check_payment(asked)
    assert not is_test_money(asked)


def test_fault_49_test_keys_do_not_start_at_a_live_address(tmp_path: Path) -> None:
    keys = tmp_path / "vipps.keys"
    keys.touch(mode=0o600)
    keys.write_text(
        'environment = "test"\nclient_id = "a"\nclient_secret = "b"\nsubscription_key = "c"\n'
    )
    with pytest.raises(DeviceConfigError, match="keys are for the 'test' environment"):
        wire(config(tmp_path, VIPPS), died=lambda _: None)


def test_keys_that_others_can_read_do_not_start(tmp_path: Path) -> None:
    keys = tmp_path / "vipps.keys"
    keys.write_text('environment = "live"\nclient_id = "a"\n')
    keys.chmod(0o644)
    with pytest.raises(DeviceConfigError, match="others can read it"):
        wire(config(tmp_path, VIPPS), died=lambda _: None)
