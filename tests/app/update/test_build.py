"""A release built beside the current one: whole or not at all, and nothing outside its folder."""

import os
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.update.build import Builder, unpack
from kiosk.app.update.guard import Disk, Facts, State, decide
from kiosk.app.update.manifest import UpdateRefused

from .far_end import KEYS, VERSION, published, wheel

OLD = "0.1.0+old"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "opt"
    (home / OLD).mkdir(parents=True)
    (home / OLD / "complete").touch()
    (home / "current").symlink_to(OLD)
    (home / "system-digest").write_text("the same\n")
    return home


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "package.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(wheel(tmp_path), "wheels/selvkasse-0.2.0-py3-none-any.whl")
        archive.writestr("deploy/install", "#!/usr/bin/env python3\n")
        archive.writestr("deploy/README.md", "the guide")
        archive.writestr("sbom.cdx.json", "{}")
    return path


def install(home: Path, package: Path, **changes: Any) -> str:
    builder = Builder(home, Disk(home, home / "words"))
    return builder.install(published(package.read_bytes(), **changes), package, KEYS)


def state(home: Path) -> State:
    return Disk(home, home / "words").state()


def test_a_release_stands_beside_and_waits(home: Path, package: Path) -> None:
    said = install(home, package)
    assert "waits" in said
    assert (home / "current").readlink().name == OLD
    assert state(home) == State(waiting=VERSION, waiting_counter=7)
    new = home / VERSION
    assert (new / "deploy/README.md").read_text() == "the guide"
    assert (new / "deploy/install").stat().st_mode & 0o111
    assert sorted(path.name for path in new.iterdir()) == [
        "complete", "deploy", "sbom.cdx.json", "venv",
    ]  # fmt: skip
    subprocess.run([new / "venv/bin/kiosk"], check=True)


def test_the_same_release_again_is_not_newer(
    home: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Builder, "_run", quickly)
    install(home, package)
    with pytest.raises(UpdateRefused, match="not newer"):
        install(home, package)


def test_a_release_that_changes_units_needs_hands(
    home: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Builder, "_run", quickly)
    said = install(home, package, system_digest="another")
    assert f"{VERSION}/deploy/install" in said
    assert state(home) == State()
    assert (home / VERSION / "complete").exists()


def test_what_was_begun_before_a_power_cut_is_built_anew(
    home: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Builder, "_run", quickly)
    rest = home / VERSION / "unpacked/wheels"
    rest.mkdir(parents=True)
    (rest / "half.whl").write_bytes(b"half")
    install(home, package)
    assert not (home / VERSION / "unpacked").exists()


class PowerCut(BaseException):
    """The plug."""


def quickly(self: Builder, *command: object) -> None:
    """Stand in for the three commands of a build where only their order matters."""
    if "venv" in command:
        Path(str(command[-1])).mkdir(parents=True)


@pytest.mark.parametrize("step", range(5))
def test_a_build_that_is_cut_off_is_no_version(
    home: Path, package: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """At each of its commands, before all is on the disk, and before its end is written."""
    left = step

    def cut(self: Builder, *command: object) -> None:
        nonlocal left
        if left == 0:
            raise PowerCut
        left -= 1
        quickly(self, *command)

    def pull(*_: object) -> None:
        raise PowerCut

    with monkeypatch.context() as plug:
        plug.setattr(Builder, "_run", cut)
        if step >= 3:
            last = "os.sync" if step == 3 else "Path.write_text"
            plug.setattr(f"kiosk.app.update.build.{last}", pull)
        with pytest.raises(PowerCut):
            install(home, package)
    disk = Disk(home, home / "words")
    assert disk.facts() == Facts(current=OLD, versions=(OLD,))
    assert decide(disk.state(), disk.facts())[1] == OLD
    monkeypatch.setattr(Builder, "_run", quickly)
    assert "waits" in install(home, package)


def test_a_package_changed_after_it_was_signed_is_not_opened(home: Path, package: Path) -> None:
    signed = published(package.read_bytes())
    package.write_bytes(package.read_bytes()[:-1] + b"x")
    with pytest.raises(UpdateRefused, match="not the package"):
        Builder(home, Disk(home, home / "words")).install(signed, package, KEYS)
    assert not (home / VERSION).exists()


def test_the_next_may_be_built_beside_a_trial_which_keeps_its_way_back(
    home: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard hears with the next start that a trial went well, which may be months away."""
    monkeypatch.setattr(Builder, "_run", quickly)
    for name in ("0.0.1+before", "0.0.2+failed"):
        (home / name).mkdir()
        (home / name / "complete").touch()
    disk = Disk(home, home / "words")
    disk.save(State(trial=OLD, before="0.0.1+before", starts=1))
    assert "waits" in install(home, package)
    assert {OLD, VERSION, "0.0.1+before"} <= set(disk.facts().versions)
    # Not heard of yet: the trial goes on. Failed: nothing that it built is taken up.
    goes_on, runs = decide(disk.state(), disk.facts())
    assert (runs, goes_on.waiting, goes_on.starts) == (OLD, VERSION, 2)
    failed, runs = decide(disk.state(), replace(disk.facts(), sick=OLD, stopped_for=VERSION))
    assert (runs, failed.waiting) == ("0.0.1+before", "")


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "a/../../outside"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(UpdateRefused, match="has a file"):
        unpack(bad, tmp_path / "in/here", 1000)
    assert not list(tmp_path.rglob("outside"))


def test_a_package_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(bad, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(10_000_000))
    with pytest.raises(UpdateRefused, match="larger inside"):
        unpack(bad, tmp_path / "in", 1_000_000)


def test_a_damaged_package_is_refused_in_words(tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(UpdateRefused, match="cannot be unpacked"):
        unpack(bad, tmp_path / "in", 1000)


def test_old_versions_do_not_fill_the_disk(
    home: Path, package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Builder, "_run", quickly)
    for age in (1, 2, 3):
        (home / f"0.0.{age}").mkdir()
        whole = home / f"0.0.{age}/complete"
        whole.touch()
        os.utime(whole, (1000 + age, 1000 + age))
    install(home, package)
    assert {path.parent.name for path in home.glob("*/complete")} >= {OLD, VERSION, "0.0.3"}
    assert not (home / "0.0.1").exists()
    assert not (home / "0.0.2").exists()
