"""The serial scanner on a real pseudo-terminal: tones, host commands, bursts in any chunks."""

import random
from collections.abc import Iterator

import pytest

from drivers.contracts import BarcodeScanned, DeviceState
from drivers.reader import Backoff
from drivers.scanner.profiles import PROFILES
from drivers.scanner.serial_scanner import SerialScanner, SerialScannerOptions
from drivers.sim.scanner import SerialScannerSim
from tests.drivers.inbox import Inbox

FAST = Backoff(first_s=0.02, limit_s=0.05)


class Bench:
    def __init__(self, profile: str, **options: object) -> None:
        self.far_end = SerialScannerSim(profile=profile)
        chosen = SerialScannerOptions(
            name="scanner-1", url=self.far_end.path, profile=profile, **options  # type: ignore[arg-type]
        )  # fmt: skip
        self.scanner = SerialScanner(chosen, backoff=FAST)
        self.inbox = Inbox()

    def start(self) -> None:
        self.scanner.start(self.inbox.post)
        self.inbox.wait_for_state(DeviceState.READY)

    def close(self) -> None:
        self.scanner.stop()
        self.far_end.close()


@pytest.fixture(params=["datalogic", "honeywell"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(request.param)
    yield made
    made.close()


@pytest.fixture
def plain() -> Iterator[Bench]:
    made = Bench("plain")
    yield made
    made.close()


def test_the_scanner_itself_goes_dark_and_lights_up_on_command(bench: Bench) -> None:
    bench.start()
    assert bench.far_end.wait_for(lit=False)
    assert not bench.far_end.scan("7038010001659")
    bench.scanner.enable()
    assert bench.far_end.wait_for(lit=True)
    assert bench.far_end.scan("7038010001659", "]E0")
    assert bench.inbox.wait_for(BarcodeScanned)[0].text == "7038010001659"
    bench.scanner.disable()
    assert bench.far_end.wait_for(lit=False)


def test_tones_sound_in_the_order_they_were_asked_for(bench: Bench) -> None:
    bench.start()
    bench.scanner.enable()
    bench.scanner.good_read()
    bench.scanner.error_tone()
    bench.scanner.good_read()
    assert bench.far_end.wait_for(tones=3)
    assert bench.far_end.heard_tones == ["good_read", "error", "good_read"]


def test_an_enabled_scanner_is_lit_after_its_error_tone(bench: Bench) -> None:
    bench.scanner.enable()
    bench.start()
    bench.scanner.error_tone()
    assert bench.far_end.wait_for(lit=True, tones=1)
    assert bench.far_end.scan("7038010001659")
    bench.inbox.wait_for(BarcodeScanned)


def test_a_refused_code_gets_the_error_tone_and_the_scanner_stays_dark(bench: Bench) -> None:
    bench.start()
    assert bench.far_end.wait_for(lit=False)
    # The scanner had read it just before it was told to go dark.
    bench.far_end.send("7038010001659\r")
    assert bench.far_end.wait_for(lit=False, tones=1)
    assert bench.far_end.heard_tones == ["error"]
    assert bench.inbox.of(BarcodeScanned) == []


def test_a_code_longer_than_any_code_gets_the_error_tone(bench: Bench) -> None:
    bench.start()
    bench.scanner.enable()
    assert bench.far_end.wait_for(lit=True)
    assert bench.far_end.scan("9" * 3000)
    assert bench.far_end.wait_for(tones=1)
    assert bench.far_end.heard_tones == ["error"]
    assert bench.scanner.statistics().counters["overlong_codes"] == 1


def test_a_code_that_the_inbox_has_no_room_for_gets_the_error_tone(bench: Bench) -> None:
    bench.scanner.enable()
    bench.start()
    bench.far_end.wait_for(lit=True)
    bench.inbox.room = 0
    assert bench.far_end.scan("7038010001659")
    assert bench.far_end.wait_for(tones=1)
    assert bench.far_end.heard_tones == ["error"]


def test_a_scanner_that_was_off_and_on_again_is_told_what_is_wanted(bench: Bench) -> None:
    bench.start()
    assert bench.far_end.wait_for(lit=False)
    bench.far_end.unplug()
    bench.inbox.wait_for_state(DeviceState.LOST)
    assert bench.far_end.lit
    bench.far_end.plug_in()
    assert bench.far_end.wait_for(lit=False)


def test_nothing_but_known_commands_is_ever_sent(bench: Bench) -> None:
    bench.start()
    bench.scanner.enable()
    for _ in range(5):
        bench.scanner.good_read()
        bench.scanner.error_tone()
    bench.scanner.disable()
    assert bench.far_end.wait_for(lit=False, tones=1)
    assert bench.far_end.state()["unknown_bytes"] == ""


def test_a_plain_scanner_is_never_written_to(plain: Bench) -> None:
    plain.start()
    plain.scanner.enable()
    plain.scanner.good_read()
    plain.scanner.error_tone()
    plain.far_end.scan("7038010001659")
    plain.inbox.wait_for(BarcodeScanned)
    assert plain.far_end.state()["unknown_bytes"] == ""
    assert PROFILES["plain"].enable == b""


def test_codes_are_never_read_from_before_the_port_was_opened(plain: Bench) -> None:
    plain.far_end.send("7038010001659\r")
    plain.scanner.enable()
    plain.start()
    plain.far_end.scan("12345670")
    assert plain.inbox.wait_for(BarcodeScanned)[0].text == "12345670"


def test_half_a_code_is_dropped_after_a_pause() -> None:
    bench = Bench("plain", half_code_ms=20)
    try:
        bench.scanner.enable()
        bench.start()
        bench.far_end.send("70380100")
        bench.inbox.wait_until(
            lambda _: bench.scanner.statistics().counters.get("half_codes", 0) == 1
        )
        bench.far_end.scan("12345670")
        assert bench.inbox.wait_for(BarcodeScanned)[0].text == "12345670"
    finally:
        bench.close()


@pytest.mark.parametrize("seed", range(3))
def test_two_hundred_codes_in_bursts_and_chunks_come_through_once_each(
    plain: Bench, seed: int
) -> None:
    rng = random.Random(seed)
    texts = [f"{rng.randrange(10**13):013}" for _ in range(200)]
    plain.scanner.enable()
    plain.start()
    sent = 0
    while sent < len(texts):
        burst = texts[sent : sent + rng.randint(1, 30)]
        data = "".join(f"]E0{text}\r\n" for text in burst)
        while data:
            size = rng.randint(1, 25)
            assert plain.far_end.send(data[:size])
            data = data[size:]
        sent += len(burst)
        if rng.random() < 0.3:
            plain.inbox.wait_for(BarcodeScanned, sent)
    plain.inbox.wait_for(BarcodeScanned, len(texts))
    got = [code.text for code in plain.inbox.of(BarcodeScanned)]
    assert got == texts, f"seed={seed}"
    assert plain.scanner.statistics().counters["good_scans"] == 200
