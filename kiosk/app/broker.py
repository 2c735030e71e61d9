"""A real Mosquitto of one's own, in a folder of one's own: for tests and the demonstration.

It runs with the configuration that a store's broker has, with other paths and free ports. It can
be killed and started again on the same ports, as a power cut would do it.
"""

import getpass
import shutil
import socket
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.broker_config import BrokerSettings, access_rules, configuration

START_S: Final = 60.0
"""Patience costs nothing: it is up in a tenth of a second, but for a machine that is very busy."""
STOP_S: Final = 5.0
LOOK_EVERY_S: Final = 0.02
HOST: Final = "127.0.0.1"
_PLACES: Final = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")


class BrokerError(Exception):
    """There is no Mosquitto, or it does not start. The message says what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerCertificates:
    """What the broker shows, and whom it believes: files in PEM."""

    ca: Path
    certificate: Path
    """For 127.0.0.1 and localhost."""
    key: Path
    revoked: Path | None = None


def mosquitto() -> str | None:
    """Return where the program is; None when it is not installed."""
    return shutil.which("mosquitto") or shutil.which("mosquitto", path=":".join(_PLACES))


@dataclass(slots=True)
class Broker:
    """One broker. `with Broker(folder, certificates) as broker:` starts and ends it.

    Raises:
        BrokerError: when it does not come up, with the end of its log.
    """

    folder: Path
    certificates: BrokerCertificates
    simulator: str = ""
    """See `access_rules`."""
    extra: str = ""
    kiosk_port: int = 0
    fleet_port: int = 0
    host: str = HOST
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        """Where it writes what it does."""
        return self.folder / "mosquitto.log"

    @property
    def pid(self) -> int:
        """The process, 0 while it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it, on the same ports as before if it ran before, and wait until it listens."""
        program = mosquitto()
        if program is None:
            raise BrokerError("There is no mosquitto. On Debian: apt-get install mosquitto")
        config = self._write()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-c", str(config)], stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        self._wait_until_up(self._process)

    def stop(self) -> None:
        """Ask it to end, so that it saves what it holds. May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """End it as a power cut would: what it had in memory only is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def _write(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.kiosk_port:
            self.kiosk_port, self.fleet_port = _free_ports()
        rules = self.folder / "acl"
        rules.write_text(access_rules(simulator=self.simulator))
        kept = self.folder / "kept"
        kept.mkdir(exist_ok=True)
        settings = BrokerSettings(
            acl_file=rules,
            ca=self.certificates.ca,
            certificate=self.certificates.certificate,
            key=self.certificates.key,
            revoked=self.certificates.revoked,
            persistence=kept,
            address=self.host,
            kiosk_port=self.kiosk_port,
            fleet_port=self.fleet_port,
            user=getpass.getuser(),
            extra=self.extra,
        )
        config = self.folder / "mosquitto.conf"
        config.write_text(configuration(settings))
        return config

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        deadline = Deadline(SYSTEM_CLOCK, START_S)
        while not (_answers(self.host, self.kiosk_port) and _answers(self.host, self.fleet_port)):
            if process.poll() is not None or deadline.passed():
                self.kill()
                said = self.log.read_text(errors="replace")[-2000:]
                raise BrokerError(f"mosquitto did not start in {self.folder}:\n{said}")
            ready((), LOOK_EVERY_S)


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind((HOST, 0))
        other.bind((HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
