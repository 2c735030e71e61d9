"""Running programs inside a tree of Debian, and leaving nothing mounted behind.

Each command gets a mount and a process namespace of its own: what it mounts and what it starts is
gone with it, also when somebody pulls this program's plug.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ENTER: Final = """
root=$1; shift
if [ -n "$LOWER" ]; then
    mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$UPPER,workdir=$WORK" "$root"
fi
if [ -n "$PLAIN" ]; then exec "$@"; fi
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/run"
mount --rbind /dev "$root/dev"
for place in $PLACES; do
    mkdir -p "$root${place%/*}"
    if [ -d "$place" ]; then mkdir -p "$root$place"; else touch "$root$place"; fi
    mount --bind -o ro "$place" "$root$place"
done
cp -L /etc/resolv.conf "$root/run/resolv.conf"
[ -e "$root/etc/resolv.conf" ] || touch "$root/etc/resolv.conf"
mount --bind "$root/run/resolv.conf" "$root/etc/resolv.conf"
exec env -i $KEPT chroot "$root" "$@"
"""
ENVIRONMENT: Final = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A tree of Debian at `root`; with `lower`, what changes is kept in `upper` alone."""

    root: Path
    places: Sequence[Path] = ()
    """Of this machine, to be seen inside at the same path, read only."""
    lower: Path | None = None
    upper: Path = field(default=Path())

    def run(self, *command: object, environment: Mapping[str, str] | None = None) -> None:
        """Run a program inside; CalledProcessError when it fails."""
        kept = ENVIRONMENT | dict(environment or {})
        # `env -i` takes NAME=value words: what has a space in it cannot pass this way.
        quoted = " ".join(f"{name}={value}" for name, value in kept.items() if " " not in value)
        spaced = {name: value for name, value in kept.items() if " " in value}
        inside = ["env", *(f"{name}={value}" for name, value in spaced.items()), *command]
        self._enter(inside, KEPT=quoted, PLACES=" ".join(map(str, self.places)))

    def outside(self, *command: object) -> None:
        """Run a program of this machine that sees the whole tree at `root`."""
        self._enter(command, PLAIN="1")

    def _enter(self, command: Sequence[object], **settings: str) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        if self.lower:
            work = self.upper.with_name(f"{self.upper.name}.work")
            for folder in (self.upper, work):
                folder.mkdir(parents=True, exist_ok=True)
            settings |= {"LOWER": str(self.lower), "UPPER": str(self.upper), "WORK": str(work)}
        names = ("LOWER", "UPPER", "WORK", "PLAIN", "KEPT", "PLACES")
        subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private",
             "sh", "-euc", ENTER, "sh", str(self.root), *map(str, command)],
            check=True,
            env=os.environ | dict.fromkeys(names, "") | settings,
        )  # fmt: skip
