"""What the store has set from afar, over the kiosk's own file: within bounds, or not at all."""

import logging
from pathlib import Path

import pytest

from kiosk.app.config import ConfigError
from kiosk.app.store_settings import (
    NAME,
    SettingsRefused,
    StoreSettings,
    keep,
    kept_in,
    load_all,
    with_settings,
)
from kiosk.sale.events import Interest
from tests.app.small_config import GOOD, written


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    text = GOOD.replace("/var/lib/kiosk", str(tmp_path)) + "[selling]\nidle_s = 60\nundo_s = 9\n"
    return written(tmp_path, text)


def test_what_the_store_sets_goes_over_the_own_file_key_by_key(own_file: Path) -> None:
    keep(own_file.parent, StoreSettings("2026-2", "[selling]\nidle_s = 45\nrandom_checks = true\n"))
    config = load_all(own_file)
    assert (config.selling.idle_s, config.selling.undo_s) == (45, 9)
    assert config.selling.random_checks
    assert (config.settings_version, config.kiosk.till) == ("2026-2", "3")


def test_without_settings_the_own_file_is_all(own_file: Path) -> None:
    config = load_all(own_file)
    assert (config.selling.idle_s, config.settings_version) == (60, "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[devices.scanner]\nprotocol = "evil"', "devices: cannot be set from afar"),
        ("[selling]\napproved_scale = true", "selling.approved_scale: cannot be set from afar"),
        ('[selling]\nmunicipality = "Gotham"', "selling.municipality"),
        ('[payment]\nmethods = ["vipps"]', "vipps has no device"),
        ('[brand]\ngran = "#FFFFFF"', "brand colours cannot be read"),
        ('[staff]\nattendant = ["fly"]', "staff.attendant"),
        ('[interventions]\nage = "noted"', "interventions.age"),
        ('[interventions]\nmoonlight = "noted"', "interventions.moonlight"),
        ('[[selling.alcohol_hours]]\nopens = "nine"', "selling.alcohol_hours"),
    ],
)
def test_what_does_not_fit_is_refused_and_a_kiosk_that_has_it_sells_without(
    own_file: Path, text: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(SettingsRefused, match=words.replace(".", r"\.")):
        with_settings(own_file, StoreSettings("7", text))
    keep(own_file.parent, StoreSettings("7", text))
    with caplog.at_level(logging.ERROR):
        config = load_all(own_file)
    assert (config.selling.idle_s, config.settings_version) == (60, "")
    assert words in caplog.text


def test_all_that_is_wrong_is_told_at_once(own_file: Path) -> None:
    text = '[selling]\nmunicipality = "Gotham"\n[interventions]\nage = "noted"\nx = "y"\n'
    with pytest.raises(SettingsRefused) as caught:
        with_settings(own_file, StoreSettings("7", text))
    assert len(str(caught.value).splitlines()) == 3
    assert "store settings 7: " in str(caught.value)


def test_what_only_counts_at_the_kiosk_is_added_to_and_never_taken_back(own_file: Path) -> None:
    own_file.write_text(own_file.read_text() + '[interventions]\nonly_here = ["unknown_item"]\n')
    own = load_all(own_file)
    keep(own_file.parent, StoreSettings("3", '[interventions]\nonly_here = ["random_check"]\n'))
    assert load_all(own_file).only_here == own.only_here | {Interest.RANDOM_CHECK}


def test_a_file_that_is_damaged_leaves_the_own_file(
    own_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for junk in (b"", b"{", b"[]", b'{"version": 1}', b"\xff" * 100, b" " * 600_000):
        (own_file.parent / NAME).write_bytes(junk)
        assert load_all(own_file).settings_version == ""
        with pytest.raises(SettingsRefused):
            kept_in(own_file.parent)
    assert "is left out" in caplog.text


def test_the_own_files_mistakes_are_the_own_files(own_file: Path) -> None:
    keep(own_file.parent, StoreSettings("3", "[selling]\nidle_s = 45\n"))
    own_file.write_text(own_file.read_text().replace('till = "3"', "till = 3"))
    with pytest.raises(ConfigError, match=r"kiosk\.toml:3: kiosk\.till"):
        load_all(own_file)
