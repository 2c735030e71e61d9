"""A catalog from the store: what was signed, whole, or not at all."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kiosk.app.fetching import Fetcher, FetchFailed
from kiosk.catalog import Catalog
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.messages import Notice
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


def price_of_milk(place: Path) -> int:
    catalog = Catalog.open(place)
    try:
        found = catalog.by_code("7038010001659")
        assert found is not None
        return found.unit_price_minor
    finally:
        catalog.close()


def test_what_was_announced_is_put_in_place(
    server: Server, certificates: Endpoint, place: Path, newer: bytes
) -> None:
    fetcher = Fetcher(place, certificates)
    assert (price_of_milk(place), fetcher.version()) == (2390, "")
    assert "in place" in fetcher.fetch(server.notice(newer))
    assert (price_of_milk(place), fetcher.version()) == (2490, "v2")
    assert Fetcher(place, certificates).version() == "v2", "also in the next life"


def test_what_is_there_already_is_not_fetched_again(
    server: Server, certificates: Endpoint, place: Path, newer: bytes
) -> None:
    fetcher = Fetcher(place, certificates)
    fetcher.fetch(server.notice(newer))
    fetcher.fetch(server.notice(newer))
    assert len(server.asked) == 1


def test_a_catalog_from_elsewhere_has_no_announced_version(
    server: Server, certificates: Endpoint, place: Path, newer: bytes
) -> None:
    fetcher = Fetcher(place, certificates)
    fetcher.fetch(server.notice(newer))
    imported = place.with_name("imported")
    imported.write_bytes(newer)
    imported.replace(place)
    assert fetcher.version() == ""


@pytest.mark.parametrize("what", ["shorter", "longer", "another", "gone", "junk", "delta", "http"])
def test_whatever_else_comes_leaves_the_catalog_that_was_there(
    server: Server, certificates: Endpoint, place: Path, newer: bytes, what: str
) -> None:
    before = place.read_bytes()
    good = server.notice(newer)
    path = f"/snapshots/{good.sha256}"
    match what:
        case "shorter":
            server.files[path] = newer[:-1]
        case "longer":
            server.files[path] = newer + b"x"
        case "another":
            server.files[path] = bytes(len(newer))
        case "gone":
            del server.files[path]
        case "junk":
            good = server.notice(b"no catalog at all" * 100)
        case "delta":
            good = server.notice(newer, base_version="v1")
        case "http":
            good = server.notice(newer, url="http://store.example/snapshots/x")
    fetcher = Fetcher(place, certificates)
    with pytest.raises(FetchFailed):
        fetcher.fetch(good)
    assert place.read_bytes() == before
    assert fetcher.version() == ""
    assert not place.with_name(f"{place.name}.fetched").exists()
