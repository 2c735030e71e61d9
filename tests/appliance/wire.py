"""One line of JSON each way on a socket: how QEMU and the agent inside the machine are spoken to.

References:
    https://www.qemu.org/docs/master/interop/qmp-spec.html
    https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
"""

import base64
import json
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.appliance.patience import PATIENCE_S, NeverHappened, until

ANSWER_S: Final = PATIENCE_S
SYNC_S: Final = 30.0
"""Asked again after so long: what is sent before somebody listens waits in QEMU."""


class Refused(Exception):
    """The other side does not do it. The message is its own."""


class Wire:
    """A connection; commands are asked one after the other, events between them are passed over."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._path = str(path)
        self._buffer = b""
        until(f"{path}", self._connected, every_s=0.02)

    def ask(self, command: str, *, timeout_s: float = ANSWER_S, **arguments: object) -> Any:
        """Send a command and return its result.

        Raises:
            Refused: it was not done. TimeoutError: there was no answer.
        """
        self.send(command, **arguments)
        return self.answer(timeout_s)

    def send(self, command: str, **arguments: object) -> None:
        """Send a command."""
        asked = {"execute": command} | ({"arguments": arguments} if arguments else {})
        self._socket.settimeout(ANSWER_S)
        self._socket.sendall(json.dumps(asked).encode() + b"\n")

    def answer(self, timeout_s: float = ANSWER_S) -> Any:
        """Return the next answer; of what is no answer (an event, a greeting) nothing is kept."""
        ends = time.monotonic() + timeout_s
        while True:
            said = json.loads(self._line(ends))
            if "error" in said:
                raise Refused(said["error"]["desc"])
            if "return" in said:
                return said["return"]

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _connected(self) -> bool:
        try:
            self._socket.connect(self._path)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        return True

    def _line(self, ends: float) -> bytes:
        while b"\n" not in self._buffer:
            self._socket.settimeout(max(0.001, ends - time.monotonic()))
            data = self._socket.recv(1 << 16)
            if not data:
                raise ConnectionError(f"{self._path} hung up")
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        # The agent marks the start of an answer after a reset of its line with this byte.
        return line.lstrip(b"\xff")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program inside said, and how it ended."""

    code: int
    out: str

    def __str__(self) -> str:
        return self.out


class Agent:
    """Runs programs inside the machine as root: the test's own way in, which no till has."""

    def __init__(self, path: Path) -> None:
        self._wire = Wire(path)
        self._number = 0

    def wait_until_up(self, patience_s: float = PATIENCE_S) -> None:
        """Wait until the agent was started inside."""
        until("the machine to be up", self._in_step, patience_s=patience_s)

    def run(self, *command: object, typed: str = "", patience_s: float = PATIENCE_S) -> Ran:
        """Run a program to its end; `typed` is what it reads."""
        return self.ended(self.start(*command, typed=typed), patience_s)

    def sh(self, script: str, patience_s: float = PATIENCE_S) -> str:
        """Run a script of the shell and return what it says; Refused when it fails."""
        ran = self.run("/bin/sh", "-c", script, patience_s=patience_s)
        if ran.code:
            raise Refused(f"{script!r} ended with {ran.code}: {ran.out[-2000:]}")
        return ran.out.strip()

    def start(self, *command: object, typed: str = "") -> int:
        """Start a program and return its process id."""
        program, *arguments = (str(word) for word in command)
        asked: dict[str, object] = {"path": program, "arg": arguments, "capture-output": True}
        asked["env"] = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "LC_ALL=C.UTF-8", "HOME=/root", "COLUMNS=160"]  # fmt: skip
        if typed:
            asked["input-data"] = base64.b64encode(typed.encode()).decode()
        return int(self._wire.ask("guest-exec", **asked)["pid"])

    def peek(self, pid: int) -> Ran | None:
        """Return how a started program ended; None while it runs."""
        told = self._wire.ask("guest-exec-status", pid=pid)
        if not told["exited"]:
            return None
        data = base64.b64decode(told.get("out-data", "")) + base64.b64decode(
            told.get("err-data", "")
        )
        return Ran(told.get("exitcode", -1), data.decode(errors="replace"))

    def ended(self, pid: int, patience_s: float = PATIENCE_S) -> Ran:
        """Wait until a started program has ended."""
        ran = until("a program inside", lambda: self.peek(pid), patience_s=patience_s)
        assert ran is not None
        return ran

    def write(self, path: str, text: str | bytes, mode: str = "644") -> None:
        """Write a file inside."""
        data = text.encode() if isinstance(text, str) else text
        handle = self._wire.ask("guest-file-open", path=path, mode="w")
        coded = base64.b64encode(data).decode()
        self._wire.ask("guest-file-write", handle=handle, **{"buf-b64": coded})
        self._wire.ask("guest-file-close", handle=handle)
        self.sh(f"chmod {mode} {path}")

    def read(self, path: str) -> bytes:
        """Return what is in a file inside."""
        handle = self._wire.ask("guest-file-open", path=path, mode="r")
        whole = b""
        while True:
            told = self._wire.ask("guest-file-read", handle=handle, count=1 << 20)
            whole += base64.b64decode(told["buf-b64"])
            if told["eof"]:
                break
        self._wire.ask("guest-file-close", handle=handle)
        return whole

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    def _in_step(self) -> bool:
        """Ask for a number of our own until it comes back: older answers may come before it."""
        self._number += 1
        self._wire.send("guest-sync", id=self._number)
        try:
            while (said := self._wire.answer(SYNC_S)) != self._number:
                if isinstance(said, int) and said > self._number:
                    raise NeverHappened("the agent counts ahead")
        except (TimeoutError, Refused, ValueError):
            return False
        return True
