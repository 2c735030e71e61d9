"""Which configurations refuse to start, and that they say why without saying a secret."""

from pathlib import Path

import pytest

from drivers.errors import DeviceConfigError
from drivers.registry import build_device
from drivers.wallet.klarna import KlarnaOptions, KlarnaWallet
from drivers.wallet.strex import StrexOptions
from drivers.wallet.vipps import VippsOptions, VippsWallet
from tests.drivers.wallet.desk import secret_file

VIPPS_KEYS = (
    'environment = "{}"\nclient_id = "ID-7301"\nclient_secret = "SECRET-7302"\n'
    'subscription_key = "SUBSCRIPTION-7303"\n'
)
VIPPS = {"name": "vipps-1", "merchant_serial_number": "123456"}
KLARNA = {"name": "klarna-1", "notes_file": "/nowhere"}
STREX = {"name": "strex-1", "merchant_id": "m", "service_code": "1", "cap_minor": 100}
TYPES = [(VippsOptions, VIPPS), (KlarnaOptions, KLARNA), (StrexOptions, STREX)]
LIVE = {
    VippsOptions: "https://api.vipps.no",
    KlarnaOptions: "https://api.klarna.com",
    StrexOptions: "https://shared.target365.io",
}
TEST = {
    VippsOptions: "https://apitest.vipps.no",
    KlarnaOptions: "https://api.playground.klarna.com",
    StrexOptions: "https://test.target365.io",
}


@pytest.mark.parametrize(("options", "usual"), TYPES)
def test_live_goes_to_the_live_address_and_test_to_the_test_address(options, usual):
    assert options(**usual, keys_file="/k").url == LIVE[options]
    options(**usual, keys_file="/k", url=TEST[options], environment="test")
    options(**usual, keys_file="/k", url="http://127.0.0.1:4020", environment="test")


@pytest.mark.parametrize(("options", "usual"), TYPES)
@pytest.mark.parametrize("environment", ["live", "test"])
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example",
        "https://api.vipps.no.evil.example",
        "https://api.vipps.no@evil.example",
        "https://",
        "ftp://127.0.0.1",
        "http://192.168.1.20:4020",
    ],
)
def test_fault_49_an_unknown_address_is_refused_in_every_environment(
    options, usual, environment, url
):
    with pytest.raises(DeviceConfigError, match=usual["name"]):
        options(**usual, keys_file="/k", url=url, environment=environment)


@pytest.mark.parametrize(("options", "usual"), TYPES)
def test_fault_49_address_and_environment_must_agree(options, usual):
    for url, environment in (
        (TEST[options], "live"),
        (LIVE[options], "test"),
        ("http://127.0.0.1:4020", "live"),
        (LIVE[options].replace("https", "http"), "live"),
    ):
        with pytest.raises(DeviceConfigError):
            options(**usual, keys_file="/k", url=url, environment=environment)


def test_fault_49_test_keys_at_the_live_address_refuse_to_start(tmp_path):
    keys = secret_file(tmp_path / "keys", VIPPS_KEYS.format("test"))
    with pytest.raises(DeviceConfigError, match="keys are for the 'test' environment"):
        VippsWallet(VippsOptions(**VIPPS, keys_file=keys))


def test_fault_49_live_keys_in_test_mode_refuse_to_start(tmp_path):
    keys = secret_file(tmp_path / "keys", VIPPS_KEYS.format("live"))
    options = VippsOptions(**VIPPS, keys_file=keys, url="http://127.0.0.1:4020", environment="test")
    with pytest.raises(DeviceConfigError, match="keys are for the 'live' environment"):
        VippsWallet(options)


def test_fault_49_a_playground_user_is_known_by_its_name(tmp_path):
    keys = secret_file(
        tmp_path / "keys", 'environment = "live"\nusername = "PK12345_ab"\npassword = "p"\n'
    )
    with pytest.raises(DeviceConfigError, match="playground"):
        KlarnaWallet(KlarnaOptions(**KLARNA, keys_file=keys))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "empty or too long"),
        ("not toml at all", "NAME"),
        ('environment = "live"\n', "missing"),
        (VIPPS_KEYS.format("live") + 'more = "SECRET-7304"\n', "unknown 1"),
        (VIPPS_KEYS.format("live").replace('"SECRET-7302"', "7302"), "no text"),
        ("x" * 20_000, "too long"),
    ],
)
def test_a_key_file_that_is_not_whole_is_refused_without_a_word_of_it(tmp_path, content, says):
    keys = secret_file(tmp_path / "keys", content)
    with pytest.raises(DeviceConfigError, match=says) as caught:
        VippsWallet(VippsOptions(**VIPPS, keys_file=keys))
    assert "730" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    keys = secret_file(tmp_path / "keys", VIPPS_KEYS.format("live"))
    Path(keys).chmod(0o640)
    with pytest.raises(DeviceConfigError, match="others can read it"):
        VippsWallet(VippsOptions(**VIPPS, keys_file=keys))


def test_keys_may_be_a_systemd_credential(tmp_path, monkeypatch):
    secret_file(tmp_path / "vipps", VIPPS_KEYS.format("live"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    VippsWallet(VippsOptions(**VIPPS, keys_file="credential:vipps"))
    with pytest.raises(DeviceConfigError, match="LoadCredential"):
        VippsWallet(VippsOptions(**VIPPS, keys_file="credential:../vipps"))


@pytest.mark.parametrize(
    ("options", "usual", "wrong", "says"),
    [
        (VippsOptions, VIPPS, {"merchant_serial_number": "12"}, "digits"),
        (VippsOptions, VIPPS, {"reference_prefix": "a b"}, "letters"),
        (VippsOptions, VIPPS, {"description": "ab"}, "3 to 100"),
        (VippsOptions, VIPPS, {"poll_s": 0.1}, "poll_s"),
        (KlarnaOptions, KLARNA, {"country": "NOR"}, "country"),
        (StrexOptions, STREX, {"cap_minor": 0}, "cap_minor"),
        (StrexOptions, STREX, {"sender": "Selvkasse AS Oslo"}, "sender"),
        (StrexOptions, STREX, {"fake_numbers": True}, "fake_numbers"),
    ],
)
def test_mistakes_in_options_are_named(options, usual, wrong, says):
    with pytest.raises(DeviceConfigError, match=says):
        options(**{**usual, "keys_file": "/k", **wrong})


def test_a_secret_in_the_configuration_is_an_unknown_option():
    with pytest.raises(DeviceConfigError, match="client_secret is unknown"):
        build_device({"protocol": "vipps", **VIPPS, "keys_file": "/k", "client_secret": "x"})
