"""The list of what each driver owes is whole, and each proof on it exists."""

import tomllib
from pathlib import Path

import pytest
import structlog

from drivers.contracts import BarcodeScanned, DeviceState
from drivers.registry import PROTOCOLS
from drivers.scanner.serial_scanner import SerialScanner, SerialScannerOptions
from drivers.sim.scanner import SerialScannerSim
from tests.drivers.inbox import Inbox

ROOT = Path(__file__).parents[2]
QUALITY = tomllib.loads((ROOT / "drivers/QUALITY.toml").read_text(encoding="utf-8"))
RULES = {
    "reconnects",
    "logs_once",
    "sim_twin",
    "captured_bytes",
    "manual_cited",
    "bounded_queue",
    "stops_in_1s",
    "redaction",
}


def test_every_protocol_is_listed_and_no_other() -> None:
    assert set(QUALITY) == set(PROTOCOLS)


@pytest.mark.parametrize("protocol", sorted(PROTOCOLS))
def test_every_rule_is_kept_or_excused(protocol: str) -> None:
    assert set(QUALITY[protocol]) == RULES
    for rule, answer in QUALITY[protocol].items():
        assert set(answer) in ({"done"}, {"exempt"}), rule
        if "exempt" in answer:
            assert len(answer["exempt"]) > 20, f"{rule}: say why"
            continue
        path, _, function = answer["done"].partition("::")
        if function:
            source = (ROOT / "tests" / path).read_text(encoding="utf-8")
            assert f"def {function}(" in source, f"{rule}: {answer['done']} does not exist"
        else:
            source = (ROOT / path).read_text(encoding="utf-8")
            assert rule != "manual_cited" or "Source" in source or "source=" in source


def test_no_code_that_was_scanned_is_logged() -> None:
    # A loyalty card is scanned like goods are, and its number is about a person.
    card = "2099012345678"
    far_end = SerialScannerSim(profile="plain")
    scanner = SerialScanner(SerialScannerOptions(name="s", url=far_end.path, prefix="!"))
    inbox = Inbox()
    with structlog.testing.capture_logs() as lines:
        scanner.start(inbox.post)
        inbox.wait_for_state(DeviceState.READY)
        far_end.send(f"!{card}\r")  # refused
        far_end.send(f"{card}\r")  # malformed
        scanner.enable()
        inbox.wait_until(
            lambda _: scanner.statistics().counters.get("malformed_codes", 0) == 1, "the second"
        )
        far_end.send(f"!{card}\r!{card[:5]}")
        inbox.wait_for(BarcodeScanned)
        far_end.unplug()
        inbox.wait_for_state(DeviceState.LOST)
        scanner.stop()
    far_end.close()
    assert lines
    assert card[:5] not in repr(lines)
