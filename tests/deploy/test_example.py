"""The example is a configuration that the kiosk takes."""

from pathlib import Path

import pytest

from drivers.registry import build_device
from drivers.terminal.nexo_options import NexoOptions
from kiosk.app.config import load

from .conftest import ROOT

EXAMPLE = ROOT / "deploy/kiosk.example.toml"


def test_the_example_has_no_mistake() -> None:
    config = load(EXAMPLE)
    assert config.kiosk.data_dir == Path("/var/lib/kiosk")
    assert set(config.devices) == {"scanner", "scale", "printer", "terminal"}


@pytest.mark.parametrize("name", ["scanner", "scale", "printer"])
def test_each_device_of_the_example_can_be_built(name: str) -> None:
    section = load(EXAMPLE).devices[name]
    build_device({"name": name, "protocol": section.protocol, **section.options})


def test_the_terminal_of_the_example_lacks_only_its_secrets() -> None:
    """They are read when it is built, so here its options alone are."""
    options = NexoOptions(name="terminal", **load(EXAMPLE).devices["terminal"].options)
    assert options.mistakes() == []


def test_the_example_of_telemetry_has_no_mistake(tmp_path: Path) -> None:
    lines = EXAMPLE.read_text().splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith("# [telemetry]"))
    last = next(n for n in range(first, len(lines)) if not lines[n].startswith("# "))
    lines[first:last] = [line.removeprefix("# ") for line in lines[first:last]]
    (tmp_path / "kiosk.toml").write_text("\n".join(lines))
    telemetry = load(tmp_path / "kiosk.toml").telemetry
    assert telemetry is not None
    assert str(telemetry.address("NT-0477-03")) == "naermat/torshov/kasse-3"
