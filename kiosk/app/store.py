"""A whole store on one machine, to show and to play with: kiosk and devices, each a process.

Nothing is short-circuited: the kiosk opens serial lines (pseudo-terminals) and sockets, and does
not know that the far ends are simulated. The store tells the far ends what people do to them.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Self

from drivers.sim.control import Remote, RemoteError
from kiosk.app.glass import GlassClient

START_S = 60.0
"""How long the slowest machine may take to start the kiosk."""
STOP_S = 5.0


class StoreError(Exception):
    """A part of the store did not start. The message has the end of its log."""


@dataclass(frozen=True, slots=True)
class FarEndSpec:
    """How one far end is started: its module and its own arguments."""

    module: str
    arguments: tuple[str, ...] = field(default=())


FAR_ENDS: Mapping[str, FarEndSpec] = MappingProxyType(
    {
        "scanner": FarEndSpec("drivers.sim.scanner", ("--link", "{folder}/dev-scanner")),
        "scale": FarEndSpec("drivers.sim.scale", ("--link", "{folder}/dev-scale")),
        "printer": FarEndSpec("drivers.sim.printer", ("--link", "{folder}/dev-printer")),
        "terminal": FarEndSpec("drivers.sim.terminal", ("--folder", "{folder}/terminal")),
    }
)


class Store:
    """The processes of a simulated store; a context manager that leaves nothing running."""

    def __init__(
        self,
        *,
        folder: Path,
        size: str = "1080x1920",
        data: Path | None = None,
        extra_config: str = "",
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.data = data or folder / "data"
        self._size = size
        self._extra_config = extra_config
        self._environment = dict(environment)
        self._remotes: dict[str, Remote] = {}
        self._running = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
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
    def catalog_path(self) -> Path:
        """The catalog that this store's kiosk sells from."""
        return self.data / "catalog.sqlite"

    @property
    def journal_path(self) -> Path:
        """The kiosk's journal."""
        return self.data / "journal.sqlite"

    @property
    def glass(self) -> GlassClient:
        """The kiosk's screen."""
        return GlassClient(self._remotes["kiosk"], self.folder)

    def far_end(self, name: str) -> Remote:
        """The far end called `name`: scanner, scale, terminal or printer."""
        return self._remotes[name]

    def receipt_png(self, number: int) -> bytes | None:
        """The picture of the `number`-th paper that was cut, counted from 1."""
        path = self._remotes["printer"].call("picture", number)
        return Path(path).read_bytes() if path else None

    def _start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if not self.catalog_path.exists():
            from kiosk.catalog.sample import build_sample

            build_sample(self.catalog_path)
        for name, spec in FAR_ENDS.items():
            arguments = [part.format(folder=self.folder) for part in spec.arguments]
            self._spawn(name, [sys.executable, "-m", spec.module, *arguments], stdin=True)
        for name in FAR_ENDS:
            self._await(name)
        config = self.folder / "kiosk.toml"
        config.write_text(self.configuration(), encoding="utf-8")
        self._spawn("kiosk", [sys.executable, "-m", "kiosk.app.cli", "run", "-c", str(config)])
        self._await("kiosk")

    def configuration(self) -> str:
        """The kiosk's configuration file, as a technician would write it for these devices."""
        terminal = self._remotes["terminal"].state() if "terminal" in self._remotes else {}
        return store_config(self.folder, self.data, self._size, terminal) + self._extra_config

    def _spawn(self, name: str, command: Sequence[str], *, stdin: bool = False) -> None:
        socket = self._socket(name)
        log = (self.folder / f"{name}.log").open("wb")
        self._running.callback(log.close)
        process = subprocess.Popen(
            [*command, "--control", str(socket)] if stdin else command,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=os.environ | self._environment,
        )
        self._running.callback(_end, process)
        remote = Remote(socket)
        self._running.callback(remote.close)
        self._remotes[name] = remote
        setattr(self, f"_{name}_process", process)

    def _socket(self, name: str) -> Path:
        return self.folder / f"{name}.sock"

    def _await(self, name: str) -> None:
        try:
            self._remotes[name].wait_until_there(START_S)
        except RemoteError as error:
            log = (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]
            raise StoreError(f"The {name} did not start: {error}\n{log}") from error


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end, and make it where it does not."""
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def store_config(folder: Path, data: Path, size: str, terminal: Mapping[str, Any]) -> str:
    """The configuration of the demonstration store.

    It declares its simulated scale as approved: nothing is sold here but an impression.
    """
    width, _, height = size.partition("x")
    return f"""\
[kiosk]
id = "NT-0477-03"
till = "3"
data_dir = "{data}"

[shop]
name = "Nærmat Torshov"
legal_name = "Nærmat Torshov AS"
address = "Eksempelgata 1, 0477 Oslo"
org_number = "999999999"

[screen]
width_px = {int(width)}
height_px = {int(height)}
px_per_mm = {4.2 if height == "800" else 4.03}
fullscreen = false

[selling]
approved_scale = true

[bench]
socket = "{folder}/kiosk.sock"

[devices.scanner]
protocol = "serial-scanner"
url = "{folder}/dev-scanner"

[devices.scale]
protocol = "toledo-8217"
url = "{folder}/dev-scale"

[devices.printer]
protocol = "escpos"
url = "{folder}/dev-printer"

[devices.terminal]
protocol = "nexo-json"
url = "{terminal.get("url", "")}"
poi_id = "{terminal.get("poi_id", "")}"
sale_id = "NT-0477-03"
"""
