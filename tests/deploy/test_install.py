"""The installer, into a directory: twice is once, an update leaves no rest, undone is undone."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from installing import boot, system, versions
from installing.files import InstallError
from installing.installer import demand_root

from kiosk.app.update.guard import Disk, State
from kiosk.fleet.setting_up import SERVICES, WATCHES

from .conftest import ROOT

NEEDS = ("systemctl", "systemd-sysusers", "systemd-tmpfiles")
needs_systemd = pytest.mark.skipif(
    any(shutil.which(name) is None for name in NEEDS),
    reason=f"one of {', '.join(NEEDS)} is missing: make packages-test installs them",
)
SHOPS_OWN = {"etc/kiosk", "etc/kiosk/secrets", "var/lib/kiosk"}


def run(source: Path, root: Path, *arguments: str) -> str:
    command = [sys.executable, source / "deploy/install", "--root", root, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def tree(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file and link under a directory with its mode and content."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_symlink():
            found[name] = (0, str(path.readlink()).encode())
        elif path.is_file():
            found[name] = (path.stat().st_mode & 0o777, path.read_bytes())
    return found


@needs_systemd
def test_it_puts_everything_in_its_place(source: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv")
    units = root / "etc/systemd/system"
    for unit in (ROOT / "systemd").iterdir():
        assert (units / unit.name).read_text() == unit.read_text()
        assert (units / unit.name).stat().st_mode & 0o777 == 0o644
    assert (units / "multi-user.target.wants/selvkasse.target").is_symlink()
    for timer in ("kiosk-maintenance.timer", "kiosk-update.timer"):
        assert (units / "selvkasse.target.wants" / timer).is_symlink()
    for masked in ("getty@tty1.service", "autovt@.service", "ctrl-alt-del.target"):
        assert (units / masked).readlink() == Path("/dev/null")
    assert (root / "etc/udev/rules.d/70-selvkasse.rules").exists()
    version = (root / "opt/selvkasse/current").readlink()
    assert (root / "opt/selvkasse" / version / "deploy/README.md").exists()


@needs_systemd
@pytest.mark.skipif(os.geteuid() != 0, reason="users and owners need root")
def test_the_till_reads_its_configuration_and_writes_one_place(
    source: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv")
    (user,) = (
        line.split(":")
        for line in (root / "etc/passwd").read_text().splitlines()
        if line.startswith("kiosk:")
    )
    assert user[6] == "/usr/sbin/nologin"
    groups = {
        line.split(":")[0]
        for line in (root / "etc/group").read_text().splitlines()
        if "kiosk" in line.split(":")[3].split(",")
    }
    assert groups == {"video", "render", "input", "audio", "dialout", "lp", "gpio"}
    seen = {
        name: (status.st_mode & 0o777, status.st_uid, status.st_gid)
        for name in SHOPS_OWN
        for status in [(root / name).stat()]
    }
    uid, gid = int(user[2]), int(user[3])
    assert seen == {
        "etc/kiosk": (0o750, 0, gid),
        "etc/kiosk/secrets": (0o700, 0, 0),
        "var/lib/kiosk": (0o750, uid, gid),
    }


@needs_systemd
def test_twice_is_once(source: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv")
    before = tree(root)
    said = run(source, root, "--no-venv")
    assert tree(root) == before
    assert "written" not in said
    assert "linked" not in said


@needs_systemd
def test_an_update_changes_what_is_ours_and_nothing_of_the_shops(
    source: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    (source / "systemd/kiosk-old.timer").write_text("[Timer]\nOnBootSec=1\n")
    run(source, root, "--no-venv")
    first = (root / "opt/selvkasse/current").readlink()
    (root / "etc/kiosk").mkdir(parents=True, exist_ok=True)
    (root / "etc/kiosk/kiosk.toml").write_text("the shop's own")
    drop_in = root / "etc/systemd/system/kiosk.service.d/local.conf"
    drop_in.parent.mkdir()
    drop_in.write_text("[Service]\n")
    (source / "systemd/kiosk-old.timer").unlink()
    (source / "kiosk/__init__.py").write_text('"""Another."""\n')
    run(source, root, "--no-venv")
    assert (root / "opt/selvkasse/current").readlink() != first
    assert not (root / "etc/systemd/system/kiosk-old.timer").exists()
    assert (root / "etc/kiosk/kiosk.toml").read_text() == "the shop's own"
    assert drop_in.exists()


@needs_systemd
def test_undone_it_leaves_only_what_is_the_shops(source: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/hostname").write_text("till\n")
    run(source, root, "--no-venv")
    (root / "var/lib/kiosk").mkdir(parents=True, exist_ok=True)
    (root / "var/lib/kiosk/journal.sqlite").write_bytes(b"every sale")
    run(source, root, "--uninstall")
    users = {"etc/passwd", "etc/shadow", "etc/group", "etc/gshadow", "etc/.pwd.lock"}
    left = {name for name in tree(root) if name.rstrip("-") not in users}
    assert left == {"etc/hostname", "var/lib/kiosk/journal.sqlite"}
    run(source, root, "--uninstall")  # and a second time finds nothing to do


def test_a_machine_that_does_not_run_yet_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a chroot, while an image is made, there is no systemd to talk to."""
    asked: list[object] = []
    monkeypatch.setattr(system, "run", lambda *command, **_: asked.append(command))
    made = system.System(ROOT, Path("/"), fleet=False)
    made.running = False
    made.reload()
    assert asked == []
    made.running = True
    made.reload()
    assert ("systemctl", "daemon-reload") in asked


