"""Makes a server of a machine on which Selvkasse is installed: once, and again without harm.

What is there stays as it is: an authority, a certificate, a configuration, a database. So a run
that was cut off is run again.
"""

import grp
import os
import subprocess
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.fleet.authority import Authority
from kiosk.fleet.enrolment.renewal import RELOAD, publish, stamp
from kiosk.telemetry.pairs import switch_pair

HERE: Final = ("localhost", "127.0.0.1")
ROLE: Final = "selvkasse-fleet"
DATABASE: Final = "fleet"
SOCKETS: Final = "/run/postgresql"
SERVICES: Final = ("kiosk-fleet.service", "kiosk-fleet-enrolment.service")
WATCHES: Final = (
    "kiosk-fleet-broker-reload.path",
    "kiosk-fleet-broker-restart.path",
    "kiosk-fleet-backup.timer",
    "kiosk-fleet-renewal.timer",
)
"""What only looks: without it a certificate that is struck off stays connected."""
Run = Callable[[Sequence[str]], str]
"""Runs a command and returns what it said; CalledProcessError when it failed."""


class SetUpFailed(Exception):
    """It cannot go on; what was made before stays. The message says what to do."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are; below another root in tests and images."""

    root: Path = Path("/")

    @property
    def authority(self) -> Path:
        """The authority's own folder."""
        return self.root / "var/lib/selvkasse-authority"

    @property
    def data(self) -> Path:
        """The server's own folder."""
        return self.root / "var/lib/selvkasse-fleet"

    @property
    def pki(self) -> Path:
        """What broker and servers read."""
        return self.root / "etc/selvkasse/pki"

    @property
    def config(self) -> Path:
        """The server's file."""
        return self.root / "etc/selvkasse/fleet.toml"


def set_up(
    hosts: Sequence[str],
    *,
    places: Places,
    postgresql: bool,
    run: Run,
    database: str = "",
    broker: str = "localhost",
) -> Iterator[str]:
    """Make what is missing; yields what was done, in words.

    `database` is the address of one that is there already, `broker` how the server calls its own:
    both for containers, where each is a machine of its own.

    Raises:
        SetUpFailed: the installer has not been here, or PostgreSQL does not answer.
        OSError: a file cannot be written.
    """
    if not hosts:
        raise SetUpFailed("by which name do kiosks call this machine? --host fleet.example.org")
    for folder in (places.authority, places.pki):
        if not folder.is_dir():
            raise SetUpFailed(f"{folder} is missing: run deploy/install --fleet first")
    for folder in (places.authority, places.data):
        _give_to_its_owner(folder)
    authority = yield from _authority(places)
    yield from _certificates(authority, places.pki, [*hosts, broker])
    if not places.config.exists():
        # Not the database: that is made before anything wants to use it.
        if postgresql and not database:
            yield from make_database(run)
            database = f"postgresql:///{DATABASE}?host={SOCKETS}"
        places.config.write_text(configuration(hosts, database, broker), "utf-8")
        places.config.chmod(0o644)
        yield f"{places.config} is written"


def make_database(run: Run) -> Iterator[str]:
    """Make the role and the database, of which PostgreSQL itself knows the user (peer, socket).

    Raises:
        SetUpFailed: PostgreSQL does not answer.
    """
    ask = ("psql", "--no-psqlrc", "--tuples-only", "--no-align", "--dbname=postgres", "--command")
    try:
        if ROLE not in run([*ask, "SELECT rolname FROM pg_roles"]).splitlines():
            run(["createuser", ROLE])
            yield f"PostgreSQL has a role {ROLE}"
        if DATABASE not in run([*ask, "SELECT datname FROM pg_database"]).splitlines():
            how = (f"--owner={ROLE}", "--encoding=UTF8", "--template=template0")
            run(["createdb", *how, DATABASE])
            yield f"PostgreSQL has a database {DATABASE}"
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        raise SetUpFailed(f"PostgreSQL: {said.strip()}") from error


def as_postgres(command: Sequence[str]) -> str:
    """Run a command as PostgreSQL's own user."""
    whole = ["runuser", "-u", "postgres", "--", *command]
    return subprocess.run(whole, check=True, capture_output=True, text=True, cwd="/").stdout


def start_services() -> Iterator[str]:
    """Start what was set up, where systemd runs."""
    if not Path("/run/systemd/system").is_dir():
        yield "No systemd runs here; with it: systemctl start mosquitto kiosk-fleet"
        return
    subprocess.run(["systemctl", "restart", "mosquitto.service"], check=True)
    # One after the other: the first makes the key of orders that the second hands to kiosks.
    for service in SERVICES:
        subprocess.run(["systemctl", "restart", service], check=True)
    subprocess.run(["systemctl", "start", *WATCHES], check=True)
    yield "Broker, server and enrolment run"


def configuration(hosts: Sequence[str], database: str = "", broker: str = "localhost") -> str:
    """Return the server's file for this machine; without a database SQLite is used."""
    line = f'database = "{database}"\n' if database else ""
    names = ", ".join(f'"{host}"' for host in hosts)
    return f"""\
# The fleet's server. Every other line: /opt/selvkasse/current/deploy/fleet.example.toml
data_dir = "/var/lib/selvkasse-fleet"
{line}
[http]
host = "0.0.0.0"
certificate = "/etc/selvkasse/pki/server.pem"
key = "/etc/selvkasse/pki/server.key"
public_url = "https://{hosts[0]}:8790"

[broker]
host = "{broker}"
ca = "/etc/selvkasse/pki/ca.pem"
certificate = "/etc/selvkasse/pki/fleet.pem"
key = "/etc/selvkasse/pki/fleet.key"

[enrolment]
host = "0.0.0.0"
names = [{names}]
"""


def _authority(places: Places) -> Generator[str, None, Authority]:
    if (places.authority / "ca.key").exists():
        return Authority(places.authority)
    made = Authority.create(places.authority)
    yield f"an authority in {places.authority}: keep a copy of it in a safe"
    return made


def _certificates(authority: Authority, pki: Path, hosts: Sequence[str]) -> Iterator[str]:
    publish(authority, pki)
    everywhere = [*dict.fromkeys([*hosts, *HERE])]
    for name, of, reader in (
        ("broker", everywhere, "mosquitto"),
        ("server", everywhere, ROLE),
        ("fleet", [], ROLE),
    ):
        if (pki / f"{name}.pem").exists():
            continue
        pair = authority.issue_server(name, of)
        switch_pair(pki, name, pair.certificate, pair.key, mode=0o640, gid=_group(reader))
        yield f"a certificate for {name}{': ' if of else ''}{', '.join(of)}"
    stamp(pki, RELOAD, datetime.now(UTC))


def _give_to_its_owner(folder: Path) -> None:
    """Let those read it who are to, when a person has brought it back from a safe as root."""
    if os.geteuid() != 0 or not folder.is_dir():
        return
    owner = folder.stat()
    for path in folder.rglob("*"):
        if path.lstat().st_uid == 0:
            os.lchown(path, owner.st_uid, owner.st_gid)


def _group(name: str) -> int:
    """Return the group's number; as nobody but root, nobody's group is changed."""
    try:
        return grp.getgrnam(name).gr_gid if os.geteuid() == 0 else -1
    except KeyError as error:
        raise SetUpFailed(f"there is no group {name}: is its package installed?") from error
