from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from argon2 import PasswordHasher

from kiosk.sale.events import Method
from kiosk.staff import hashing
from tests.engine.bench import Bench, build_catalog, config
from tests.engine.wallet_shop import METHODS, world_with_wallets


@pytest.fixture(scope="session")
def catalog_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_catalog(tmp_path_factory.mktemp("catalog"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what is durable is the journal's own test."""
    memory = Path("/dev/shm")
    if not memory.is_dir():
        yield tmp_path
        return
    with TemporaryDirectory(dir=memory, prefix="kiosk-test-") as made:
        yield Path(made)


@pytest.fixture
def bench(folder: Path, catalog_path: Path) -> Bench:
    return Bench(folder, catalog_path)


@pytest.fixture
def staffed(folder: Path, catalog_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A bench where staff can come in: Ingrid (attendant), Kari (supervisor), Per (technician)."""
    cheap_hashes(monkeypatch)
    return Bench(folder, catalog_path, staffed=True)


def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash at a thousandth of the cost: what a hash costs is tested with the staff's book."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(hashing, "_hasher", cheap)
    monkeypatch.setattr(hashing, "NOBODY", cheap.hash("nobody"))
    monkeypatch.setattr(hashing, "_MEMORY_KIB", 8)
    monkeypatch.setattr(hashing, "_PASSES", 1)


@pytest.fixture
def make_bench(folder: Path, catalog_path: Path) -> Callable[..., Bench]:
    """Make a bench with another configuration."""

    def make(**options: object) -> Bench:
        return Bench(folder, catalog_path, **options)  # type: ignore[arg-type]

    return make


@pytest.fixture
def shop(make_bench: Callable[..., Bench]) -> Bench:
    """A bench with a card terminal and three wallets; a phone bill carries 200 kr."""
    return make_bench(
        config=config(methods=METHODS, method_limits_minor={Method.STREX: 20_000}),
        world=world_with_wallets(),
    )
