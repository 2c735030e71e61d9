"""Steering a far end that runs in its own process: one line of JSON each way, on a Unix socket.

    -> {"verb": "put_on", "args": [512], "kwargs": {"settle_after_ms": 300}}
    <- {"ok": true, "result": null}
    <- {"ok": false, "error": "ValueError: grams must not be negative"}

Only the verbs that a far end lists in `VERBS` can be called, and `state`, which returns what an
onlooker would see (tones heard, what lies on the plate), as JSON.
"""

import json
import os
import signal
import socket
import stat
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Protocol

from drivers.deadline import SYSTEM_CLOCK, Deadline, Flag, ready

LINE_BYTES_MAX = 1 << 20
STOP_TIMEOUT_S = 1.0


class FarEnd(Protocol):
    """What can be served: verbs, and a state to look at. Verbs return at once."""

    VERBS: ClassVar[tuple[str, ...]]

    def state(self) -> dict[str, Any]:
        """What an onlooker would see; only JSON values."""


class ControlServer:
    """Serves one far end. Calls are done one after the other, whoever makes them."""

    def __init__(self, far_end: FarEnd, socket_path: str | Path) -> None:
        self._far_end = far_end
        self._path = Path(socket_path)
        self._stopping = Flag()
        self._lock = threading.Lock()
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.bind(str(self._path))
        self._path.chmod(0o600)
        self._socket.listen()
        self._thread = threading.Thread(target=self._accept, name="sim-control", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End serving and remove the socket; idempotent."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._thread.join(STOP_TIMEOUT_S)
        self._socket.close()
        self._path.unlink(missing_ok=True)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            if self._socket.fileno() not in ready([self._socket, self._stopping], 3600):
                continue
            client, _ = self._socket.accept()
            threading.Thread(
                target=self._serve, args=(client,), name="sim-control-client", daemon=True
            ).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            reader = _LineReader(client)
            while not self._stopping.is_set():
                if not reader.has_line() and self._stopping.fileno() in ready(
                    [client, self._stopping], 3600
                ):
                    return
                line = reader.read_line()
                if not line:
                    return
                client.sendall(json.dumps(self._answer(line)).encode() + b"\n")

    def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            request = json.loads(line)
            verb = request["verb"]
            if verb != "state" and verb not in self._far_end.VERBS:
                known = ", ".join(("state", *self._far_end.VERBS))
                raise ValueError(f"no such verb: {verb!r}. Expected one of: {known}")
            with self._lock:
                call = getattr(self._far_end, verb)
                result = call(*request.get("args", ()), **request.get("kwargs", {}))
                json.dumps(result)
        except Exception as error:
            return {"ok": False, "error": f"{type(error).__name__}: {error}"}
        return {"ok": True, "result": result}


class _LineReader:
    """Lines from a socket, at most LINE_BYTES_MAX long."""

    def __init__(self, line: socket.socket) -> None:
        self._socket = line
        self._buffer = bytearray()

    def has_line(self) -> bool:
        return b"\n" in self._buffer

    def read_line(self) -> bytes:
        """The next whole line without its end; empty at the end of the stream."""
        while not self.has_line():
            data = self._socket.recv(65536)
            if not data or len(self._buffer) > LINE_BYTES_MAX:
                return b""
            self._buffer += data
        line, _, rest = bytes(self._buffer).partition(b"\n")
        self._buffer = bytearray(rest)
        return line or b" "


def serve_control(far_end: FarEnd, socket_path: str | Path) -> ControlServer:
    """Serve `far_end` on a Unix socket at `socket_path` (mode 0600) until `.stop()`."""
    return ControlServer(far_end, socket_path)


class RemoteError(Exception):
    """A far end refused a verb, or is not there. The message is the far end's own."""


class Remote:
    """A far end in another process; verbs are its methods: `Remote(path).put_on(512)`."""

    def __init__(self, socket_path: str | Path, *, timeout_s: float = 5.0) -> None:
        self._path = Path(socket_path)
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._reader: _LineReader | None = None

    def wait_until_there(self, within_s: float = 10.0) -> "Remote":
        """Wait for the far end's process to serve; RemoteError when it does not in time."""
        deadline = Deadline(SYSTEM_CLOCK, within_s)
        while True:
            try:
                self.state()
            except RemoteError:
                if deadline.passed():
                    raise
                ready((), 0.02)
            else:
                return self

    def call(self, verb: str, *args: object, **kwargs: object) -> Any:
        """Call a verb and return its result; RemoteError when it is refused."""
        request = json.dumps({"verb": verb, "args": args, "kwargs": kwargs}).encode() + b"\n"
        with self._lock:
            try:
                answer = json.loads(self._exchange(request))
            except (OSError, ValueError) as error:
                self._close()
                raise RemoteError(f"{self._path}: {error}") from error
        if not answer["ok"]:
            raise RemoteError(answer["error"])
        return answer["result"]

    def state(self) -> dict[str, Any]:
        """What an onlooker would see."""
        result: dict[str, Any] = self.call("state")
        return result

    def close(self) -> None:
        """Hang up; the far end goes on."""
        with self._lock:
            self._close()

    def __getattr__(self, verb: str) -> Any:
        if verb.startswith("_"):
            raise AttributeError(verb)
        return lambda *args, **kwargs: self.call(verb, *args, **kwargs)

    def _exchange(self, request: bytes) -> bytes:
        if self._socket is None or self._reader is None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            self._socket.settimeout(self._timeout_s)
            self._socket.connect(str(self._path))
            self._reader = _LineReader(self._socket)
        self._socket.sendall(request)
        answer = self._reader.read_line()
        if not answer:
            raise OSError("the far end hung up")
        return answer

    def _close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = self._reader = None


def run_far_end(far_end: FarEnd, socket_path: str | Path) -> None:
    """Serve until SIGTERM, SIGINT, or the end of a piped standard input; then return.

    The pipe ties a far end to the program that started it (`stdin=PIPE`): even when that one is
    killed, nothing is left running.
    """
    ending = Flag()

    def end(_number: int, _frame: FrameType | None) -> None:
        ending.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    server = serve_control(far_end, socket_path)
    try:
        tied = stat.S_ISFIFO(os.fstat(0).st_mode)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while not ending.is_set():
            if 0 in ready([0, ending] if tied else [ending], 3600) and not os.read(0, 4096):
                break
    finally:
        server.stop()
