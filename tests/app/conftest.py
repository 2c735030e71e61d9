"""A store's server that gives out what it has, and a kiosk's catalogs to be changed by it."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk.telemetry.deltas import difference
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Delta, Notice
from tests.engine.bench import PRODUCTS, build_catalog
from tests.telemetry.far_end import KIOSK, Pki


@dataclass
class Server:
    """A store's server that gives out what it has, cut short when told so."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def notice(self, body: bytes, version: str = "v2", **changes: object) -> Notice:
        sha256 = hashlib.sha256(body).hexdigest()
        self.files.setdefault(f"/snapshots/{sha256}", body)
        facts: dict[str, object] = {
            "what": "catalog",
            "version": version,
            "url": f"{self.url}/snapshots/{sha256}",
            "sha256": sha256,
            "size_bytes": len(body),
        }
        return Notice(**{**facts, **changes})  # type: ignore[arg-type]

    def delta(self, base: bytes, target: bytes) -> Delta:
        body = difference(base, target)
        sha256 = hashlib.sha256(body).hexdigest()
        self.files[f"/snapshots/{sha256}"] = body
        return Delta(
            base_sha256=hashlib.sha256(base).hexdigest(),
            url=f"{self.url}/snapshots/{sha256}",
            sha256=sha256,
            size_bytes=len(body),
        )


class Handler(BaseHTTPRequestHandler):
    def __init__(self, server: Server, *args: object) -> None:
        self.store = server
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.store.asked.append(self.path)
        body = self.store.files.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, server))
    server.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield server
    http.shutdown()
    http.server_close()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Endpoint:
    pki = Pki(tmp_path_factory.mktemp("pki"))
    certificate, key = pki.kiosk(KIOSK)
    return Endpoint(host="", port=0, ca=pki.authority.ca_path, certificate=certificate, key=key)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return build_catalog(tmp_path)


@pytest.fixture
def newer(tmp_path: Path) -> bytes:
    folder = tmp_path / "newer"
    folder.mkdir()
    return build_catalog(folder, PRODUCTS.replace("23.90", "24.90")).read_bytes()
