"""What both machines are made of: Debian's layer, the program built, Debian's packages fetched.

Inside there is no network but the cable between the two, so what `deploy/install` would fetch lies
there already: packages in apt's own folder, not installed, and the version's Python environment,
built by `deploy/install` itself. All else it does there, under the systemd that runs.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.appliance import debian, host, image
from tests.appliance.chroot import Tree

SECTION: Final = "fleet"
FETCH: Final = ("apt-get", "install", "--no-install-recommends", "-y", "-qq", "--download-only")
FETCHED: Final = ("var/cache/apt/archives", "var/lib/apt/lists")
VERSIONS: Final = Path("opt/selvkasse")
RECIPE: Final = 1
"""Counted up with each change of this file that makes other trees."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Where a machine begins."""

    debian: Path
    fetched: Path
    """To lie above it: `opt/selvkasse/VERSION`, and what apt would fetch."""
    release: Path
    """A folder with a signed release, newer than what is fetched: one .json, one .zip."""
    public_key: str
    """The supplier's, which the fetched version believes."""

    @property
    def lower(self) -> str:
        """Both layers, as overlayfs is told."""
        return f"{self.fetched}:{self.debian}"


def build(commit: str) -> Trees:
    """Return the trees of a commit, made now where they are not kept yet.

    Raises:
        CannotStart: this machine cannot make them.
    """
    host.demand_tools(host.CONTAINERS)
    kept, release = image.cache(), image.release(commit)
    public_key = (release / image.PUBLIC_KEY).read_text()
    name = f"store-{image.digest(commit)}-{RECIPE}"
    fetched = image.made(kept / name, lambda draft: _fetch(commit, public_key, kept, draft))
    return Trees(debian.layer(kept, commit), fetched, release / "dist", public_key)


def _fetch(commit: str, public_key: str, kept: Path, draft: Path) -> None:
    settings, upper = host.pip_settings(), draft / "upper"
    lower = debian.layer(kept, commit)
    tree = Tree(
        root=draft / "merged", places=sorted(set(host.places(settings))), lower=lower, upper=upper
    )
    image.clone(commit, upper / image.SOURCE, public_key)
    tree.run(f"/{image.SOURCE}/deploy/install", environment=settings | {"PIP_QUIET": "3"})
    tree.run("apt-get", "update", "-qq")
    tree.run(*FETCH, *_packages(commit))
    for name in FETCHED:
        (draft / name).parent.mkdir(parents=True, exist_ok=True)
        (upper / name).rename(draft / name)
    (draft / VERSIONS).mkdir(parents=True)
    for complete in (upper / VERSIONS).glob("*/complete"):
        complete.parent.rename(draft / VERSIONS / complete.parent.name)
    for folder in (upper, draft / "upper.work", tree.root):
        shutil.rmtree(folder, ignore_errors=True)


def _packages(commit: str) -> list[str]:
    """Return what stands in the server's section of the list of Debian packages."""
    text = debian.lists(commit)["deploy/debian-packages.txt"].decode()
    section = text.partition(f"[{SECTION}]\n")[2].partition("\n[")[0]
    return [line.split()[0] for line in section.splitlines() if line and line[0] != "#"]
