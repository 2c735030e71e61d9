"""A server, and two kiosks of one of its stores."""

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.fleet.authority import Authority
from kiosk.fleet.config import Broker as BrokerTable
from kiosk.fleet.config import FleetConfig
from tests.engine.bench import COLA, MILK, build_catalog
from tests.engine.conftest import cheap_hashes
from tests.fleet.returns.tills import Store, Till
from tests.fleet.serving import Serving, serving

_stores = itertools.count(1)


@pytest.fixture(scope="module")
def server(
    authority: Authority, sqlite_migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serving]:
    """One server for all; each test has a store of its own there."""
    folder = tmp_path_factory.mktemp("fleet")
    shutil.copyfile(sqlite_migrated, folder / "fleet.sqlite")
    broker = BrokerTable(ca=str(authority.ca_path), revoked=str(authority.crl_path))
    made = FleetConfig(data_dir=str(folder), broker=broker, ingest_workers=0)
    with serving(made, people=False) as running:
        yield running


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_catalog(tmp_path_factory.mktemp("catalog"))


@pytest.fixture
def store(
    server: Serving,
    authority: Authority,
    catalog: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Store]:
    cheap_hashes(monkeypatch)
    # In memory where there is one: what is durable is the journal's own test.
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else tmp_path) as folder:
        shutil.copyfile(catalog, Path(folder) / "catalog.sqlite")
        yield Store(f"store-{next(_stores)}", server, authority, Path(folder))


@pytest.fixture
def one(store: Store) -> Till:
    """The kiosk that sold two colas and a milk, receipt 1: 89,70 kr; the store has heard of it."""
    till = store.till(1)
    till.scan(COLA, COLA, MILK).pay_by_card().take_receipt().wait(15)
    store.hear(till)
    return till


@pytest.fixture
def two(store: Store, one: Till) -> Till:
    """The kiosk to which the goods come."""
    return store.till(2)
