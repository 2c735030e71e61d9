"""One window for all tests of the screen: Kivy has one per process."""

from collections.abc import Iterator

import pytest

from kiosk.ui.easel import Easel
from tests.ui.harness import Harness


@pytest.fixture(scope="session")
def easel() -> Iterator[Easel]:
    return Easel(1080, 1920)


@pytest.fixture
def kiosk(easel: Easel) -> Iterator[Harness]:
    """A kiosk's screen that remembers what was pressed."""
    harness = Harness(easel)
    yield harness
    harness.reset()
