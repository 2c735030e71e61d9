"""What tests of the fleet stand on: real databases, a real broker, certificates, kiosks' words."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.app.broker import Broker, BrokerCertificates, mosquitto
from kiosk.fleet.authority import Authority
from kiosk.fleet.broker import BrokerConfig
from kiosk.fleet.store.database import Database
from kiosk.fleet.store.tables import metadata
from tests.fleet import postgres


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.running() as url:
        yield url


@pytest.fixture(scope="session")
def pg_migrated(pg_server: str) -> str:
    """A migrated database that one test after the other empties for itself."""
    url = postgres.fresh(pg_server, "migrated")
    _migrate(url)
    return url


@pytest.fixture(scope="session")
def sqlite_migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated, empty database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "fleet.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    made = Database(url)
    made.migrate()
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "fleet.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_migrated"), path)
        url = f"sqlite:///{path}"
    else:
        url = request.getfixturevalue("pg_migrated")
        postgres.emptied(url, metadata.tables)
    made = Database(url)
    yield made
    made.close()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    made = Authority.create(tmp_path_factory.mktemp("pki"))
    made.issue_server("broker", ["localhost", "127.0.0.1"]).write(made.folder, "broker")
    for name in ("fleet", "simulator"):
        made.issue_server(name).write(made.folder, name)
    return made


@pytest.fixture
def broker(authority: Authority, tmp_path: Path) -> Iterator[Broker]:
    """Debian's Mosquitto with the product's configuration."""
    if mosquitto() is None:
        pytest.skip("mosquitto is not installed (Debian: mosquitto)")
    with Broker(tmp_path / "broker", certificates(authority), simulator="simulator") as started:
        yield started


def certificates(authority: Authority) -> BrokerCertificates:
    return BrokerCertificates(
        ca=authority.ca_path,
        certificate=authority.folder / "broker.pem",
        key=authority.folder / "broker.key",
        revoked=authority.crl_path,
    )


@pytest.fixture
def as_client(authority: Authority, broker: Broker) -> Callable[[str], BrokerConfig]:
    """Where the broker is, for `fleet` or `simulator`."""

    def of(name: str) -> BrokerConfig:
        folder = authority.folder
        return BrokerConfig(
            "localhost",
            broker.fleet_port,
            authority.ca_path,
            folder / f"{name}.pem",
            folder / f"{name}.key",
        )

    return of
