"""The configuration file: complete, or every mistake at once with its line."""

from datetime import time
from pathlib import Path

import pytest

from kiosk.app.config import ConfigError, load
from kiosk.app.wiring import signing
from kiosk.fiscal.signature import KeyRefused
from kiosk.payments.late import LateApproval
from tests.app.small_config import GOOD, written


def test_a_small_file_gives_a_complete_configuration(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    assert config.kiosk.data_dir == Path("/var/lib/kiosk")
    assert config.operator == "SCO-03"
    assert config.screen.width_px == 1080
    assert config.devices["scanner"].protocol == "serial-scanner"
    assert config.devices["scanner"].options == {"url": "/dev/kiosk-scanner"}


def test_pricing_by_weight_is_off_unless_it_is_declared(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).selling.approved_scale is False


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = GOOD.replace('till = "3"', "till = 3").replace('id = "NT-0477-03"', 'idd = "x"')
    text += '[devices.scale]\nport = "/dev/ttyS0"\n[selling]\nidle_s = "long"\n[sho]\n'
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    path = tmp_path / "kiosk.toml"
    assert str(caught.value).splitlines() == [
        f"{path}:1: kiosk.id: is missing.",
        f"{path}:2: kiosk.idd: is not known. "
        "Expected one of id, till, operator, data_dir, timezone, languages.",
        f"{path}:3: kiosk.till: 3 cannot be used: Expected `str`, got `int`.",
        f'{path}:15: devices.scale: needs protocol = "...". `kiosk devices` lists them.',
        f"{path}:18: selling.idle_s: 'long' cannot be used: Expected `int`, got `str`.",
        f"{path}:19: sho: is not a section. "
        "Expected one of kiosk, shop, screen, brand, selling, payment, staff, bench, fiscal, "
        "telemetry, update, receipts, receipt_gateway, devices, interventions.",
    ]


def test_a_missing_section_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="shop: the section is missing"):
        load(written(tmp_path, GOOD.partition("[shop]")[0]))


def test_an_unknown_time_zone_is_refused(tmp_path: Path) -> None:
    text = GOOD.replace("[shop]", 'timezone = "Europe/Olso"\n[shop]')
    with pytest.raises(ConfigError, match="'Europe/Olso' is not a time zone"):
        load(written(tmp_path, text))


@pytest.mark.parametrize("content", [b"[kiosk", b"\xff\xfe", b"kiosk = 1"])
def test_a_file_that_is_no_configuration_is_refused_in_words(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"kiosk\.toml"):
        load(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "nothing.toml")


def test_without_a_signing_key_nothing_is_signed(tmp_path: Path) -> None:
    config = load(written(tmp_path, GOOD))
    assert signing(config) is None


def test_the_key_and_the_hour_of_the_z_are_as_configured(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch(mode=0o600)
    key.write_text("00" * 16)
    text = f'{GOOD}[fiscal]\nsigning_key = "{key}"\nkey_version = "7"\nz_at = "23:30"\n'
    config = load(written(tmp_path, text))
    signer = signing(config)
    assert signer is not None
    assert signer.key_version == "7"
    assert config.fiscal.z_time == time(23, 30)
    key.chmod(0o644)
    with pytest.raises(KeyRefused, match="chmod 600"):
        signing(config)


@pytest.mark.parametrize("wrong", ["24:00", "2355", "late", "23:55:00", ""])
def test_the_hour_of_the_z_must_be_a_time_of_day(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match=r"kiosk.toml:16: fiscal.z_at: .* not a time of day"):
        load(written(tmp_path, f'{GOOD}[fiscal]\nz_at = "{wrong}"\n'))


def test_a_night_that_is_none_and_releases_without_a_lock_are_told(tmp_path: Path) -> None:
    text = GOOD + '[update]\nurl = "http://example.no/x"\nnight = "never"\nquiet_min = 0\n'
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, text))
    said = str(caught.value)
    assert "update.url: 'http://example.no/x' is not https." in said
    assert "update.night: 'never' is no time of day" in said
    assert "update.quiet_min: 0 is too short" in said


def test_a_late_approval_comes_later_than_a_code_of_a_wallet_lives(tmp_path: Path) -> None:
    text = GOOD + '[payment]\nlate_approval = "give_back"\nlate_after_s = 599\n'
    with pytest.raises(ConfigError, match=r"payment\.late_after_s: is out of bounds"):
        load(written(tmp_path, text))
    found = load(written(tmp_path, text.replace("599", "600")))
    assert found.payment.late_approval is LateApproval.GIVE_BACK


def test_a_screen_that_no_layout_fits_is_refused_with_its_line(tmp_path: Path) -> None:
    small = "\n[screen]\nwidth_px = 720\nheight_px = 1280\npx_per_mm = 4.0\n"
    with pytest.raises(ConfigError, match=r"kiosk.toml:19: screen.px_per_mm: the panel has 726 x"):
        load(written(tmp_path, GOOD + small))
    load(written(tmp_path, GOOD + small.replace("4.0", "2.69")))
