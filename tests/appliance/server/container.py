"""A machine that is a container: its own systemd as its process 1, its own network, this kernel.

systemd-nspawn does it. What a machine writes lies in a layer above the tree that it was made of, so
one that is switched off, or whose plug was pulled, comes back as it was.
"""

import os
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.appliance.chroot import ENVIRONMENT
from tests.appliance.patience import PATIENCE_S, NeverHappened, until
from tests.appliance.server.wire import BRIDGE, NETWORK
from tests.appliance.wire import Ran, Refused

BOOT: Final = """
for group in $GROUPS; do mkdir -p "$group"; echo 0 >"$group/cgroup.procs"; done
mkdir -p "$ROOT" /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn
mount -t overlay overlay -o "lowerdir=$LOWER,upperdir=$UPPER,workdir=$WORK" "$ROOT"
exec systemd-nspawn --quiet --boot --register=no $UNIT \
    --directory="$ROOT" --machine="$NAME" --network-bridge="$BRIDGE" --link-journal=no \
    --system-call-filter=bpf --resolv-conf=off --timezone=off --console=pipe
"""
# bpf: without it systemd inside cannot hold IPAddressDeny= and SocketBindDeny=.
CABLE: Final = """\
[Match]
Name=host0
[Network]
Address={address}/24
LinkLocalAddressing=no
IPv6AcceptRA=no
"""
DIES_WITH_US: Final = (
    "setpriv", "--pdeathsig", "KILL",
    "unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
    "--mount-proc",
)  # fmt: skip
"""Also when somebody pulls this program's plug: a machine is nothing but processes of its own."""
UP: Final = ("running", "degraded")
CGROUPS: Final = Path("/sys/fs/cgroup")
ENTER: Final = ("nsenter", "--mount", "--uts", "--ipc", "--net", "--pid", "--root", "--wd")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a machine is made of."""

    name: str
    """How the others on the wire call it."""
    number: int
    """The last part of its address."""
    lower: str
    """The layers that it starts from, as overlayfs is told; nothing is written there."""
    folder: Path
    """Where it keeps what it writes."""

    @property
    def address(self) -> str:
        """Its address on the wire."""
        return f"{NETWORK}.{self.number}"

    @property
    def upper(self) -> Path:
        """What it wrote, or what is put there before it is switched on for the first time."""
        return self.folder / "upper"


class Container:
    """A context manager: switched on inside, off and gone outside."""

    def __init__(self, plan: Plan, neighbours: tuple[Plan, ...] = ()) -> None:
        self.plan = plan
        self._process: subprocess.Popen[bytes] | None = None
        for folder in (plan.upper, plan.folder / "work"):
            folder.mkdir(parents=True, exist_ok=True)
        etc = plan.upper / "etc"
        network = etc / "systemd/network"
        network.mkdir(parents=True, exist_ok=True)
        (network / "10-wire.network").write_text(CABLE.format(address=plan.address))
        hosts = [f"{one.address} {one.name}\n" for one in (plan, *neighbours)]
        (etc / "hosts").write_text("127.0.0.1 localhost\n" + "".join(hosts))
        (etc / "hostname").write_text(f"{plan.name.partition('.')[0]}\n")
        wants = etc / "systemd/system/multi-user.target.wants"
        wants.mkdir(parents=True, exist_ok=True)
        (wants / "systemd-networkd.service").symlink_to(
            "/lib/systemd/system/systemd-networkd.service"
        )

    def __enter__(self) -> "Container":
        self.switch_on()
        return self

    def __exit__(self, *_: object) -> None:
        self.pull_the_plug()

    def switch_on(self) -> None:
        """Start it, and wait until its systemd has started all that it will."""
        plan, groups = self.plan, self._groups()
        folder = plan.folder
        settings = {
            "LOWER": plan.lower, "UPPER": str(plan.upper), "WORK": str(folder / "work"),
            "ROOT": str(folder / "root"), "NAME": f"selvkasse-{plan.number}", "BRIDGE": BRIDGE,
            "GROUPS": " ".join(map(str, groups)), "UNIT": "--keep-unit" if groups else "",
            "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_NSPAWN_TMPFS_TMP": "0",
        }  # fmt: skip
        with (folder / "console.log").open("ab") as console:
            self._process = subprocess.Popen(
                [*DIES_WITH_US, "sh", "-euc", BOOT],
                env=os.environ | settings,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
            )
        self.wait_until_up()

    def wait_until_up(self) -> str:
        """Return `running`, or `degraded` where a unit has failed."""
        return until(f"{self.plan.name} to be up", self._state, lambda state: state in UP)

    def restart(self) -> None:
        """Shut it down in order, and switch it on again."""
        assert self._process is not None
        self.run("systemctl", "poweroff")
        self._process.wait(PATIENCE_S)
        self.switch_on()

    def pull_the_plug(self) -> None:
        """End all of it at once."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        for group in self._groups():
            until(f"{group} to be empty", lambda group=group: _removed(group))

    def run(self, *command: object, typed: str | bytes = "", **variables: str) -> Ran:
        """Run a program inside as root, to its end; `typed` is what it reads."""
        words = [f"{name}={value}" for name, value in (dict(ENVIRONMENT) | variables).items()]
        ran = subprocess.run(
            [*ENTER, "--target", str(self._leader()), "env", "-i", *words, *map(str, command)],
            input=typed.encode() if isinstance(typed, str) else typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode(errors="replace"))

    def sh(self, script: str, *, typed: str | bytes = "") -> str:
        """Run a script of the shell and return what it says; Refused when it fails."""
        ran = self.run("sh", "-c", script, typed=typed)
        if ran.code:
            raise Refused(f"{script!r} ended with {ran.code}: {ran.out[-2000:]}")
        return ran.out.strip()

    def so(self, script: str) -> bool:
        """Whether a script of the shell ends well."""
        return self.run("sh", "-c", script).code == 0

    def write(self, path: str, text: str | bytes, mode: str = "644") -> None:
        """Write a file inside."""
        self.sh(f"cat >{path} && chmod {mode} {path}", typed=text)

    def _state(self) -> str:
        assert self._process is not None
        if self._process.poll() is not None:
            console = (self.plan.folder / "console.log").read_text(errors="replace")
            raise NeverHappened(f"{self.plan.name} has ended: {console[-2000:]}")
        try:
            return self.run("systemctl", "is-system-running").out.strip()
        except Refused as error:
            return str(error)

    def _leader(self) -> int:
        """Return its process 1, as this machine counts.

        Raises:
            Refused: it is off, or on the way up or down.
        """
        process = self._process
        if process is None or process.poll() is not None:
            raise Refused(f"{self.plan.name} is off")
        for nspawn in _children(process.pid):
            for child in _children(nspawn):
                with suppress(OSError):
                    if Path(f"/proc/{child}/comm").read_text() == "systemd\n":
                        return child
        raise Refused(f"{self.plan.name} is not up")

    def _groups(self) -> list[Path]:
        """Return control groups of its own, where no systemd of this machine gives it one."""
        if Path("/run/systemd/system").is_dir():
            return []
        tops = (CGROUPS, CGROUPS / "unified", CGROUPS / "systemd")
        name = f"selvkasse-{os.getpid()}-{self.plan.number}"
        return [top / name for top in tops if (top / "cgroup.procs").exists()]


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _removed(group: Path) -> bool:
    """Remove a control group and those in it; the kernel may need a moment to see them empty."""
    folders = [path for path in group.rglob("*") if path.is_dir()] if group.exists() else []
    try:
        for path in [*sorted(folders, reverse=True), group]:
            path.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def forget(plan: Plan) -> None:
    """Remove what a machine wrote; it must be off."""
    shutil.rmtree(plan.folder, ignore_errors=True)
