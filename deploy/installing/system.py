"""The system around the program: units, rules, settings, users, directories, what starts."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .files import put, put_link, run, say
from .versions import guard_of, system_digest

OPT: Final = Path("opt/selvkasse")
MANIFEST: Final = OPT / "installed-files"
UNITS: Final = (
    "selvkasse.target",
    "kiosk-health.timer",
    "kiosk-maintenance.timer",
    "kiosk-update.timer",
    "kiosk-certificate.timer",
    "kiosk-update-announced.path",
)
FLEET_UNITS: Final = (
    "kiosk-fleet.service",
    "kiosk-fleet-enrolment.service",
    "kiosk-fleet-backup.timer",
    "kiosk-fleet-renewal.timer",
    "kiosk-fleet-broker-reload.path",
    "kiosk-fleet-broker-restart.path",
)
BROKER_FILES: Final = {"mosquitto.conf": "selvkasse.conf", "selvkasse.acl": "selvkasse.acl"}
"""As they lie in deploy/mosquitto, and beside Debian's own configuration, which stays as it is."""
MASKED: Final = ("getty@tty1.service", "autovt@.service", "ctrl-alt-del.target")
"""Nothing asks for a login on the till's screen, and no key starts the machine again."""


class System:
    """A till's or a fleet server's Debian under `root`; `live` when that is this machine's own."""

    def __init__(self, source: Path, root: Path, *, fleet: bool) -> None:
        self._source = source
        self._root = root
        self._fleet = fleet
        self.units = FLEET_UNITS if fleet else UNITS
        self.live = root == Path("/")
        # False in a container or while an image is made: there it starts with the first start.
        self.running = self.live and Path("/run/systemd/system").is_dir()

    def put_files(self) -> set[str]:
        """Write units, rules and settings; remove those of an earlier version that are no more.

        Returns the names of the files that are others than before.
        """
        before, now, changed = set(self._manifest()), set[str](), set[str]()
        for source, name in self._files():
            now.add(name)
            if put(source.read_bytes(), self._root / name):
                changed.add(name)
                say("written", f"/{name}")
        for name, target in self._links():
            now.add(name)
            if put_link(target, self._root / name):
                say("linked", f"/{name} -> {target}")
        for name in sorted(before - now):
            (self._root / name).unlink(missing_ok=True)
            say("removed", f"/{name}, which this version does not have")
        put("".join(f"{name}\n" for name in sorted(now)).encode(), self._root / MANIFEST)
        # The two of updates that belong to no version; gone with the directory.
        put(guard_of(self._source).read_bytes(), self._root / OPT / "guard")
        put(f"{system_digest(self._source)}\n".encode(), self._root / OPT / "system-digest")
        return changed | (before - now)

    def remove_files(self) -> None:
        """Remove all that `put_files` of any version wrote."""
        for name in self._manifest():
            (self._root / name).unlink(missing_ok=True)
            say("removed", f"/{name}")

    def make_users_and_directories(self) -> None:
        """Let systemd's own tools make them from our lists."""
        if os.geteuid() != 0:
            say("skipped", "user, groups and directories: these need root")
            return
        at = [] if self.live else [f"--root={self._root}"]
        name = "selvkasse-fleet.conf" if self._fleet else "selvkasse.conf"
        run("systemd-sysusers", *at, name)
        run("systemd-tmpfiles", *at, "--create", name)

    def enable(self) -> None:
        """Let it start with the machine."""
        run("systemctl", f"--root={self._root}", "--quiet", "enable", *self.units)

    def disable(self) -> None:
        """Stop it, where it runs, and let it start no more."""
        if self.running:
            till = () if self._fleet else ("kiosk.service",)
            run("systemctl", "stop", *till, *self.units, check=False)
        run("systemctl", f"--root={self._root}", "--quiet", "disable", *self.units, check=False)

    def reload(self) -> None:
        """Let the running system know, where there is one."""
        if not self.running:
            return
        run("systemctl", "daemon-reload")
        run("systemctl", "restart", "systemd-modules-load.service", check=False)
        run("udevadm", "control", "--reload", check=False)
        run("udevadm", "trigger", "--settle", check=False)
        run("sysctl", "--quiet", "--system", check=False, stdout=subprocess.DEVNULL)

    def _files(self) -> Iterator[tuple[Path, str]]:
        tree = self._source / ("deploy/fleet" if self._fleet else "deploy/root")
        for path in sorted(tree.rglob("*")):
            if path.is_file():
                yield path, str(path.relative_to(tree))
        if self._fleet:
            for name, there in BROKER_FILES.items():
                yield self._source / "deploy/mosquitto" / name, f"etc/mosquitto/{there}"
            return
        for path in sorted((self._source / "systemd").iterdir()):
            yield path, f"etc/systemd/system/{path.name}"

    def _links(self) -> Iterator[tuple[str, str]]:
        yield "usr/local/bin/kiosk", f"/{OPT}/current/venv/bin/kiosk"
        for unit in () if self._fleet else MASKED:
            yield f"etc/systemd/system/{unit}", "/dev/null"

    def _manifest(self) -> list[str]:
        path = self._root / MANIFEST
        return path.read_text().split() if path.exists() else []
