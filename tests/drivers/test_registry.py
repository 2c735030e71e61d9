"""From configuration to devices: every protocol is there, and every mistake is named at once."""

from dataclasses import dataclass

import pytest

from drivers import registry
from drivers.contracts import DeviceKind
from drivers.errors import DeviceConfigError
from drivers.registry import PROTOCOLS, Protocol, build_device, kind_of, load_driver
from drivers.scale.toledo8217 import Toledo8217Scale
from drivers.scanner.serial_scanner import SerialScanner


@pytest.mark.parametrize("protocol", sorted(PROTOCOLS))
def test_every_driver_can_be_loaded_and_names_its_options(protocol: str) -> None:
    assert callable(load_driver(PROTOCOLS[protocol].driver))
    with pytest.raises(DeviceConfigError, match="Expected: name: str"):
        build_device({"protocol": protocol})


def test_a_scanner_is_built_and_opens_nothing_yet() -> None:
    device = build_device(
        {"protocol": "serial-scanner", "name": "s", "url": "/dev/nothing", "profile": "datalogic"}
    )
    assert isinstance(device, SerialScanner)
    assert (device.name, device.kind) == ("s", DeviceKind.SCANNER)
    assert kind_of("serial-scanner") is DeviceKind.SCANNER


def test_a_printer_is_built_from_keyword_arguments() -> None:
    device = build_device({"protocol": "escpos", "name": "p", "url": "tcp://127.0.0.1:9100"})
    assert (device.name, device.kind) == ("p", DeviceKind.PRINTER)


def test_options_reach_the_driver() -> None:
    device = build_device(
        {"protocol": "toledo-8217", "name": "s", "url": "/dev/x", "grams_without_point": True}
    )
    assert isinstance(device, Toledo8217Scale)
    assert device.decode(b"\x0201234\r").weight_g == 1234


def test_an_unknown_protocol_lists_the_known_ones() -> None:
    with pytest.raises(DeviceConfigError, match=r"(?s)dialog-07.*toledo-8217"):
        build_device({"protocol": "dialog-07", "name": "s"})
    with pytest.raises(DeviceConfigError, match="Expected one of"):
        build_device({"name": "s"})
    with pytest.raises(DeviceConfigError, match="Expected one of"):
        kind_of("dialog-07")


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(DeviceConfigError) as caught:
        build_device(
            {"protocol": "nci-ecr", "name": "s", "baudrate": "fast", "parity": "X", "colour": "red"}
        )
    for words in (
        "colour is unknown",
        "url is missing",
        "baudrate='fast'",
        "parity='X'",
        "bytesize: Literal[7, 8] = 7",
    ):
        assert words in str(caught.value)


def test_options_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(DeviceConfigError, match="vendor_id, model_id and serial"):
        build_device({"protocol": "evdev-scanner", "name": "s"})


def test_a_driver_that_is_not_installed_is_told() -> None:
    with pytest.raises(DeviceConfigError, match="cannot be loaded"):
        load_driver("drivers.scanner.nowhere:Scanner")
    with pytest.raises(DeviceConfigError, match="cannot be loaded"):
        load_driver("drivers.scanner.keys:Nobody")


def test_what_no_file_can_hold_is_no_option(monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass
    class Timing:
        seconds: float = 1.0

    class Clock:
        pass

    class Driver:
        def __init__(self, *, name: str, timing: Timing = Timing(), clock: Clock = Clock()) -> None:  # noqa: B008
            self.made_of = (name, timing)

    protocol = Protocol(kind=DeviceKind.SCALE, driver="x:Driver", summary="")
    monkeypatch.setattr(registry, "PROTOCOLS", {"x": protocol})
    monkeypatch.setattr(registry, "load_driver", lambda path: Driver)
    made = build_device({"protocol": "x", "name": "s"})
    assert made.made_of == ("s", Timing())  # type: ignore[attr-defined]
    with pytest.raises(DeviceConfigError, match="clock is unknown"):
        build_device({"protocol": "x", "name": "s", "clock": {}})
