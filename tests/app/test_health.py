"""`kiosk health`: what is found is said, what needs a person stands apart, nothing lets it fail."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kiosk.app.cli import app
from kiosk.app.config import Config, load
from kiosk.app.health import Snapshot, ask_systemd, in_one_line, in_words, take
from kiosk.telemetry.health import Machine
from tests.app.small_config import GOOD

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)
WELL = Machine(
    disk_free_bytes=20_000_000_000,
    disk_total_bytes=32_000_000_000,
    temperature_c=51.0,
    rss_bytes=0,
    clock_offset_ms=1,
    clock_synchronised=True,
)
RUNS = {"ActiveState": "active", "StatusText": "start", "NRestarts": "2", "Result": "success"}
RAN = {"ActiveState": "inactive", "NRestarts": "0", "Result": "success"}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    path = tmp_path / "kiosk.toml"
    path.write_text(GOOD.replace("/var/lib/kiosk", str(tmp_path / "data")), encoding="utf-8")
    copies = tmp_path / "data/copies"
    copies.mkdir(parents=True)
    (copies / "journal-2026-11-20.sqlite").touch()
    (copies / "journal-2026-11-22.sqlite").touch()
    (copies / "journal-2026-11-23.sqlite.new").touch()
    (tmp_path / "data/journal.sqlite").write_bytes(b"x" * 2_500_000)
    return load(path)


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    proc = tmp_path / "proc"
    proc.mkdir()
    (proc / "meminfo").write_text("MemTotal: 4096000 kB\nMemFree: 1 kB\nMemAvailable: 2048000 kB\n")
    (proc / "loadavg").write_text("0.10 0.20 0.30 1/99 1234\n")
    (proc / "uptime").write_text("7200.50 100.00\n")
    return proc


def answers(**till: str) -> Any:
    def asked(unit: str) -> Mapping[str, str]:
        return RUNS | till if unit == "kiosk" else RAN

    return asked


def look(config: Config, proc: Path, **changes: Any) -> Snapshot:
    hwmon = proc.parent / "hwmon"
    usual = {"machine": WELL, "asked": answers(), "proc": proc, "hwmon": hwmon, "now": NOW}
    return take(config, **{**usual, **changes})


def test_a_machine_that_is_well_says_so_and_what_it_has(config: Config, proc: Path) -> None:
    found = look(config, proc)
    said = in_words(found)
    assert found.needs == ()
    assert "till         active: start" in said
    assert "memory       2000 MB free of 4000" in said
    assert "journal      2.5 MB" in said
    assert "newest copy  2026-11-22" in said
    assert said.endswith("Nothing needs a person.")
    line = in_one_line(found)
    assert "\n" not in line
    assert json.loads(line)["restarts"] == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"machine": replace(WELL, temperature_c=84.0)}, "It is hot, 84 °C"),
        ({"machine": replace(WELL, clock_synchronised=False)}, "follows no time server"),
        ({"asked": answers(ActiveState="failed")}, "The till does not run (failed)"),
        ({"asked": answers(ActiveState="inactive")}, "The till does not run (inactive)"),
        (
            {"now": datetime(2026, 11, 26, 4, 0, tzinfo=UTC)},
            "newest copy of the journal is of 2026",
        ),
    ],
)
def test_each_thing_that_needs_a_person_is_told_alone(
    config: Config, proc: Path, changes: dict[str, Any], sentence: str
) -> None:
    needs = [one for one in look(config, proc, **changes).needs if "last run of" not in one]
    assert len(needs) == 1
    assert sentence in needs[0]


def test_little_memory_is_told(config: Config, proc: Path) -> None:
    text = (proc / "meminfo").read_text()
    (proc / "meminfo").write_text(text.replace("2048000", "102400"))
    (said,) = look(config, proc).needs
    assert said == "Only 100 MB of memory are left of 4000."


def test_a_raspberry_pis_weak_supply_is_told(config: Config, proc: Path) -> None:
    sensor = proc.parent / "hwmon/hwmon1"
    sensor.mkdir(parents=True)
    (sensor / "name").write_text("rpi_volt\n")
    (sensor / "in0_lcrit_alarm").write_text("0\n")
    assert look(config, proc).needs == ()
    (sensor / "in0_lcrit_alarm").write_text("1\n")
    (said,) = look(config, proc).needs
    assert "power supply is too weak" in said


def test_a_night_that_went_wrong_is_told(config: Config, proc: Path) -> None:
    def asked(unit: str) -> Mapping[str, str]:
        return {"ActiveState": "failed"} if unit == "kiosk-maintenance" else RUNS

    found = look(config, proc, asked=asked)
    assert found.failed == ("kiosk-maintenance",)
    assert found.needs == (
        "The last run of kiosk-maintenance went wrong: journalctl -u kiosk-maintenance -n 30",
    )


def test_copies_on_another_disk_are_found_there(config: Config, proc: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mnt"
    elsewhere.mkdir()
    (elsewhere / "journal-2026-11-21.sqlite").touch()
    assert look(config, proc, copies=elsewhere).newest_copy == "2026-11-21"


@pytest.mark.parametrize("junk", [None, "", "nothing\n", "MemTotal: x kB\n"])
def test_what_a_machine_does_not_tell_is_left_out(
    config: Config, tmp_path: Path, junk: str | None
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    if junk is not None:
        for name in ("meminfo", "loadavg", "uptime"):
            (empty / name).write_text(junk)
    silent = replace(WELL, temperature_c=None, clock_offset_ms=None, clock_synchronised=None)
    found = look(config, empty, machine=silent, asked=lambda _: {})
    assert found.needs == ()
    assert "temperature" not in in_words(found)
    assert "till" not in in_words(found)
    assert "None" not in in_words(found)


def test_where_no_systemd_answers_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert ask_systemd("kiosk") == {}


def test_systemd_is_asked_in_its_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "systemctl"
    fake.write_text('#!/bin/sh\necho StatusText=a=b\necho "ActiveState=$3"\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert ask_systemd("kiosk") == {"StatusText": "a=b", "ActiveState": "kiosk.service"}


def test_the_command_works_beside_any_till_and_tells_mistakes_of_its_file(
    config: Config, tmp_path: Path
) -> None:
    done = CliRunner().invoke(app, ["health", "-c", str(tmp_path / "kiosk.toml"), "--json"])
    assert done.exit_code in (0, 1), done.output
    assert json.loads(done.stdout)["journal_mb"] == 2.5
    (tmp_path / "kiosk.toml").write_text("[kiosk]\n")
    done = CliRunner().invoke(app, ["health", "-c", str(tmp_path / "kiosk.toml")])
    assert done.exit_code == 2
    assert "shop: the section is missing" in done.stderr
