"""The disk of a machine on which a technician has just run `deploy/install`, and a newer release.

Both are made once and kept, by a digest of everything they are made of: the second run of the test
begins with the machine. Kept in $XDG_CACHE_HOME/selvkasse-appliance; remove it as you like.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.appliance import debian, host
from tests.appliance.chroot import Tree

ROOT: Final = debian.ROOT
ADDED: Final = Path(__file__).with_name("root")
SOURCE: Final = Path("root/selvkasse")
"""Where the technician's copy of the source tree lies."""
SHIPPED: Final = (
    "kiosk", "drivers", "deploy", "systemd", "Makefile",
    "pyproject.toml", "requirements.lock", "README.md", "LICENSE",
)  # fmt: skip
DISK: Final = "6G"
COUNTER: Final = 8
"""Of the release to which the machine is updated."""
NEXT_VERSION: Final = "99.0.0"
PUBLIC_KEY: Final = "supplier.pub"
UNITS: Final = ("systemd-networkd", "look-in.socket", "qemu-guest-agent")
"""For the network, and for the test to look in."""
RECIPE: Final = 1
"""Counted up with each change of this file that makes another disk or release."""
KEPT: Final = 2
"""Of the newest disks and releases; each is some gigabytes."""


@dataclass(frozen=True, slots=True)
class Image:
    """What a machine is started with."""

    disk: Path
    kernel: Path
    initrd: Path
    release: Path
    """A folder with a signed release, newer than what is installed: one .json, one .zip."""


def cache() -> Path:
    """Return where images are kept."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "selvkasse-appliance"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def build(commit: str = "HEAD") -> Image:
    """Return the image of a commit, made now where it is not kept yet.

    Raises:
        CannotStart: this machine cannot make one.
    """
    host.demand_tools()
    kept, newer = cache(), release(commit)
    wanted = kept / f"image-{digest(commit)}"
    disk = made(wanted, lambda draft: _install(commit, newer, kept, draft))
    return Image(disk / "disk.raw", disk / "vmlinuz", disk / "initrd", newer / "dist")


def release(commit: str) -> Path:
    """Return a folder with a supplier's public key, and in `dist` a newer release of a commit."""
    return made(cache() / f"release-{digest(commit)}", lambda draft: _make_release(commit, draft))


def made(wanted: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder, made now where it is not there; whole or not at all."""
    if not wanted.exists():
        draft = wanted.with_name(f"{wanted.name.partition('-')[0]}.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        make(draft)
        draft.rename(wanted)
        _forget_old(wanted)
    wanted.touch()
    return wanted


def digest(commit: str) -> str:
    """Return what the image is made of, in short."""
    made_of = hashlib.sha256(f"{RECIPE} {debian.digest(commit)}".encode())
    made_of.update(debian.git("ls-tree", commit, *SHIPPED))
    for path in sorted(path for path in ADDED.rglob("*") if path.is_file()):
        made_of.update(str(path.relative_to(ADDED)).encode() + b"\0" + path.read_bytes())
    return made_of.hexdigest()[:16]


def clone(commit: str, to: Path, public_key: str) -> None:
    """Put a commit there, with the key of a supplier whose releases it takes (deploy/README.md)."""
    to.mkdir(parents=True)
    archive = debian.git("archive", commit, *SHIPPED)
    subprocess.run(["tar", "-x", "-C", to], input=archive, check=True)
    keys = to / "kiosk/app/update/release_keys.txt"
    keys.write_text(f"{keys.read_text()}{public_key}\n")


def _make_release(commit: str, draft: Path) -> None:
    """Make a supplier's key, and a release of the same tree with a higher number."""
    key, tree, kiosk = draft / "supplier.pem", draft / "next", ROOT / ".venv/bin/kiosk"
    told = subprocess.run(
        [kiosk, "release", "key", key], check=True, capture_output=True, text=True
    ).stdout
    public_key = told.split()[-1]
    (draft / PUBLIC_KEY).write_text(public_key)
    clone(commit, tree, public_key)
    project = tree / "pyproject.toml"
    number = next(line for line in project.read_text().splitlines() if line.startswith("version"))
    project.write_text(project.read_text().replace(number, f'version = "{NEXT_VERSION}"'))
    # The supplier's environment is this one: it packs, it is not packed.
    (tree / ".venv").symlink_to(ROOT / ".venv")
    subprocess.run(
        ["make", "-s", "-o", "venv", "release", f"KEY={key}", f"COUNTER={COUNTER}",
         f"PYTHON={sys.executable}"],
        cwd=tree,
        env=os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        check=True,
        stderr=subprocess.DEVNULL,  # what pip looked for and did not find
    )  # fmt: skip
    (draft / "dist").mkdir()
    for path in [*tree.glob("dist/*.json"), *tree.glob("dist/*.zip")]:
        path.rename(draft / "dist" / path.name)
    shutil.rmtree(tree)


def _install(commit: str, release: Path, kept: Path, draft: Path) -> None:
    """Clone, `deploy/install`, and what the test looks in by; then the tree becomes a disk."""
    settings, lower, upper = host.pip_settings(), debian.layer(kept, commit), draft / "upper"
    tree = Tree(
        root=draft / "merged", places=sorted(set(host.places(settings))), lower=lower, upper=upper
    )
    shutil.copytree(ADDED / "etc", upper / "etc")
    for name, text in (("hostname", "kasse-3\n"), ("hosts", "127.0.0.1 localhost kasse-3\n")):
        (upper / "etc" / name).write_text(text)
    clone(commit, upper / SOURCE, (release / PUBLIC_KEY).read_text())
    tree.run(f"/{SOURCE}/deploy/install", environment=settings | {"PIP_QUIET": "3"})
    tree.run("systemctl", "--quiet", "enable", *UNITS)
    tree.outside("truncate", "-s", DISK, draft / "disk.raw")
    tree.outside("mke2fs", "-q", "-t", "ext4", "-d", tree.root, draft / "disk.raw")
    for name in ("vmlinuz", "initrd"):
        found = sorted((lower / "boot").glob(f"{name}*"))
        shutil.copy(found[-1], draft / name)
    for folder in (upper, draft / "upper.work", tree.root):
        shutil.rmtree(folder, ignore_errors=True)


def _forget_old(newest: Path) -> None:
    alike = newest.parent.glob(f"{newest.name.partition('-')[0]}-*")
    for path in sorted(alike, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
        shutil.rmtree(path)
