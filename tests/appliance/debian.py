"""The lower layer of the image: Debian 12 as its installer leaves it on a machine without desktop.

With it a kernel, and the packages that `deploy/install` would fetch (by the same script, from the
same list), so that a change of the kiosk does not fetch them again.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.appliance.chroot import Tree
from tests.appliance.host import KEYRING, SUITE, Archive, apt_settings, archives

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGES: Final = (
    "systemd-sysv", "udev", "dbus", "kmod", "procps", "iproute2", "ca-certificates", "sudo",
    "linux-image-amd64", "initramfs-tools", "zstd", "python3",
    "qemu-guest-agent",  # the test's own way in, beside the devices
)  # fmt: skip
MODULES: Final = ("virtio_pci", "virtio_blk", "ext4")
"""What the disk needs; all else is loaded from it."""
RECIPE: Final = 1
"""Counted up with each change of this file that makes another tree."""
LISTS: Final = ("deploy/packages", "deploy/debian-packages.txt")
EMPTIED: Final = ("var/cache/apt/archives", "var/lib/apt/lists", "var/log", "tmp")


def lists(commit: str) -> dict[str, bytes]:
    """Return the files of a commit that say which packages the kiosk needs."""
    return {name: git("show", f"{commit}:{name}") for name in LISTS}


def git(*arguments: str) -> bytes:
    """Ask git about this source tree."""
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def digest(commit: str) -> str:
    """Return what this layer is made of, in short; the mirror's newest packages apart."""
    made_of = hashlib.sha256(str(RECIPE).encode())
    for content in lists(commit).values():
        made_of.update(content)
    return made_of.hexdigest()[:16]


def layer(cache: Path, commit: str) -> Path:
    """Return the tree, made now when it is not there; whole or not at all."""
    made = cache / f"debian-{digest(commit)}"
    if not made.exists():
        draft = cache / "debian.new"
        shutil.rmtree(draft, ignore_errors=True)
        _make(draft, archives(), lists(commit))
        draft.rename(made)
    return made


def _make(root: Path, mirrors: tuple[Archive, ...], wanted: Mapping[str, bytes]) -> None:
    suite = next(one for one in mirrors if one.release == SUITE)
    subprocess.run(
        ["debootstrap", "--variant=minbase", f"--keyring={KEYRING}", "--include=ca-certificates",
         SUITE, str(root), suite.uri],
        check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    (root / "etc/apt/sources.list").write_text("".join(f"{one.line}\n" for one in mirrors))
    (root / "etc/apt/apt.conf.d/90host").write_text(apt_settings())
    tree = Tree(root=root)
    tree.run("apt-get", "update", "-qq")
    install = ("apt-get", "install", "--no-install-recommends", "-y", "-qq")
    tree.run(*install, "initramfs-tools", "zstd")
    _want_small_initrd(root)
    tree.run(*install, *PACKAGES)
    for name in LISTS:
        shutil.copy(ROOT / name, root / "tmp")
    tree.run("/tmp/packages", "run", "appliance")
    for name in EMPTIED:
        for path in (root / name).iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    os.sync()


def _want_small_initrd(root: Path) -> None:
    settings = root / "etc/initramfs-tools"
    (settings / "conf.d/modules").write_text("MODULES=list\nCOMPRESS=zstd\n")
    (settings / "modules").write_text("".join(f"{name}\n" for name in MODULES))
