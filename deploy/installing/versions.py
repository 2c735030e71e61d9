"""Versions: how one is called, and which of those that lie side by side is the current one."""

import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .files import put, say

GUARD: Final = "kiosk/app/update/guard.py"
"""Decides before each start which version runs; kept apart from the versions that it judges."""
VERSIONS_KEPT: Final = 3


def version_of(source: Path) -> str:
    """Return the name of this source tree's version: its number, and what is really in it.

    Two trees with the same number and other content are two versions: an update that forgot to
    count up must not find "its" version installed already.
    """
    number = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    digest = hashlib.sha256((source / "requirements.lock").read_bytes())
    for path in shipped_files(source):
        digest.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes())
    return f"{number['version']}+{digest.hexdigest()[:8]}"


def shipped_files(source: Path) -> Iterator[Path]:
    """Yield every file of the two packages, in a fixed order, without what Python cached."""
    for package in ("kiosk", "drivers"):
        for path in sorted((source / package).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def guard_of(source: Path) -> Path:
    """Return the guard: in a source tree, or in the environment of a version that lies here."""
    if (source / GUARD).exists():
        return source / GUARD
    return next((source / "venv/lib").glob(f"python3.*/site-packages/{GUARD}"))


def system_digest(source: Path) -> str:
    """Return what units, rules and Debian packages are, in short: an update that changes them
    is not taken up by itself, but waits for a person who runs this.
    """
    digest = hashlib.sha256(guard_of(source).read_bytes())
    trees = (source / "deploy/root", source / "systemd")
    files = [path for tree in trees for path in tree.rglob("*") if path.is_file()]
    for path in [*sorted(files), source / "deploy/debian-packages.txt"]:
        digest.update(str(path.relative_to(source)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def switch(opt: Path, version: str) -> None:
    """Make `version` the current one: one rename, so there is no moment without one."""
    current, draft = opt / "current", opt / "current.new"
    before = current.readlink().name if current.is_symlink() else ""
    if before == version:
        say("unchanged", f"current version {version}")
        return
    draft.unlink(missing_ok=True)
    draft.symlink_to(version)
    os.sync()
    # A version that somebody puts here is not on trial, and nothing waits behind it.
    _end_trial(opt)
    draft.replace(current)
    os.sync()
    say("current", f"{version}{f' (before: {before})' if before else ''}")


def _end_trial(opt: Path) -> None:
    path = opt / "update.json"
    if path.exists():
        state = json.loads(path.read_text())
        state |= {"waiting": "", "trial": "", "before": "", "starts": 0, "returning": False}
        state["counter"] = max(state["counter"], state["waiting_counter"])
        put(json.dumps(state, indent=1).encode(), path)


def forget_old(opt: Path) -> None:
    """Keep the newest few versions to go back to."""
    current = (opt / "current").readlink().name
    versions = [path.parent for path in opt.glob("*/complete")]
    versions.sort(key=lambda path: (path / "complete").stat().st_mtime, reverse=True)
    for path in versions[VERSIONS_KEPT:]:
        if path.name != current:
            (path / "complete").unlink()
            shutil.rmtree(path)
            say("removed", str(path))
