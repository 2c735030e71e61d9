"""Devices at the far ends of their lines are tried as a technician would."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from drivers.sim.printer import EscPosPrinterSim
from drivers.sim.scale import ToledoScaleSim
from drivers.sim.scanner import SerialScannerSim
from kiosk.app.setup.trying import NotWorking, try_device


class Technician:
    """Does what is said, by the words that are said."""

    def __init__(self, **does: Callable[[], object]) -> None:
        self._does = does
        self.heard: list[str] = []
        self.answer = True

    def say(self, words: str) -> None:
        self.heard.append(words)
        for word, act in self._does.items():
            if word in words:
                act()

    def ask(self, question: str, default: str = "") -> str:
        raise AssertionError(question)

    def yes(self, question: str) -> bool:
        self.heard.append(question)
        return self.answer


@pytest.fixture
def scale() -> Iterator[ToledoScaleSim]:
    with closing(ToledoScaleSim()) as far:
        yield far


def test_a_scanner_reads_something() -> None:
    with closing(SerialScannerSim()) as far:

        def scan() -> None:
            assert far.wait_for(lit=True)
            far.scan("7038010009457", "]E0")

        options = {"protocol": "serial-scanner", "url": str(far.path), "profile": "datalogic"}
        said = try_device("scanner", options, Technician(Scan=scan), answer_s=10)
    assert said == "read '7038010009457', identifier ]E0"


def test_a_kilogram_is_a_kilogram(scale: ToledoScaleSim) -> None:
    technician = Technician(Put=lambda: scale.put_on(1003))
    options = {"protocol": "toledo-8217", "url": str(scale.path)}
    assert try_device("scale", options, technician, answer_s=10) == "weighed 1003 g"


def test_a_scale_that_shows_pounds_for_kilograms_is_found(scale: ToledoScaleSim) -> None:
    technician = Technician(Put=lambda: scale.put_on(453))
    options = {"protocol": "toledo-8217", "url": str(scale.path)}
    with pytest.raises(NotWorking, match="it said 453 g"):
        try_device("scale", options, technician, answer_s=2)


def test_a_printer_prints_norwegian_letters_and_is_believed_by_a_person() -> None:
    with closing(EscPosPrinterSim()) as far:
        options = {"protocol": "escpos", "url": far.url}
        technician = Technician()
        assert try_device("printer", options, technician, answer_s=10) == "printed"
        assert "æøå ÆØÅ é" in technician.heard[-1]
        assert len(far.receipts()) == 1
        technician.answer = False
        with pytest.raises(NotWorking, match="code_page"):
            try_device("printer", options, technician, answer_s=10)


def test_a_device_that_is_not_there_is_told_in_its_own_words() -> None:
    options = {"protocol": "serial-scanner", "url": "/dev/no-such-scanner"}
    with pytest.raises(NotWorking, match="not within the time; it said"):
        try_device("scanner", options, Technician(), answer_s=0.5)


def test_options_that_cannot_be_are_told() -> None:
    with pytest.raises(NotWorking, match="urll is unknown"):
        try_device("scale", {"protocol": "toledo-8217", "urll": "x"}, Technician())
