"""The simulated scales, byte by byte beside the manuals' tables, without any of our decoders."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from drivers.deadline import SYSTEM_CLOCK, Deadline
from drivers.sim.plate import ScaleSim
from drivers.sim.scale import NciScaleSim, ToledoScaleSim
from drivers.transport import open_transport

Ask = Callable[[bytes, bytes], bytes]


def asking(scale: ScaleSim) -> Iterator[Ask]:
    with closing(open_transport(scale.path)) as line:

        def ask(request: bytes, end: bytes) -> bytes:
            line.write(request)
            answer, deadline = b"", Deadline(SYSTEM_CLOCK, 10)
            while not answer.endswith(end) and not deadline.passed():
                answer += line.read(100, deadline.left_s())
            return answer

        yield ask
    scale.close()


@pytest.fixture
def toledo() -> Iterator[tuple[ToledoScaleSim, Ask]]:
    scale = ToledoScaleSim()
    for ask in asking(scale):
        yield scale, ask


@pytest.fixture(params=[False, True], ids=["ecr", "general"])
def nci(request: pytest.FixtureRequest) -> Iterator[tuple[NciScaleSim, Ask, bool]]:
    scale = NciScaleSim(general=request.param)
    for ask in asking(scale):
        yield scale, ask, request.param


def test_8217_answers_as_the_manual_says(toledo: tuple[ToledoScaleSim, Ask]) -> None:
    scale, ask = toledo
    assert ask(b"W", b"\r") == b"\x0200.000\r"
    scale.put_on(1234)
    assert ask(b"W", b"\r") == b"\x0201.234\r"
    scale.wobble()
    assert ask(b"W", b"\r") == b"\x02?A\r"
    scale.overload()
    assert ask(b"W", b"\r") == b"\x02?B\r"
    scale.lift_plate()
    assert ask(b"W", b"\r") == b"\x02?D\r"
    scale.put_on(100)
    scale.lose_zero()
    assert ask(b"W", b"\r") == b"\x02?H\r"
    scale.take_off()
    assert ask(b"Z", b"\r") == b"\x02?P\r"
    assert ask(b"W", b"\r") == b"\x0200.000\r"
    assert ask(b"A", b"\r") == b"\x02\r"
    assert ask(b"B", b"\r") == b"\x02?@\r"


def test_8217_tare_makes_net(toledo: tuple[ToledoScaleSim, Ask]) -> None:
    scale, ask = toledo
    scale.put_on(100)
    assert ask(b"T", b"\r") == b"\x02?P\r"
    scale.put_on(612)
    assert ask(b"W", b"\r") == b"\x0200.512N\r"
    ask(b"C", b"\r")
    assert ask(b"W", b"\r") == b"\x0200.612\r"


def test_8217_echoes_from_e_to_f_and_then_weighs_again(
    toledo: tuple[ToledoScaleSim, Ask],
) -> None:
    _, ask = toledo
    assert ask(b"Ehello", b"hello") == b"\x02E\rhello"
    assert ask(b"FW", b"\r") == b"\x0200.000\r"


def test_nci_answers_as_the_manuals_say(nci: tuple[NciScaleSim, Ask, bool]) -> None:
    scale, ask, general = nci
    end = b"\x03"
    scale.put_on(1234)
    expected = b"\n01.234kg\r\n00\r\x03" if general else b"\n01.234KG\r\nS00\r\x03"
    assert ask(b"W\r", end) == expected
    scale.wobble()
    expected = b"\n01.234kg\r\n10\r\x03" if general else b"\nS10\r\x03"
    assert ask(b"W\r", end) == expected
    scale.overload()
    expected = b"\n^^^^^^\r\n02\r\x03" if general else b"\nS02\r\x03"
    assert ask(b"W\r", end) == expected
    scale.take_off()
    assert ask(b"S\r", end) == (b"\n20\r\x03" if general else b"\nS20\r\x03")
    assert ask(b"X\r", end) == b"\n?\r\x03"


def test_zero_is_set_near_zero_and_in_peace_only(toledo: tuple[ToledoScaleSim, Ask]) -> None:
    scale, ask = toledo
    scale.put_on(301)  # more than 2 % of 15 kg
    ask(b"Z", b"\r")
    scale.put_on(300)
    scale.wobble()
    ask(b"Z", b"\r")
    assert scale.zeroings == 0
    scale.settle()
    ask(b"Z", b"\r")
    assert scale.zeroings == 1
    assert ask(b"W", b"\r") == b"\x0200.000\r"


def test_weights_are_whole_intervals() -> None:
    scale = ToledoScaleSim(interval_g=5)
    for ask in asking(scale):
        for load_g, shown in ((512, b"00.510"), (513, b"00.515"), (2, b"00.000")):
            scale.put_on(load_g)
            assert ask(b"W", b"\r") == b"\x02" + shown + b"\r"
