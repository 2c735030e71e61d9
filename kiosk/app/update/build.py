"""A fetched release becomes a version beside the current one, whole or not at all.

The installed version does this, not the new one: nothing of the package is run before its
signature and sum are right, and it is unpacked by rules that let no file leave its folder. The
folder counts as a version when `complete` stands in it, which is written last.
"""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Final

from kiosk.app.update.fetch import is_it, sync
from kiosk.app.update.guard import Disk
from kiosk.app.update.manifest import Here, Manifest, UpdateRefused, demand_fit, read

CARRIED: Final = ("deploy", "systemd", "sbom.cdx.json", "pyproject.toml", "requirements.lock")
"""Kept with the version: the guide, the installer for what needs hands, the list of parts."""
PROGRAMS: Final = ("deploy/install", "deploy/name-device", "deploy/packages", "deploy/fleet-backup")
SYSTEM_DIGEST: Final = "system-digest"
BUILD_S_MAX: Final = 1800
UNPACKED_FACTOR_MAX: Final = 20


def here(disk: Disk) -> Here:
    """Return what is installed, as a manifest is held against it."""
    state = disk.state()
    return Here(
        counter=max(state.counter, state.waiting_counter),
        machine=platform.machine(),
        python=sysconfig.get_python_version(),
        failed=state.failed,
    )


class Builder:
    """Puts checked releases under `home`."""

    def __init__(self, home: Path, disk: Disk, python: str = sys.executable) -> None:
        self._home = home
        self._disk = disk
        self._python = python

    def install(self, published: bytes, package: Path, keys: frozenset[str]) -> str:
        """Check a release once more, build it beside, let it wait; return what is so now.

        Raises:
            UpdateRefused: it is not to be taken here; nothing was changed.
            subprocess.CalledProcessError, OSError: it cannot be built; the current one stays.
        """
        manifest = read(published, keys)
        demand_fit(manifest, here(self._disk))
        if not (package.is_file() and is_it(package, manifest)):
            raise UpdateRefused(f"{package} is not the package that was signed")
        target = self._home / manifest.version
        if not (target / "complete").exists():
            self._build(manifest, package, target)
        if not self._same_system(manifest):
            return (
                f"{manifest.version} is built, but it changes units, device rules or Debian "
                f"packages, which needs hands: sudo {target}/deploy/install"
            )
        waiting = replace(
            self._disk.state(), waiting=manifest.version, waiting_counter=manifest.counter
        )
        self._disk.save(waiting)
        self._forget_old(manifest.version)
        return f"{manifest.version} is built and waits until nobody shops"

    def _forget_old(self, newest: str) -> None:
        """Keep the current version, the new one, and one to go back to by hand."""
        facts, state = self._disk.facts(), self._disk.state()
        # A trial may be under way, and it must have its way back.
        wanted = (facts.current, newest, state.trial, state.before)
        others = [one for one in facts.versions if one not in wanted]
        for version in others[1:]:
            # Without its mark first: a power cut must not leave half a version that counts.
            (self._home / version / "complete").unlink()
            sync(self._home / version)
            shutil.rmtree(self._home / version, ignore_errors=True)

    def _same_system(self, manifest: Manifest) -> bool:
        try:
            digest = (self._home / SYSTEM_DIGEST).read_text().strip()
        except OSError:
            return False
        return digest == manifest.system_digest

    def _build(self, manifest: Manifest, package: Path, target: Path) -> None:
        shutil.rmtree(target, ignore_errors=True)  # begun before, never finished
        unpacked = target / "unpacked"
        unpack(package, unpacked, manifest.size_bytes * UNPACKED_FACTOR_MAX)
        venv = target / "venv"
        self._run(self._python, "-m", "venv", venv)
        wheels = sorted((unpacked / "wheels").glob("*.whl"))
        pip = ("-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index")
        self._run(venv / "bin/python", *pip, "--no-deps", *wheels)
        for name in CARRIED:
            if (unpacked / name).exists():
                (unpacked / name).rename(target / name)
        shutil.rmtree(unpacked)
        # Tried where it stands, before anything points to it.
        self._run(venv / "bin/kiosk", "--help")
        os.sync()
        (target / "complete").write_text(f"{manifest.version}\n")
        sync(target)

    def _run(self, *command: object) -> None:
        subprocess.run(
            [str(part) for part in command],
            check=True,
            timeout=BUILD_S_MAX,
            stdout=subprocess.DEVNULL,
            env={"PATH": "/usr/bin:/bin", "PYTHONNOUSERSITE": "1", "HOME": str(self._home)},
        )


def unpack(package: Path, folder: Path, bytes_max: int) -> None:
    """Unpack a package; no name in it leads out of `folder`, and it is not endless.

    Raises:
        UpdateRefused: it is damaged, or holds what cannot be unpacked safely.
    """
    folder.mkdir(parents=True)
    try:
        with zipfile.ZipFile(package) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > bytes_max:
                raise UpdateRefused(f"{package.name} is larger inside than it can be")
            for member in members:
                path = PurePosixPath(member.filename)
                if path.is_absolute() or ".." in path.parts:
                    raise UpdateRefused(f"{package.name} has a file {member.filename!r}")
                # A zip file's member is a file or a folder: links, devices and rights are not made.
                archive.extract(member, folder)
    except (zipfile.BadZipFile, EOFError, zlib.error) as error:
        raise UpdateRefused(f"{package.name} cannot be unpacked: {error}") from error
    for name in PROGRAMS:
        if (folder / name).exists():
            (folder / name).chmod(0o755)
