"""The program: an environment of its own for each version, of exactly the packages in the lock."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .files import run, say
from .lock import PROJECT, select


class Program:
    """Builds the source tree at `source`."""

    def __init__(self, source: Path) -> None:
        self._source = source
        self._lock = (source / "requirements.lock").read_text(encoding="utf-8")

    def build(self, home: Path) -> None:
        """Make the version's environment in `home`, whole or not at all: `complete` comes last."""
        complete = home / "complete"
        if complete.exists():
            say("unchanged", f"{home}")
            return
        shutil.rmtree(home, ignore_errors=True)  # begun before, never finished
        venv = home / "venv"
        say("building", f"{venv} (some minutes on a Raspberry Pi, once for each version)")
        with tempfile.TemporaryDirectory() as scratch:
            wheel = self._wheel(Path(scratch))
            _environment(venv, select(self._lock, {PROJECT}), Path(scratch))
            _pip(venv, "install", "--no-deps", "--no-index", wheel)
        # Tried where it stands, before anything points to it.
        run(venv / "bin/kiosk", "--help", stdout=subprocess.DEVNULL)
        complete.write_text(f"{home.name}\n")
        os.sync()

    def make_wheels(self, folder: Path) -> None:
        """Build a wheel of each package of the lock, and of the program, into `folder`."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as scratch:
            shutil.copy(self._wheel(Path(scratch)), folder)
            requirements = Path(scratch) / "requirements"
            requirements.write_text(select(self._lock, {PROJECT}), encoding="utf-8")
            builder = Path(scratch) / "builder"
            _pip(builder, "wheel", "--require-hashes", "-w", folder, "-r", requirements)

    def _wheel(self, scratch: Path) -> Path:
        """Build the project's wheel with the locked build tool, away from the till's packages."""
        builder = scratch / "builder"
        _environment(builder, select(self._lock, set(), wanted={"hatchling"}), scratch)
        out = scratch / "wheel"
        tree = self._copy(scratch)
        _pip(builder, "wheel", "--no-deps", "--no-build-isolation", "-w", out, tree)
        (wheel,) = out.glob("*.whl")
        return wheel

    def _copy(self, scratch: Path) -> Path:
        """Copy what the wheel is made of: building writes nothing into the source tree."""
        copy = scratch / "source"
        copy.mkdir()
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(self._source / name, copy)
        cached = shutil.ignore_patterns("__pycache__")
        for name in ("kiosk", "drivers"):
            shutil.copytree(self._source / name, copy / name, ignore=cached)
        return copy


def _environment(venv: Path, lock: str, scratch: Path) -> None:
    """Make a virtual environment at `venv` of the packages in `lock`, each by its hash."""
    requirements = scratch / "requirements"
    requirements.write_text(lock, encoding="utf-8")
    run(sys.executable, "-m", "venv", "--clear", venv)
    _pip(venv, "install", "--require-hashes", "-r", requirements)


def _pip(venv: Path, *arguments: object) -> None:
    command, *rest = arguments
    quiet = ("-q", "--disable-pip-version-check")
    run(venv / "bin/python", "-m", "pip", command, *quiet, *rest)
