"""Everything that `deploy/install` does, in its order."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from . import boot
from .files import InstallError, run
from .program import Program
from .system import OPT, System
from .versions import forget_old, switch, version_of

SOURCE: Final = Path(__file__).resolve().parents[2]
GUIDE: Final = (
    "README.md", "name-device", "kiosk.example.toml", "fleet.example.toml", "fleet-backup",
)  # fmt: skip


def demand_root(root: Path, uid: int) -> None:
    """Refuse to change the system without the right to."""
    if root == Path("/") and uid != 0:
        raise InstallError(
            "It adds a user, device rules and services, which needs root: sudo deploy/install\n"
            "To look first at what it would do, without root: deploy/install --root /tmp/look"
        )


class Installer:
    """Puts one version of the source tree that this lies in under `root`."""

    def __init__(self, root: Path, *, fleet: bool = False, hosts: Sequence[str] = ()) -> None:
        self.root = root
        self.opt = root / OPT
        self.fleet = fleet
        self.hosts = tuple(hosts)
        self.system = System(SOURCE, root, fleet=fleet)
        # An update that needs hands is installed by its own copy of this file, which lies with it.
        carried = SOURCE.parent == self.opt and (SOURCE / "complete").exists()
        self.version = SOURCE.name if carried else version_of(SOURCE)
        self.home = self.opt / self.version

    def install(self, *, with_venv: bool = True) -> None:
        """Bring the system to this version; what is so already stays as it is."""
        if self.system.live:
            run(SOURCE / "deploy/packages", "run", "fleet" if self.fleet else "appliance")
        if with_venv:
            Program(SOURCE).build(self.home)
        self._copy_guide()
        changed = self.system.put_files()
        self.system.make_users_and_directories()
        # Last: until here the version before was the current one.
        switch(self.opt, self.version)
        self.system.enable()
        self.system.reload()
        if not self.fleet:
            boot.make_quiet(self.root, self.opt)
            if boot.GRUB in changed:
                self._tell_the_boot_loader()
        forget_old(self.opt)
        if self.fleet and self.system.live and self.hosts:
            self._set_up_fleet()
        self._say_what_is_next()

    def uninstall(self) -> None:
        """Remove what `install` put here, and nothing that is the shop's."""
        self.system.disable()
        self.system.remove_files()
        if not self.fleet:
            boot.undo(self.root, self.opt)
            self._tell_the_boot_loader()
        shutil.rmtree(self.opt, ignore_errors=True)
        self.system.reload()
        if self.fleet:
            self._let_go_of_the_broker()
            return
        print(
            "Selvkasse is removed. Left for you: /var/lib/kiosk (the journal of all sales, which "
            "the law wants kept for years), /etc/kiosk, the user 'kiosk' who owns them, and "
            "Debian's packages. The consoles ask for a login again after the next start."
        )

    def _let_go_of_the_broker(self) -> None:
        if self.system.running:
            # Without our part of its unit it runs with Debian's own configuration again.
            run("systemctl", "try-restart", "mosquitto.service", check=False)
        print(
            "The fleet's server is removed. Left for you: /var/lib/selvkasse-authority (who has "
            "its key speaks for every kiosk), /var/lib/selvkasse-fleet, /etc/selvkasse, the "
            "database 'fleet' in PostgreSQL, the users who own them, and Debian's packages."
        )

    def _copy_guide(self) -> None:
        """Keep the guide and the tool for device names with the version that they describe."""
        for name in GUIDE:
            target = self.home / "deploy" / name
            if target != SOURCE / "deploy" / name:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(SOURCE / "deploy" / name, target)

    def _tell_the_boot_loader(self) -> None:
        if self.system.running:
            boot.tell_grub()

    def _set_up_fleet(self) -> None:
        """Authority, certificates, database and configuration: what is there stays as it is."""
        hosts = [part for host in self.hosts for part in ("--host", host)]
        run(self.opt / "current/venv/bin/kiosk", "fleet", "setup", *hosts)

    def _say_what_is_next(self) -> None:
        print(f"Selvkasse {self.version} is installed in {self.opt}.")
        live = self.system.live
        if live and self.fleet and not self.hosts:
            print(
                "Next: sudo kiosk fleet setup --host NAME, with the name by which kiosks call this "
                "machine; again after an update, to start it. The guide is deploy/README.md."
            )
        if not live or self.fleet:
            return
        if not Path("/etc/kiosk/kiosk.toml").exists():
            print(
                "Next: name the devices (deploy/name-device), then 'sudo kiosk setup', import a "
                "catalog, and 'systemctl start selvkasse.target'. The guide is deploy/README.md."
            )
        elif run("systemctl", "--quiet", "is-active", "kiosk", check=False) == 0:
            print(
                "The till still runs the version it was started with. When nobody is shopping: "
                "systemctl restart kiosk"
            )
        if Path("/etc/systemd/system/display-manager.service").exists():
            print(
                "A desktop is installed and will hold the screen. To start without it: "
                "systemctl set-default multi-user.target, then start the machine again."
            )
