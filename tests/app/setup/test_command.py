"""`kiosk setup` as it is typed, and typed again on a file that is there."""

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from drivers.secret_files import read_secret
from kiosk.app.cli import app
from kiosk.app.config import load
from kiosk.app.credentials import DIRECTORY, lent
from kiosk.app.setup import command
from kiosk.app.setup.asking import ask_all
from kiosk.app.setup.earlier import Earlier
from kiosk.app.setup.trying import Dialog

SHOP = ["NT-0477-03", "3", "Nærmat", "Nærmat AS", "Gata 1, 0477 Oslo", "999999999"]
SCREEN = ["1080", "1920", "268"]
TERMINAL = ["https://192.0.2.10:8443/nexo", "S1U2-000158213300456", "NT-0477-03", "kiosk"]
KEY = "00112233445566778899aabbccddeeff"
HAND_MADE = """\

# Beer until 18.
[selling]
approved_scale = true

[devices.light]
protocol = "serial-light"
url = "/dev/kiosk-light"   # over the till
"""


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As `deploy/install` leaves it, with two secrets; every device works, and reads its secret."""
    monkeypatch.delenv(DIRECTORY, raising=False)
    (tmp_path / "secrets").mkdir(mode=0o700)
    for name, content in (("terminal", "passphrase"), ("signing-key", KEY)):
        (tmp_path / "secrets" / name).write_text(content)
        (tmp_path / "secrets" / name).chmod(0o600)

    def works(name: str, options: Mapping[str, Any], dialog: Dialog) -> str:
        if "passphrase_file" in options:
            assert read_secret(options["passphrase_file"], "terminal") == b"passphrase"
        return "works"

    monkeypatch.setattr(command, "ask_all", partial(ask_all, trial=works))
    return tmp_path


def setup(etc: Path, typed: list[str], *more: str) -> str:
    arguments = ["setup", "-c", str(etc / "kiosk.toml"), "--data", str(etc / "data"), *more]
    done = CliRunner().invoke(app, arguments, input="\n".join(typed) + "\n")
    return done.output + done.stderr


def first(etc: Path) -> str:
    secret = str(etc / "secrets/terminal")
    return setup(etc, [*SHOP, *SCREEN, "n", "n", "n", "y", "nexo-json", *TERMINAL, secret, ""])


def test_secrets_are_tried_as_files_and_named_as_the_till_gets_them(etc: Path) -> None:
    said = first(etc)
    config = load(etc / "kiosk.toml")
    options = config.devices["terminal"].options
    assert options["passphrase_file"] == "credential:secret_terminal"
    assert config.fiscal.signing_key == "credential:secret_signing-key"
    assert "Sales are signed." in said
    assert KEY not in said + (etc / "kiosk.toml").read_text()
    assert DIRECTORY not in os.environ


def test_without_a_signing_key_it_says_what_that_means(etc: Path) -> None:
    (etc / "secrets/signing-key").unlink()
    said = " ".join(first(etc).split())
    assert "no Z is made, so this is no cash register" in said
    assert "then kiosk setup --replace" in said
    assert load(etc / "kiosk.toml").fiscal.signing_key == ""


def test_again_it_offers_what_is_there_and_leaves_the_rest_as_it_was(etc: Path) -> None:
    first(etc)
    path = etc / "kiosk.toml"
    text = path.read_text().replace("[shop]", 'timezone = "Europe/Oslo"\n\n[shop]') + HAND_MADE
    path.write_text(text)
    assert "exists and is not touched" in setup(etc, [])
    said = setup(
        etc, ["", "7", "", "", "", "", "", "", "", "n", "n", "n", "y", *[""] * 7], "--replace"
    )
    assert "is written" in said, said
    assert (etc / "kiosk.toml.old").read_text() == text
    changed = load(path)
    assert changed.kiosk.till == "7"
    assert changed.screen == load(etc / "kiosk.toml.old").screen
    assert changed.devices == load(etc / "kiosk.toml.old").devices
    assert HAND_MADE.strip() in path.read_text()
    assert path.read_text().count("[fiscal]") == 1


def test_a_device_that_is_left_out_leaves_the_file(etc: Path) -> None:
    first(etc)
    said = setup(etc, [*[""] * 9, "n", "n", "n", "n"], "--replace")
    assert "Left out: scanner, scale, printer, terminal." in said
    assert load(etc / "kiosk.toml").devices == {}


def test_who_breaks_off_changes_nothing(etc: Path) -> None:
    said = setup(etc, SHOP[:3])
    assert "Nothing was written" in said
    assert not (etc / "kiosk.toml").exists()


def test_a_file_that_is_no_toml_offers_nothing_and_is_kept(etc: Path) -> None:
    (etc / "kiosk.toml").write_text("[kiosk")
    said = setup(etc, [*SHOP, *SCREEN, "n", "n", "n", "n"], "--replace")
    assert "is written" in said
    assert (etc / "kiosk.toml.old").read_text() == "[kiosk"


def test_sections_keep_their_comments_and_the_values_that_look_like_sections() -> None:
    text = (
        '# Head\n[kiosk]\nid = "x"\n\n# About a.\n[a]  # here\nlist = [\n  1,\n]\n'
        '[[a.hours]]\nfrom = "[b]"\n# [c]\n# d = 1\n'
    )
    kept = Earlier(text).others({"kiosk"})
    assert kept.startswith("\n# About a.\n[a]  # here\nlist = [\n  1,\n]\n")
    assert kept.endswith('[[a.hours]]\nfrom = "[b]"\n# [c]\n# d = 1\n')
    assert "Head" not in kept


def test_what_systemd_gave_is_not_lent_over(etc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DIRECTORY, "/run/credentials/kiosk.service")
    with lent(etc / "secrets"):
        assert os.environ[DIRECTORY] == "/run/credentials/kiosk.service"
    monkeypatch.delenv(DIRECTORY)
    with lent(etc / "nowhere"):
        assert DIRECTORY not in os.environ


def test_devices_are_tried_with_the_tills_own_secrets(etc: Path) -> None:
    first(etc)
    path, keys = etc / "kiosk.toml", etc / "secrets/vipps"
    text = path.read_text().partition("[devices.terminal]")[0]
    path.write_text(
        f'{text}[devices.vipps]\nprotocol = "vipps"\nmerchant_serial_number = "123456"\n'
        'keys_file = "credential:secret_vipps"\nenvironment = "test"\n'
        'url = "https://apitest.vipps.no"\n'
    )
    keys.write_text(
        'environment = "test"\nclient_id = "a"\nclient_secret = "b"\nsubscription_key = "c"\n'
    )
    keys.chmod(0o600)
    done = CliRunner().invoke(app, ["devices", "-c", str(path)])
    assert done.exit_code == 0, done.output
    keys.unlink()
    assert CliRunner().invoke(app, ["devices", "-c", str(path)]).exit_code == 2
