"""A kiosk that is to be updated, and the server that has releases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.update import manifest as manifests
from kiosk.app.update.build import Builder

from .far_end import KEYS, Server, server
from .machine import CONFIG, OLD
from .test_build import quickly


@pytest.fixture
def far() -> Iterator[Server]:
    with server() as serving:
        yield serving


@pytest.fixture
def till(tmp_path: Path, far: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with one version, which knows the supplier's key."""
    for name in (f"opt/{OLD}", "fetched", "parts/wheels", "words"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "opt" / OLD / "complete").touch()
    (tmp_path / "opt/current").symlink_to(OLD)
    (tmp_path / "opt/system-digest").write_text("the same")
    (tmp_path / "kiosk.toml").write_text(CONFIG.format(folder=tmp_path, url=far.url))
    monkeypatch.setattr(manifests, "trusted_keys", lambda: KEYS)
    monkeypatch.setattr(Builder, "_run", quickly)
    return tmp_path
