"""A whole store for the tests of the whole kiosk: every device and the kiosk as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.store import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(folder=tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path
