"""A catalog from the store: what was signed, whole, or not at all."""

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.app.downloads import Downloads, FetchFailed
from kiosk.app.fetching import CONFIG, Announced, Fetcher, NotTaken, SettingsFetcher
from kiosk.app.store_settings import kept_in, load_all
from kiosk.catalog import Catalog
from kiosk.telemetry.link import Endpoint
from kiosk.telemetry.signing import OrderSigner, Trust
from tests.app.conftest import Server
from tests.app.small_config import GOOD, written


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
    fetcher = Fetcher(place, Downloads(certificates))
    assert (price_of_milk(place), fetcher.version()) == (2390, "")
    assert "in place" in fetcher.fetch(server.notice(newer))
    assert (price_of_milk(place), fetcher.version()) == (2490, "v2")
    assert Fetcher(place, Downloads(certificates)).version() == "v2", "also in the next life"


def test_what_is_there_already_is_not_fetched_again(
    server: Server, certificates: Endpoint, place: Path, newer: bytes
) -> None:
    fetcher = Fetcher(place, Downloads(certificates))
    fetcher.fetch(server.notice(newer))
    fetcher.fetch(server.notice(newer))
    assert len(server.asked) == 1


def test_a_catalog_from_elsewhere_has_no_announced_version(
    server: Server, certificates: Endpoint, place: Path, newer: bytes
) -> None:
    fetcher = Fetcher(place, Downloads(certificates))
    fetcher.fetch(server.notice(newer))
    imported = place.with_name("imported")
    imported.write_bytes(newer)
    imported.replace(place)
    assert fetcher.version() == ""


@pytest.mark.parametrize("what", ["shorter", "longer", "another", "gone", "junk", "http"])
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
        case "http":
            good = server.notice(newer, url="http://store.example/snapshots/x")
    fetcher = Fetcher(place, Downloads(certificates))
    with pytest.raises(FetchFailed):
        fetcher.fetch(good)
    assert place.read_bytes() == before
    assert fetcher.version() == ""
    assert not place.with_name(f"{place.name}.fetched").exists()


SETTINGS = b"[selling]\nidle_s = 45\n"


@pytest.fixture
def own_file(tmp_path: Path) -> Path:
    return written(tmp_path, GOOD.replace("/var/lib/kiosk", str(tmp_path)))


@pytest.fixture
def settings(own_file: Path, certificates: Endpoint, tmp_path: Path) -> SettingsFetcher:
    return SettingsFetcher(own_file, tmp_path, Downloads(certificates))


def test_settings_that_fit_are_in_use_after_the_next_start(
    server: Server, settings: SettingsFetcher, own_file: Path
) -> None:
    said = settings.fetch(server.notice(SETTINGS, "2026-3", what="config"))
    assert "in use when nobody is served" in said
    assert load_all(own_file).selling.idle_s == 45
    assert settings.version() == load_all(own_file).settings_version == "2026-3"


def test_settings_that_do_not_fit_leave_the_old_ones(
    server: Server, settings: SettingsFetcher, own_file: Path, tmp_path: Path
) -> None:
    settings.fetch(server.notice(SETTINGS, "1", what="config"))
    for body, why in (
        (b'[selling]\nmunicipality = "Gotham"\n', "municipality"),
        (b'[kiosk]\ndata_dir = "/"\n', "kiosk: cannot be set from afar"),
        (b"\xff\xfe", "utf-8"),
    ):
        with pytest.raises(NotTaken, match=why):
            settings.fetch(server.notice(body, "2", what="config"))
    torn = server.notice(b"[selling]\nidle_s = 50\n", "3", what="config")
    server.files = {address: body[:-3] for address, body in server.files.items()}
    with pytest.raises(FetchFailed, match="not what was announced"):
        settings.fetch(torn)
    with pytest.raises(FetchFailed, match="expected 1 to"):
        settings.fetch(server.notice(b"#" * 70_000, "4", what="config"))
    assert load_all(own_file).settings_version == "1"
    assert not list(tmp_path.glob("*.fetched")), "nothing is left lying about"


def test_settings_are_fetched_once_when_they_do_not_fit_and_restart_what_they_change(
    server: Server, settings: SettingsFetcher, tmp_path: Path
) -> None:
    signer = OrderSigner(Ed25519PrivateKey.generate())
    errands = Restarts()
    announced = Announced(
        Trust([signer.public_key]),
        {CONFIG: settings},
        errands,  # type: ignore[arg-type]
        NoWait(),
    )
    announced.heard(signer.announce([server.notice(b"[shop]\n", "1", what="config")]))
    errands.done.wait(10)
    assert len(server.asked) == 1
    announced.heard(signer.announce([server.notice(b"[shop]\n", "1", what="config")]))
    assert announced._wanted() == [], "known not to fit"
    assert (errands.restarts, kept_in(tmp_path)) == (0, None)

    announced.heard(signer.announce([server.notice(SETTINGS, "2", what="config")]))
    assert "in place" in announced.fetch("config")
    assert errands.restarts == 1
    stranger = OrderSigner(Ed25519PrivateKey.generate())
    announced.heard(stranger.announce([server.notice(b"[brand]\n", "3", what="config")]))
    assert "already" in announced.fetch("config"), "a stranger announces nothing"
    announced.stop()


class NoWait(random.Random):
    def uniform(self, a: float, b: float) -> float:
        return 0.0


class Restarts:
    def __init__(self) -> None:
        self.restarts = 0
        self.done = threading.Event()

    def background(self, work: Callable[[], None]) -> bool:
        work()
        self.done.set()
        return True

    def restart_when_idle(self) -> None:
        self.restarts += 1
