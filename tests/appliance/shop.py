"""What stands around the machine: the far ends of its cables, each a process with its own books.

They outlive every power cut, as a real terminal and a real roll of paper do. To the demonstration's
shopper the machine looks like the demonstration's store.
"""

import json
import secrets
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

from drivers.sim.control import Remote, RemoteError
from drivers.sim.loopback import free_port
from kiosk.app.glass import GlassClient
from tests.appliance.machine import Machine, Usb
from tests.appliance.patience import until

HOST: Final = "10.0.2.2"
"""This machine, as the one inside sees it (QEMU's user network)."""
SERIAL_LINES: Final = {"scale": "SCALE1", "printer": "PRINT1", "light": "LIGHT1"}
POI_ID: Final = "S1F2-000158213606123"
SCANNED_S: Final = 20.0
"""After so long without a line, a code is held to the scanner again, as a shopper would."""


class FarEnds:
    """The processes; a context manager that leaves nothing running."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terminal_port = free_port()
        self.passphrase = secrets.token_urlsafe(24)
        self._remotes: dict[str, Remote] = {}
        self._running = ExitStack()

    def __enter__(self) -> "FarEnds":
        secret = self.folder / "passphrase"
        secret.touch(mode=0o600)
        secret.write_text(self.passphrase)
        for name in SERIAL_LINES:
            self._start(name, "--link", self._line(name))
        self._start("terminal", "--directory", self.folder / "terminal",
                    "--passphrase-file", secret, "--port", self.terminal_port)  # fmt: skip
        for name, remote in self._remotes.items():
            until(f"the {name}'s far end", lambda remote=remote: _answers(remote))
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def __getitem__(self, name: str) -> Remote:
        return self._remotes[name]

    @property
    def usb(self) -> dict[str, Usb]:
        """What is plugged into the machine: the scanner is a keyboard, the others are adapters."""
        lines = {
            name: Usb("usb-serial", serial, self._line(name))
            for name, serial in SERIAL_LINES.items()
        }
        intruder = Usb("usb-kbd", "INTRUDER", later=True)
        return {"scanner": Usb("usb-kbd", "SCAN1"), **lines, "intruder": intruder}

    @property
    def ca_file(self) -> Path:
        """The root that signed the terminal's certificate."""
        return self.folder / "terminal/terminal-root.pem"

    def taken_minor(self) -> list[int]:
        """Return what the terminal's own books say was taken and not given back."""
        return [
            one["amount_minor"] for one in self["terminal"].call("books") if not one["reversed"]
        ]

    def papers(self) -> list[str]:
        """Return the text of every paper that was cut off."""
        return list(self["printer"].state()["receipts"])

    def _line(self, name: str) -> Path:
        return self.folder / f"line-{name}"

    def _start(self, name: str, *arguments: object) -> None:
        control = self.folder / f"{name}.sock"
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"drivers.sim.{name}", *map(str, arguments),
                 "--control", str(control)],
                stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip
        self._running.callback(_end, process)
        self._remotes[name] = Remote(control, timeout_s=30.0)
        self._running.callback(self._remotes[name].close)


class Counter:
    """The machine as the demonstration's shopper knows a store: a glass, a scanner, a terminal."""

    def __init__(self, machine: Machine, far_ends: FarEnds) -> None:
        self.machine = machine
        self.far_ends = {"scanner": None, "scale": None, "printer": None, "terminal": None}
        self._shop = far_ends
        self.glass = Glass(machine)

    def far_end(self, name: str) -> Any:
        """The far end called `name`; the scanner types."""
        return Typist(self.machine) if name == "scanner" else self._shop[name]


class Glass(GlassClient):
    """Reads what stands on the screen and where, and touches it with the machine's own tablet."""

    def __init__(self, machine: Machine) -> None:
        object.__setattr__(self, "machine", machine)
        super().__init__(LookIn(machine.look_in_port), machine.folder)  # type: ignore[arg-type]

    def tap(self, x: float, y: float) -> None:
        """Touch the screen from outside."""
        machine: Machine = self.machine  # type: ignore[attr-defined]
        machine.touch(x, y)


class LookIn:
    """The kiosk's bench socket, over the machine's network: to look, never to touch."""

    SEEN: Final = ("state", "view", "texts")

    def __init__(self, port: int) -> None:
        self._port = port

    def state(self) -> dict[str, Any]:
        """What stands on the screen, in short."""
        seen: dict[str, Any] = self.call("state")
        return seen

    def call(self, verb: str) -> Any:
        """Ask, until the kiosk answers: it may be starting just now."""
        assert verb in self.SEEN, "the glass is touched from outside"
        (answer,) = until("the kiosk's screen", lambda: self.once(verb))
        return answer

    def once(self, verb: str) -> tuple[Any] | None:
        """Ask once; None where nobody answers."""
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=10) as line:
                line.sendall(json.dumps({"verb": verb}).encode() + b"\n")
                with line.makefile("rb") as answers:
                    told = json.loads(answers.readline())
        except (OSError, ValueError):
            return None
        return (told["result"],) if told["ok"] else None


class Typist:
    """The scanner: it types the digits and Enter, whatever the aim."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def call(self, verb: str, text: str, *, aim: str = "") -> bool:
        """Scan; a keyboard cannot know whether it was listened to."""
        assert verb == "scan"
        self._machine.type(f"{text}\n")
        return True


def _answers(remote: Remote) -> bool:
    try:
        remote.state()
    except RemoteError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.terminate()
    process.wait(10)
