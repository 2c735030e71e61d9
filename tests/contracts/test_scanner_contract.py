"""What every scanner driver promises, by one set of tests for all of them.

The far ends are real: a pseudo-terminal for the serial scanner, made-up input devices of umockdev
for the one that types (in a process of its own, see tests/drivers/umockdev.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import pytest

from drivers.contracts import BarcodeScanned, DeviceKind, DeviceState, Scanner
from drivers.errors import DeviceClosed
from drivers.reader import Backoff
from drivers.scanner.evdev_scanner import EvdevScanner, EvdevScannerOptions
from drivers.scanner.serial_scanner import SerialScanner, SerialScannerOptions
from drivers.sim.keyboard import KeyboardScannerSim
from drivers.sim.scanner import SerialScannerSim
from tests.drivers.inbox import Inbox
from tests.drivers.umockdev import INSIDE, needs_wrapper, rerun

MILK = "7038010001659"
FAST = Backoff(first_s=0.02, limit_s=0.05)


class FarEnd(Protocol):
    def scan(self, text: str, aim: str = "") -> bool: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Bench:
    far_end: FarEnd
    scanner: Scanner
    inbox: Inbox
    sounds_tones: bool

    def start(self, *, enabled: bool = True) -> None:
        self.scanner.start(self.inbox.post)
        self.inbox.wait_for_state(DeviceState.READY)
        if enabled:
            self.scanner.enable()

    def counter(self, name: str) -> int:
        return self.scanner.statistics().counters.get(name, 0)

    def wait_for_counter(self, name: str, value: int) -> None:
        self.inbox.wait_until(lambda _: self.counter(name) >= value, f"{name} = {value}")


def serial_bench() -> Bench:
    far_end = SerialScannerSim(profile="plain")
    options = SerialScannerOptions(name="scanner-1", url=far_end.path, profile="plain")
    return Bench(far_end, SerialScanner(options, backoff=FAST), Inbox(), sounds_tones=False)


def evdev_bench() -> Bench:
    far_end = KeyboardScannerSim()
    options = EvdevScannerOptions(name="scanner-1", vendor_id="05e0", model_id="1200")
    return Bench(far_end, EvdevScanner(options, backoff=FAST), Inbox(), sounds_tones=False)


BENCHES = {"serial": serial_bench, "evdev": evdev_bench}


@pytest.fixture(params=["evdev"] if INSIDE else ["serial"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = BENCHES[request.param]()
    yield made
    made.scanner.stop()
    made.far_end.close()


@needs_wrapper
def test_the_scanner_that_types_keeps_the_contract_too() -> None:
    rerun(__file__)


def test_it_says_who_it_is(bench: Bench) -> None:
    assert (bench.scanner.name, bench.scanner.kind) == ("scanner-1", DeviceKind.SCANNER)


def test_a_code_is_posted_once_with_its_identifier_and_its_time(bench: Bench) -> None:
    bench.start()
    assert bench.far_end.scan(MILK, "]E0")
    (scanned,) = bench.inbox.wait_for(BarcodeScanned)
    assert (scanned.device, scanned.text, scanned.aim_id) == ("scanner-1", MILK, "]E0")
    assert scanned.at_monotonic_ns > 0
    assert bench.counter("good_scans") == 1


def test_separators_inside_a_code_come_through(bench: Bench) -> None:
    bench.start()
    text = "0107038010001659\x1d3103000512\x1d10ABC/1-2"
    bench.far_end.scan(text, "]d2")
    assert bench.inbox.wait_for(BarcodeScanned)[0].text == text


def test_scanners_start_disabled_and_refuse(bench: Bench) -> None:
    bench.start(enabled=False)
    bench.far_end.scan(MILK, "]E0")
    bench.wait_for_counter("refused_scans", 1)
    bench.scanner.enable()
    bench.far_end.scan("12345670", "]E4")
    bench.inbox.wait_for(BarcodeScanned)
    # What was refused is not sold later.
    assert [event.text for event in bench.inbox.of(BarcodeScanned)] == ["12345670"]


def test_disabling_refuses_from_then_on(bench: Bench) -> None:
    bench.start()
    bench.far_end.scan(MILK)
    bench.inbox.wait_for(BarcodeScanned)
    bench.scanner.disable()
    bench.far_end.scan(MILK)
    bench.wait_for_counter("refused_scans", 1)
    assert len(bench.inbox.of(BarcodeScanned)) == 1


def test_a_full_inbox_drops_and_counts_and_the_scanner_goes_on(bench: Bench) -> None:
    bench.start()
    bench.inbox.room = 0
    bench.far_end.scan(MILK)
    bench.wait_for_counter("dropped_scans", 1)
    bench.inbox.room = None
    bench.far_end.scan("12345670")
    assert [event.text for event in bench.inbox.wait_for(BarcodeScanned)] == ["12345670"]


def test_pulling_the_cable_is_lost_once_and_plugging_in_is_ready_once(bench: Bench) -> None:
    bench.start()
    bench.far_end.unplug()
    bench.inbox.wait_for_state(DeviceState.LOST)
    bench.far_end.plug_in()
    bench.inbox.wait_for_state(DeviceState.READY, count=2)
    bench.far_end.scan(MILK)
    bench.inbox.wait_for(BarcodeScanned)
    assert bench.inbox.states() == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]
    assert bench.counter("losses") == 1


def test_a_missing_scanner_is_a_state_and_not_an_error(bench: Bench) -> None:
    bench.far_end.unplug()
    bench.scanner.start(bench.inbox.post)
    bench.inbox.wait_for_state(DeviceState.LOST)
    bench.far_end.plug_in()
    bench.inbox.wait_for_state(DeviceState.READY)
    assert bench.inbox.states() == [DeviceState.LOST, DeviceState.READY]


def test_half_a_code_before_the_cable_was_pulled_is_not_glued_to_the_next(bench: Bench) -> None:
    bench.start()
    if isinstance(bench.far_end, SerialScannerSim):
        bench.far_end.send("70380")
    else:
        assert isinstance(bench.far_end, KeyboardScannerSim)
        bench.far_end.type_keys([(8, 1), (8, 0), (42, 1)])  # "7", and SHIFT held
    bench.far_end.unplug()
    bench.inbox.wait_for_state(DeviceState.LOST)
    bench.far_end.plug_in()
    bench.inbox.wait_for_state(DeviceState.READY, count=2)
    bench.far_end.scan("12345670")
    assert bench.inbox.wait_for(BarcodeScanned)[0].text == "12345670"


def test_tones_can_always_be_asked_for(bench: Bench) -> None:
    bench.scanner.good_read()
    bench.start()
    for _ in range(100):
        bench.scanner.good_read()
        bench.scanner.error_tone()
    bench.far_end.scan(MILK)
    assert bench.inbox.wait_for(BarcodeScanned)[0].text == MILK


def test_stop_is_idempotent_final_and_posted(bench: Bench) -> None:
    bench.start()
    bench.scanner.stop()
    bench.scanner.stop()
    assert bench.inbox.states()[-1] is DeviceState.STOPPED
    assert bench.inbox.states().count(DeviceState.STOPPED) == 1
    bench.far_end.scan(MILK)
    with pytest.raises(DeviceClosed):
        bench.scanner.start(bench.inbox.post)
    assert bench.inbox.of(BarcodeScanned) == []


def test_stop_before_start_and_while_the_device_is_missing(bench: Bench) -> None:
    bench.far_end.unplug()
    bench.scanner.stop()
    bench.scanner.start(bench.inbox.post)
    bench.inbox.wait_for_state(DeviceState.STOPPED)
