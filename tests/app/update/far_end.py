"""A supplier: keys, a release of nothing much, and a server that breaks the line when told to."""

import hashlib
import platform
import socketserver
import sysconfig
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.update.formats import format_of_this_build
from kiosk.app.update.manifest import Manifest, sign

KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
KEYS = frozenset({KEY.public_key().public_bytes_raw().hex()})
VERSION = "0.2.0+00c0ffee"


def manifest(content: bytes = b"package", **changes: Any) -> Manifest:
    values: dict[str, Any] = {
        "product": "selvkasse",
        "version": VERSION,
        "counter": 7,
        "machine": platform.machine(),
        "python": sysconfig.get_python_version(),
        "package": f"selvkasse-{VERSION}.zip",
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "journal": format_of_this_build(),
        "system_digest": "the same",
        "released_at": "2026-03-04T10:00:00+00:00",
    }
    return Manifest(**{**values, **changes})


def published(content: bytes = b"package", **changes: Any) -> bytes:
    return sign(manifest(content, **changes), KEY)


def wheel(folder: Path) -> Path:
    """A wheel whose `kiosk` command ends well and does nothing."""
    path = folder / "selvkasse-0.2.0-py3-none-any.whl"
    about = "selvkasse-0.2.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tinykiosk.py", "def main():\n    return 0\n")
        archive.writestr(
            f"{about}/METADATA", "Metadata-Version: 2.1\nName: selvkasse\nVersion: 0.2.0\n"
        )
        archive.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{about}/entry_points.txt", "[console_scripts]\nkiosk = tinykiosk:main\n")
        archive.writestr(f"{about}/RECORD", "")
    return path


class Server:
    """Serves files by name; `break_after` bytes of an answer the line is cut, once."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.break_after: int | None = None
        self.ranges: list[str] = []
        self.knows_ranges = True
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = self.files.get(handler.path.lstrip("/"))
        if body is None:
            handler.send_error(404)
            return
        asked = handler.headers.get("Range", "")
        at = 0
        if asked and self.knows_ranges:
            at = int(asked.removeprefix("bytes=").partition("-")[0])
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {at}-{len(body) - 1}/{len(body)}")
        else:
            handler.send_response(200)
        self.ranges.append(asked)
        handler.send_header("Content-Length", str(len(body) - at))
        handler.end_headers()
        end, self.break_after = self.break_after, None
        handler.wfile.write(body[at:] if end is None else body[at : at + end])
        handler.close_connection = True


@contextmanager
def server() -> Iterator[Server]:
    serving = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            serving.answer(self)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Quick(ThreadingHTTPServer):
        def server_bind(self) -> None:
            """Bind, without asking a name server for our name."""
            socketserver.TCPServer.server_bind(self)
            self.server_name, self.server_port = "localhost", self.server_address[1]

    with Quick(("127.0.0.1", 0), Handler) as http:
        serving.url = f"http://127.0.0.1:{http.server_port}/"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield serving
        finally:
            http.shutdown()
            thread.join()
