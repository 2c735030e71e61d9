"""The units are sound, closed, and say what the kiosk relies on."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from installing import system

from kiosk.fleet.authority_commands import PKI
from kiosk.fleet.enrolment.renewal import RELOAD, RESTART

from .conftest import ROOT

FLEET = ROOT / "deploy/fleet/etc/systemd/system"
UNITS = sorted([*(ROOT / "systemd").iterdir(), *(one for one in FLEET.iterdir() if one.is_file())])
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
BROKER = "mosquitto.service"
DATABASE = "postgresql@.service"
"""Debian's own, of which we have a part."""
EXPOSURE_MAX = 2.0
COMMANDS = (
    "opt/selvkasse/current/venv/bin/kiosk",
    "opt/selvkasse/current/deploy/fleet-backup",
    "usr/bin/systemctl",
    *("usr/sbin/mosquitto", "bin/kill"),
)
"""What units start: ours, and Debian's own broker."""
needs_analyze = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is missing: make packages-test installs systemd",
)


def options(unit: Path) -> dict[str, list[str]]:
    """Each option of a unit with its values in order."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A directory with the units, systemd's own, and the commands that the units start."""
    units = tmp_path / "etc/systemd/system"
    units.mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(unit, units)
    shutil.copytree(FLEET / f"{BROKER}.d", units / f"{BROKER}.d")
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    for name in COMMANDS:
        command = tmp_path / name
        command.parent.mkdir(parents=True, exist_ok=True)
        command.write_text("#!/bin/sh\n")
        command.chmod(0o755)
    return tmp_path


