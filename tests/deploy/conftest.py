"""The installer's own tree, and its script as a module."""

import importlib.util
import shutil
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


def script(path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import a script that has no .py at the end."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader(path.name.replace("-", "_"), str(path))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def namer(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return script(ROOT / "deploy/name-device", monkeypatch)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A source tree to install from, small, and nobody else's to change."""
    source = tmp_path / "source"
    for name in ("deploy", "systemd"):
        shutil.copytree(ROOT / name, source / name, symlinks=True)
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, source)
    for name in ("kiosk", "drivers"):
        (source / name).mkdir()
        shutil.copy(ROOT / name / "__init__.py", source / name)
    guard = "kiosk/app/update/guard.py"
    (source / guard).parent.mkdir(parents=True)
    shutil.copy(ROOT / guard, source / guard)
    return source
