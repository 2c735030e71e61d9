"""A whole store on one machine, to show and to play with: kiosk and devices, each a process.

Nothing is short-circuited: the kiosk opens serial lines (pseudo-terminals) and sockets, and does
not know that the far ends are simulated. The store tells the far ends what people do to them.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from drivers.sim.control import Remote, RemoteError
from drivers.sim.loopback import free_port
from kiosk.app.far_ends import TILL, chosen
from kiosk.app.glass import GlassClient
from kiosk.app.store_config import PLAIN, SIGNING_KEY, Sections, device_sections, store_config
from kiosk.app.store_staff import Colleague, hire
from kiosk.app.weights import write_learnt

START_S = 60.0
"""How long the slowest machine may take to start the kiosk."""
STOP_S = 5.0


class StoreError(Exception):
    """A part of the store did not start. The message has the end of its log."""


class Store:
    """The processes of a simulated store; a context manager that leaves nothing running."""

    def __init__(
        self,
        *,
        folder: Path,
        size: str = "1080x1920",
        data: Path | None = None,
        far_ends: Iterable[str] = TILL,
        terminal: str = "nexo-json",
        sections: Sections = PLAIN,
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Describe a store; it starts when it is entered.

        `far_ends` are names of `kiosk.app.far_ends`, `terminal` is the card terminal's protocol.

        Raises:
            KeyError: there is no such far end or protocol.
        """
        self.folder = folder.resolve()
        self.data = (data or folder / "data").resolve()
        self._size = size
        self._sections = sections
        self.far_ends = chosen(far_ends, terminal)
        # Fixed, so that a terminal that is killed and started again answers at its address.
        self._places: dict[str, object] = {
            "folder": self.folder,
            "display": f"127.0.0.1:{free_port()}",
            "terminal_port": free_port(),
        }
        self.colleagues: tuple[Colleague, ...] = ()
        """Who works here, where there is a badge reader; nobody else can sign in."""
        self.scannable_s = 0.0
        """From the start of the kiosk's process until it could be scanned at."""
        self._environment = dict(environment)
        self._remotes: dict[str, Remote] = {}
        self._commands: dict[str, list[str]] = {}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
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
    def signing_key_path(self) -> Path:
        """The throw-away secret with which this store's sales are signed."""
        return self.data / SIGNING_KEY

    @property
    def glass(self) -> GlassClient:
        """The kiosk's screen."""
        return GlassClient(self._remotes["kiosk"], self.folder)

    def far_end(self, name: str) -> Remote:
        """The far end called `name`, of those that were asked for."""
        return self._remotes[name]

    def process_id(self, name: str) -> int:
        """The process id of the kiosk or of a far end."""
        return self._processes[name].pid

    def kill(self, name: str) -> None:
        """End the kiosk or a far end as a power cut does (SIGKILL); wait until it is gone."""
        self._processes[name].kill()
        self._processes[name].wait()

    def restart(self, name: str) -> None:
        """Start a far end again, or the kiosk without waiting for its screen; after `kill`."""
        self._processes[name].wait(STOP_S)
        self._remotes[name].close()
        self._control(name).unlink(missing_ok=True)
        self._start_process(name)
        self._await(name)

    def restart_kiosk(self, *, kill: bool = True) -> None:
        """End the kiosk, by SIGKILL or as systemd stops it, and start it with the same data."""
        process = self._processes["kiosk"]
        process.kill() if kill else process.terminate()
        process.wait(STOP_S)
        self.restart("kiosk")
        self._await_first_frame()

    def restart_kiosk_at(self, starts_at: str) -> None:
        """Stop the kiosk, and start it with its own clock at another time (ISO)."""
        self._sections = replace(self._sections, starts_at=starts_at)
        self._write_configuration()
        self.restart_kiosk(kill=False)

    def receipt_png(self, number: int) -> bytes | None:
        """The picture of the `number`-th paper that was cut, counted from 1."""
        receipts = self._remotes["printer"].state()["receipts"]
        if not 1 <= number <= len(receipts):
            return None
        picture, text = self.folder / f"receipt-{number}.png", self.folder / "receipt.txt"
        if not picture.exists():
            self._remotes["printer"].call("save_receipt", str(picture), str(text), number - 1)
        return picture.read_bytes()

    def _start(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if not self.catalog_path.exists():
            from kiosk.catalog.sample import build_sample

            build_sample(self.catalog_path)
        for path in (self.folder / "passphrase", self.signing_key_path):
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(secrets.token_hex(16))
        if "badge" in self.far_ends:
            self.colleagues = hire(self.data / "staff.sqlite")
        if "bag_scale" in self.far_ends:
            write_learnt(self.data / "learnt.json")
        for name, far_end in self.far_ends.items():
            arguments = [part.format(**self._places) for part in far_end.arguments]
            arguments += ["--control", str(self._control(name))]
            self._spawn(name, [sys.executable, "-m", far_end.module, *arguments])
        for name in self.far_ends:
            self._await(name)
        self._write_configuration()
        began = time.monotonic()
        run = ["run", "-c", str(self._config_path)]
        self._spawn("kiosk", [sys.executable, "-m", "kiosk.app.cli", *run])
        self._await("kiosk")
        self._await_scannable()
        self.scannable_s = time.monotonic() - began

    @property
    def _config_path(self) -> Path:
        return self.folder / "kiosk.toml"

    def _write_configuration(self) -> None:
        """Write the kiosk's configuration file for these devices."""
        urls = {name: str(self._remotes[name].state().get("url", "")) for name in self.far_ends}
        devices = device_sections(self.far_ends, self._places, urls)
        text = store_config(self.folder, self.data, self._size, self._sections, devices)
        self._config_path.write_text(text, encoding="utf-8")

    def _await_scannable(self) -> None:
        """Wait until the kiosk has drawn its first frame and switched the scanner on."""
        self._await_first_frame()
        deadline = Deadline(SYSTEM_CLOCK, START_S)
        while not self._remotes["scanner"].state()["lit"]:
            if deadline.passed():
                raise StoreError(f"The kiosk never switched the scanner on.\n{self._log('kiosk')}")
            ready((), 0.01)

    def _await_first_frame(self) -> None:
        deadline = Deadline(SYSTEM_CLOCK, START_S)
        while not self._remotes["kiosk"].state()["frames"]:
            if deadline.passed():
                raise StoreError(f"The kiosk never drew a frame.\n{self._log('kiosk')}")
            ready((), 0.01)

    def _log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-2000:]

    def _spawn(self, name: str, command: list[str]) -> None:
        self._commands[name] = command
        self._remotes[name] = Remote(self._control(name))
        self._running.callback(self._remotes[name].close)
        self._start_process(name)

    def _start_process(self, name: str) -> None:
        """Start, or start again; what it says is added to its log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                self._commands[name],
                # Each ends with this pipe, so nothing is left running when we are killed.
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=os.environ | self._environment,
            )
        self._running.callback(_end, process)
        self._processes[name] = process

    def _control(self, name: str) -> Path:
        return self.folder / f"{name}.sock"

    def _await(self, name: str) -> None:
        """Wait until a process serves its control socket; StoreError when it ends or takes long."""
        deadline = Deadline(SYSTEM_CLOCK, START_S)
        while True:
            try:
                self._remotes[name].state()
            except RemoteError as error:
                ended = self._processes[name].poll() is not None
                if ended or deadline.passed():
                    message = f"The {name} did not start: {error}\n{self._log(name)}"
                    raise StoreError(message) from error
                ready((), 0.02)
            else:
                return


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
