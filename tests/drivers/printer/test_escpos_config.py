import pytest

from drivers.errors import DeviceConfigError
from drivers.printer.escpos import EscPosPrinter
from drivers.registry import build_device


def test_a_line_of_the_configuration_becomes_a_printer() -> None:
    device = build_device(
        {
            "protocol": "escpos",
            "name": "printer",
            "url": "tcp://192.0.2.7:9100",
            "columns": 32,
            "code_page": "cp865",
            "proof_of_print": False,
        }
    )
    assert isinstance(device, EscPosPrinter)
    assert device.name == "printer"


def test_a_code_page_without_norwegian_is_refused_at_start() -> None:
    with pytest.raises(DeviceConfigError, match="cp437"):
        build_device(
            {"protocol": "escpos", "name": "p", "url": "/dev/usb/lp0", "code_page": "cp437"}
        )


def test_an_unknown_option_is_refused_with_the_known_ones() -> None:
    with pytest.raises(DeviceConfigError, match="paper_width is unknown"):
        build_device({"protocol": "escpos", "name": "p", "url": "/dev/usb/lp0", "paper_width": 80})
