"""A fleet of one's own beside the demonstration store: broker, server, certificates, people.

All of it is made on the spot in one folder, listens on 127.0.0.1 only, and is what a real store
runs: Debian's Mosquitto with `broker_config`, `kiosk fleet serve` as a process, a certificate for
each, a key that signs orders. People are made as the fleet's README tells it: with the one-time
code of the first start, and then by the admin.
"""

import re
import secrets
import ssl
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import httpx
import msgspec

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from drivers.sim.loopback import free_port
from kiosk.app.broker import Broker, BrokerCertificates, BrokerError
from kiosk.fleet.authority import Authority
from kiosk.fleet.keys import PUBLIC_NAME, signer_in
from kiosk.telemetry.topics import Address

HOST: Final = "127.0.0.1"
HERE: Final = Address("naermat", "torshov", "nt-0477-03")
"""The demonstration's kiosk, as its configuration makes it out of its id."""
STORE_KEY: Final = f"{HERE.tenant}/{HERE.store}"
SIMULATOR: Final = "simulator"
STORES: Final = 3
"""The real one, and two in which all kiosks are simulated."""
START_S: Final = 60.0
PATIENCE_S: Final = 60.0
STOP_S: Final = 8.0
LOOK_EVERY_S: Final = 0.05
CODE: Final = re.compile(r"One-time code for the first admin: (\S+)")


class OwnFleetError(Exception):
    """The fleet did not start, or does not do as it should. The message says what it said."""


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may sign in on the pages; the password is nobody's, and made here."""

    name: str
    display_name: str
    role: str
    password: str


def _people() -> tuple[Member, ...]:
    rows = (("amir", "Amir", "admin"), ("ingrid", "Ingrid", "attendant"))
    return tuple(
        Member(name=name, display_name=shown, role=role, password=secrets.token_hex(6))
        for name, shown, role in rows
    )