def test_only_what_is_another_file_than_before_is_told_to_the_boot_loader(
    source: Path, tmp_path: Path
) -> None:
    made = system.System(source, tmp_path, fleet=False)
    assert boot.GRUB in made.put_files()
    assert made.put_files() == set()
    (source / "deploy/root" / boot.GRUB).unlink()
    assert made.put_files() == {boot.GRUB}


def test_without_root_it_says_what_to_type() -> None:
    with pytest.raises(InstallError, match=r"needs root: sudo deploy/install"):
        demand_root(Path("/"), 1000)
    demand_root(Path("/tmp/look"), 1000)


def test_the_same_number_with_other_content_is_another_version(source: Path) -> None:
    before = versions.version_of(source)
    cached = source / "kiosk/__pycache__/x.pyc"
    cached.parent.mkdir()
    cached.write_bytes(b"cached")
    assert versions.version_of(source) == before
    (source / "drivers/new.py").touch()
    assert versions.version_of(source) != before
    assert versions.version_of(source).startswith("0.1.0+")


def test_the_current_version_changes_by_one_rename(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At no call between start and end is there a moment without a current version."""
    home = tmp_path / "opt/selvkasse"
    home.mkdir(parents=True)
    (home / "current").symlink_to("0.0.9+old")
    (home / "current.new").symlink_to("torn")  # of an update that was cut off
    seen: list[str] = []
    monkeypatch.setattr(
        versions.os, "sync", lambda: seen.append((home / "current").readlink().name)
    )
    versions.switch(home, "0.1.0+new")
    assert seen == ["0.0.9+old", "0.1.0+new"]
    assert not (home / "current.new").exists()


@needs_systemd
@pytest.mark.skipif(os.geteuid() == 0, reason="root may all, so there is nothing to skip")
def test_without_root_a_directory_gets_all_but_users(source: Path, tmp_path: Path) -> None:
    assert "these need root" in run(source, tmp_path / "root", "--no-venv")


def test_words_that_make_no_sense_together_are_refused(source: Path, tmp_path: Path) -> None:
    for words in (("--no-venv",), ("--root", tmp_path, "--host", "a.example")):
        command = [sys.executable, source / "deploy/install", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert "--root" in done.stderr or "--fleet" in done.stderr
    assert not (tmp_path / "opt").exists()


@needs_systemd
def test_nothing_is_left_in_the_tree_that_it_runs_from(source: Path, tmp_path: Path) -> None:
    shutil.rmtree(source / "deploy/installing/__pycache__", ignore_errors=True)
    before = tree(source)
    run(source, tmp_path / "root", "--no-venv")
    assert tree(source) == before


@needs_systemd
def test_the_guard_and_what_an_update_may_not_change_lie_apart_from_the_versions(
    source: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv")
    home = root / "opt/selvkasse"
    assert (home / "guard").read_bytes() == (ROOT / "kiosk/app/update/guard.py").read_bytes()
    digest = run(source, root, "--system-digest")
    assert (home / "system-digest").read_text() == digest
    unit = source / "systemd/kiosk.service"
    unit.write_text(unit.read_text() + "# changed\n")
    assert run(source, root, "--system-digest") != digest


@needs_systemd
def test_a_person_who_installs_ends_a_trial_and_keeps_the_counter(
    source: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv")
    disk = Disk(root / "opt/selvkasse", tmp_path)
    disk.save(State(counter=4, waiting="x", waiting_counter=9, trial="y", before="z", starts=2))
    (source / "kiosk/__init__.py").write_text('"""Another."""\n')
    run(source, root, "--no-venv")
    left = disk.state()
    assert (left.counter, left.waiting, left.trial, left.before) == (9, "", "", "")


@needs_systemd
def test_a_fleets_server_gets_its_own_units_and_nothing_of_a_till(
    source: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv", "--fleet")
    units = root / "etc/systemd/system"
    assert (units / "multi-user.target.wants/kiosk-fleet.service").is_symlink()
    assert (units / "timers.target.wants/kiosk-fleet-backup.timer").is_symlink()
    assert (units / "multi-user.target.wants/kiosk-fleet-enrolment.service").is_symlink()
    broker = (units / "mosquitto.service.d/selvkasse.conf").read_text()
    assert "-c /etc/mosquitto/selvkasse.conf" in broker
    assert (
        f"acl_file {'/etc/mosquitto/selvkasse.acl'}"
        in (root / "etc/mosquitto/selvkasse.conf").read_text()
    )
    assert not (units / "kiosk.service").exists()
    assert not (units / "getty@tty1.service").exists()
    before = tree(root)
    run(source, root, "--no-venv", "--fleet")
    assert tree(root) == before
    run(source, root, "--uninstall", "--fleet")
    assert not [name for name in tree(root) if "systemd" in name or "mosquitto" in name]


@needs_systemd
@pytest.mark.skipif(os.geteuid() != 0, reason="users and owners need root")
def test_the_authoritys_folder_is_its_own_users_alone(source: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    run(source, root, "--no-venv", "--fleet")
    users = {
        line.split(":")[0]: int(line.split(":")[2])
        for line in (root / "etc/passwd").read_text().splitlines()
    }
    seen = {
        name: (status.st_mode & 0o7777, status.st_uid)
        for name in ("var/lib/selvkasse-authority", "var/lib/selvkasse-fleet/told")
        for status in [(root / name).stat()]
    }
    assert seen == {
        "var/lib/selvkasse-authority": (0o700, users["selvkasse-authority"]),
        "var/lib/selvkasse-fleet/told": (0o2770, users["selvkasse-fleet"]),
    }
    members = {
        line.split(":")[0]
        for line in (root / "etc/group").read_text().splitlines()
        if "selvkasse-authority" in line.split(":")[3].split(",")
    }
    assert members == {"selvkasse-fleet", "mosquitto"}


@needs_systemd
def test_an_update_that_needs_hands_is_installed_by_its_own_copy(
    source: Path, tmp_path: Path
) -> None:
    """What the updater tells a person to type, where only the version's folder is there."""
    root = tmp_path / "root"
    run(source, root, "--no-venv")
    version = root / "opt/selvkasse/0.2.0+new"
    for name in ("deploy", "systemd"):
        shutil.copytree(source / name, version / name, symlinks=True)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(source / name, version)
    guard = version / "venv/lib/python3.11/site-packages/kiosk/app/update/guard.py"
    guard.parent.mkdir(parents=True)
    shutil.copy(ROOT / "kiosk/app/update/guard.py", guard)
    (version / "complete").touch()
    unit = version / "systemd/kiosk.service"
    unit.write_text(unit.read_text() + "# new\n")
    run(version, root, "--no-venv")
    assert (root / "opt/selvkasse/current").readlink() == Path("0.2.0+new")
    assert (root / "etc/systemd/system/kiosk.service").read_text().endswith("# new\n")
    assert (root / "opt/selvkasse/system-digest").read_text() == run(
        version, root, "--system-digest"
    )


def test_a_server_starts_at_once_what_starts_with_the_machine() -> None:
    assert sorted(system.FLEET_UNITS) == sorted([*SERVICES, *WATCHES])
