"""A device keeps its name, and what it says of itself never becomes a rule of its own."""

from pathlib import Path
from types import ModuleType

import pytest

SCANNER = {
    "SUBSYSTEM": "tty",
    "ID_VENDOR_ID": "05f9",
    "ID_MODEL_ID": "4204",
    "ID_SERIAL_SHORT": "S1234",
    "ID_USB_INTERFACE_NUM": "00",
}


def test_a_serial_device_is_named_by_maker_model_and_serial(namer: ModuleType) -> None:
    assert namer.rule_for("scanner", SCANNER) == (
        'SUBSYSTEM=="tty", ENV{ID_VENDOR_ID}=="05f9", ENV{ID_MODEL_ID}=="4204", '
        'ENV{ID_SERIAL_SHORT}=="S1234", ENV{ID_USB_INTERFACE_NUM}=="00", '
        'SYMLINK+="kiosk-scanner", GROUP="kiosk", MODE="0660"'
    )
    assert namer.configuration("scanner", SCANNER) == 'url = "/dev/kiosk-scanner"'


def test_a_printer_is_a_character_device_in_the_configuration(namer: ModuleType) -> None:
    printer = {**SCANNER, "SUBSYSTEM": "usbmisc"}
    assert namer.configuration("printer", printer) == 'url = "char:/dev/kiosk-printer"'


def test_a_scanner_that_types_is_no_keyboard_any_more(namer: ModuleType) -> None:
    typing = {"SUBSYSTEM": "input", "ID_VENDOR_ID": "05e0", "ID_MODEL_ID": "1200"}
    rule = namer.rule_for("scanner", typing)
    assert 'ENV{ID_INPUT_KEYBOARD}=""' in rule
    assert 'ENV{LIBINPUT_IGNORE_DEVICE}="1"' in rule
    assert "SYMLINK" not in rule
    assert namer.configuration("scanner", typing) == 'vendor_id = "05e0"\nmodel_id = "1200"'


@pytest.mark.parametrize(
    "serial", ['1", RUN+="/bin/sh', "1\nACTION==", "x" * 81, "%c", "$attr{x}", "*", "a|b"]
)
def test_a_device_that_says_what_could_be_a_rule_is_refused(namer: ModuleType, serial: str) -> None:
    with pytest.raises(namer.NotNamed, match="cannot stand in a rule"):
        namer.rule_for("scanner", {**SCANNER, "ID_SERIAL_SHORT": serial})


def test_a_built_in_port_keeps_its_own_name(namer: ModuleType) -> None:
    with pytest.raises(namer.NotNamed, match="no USB device"):
        namer.rule_for("scale", {"SUBSYSTEM": "tty"})


def test_a_second_run_replaces_the_first_and_leaves_the_others(namer: ModuleType) -> None:
    rules = namer.merged("", "scanner", "A")
    rules = namer.merged(rules, "scale", "B")
    rules = namer.merged(rules, "scanner", "C")
    assert rules == f"{namer.HEADER}# scale\nB\n# scanner\nC\n"


def test_it_asks_udev_and_writes_the_rule(
    namer: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bin_dir = tmp_path / "bin"
    bin_dir.mkdir()
    answers = "\\n".join(f"{name}={value}" for name, value in SCANNER.items())
    (bin_dir / "udevadm").write_text(f'#!/bin/sh\nprintf "{answers}\\n"\n')
    (bin_dir / "udevadm").chmod(0o755)
    monkeypatch.setenv("PATH", f"{bin_dir}:/usr/bin:/bin")
    rules = tmp_path / "71.rules"
    monkeypatch.setattr(
        "sys.argv", ["name-device", "scanner", "/dev/ttyACM0", "--rules", str(rules)]
    )
    assert namer.main() == 0
    assert 'SYMLINK+="kiosk-scanner"' in rules.read_text()
    assert 'url = "/dev/kiosk-scanner"' in capsys.readouterr().out