def verify(image: Path, unit: str) -> str:
    command = ["systemd-analyze", "verify", "--man=no", f"--root={image}", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr + (f"exit {done.returncode}" if done.returncode else "")


def exposure(unit: Path | str, *options: str) -> float:
    """What systemd itself thinks of a unit's walls: 0 is closed, 10 is open."""
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", *options, unit]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None, said
    return float(found[1])


@needs_analyze
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_to_complain_about(image: Path, unit: Path) -> None:
    assert verify(image, unit.name) == ""


@needs_analyze
def test_debians_broker_runs_with_our_part_of_its_unit(image: Path) -> None:
    if not (image / "usr/lib/systemd/system/mosquitto.service").exists():
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    assert verify(image, BROKER) == ""


@needs_analyze
def test_little_is_exposed_of_debians_broker_with_our_part_of_its_unit(image: Path) -> None:
    if not (image / "usr/lib/systemd/system/mosquitto.service").exists():
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    assert exposure(BROKER, f"--root={image}") <= EXPOSURE_MAX
    shutil.rmtree(image / "etc/systemd/system/mosquitto.service.d")
    assert exposure(BROKER, f"--root={image}") > EXPOSURE_MAX  # it is our part that closes it


@needs_analyze
def test_a_misspelt_option_would_be_found(image: Path) -> None:
    unit = image / "etc/systemd/system/kiosk.service"
    unit.write_text(unit.read_text().replace("WatchdogSec=", "WatchdogSecs="))
    assert "WatchdogSecs" in verify(image, "kiosk.service")


@needs_analyze
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_little_is_exposed(unit: Path) -> None:
    assert exposure(unit) <= EXPOSURE_MAX


def test_no_unit_of_ours_lies_where_these_tests_do_not_look() -> None:
    ends = {".service", ".timer", ".path", ".target", ".socket", ".mount"}
    trees = (ROOT / "deploy", ROOT / "systemd")
    ours = {path for tree in trees for path in tree.rglob("*") if path.suffix in ends}
    assert ours == set(UNITS)
    assert {path.parent.name for path in FLEET.rglob("*.conf")} == {f"{BROKER}.d", f"{DATABASE}.d"}


def test_only_who_speaks_to_others_has_a_network() -> None:
    online = {unit.stem for unit in SERVICES if "PrivateNetwork" not in options(unit)}
    assert online == {
        *("kiosk", "kiosk-certificate", "kiosk-update-fetch"),
        *("kiosk-fleet", "kiosk-fleet-enrolment", "kiosk-fleet-ingest@"),
    }


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_each_service_has_the_walls_that_the_guide_promises(unit: Path) -> None:
    found = options(unit)
    assert found["NoNewPrivileges"] == ["yes"]
    assert found["ProtectSystem"] == ["strict"]
    assert found["CapabilityBoundingSet"] == [""]
    assert found["DevicePolicy"] == ["closed"]
    assert found["LimitCORE"] == ["0"]
    assert "MemoryMax" in found
    assert "TasksMax" in found


def test_every_timer_and_path_of_a_till_starts_with_it_and_is_installed() -> None:
    ours = {unit.name for unit in UNITS if unit.parent == ROOT / "systemd"}
    starting = {name for name in ours if Path(name).suffix in (".timer", ".path")}
    [wanted] = options(ROOT / "systemd/selvkasse.target")["Wants"]
    assert set(wanted.split()) == {"kiosk.service", *starting}
    assert set(system.UNITS) == {"selvkasse.target", *starting}
    for name in starting:
        (service,) = options(ROOT / "systemd" / name)["Unit"]
        assert service in ours


def test_the_till_is_started_again_for_ever() -> None:
    found = options(ROOT / "systemd/kiosk.service")
    assert found["Type"] == ["notify"]
    assert found["Restart"] == ["always"]
    assert found["StartLimitIntervalSec"] == ["0"]
    assert float(found["WatchdogSec"][0]) <= 30
    assert "RestartPreventExitStatus" not in found


def test_every_device_class_that_is_let_in_is_known_to_the_kernel_before() -> None:
    """DeviceAllow= of a class that no loaded driver has is silently nothing."""
    loaded = (ROOT / "deploy/root/etc/modules-load.d/selvkasse.conf").read_text().split("\n")
    needs = {
        "char-ttyACM": "cdc_acm",
        "char-ttyUSB": "usbserial",
        "char-usb": "usblp",
        "char-alsa": "snd",
    }
    allowed = {value.split()[0] for value in options(ROOT / "systemd/kiosk.service")["DeviceAllow"]}
    built_in = {"char-drm", "char-input", "char-hidraw", "char-gpiochip"}
    classes = {name for name in allowed if name.startswith("char-")}
    assert classes == set(needs) | built_in
    assert set(needs.values()) <= set(loaded)


def test_the_group_of_each_device_is_the_tills() -> None:
    users = (ROOT / "deploy/root/etc/sysusers.d/selvkasse.conf").read_text()
    members = set(re.findall(r"^m kiosk (\w+)$", users, re.MULTILINE))
    assert members == {"video", "render", "input", "audio", "dialout", "lp", "gpio"}


def test_the_fleets_server_is_another_user_than_the_till() -> None:
    for name in ("kiosk-fleet.service", "kiosk-fleet-backup.service"):
        assert options(FLEET / name)["User"] == ["selvkasse-fleet"]


def test_the_authoritys_key_is_for_its_own_user_and_not_for_what_browsers_reach() -> None:
    for name in ("kiosk-fleet-enrolment.service", "kiosk-fleet-renewal.service"):
        assert options(FLEET / name)["User"] == ["selvkasse-authority"]
    for name in (
        "kiosk-fleet.service",
        "kiosk-fleet-ingest@.service",
        "kiosk-fleet-backup.service",
    ):
        assert options(FLEET / name)["InaccessiblePaths"] == ["-/var/lib/selvkasse-authority"]
    found = options(FLEET / "kiosk-fleet-renewal.service")
    assert found["PrivateNetwork"] == ["yes"]
    assert found["ReadWritePaths"] == ["/etc/selvkasse/pki"]


def test_the_stamps_of_the_renewal_are_what_the_brokers_units_watch() -> None:
    for name, stamp in (("reload", RELOAD), ("restart", RESTART)):
        [watched] = options(FLEET / f"kiosk-fleet-broker-{name}.path")["PathChanged"]
        assert Path(watched) == PKI / stamp


def test_who_renews_a_tills_certificate_writes_there_alone() -> None:
    found = options(ROOT / "systemd/kiosk-certificate.service")
    assert (found["User"], found["ReadWritePaths"]) == (["kiosk"], ["/etc/kiosk/pki"])


def test_which_version_runs_is_decided_before_the_till_and_never_keeps_it_from_starting() -> None:
    (before,) = options(ROOT / "systemd/kiosk.service")["ExecStartPre"]
    assert before == "-+/usr/bin/python3 -I /opt/selvkasse/guard"


def test_who_fetches_a_release_reads_no_secret_and_who_builds_it_has_no_network() -> None:
    fetch = options(ROOT / "systemd/kiosk-update-fetch.service")
    assert fetch["User"] == ["kiosk-update"]
    assert {"-/var/lib/kiosk", "-/etc/kiosk/secrets"} <= set(fetch["InaccessiblePaths"][0].split())
    build = options(ROOT / "systemd/kiosk-update.service")
    assert build["PrivateNetwork"] == ["yes"]
    assert build["ReadWritePaths"] == ["/opt/selvkasse"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_comments_have_lines_of_their_own(unit: Path) -> None:
    """systemd knows no comment at the end of a line: it would be part of the value."""
    for line in unit.read_text().splitlines():
        assert line.startswith("#") or " #" not in line


def test_the_files_of_settings_are_of_systemds_form() -> None:
    for path in (ROOT / "deploy/root/etc/systemd").rglob("*.conf"):
        parser = configparser.ConfigParser()
        parser.read_string(path.read_text())
        assert parser.sections(), path
