"""What an image is made with: this machine's own Debian mirrors and places of Python packages.

No address stands here. A machine that can install Debian's packages and `make venv` can make the
image, behind whichever mirror, proxy or folder of wheels it does that.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUITE: Final = "bookworm"
COMPONENTS: Final = ("main",)
KEYRING: Final = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
TOOLS: Final = {
    "debootstrap": "debootstrap",
    "qemu-system-x86_64": "qemu-system-x86",
    "mke2fs": "e2fsprogs",
    "unshare": "util-linux",
}
"""Programs that a machine in QEMU needs, with the Debian package of each."""
CONTAINERS: Final = {
    "debootstrap": "debootstrap",
    "systemd-nspawn": "systemd-container",
    "ip": "iproute2",
    "unshare": "util-linux",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
}
"""And those that a machine in a container needs."""


class CannotStart(Exception):
    """This machine lacks something. The message says what, and how to get it."""


def demand_tools(tools: Mapping[str, str] = TOOLS) -> None:
    """Refuse to begin without the programs, or without the rights to make an image."""
    missing = sorted({package for tool, package in tools.items() if shutil.which(tool) is None})
    if missing:
        raise CannotStart(
            f"apt-get install --no-install-recommends -y {' '.join(missing)} first: they make "
            "and run the machines, and no other test needs them."
        )
    if os.geteuid() != 0:
        raise CannotStart("An image's files belong to root: run this as root (sudo).")


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive of Debian packages that this machine is configured with."""

    uri: str
    release: str

    @property
    def line(self) -> str:
        """As sources.list has it."""
        return f"deb {self.uri} {self.release} {' '.join(COMPONENTS)}"


def archives() -> tuple[Archive, ...]:
    """Return where this machine gets Debian 12 from, the suite itself first.

    Raises:
        CannotStart: it is configured with no mirror of that suite.
    """
    form = "$(REPO_URI) $(RELEASE) $(COMPONENT) $(ORIGIN)"
    told = _told("apt-get", "indextargets", "--format", form, "Created-By: Packages")
    rows = (line.split(" ", 3) for line in told.splitlines())
    found = {
        Archive(uri, release)
        for uri, release, component, origin in rows
        if origin == "Debian" and component in COMPONENTS and release.split("-")[0] == SUITE
    }
    if not any(archive.release == SUITE for archive in found):
        raise CannotStart(
            f"apt knows no mirror of Debian {SUITE} here. Add one to its sources, apt-get update."
        )
    return tuple(sorted(found, key=lambda archive: archive.release))


def apt_settings() -> str:
    """Return this machine's proxies of apt, as a file of apt's configuration."""
    lines = _told("apt-config", "dump", "Acquire").splitlines()
    return "".join(f"{line}\n" for line in lines if re.search(r"::Proxy\b.*\"[^\"]+\"", line))


def pip_settings() -> dict[str, str]:
    """Return this machine's configuration of pip, as the environment variables that say the same.

    What lies nearer to the user wins, as in pip: files from afar to near, then the environment.
    """
    told = _told(sys.executable, "-m", "pip", "config", "list")
    settings: dict[str, str] = {}
    for section in ("global", "install", ":env:"):
        for line in told.splitlines():
            key, _, value = line.partition("=")
            if key.startswith(f"{section}."):
                name = key.removeprefix(f"{section}.").upper().replace("-", "_")
                settings[f"PIP_{name}"] = value.strip("'")
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    return settings | proxies


def places(settings: Mapping[str, str]) -> Iterator[Path]:
    """Yield the files and folders of this machine that settings of pip speak of."""
    for value in settings.values():
        for word in value.split():
            path = Path(word.removeprefix("file://"))
            if path.is_absolute() and path.exists():
                # The index's folder is meant with all that its pages link to beside it.
                yield path.parent if path.name == "simple" else path


def _told(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