class OwnFleet:
    """Broker and server; a context manager that leaves nothing running, however it ends.

    Entering starts both and does not wait for the server: a kiosk that starts meanwhile connects
    when it can. `settle` waits. `neighbours` simulated kiosks stand beside the real one,
    and as many in each of two other stores; they live `haste` times as fast as people.
    The pages come over HTTP, since no browser knows our authority; with `tls` over HTTPS.

    Raises:
        OwnFleetError: no Mosquitto, or it does not start.
    """

    def __init__(
        self, folder: Path, *, neighbours: int = 0, haste: float = 1.0, tls: bool = False
    ) -> None:
        self.folder = folder.resolve()
        self.url = f"{'https' if tls else 'http'}://{HOST}:{free_port()}"
        self.people: tuple[Member, ...] = ()
        self._neighbours = neighbours
        self._haste = haste
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._broker: Broker | None = None
        self._running = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BrokerError as error:
            self._running.close()
            raise OwnFleetError(str(error)) from error
        except BaseException:
            self._running.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()

    @property
    def broker(self) -> Broker:
        """The broker, which may be killed and started again."""
        assert self._broker is not None, "the fleet is not entered"
        return self._broker

    @property
    def board_url(self) -> str:
        """The attendant's board of this store."""
        return f"{self.url}/board/{STORE_KEY}"

    @property
    def process_ids(self) -> list[int]:
        """Of all that was started."""
        return [self.broker.pid, *(one.pid for one in self._processes.values())]

    def member(self, name: str) -> Member:
        """Return somebody by the name to sign in with; KeyError when there is nobody."""
        return {one.name: one for one in self.people}[name]

    def kiosk_section(self) -> str:
        """Return what the kiosk's configuration says of this fleet."""
        pki = self._pki
        return f"""\
[telemetry]
tenant = "{HERE.tenant}"
store = "{HERE.store}"
host = "{HOST}"
port = {self.broker.kiosk_port}
ca = "{pki / "ca.pem"}"
certificate = "{pki / "kiosk.pem"}"
key = "{pki / "kiosk.key"}"
fleet_keys = ["{self._data / PUBLIC_NAME}"]
server = "{self.url}"

[receipts]
base = "{self.url}"
"""

    def client(self) -> httpx.Client:
        """Return a client of the server's that trusts this fleet's authority alone."""
        known = ssl.create_default_context(cafile=str(self._pki / "ca.pem"))
        return httpx.Client(base_url=self.url, verify=known, trust_env=False, timeout=PATIENCE_S)

    def settle(self) -> None:
        """Wait until the server answers, make its people where there are none, call the neighbours.

        Raises:
            OwnFleetError: it ended, or takes longer than a minute.
        """
        with self.client() as client:
            first = self._answers(client)["first_start"]
            cards = self.folder / "people.json"
            if first:
                people = _people()
                cards.touch(mode=0o600)
                cards.write_bytes(msgspec.json.encode(people))
                self._make_people(client, people)
            self.people = msgspec.json.decode(cards.read_bytes(), type=tuple[Member, ...])
        if self._neighbours:
            self._call_neighbours()

    # --- start -----------------------------------------------------------------------------------

    @property
    def _pki(self) -> Path:
        return self.folder / "pki"

    @property
    def _data(self) -> Path:
        return self.folder / "server"

    def _start(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        self._issue()
        signer_in(self._data)
        certificates = BrokerCertificates(
            ca=self._pki / "ca.pem",
            certificate=self._pki / "broker.pem",
            key=self._pki / "broker.key",
            revoked=self._pki / "crl.pem",
        )
        simulator = SIMULATOR if self._neighbours else ""
        self._broker = Broker(self.folder / "broker", certificates, simulator=simulator)
        self._running.enter_context(self._broker)
        self._spawn("serve", ["serve", "-c", str(self._config("fleet"))])
        self._guard(self.broker.pid, self._processes["serve"].pid)

    def _issue(self) -> None:
        """Make certificates, anew each time: those of a kept folder may have run out."""
        made = (self._pki / "ca.key").exists()
        authority = Authority(self._pki) if made else Authority.create(self._pki)
        authority.renew_crl()
        for name in ("broker", "server"):
            authority.issue_server(name, ["localhost", HOST]).write(self._pki, name)
        authority.issue_kiosk(HERE).write(self._pki, "kiosk")
        for name in ("fleet", SIMULATOR):
            authority.issue_server(name).write(self._pki, name)

    def _config(self, who: str) -> Path:
        """Write the configuration of the server, or of the simulated kiosks; return where it is."""
        path = self.folder / f"{who}.toml"
        tls = f'certificate = "{self._pki}/server.pem"\nkey = "{self._pki}/server.key"'
        path.write_text(f"""\
data_dir = "{self._data}"

[http]
host = "{HOST}"
port = {self.url.rpartition(":")[2]}
{tls if self.url.startswith("https") else ""}

[broker]
host = "{HOST}"
port = {self.broker.fleet_port}
ca = "{self._pki / "ca.pem"}"
revoked = "{self._pki / "crl.pem"}"
certificate = "{self._pki / who}.pem"
key = "{self._pki / who}.key"
""")
        return path

    def _spawn(self, name: str, arguments: list[str]) -> None:
        command = [sys.executable, "-m", "kiosk.app.cli", "fleet", *arguments]
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        self._running.callback(_end, process)
        self._processes[name] = process

    def _call_neighbours(self) -> None:
        """Start the simulated kiosks; before the server listens nobody would keep what they say."""
        plan = ["--kiosks", str(STORES * self._neighbours), "--stores", str(STORES)]
        plan += ["--speed", str(self._haste), "--tenant", HERE.tenant]
        self._spawn(SIMULATOR, ["simulate", *plan, "-c", str(self._config(SIMULATOR))])
        self._guard(self._processes[SIMULATOR].pid)

    def _guard(self, *pids: int) -> None:
        """Start what ends these when this program is killed: they do not watch it themselves."""
        guard = subprocess.Popen(
            [sys.executable, "-m", "kiosk.app.tied", *map(str, pids)], stdin=subprocess.PIPE
        )
        self._running.callback(_end, guard)
        self._processes[f"guard-{len(self._processes)}"] = guard

    # --- the first start ------------------------------------------------------------------------

    def _answers(self, client: httpx.Client) -> dict[str, bool]:
        deadline = Deadline(SYSTEM_CLOCK, START_S)
        while True:
            try:
                session: dict[str, bool] = client.get("/api/session").raise_for_status().json()
            except httpx.HTTPError as error:
                if deadline.passed() or self._processes["serve"].poll() is not None:
                    said = self._log("serve").read_text(errors="replace")[-2000:]
                    raise OwnFleetError(f"The fleet did not start: {error}\n{said}") from error
                ready((), LOOK_EVERY_S)
            else:
                return session

    def _make_people(self, client: httpx.Client, people: tuple[Member, ...]) -> None:
        code = CODE.search(self._log("serve").read_text())
        if code is None:
            raise OwnFleetError("The fleet printed no code for its first admin.")
        admin, *others = people
        asked = {
            "code": code[1],
            "name": admin.name,
            "display_name": admin.display_name,
            "password": admin.password,
            "of_age": True,
        }
        session = client.post("/api/first-start", json=asked).raise_for_status().json()
        client.headers["X-CSRF-Token"] = session["csrf_token"]
        for one in others:
            body = msgspec.to_builtins(one) | {"stores": [STORE_KEY], "of_age": True}
            client.post("/api/users", json=body).raise_for_status()

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
