"""Lights: both kinds keep the same promises, over a simulated board and over fake lines."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from drivers.contracts import DeviceKind, DeviceState
from drivers.errors import DeviceConfigError
from drivers.light.contract import Lamp, Light, Signal
from drivers.light.gpio_light import GpioLight, GpioLightOptions
from drivers.light.serial_light import SerialLight, SerialLightOptions, lcus
from drivers.reader import Backoff
from drivers.registry import build_device
from drivers.sim.light import LightSim
from tests.drivers.inbox import Inbox

FAST = Backoff(first_s=0.01, limit_s=0.05)


class FakeLines:
    """Three GPIO lines that can be torn off."""

    def __init__(self) -> None:
        self.levels: dict[int, bool] = {}
        self.gone = False

    def open(self, chip: str, offsets: tuple[int, ...], active_low: bool) -> "FakeLines":
        if self.gone:
            raise OSError("No such device")
        self.levels = dict.fromkeys(offsets, False)
        return self

    def set(self, levels: Mapping[int, bool]) -> None:
        if self.gone:
            raise OSError("No such device")
        self.levels.update(levels)

    def release(self) -> None:
        pass


@dataclass
class Rig:
    """A light, what an onlooker sees of it, and its cable."""

    light: Light
    lit: Callable[[], tuple[Lamp, ...]]
    pull: Callable[[], None]
    put: Callable[[], None]
    inbox: Inbox

    def wait_for(self, *lamps: Lamp) -> None:
        self.inbox.wait_until(lambda _: self.lit() == lamps, f"{lamps}, not {self.lit()}")


def serial_rig() -> Iterator[Rig]:
    board = LightSim()
    light = SerialLight(SerialLightOptions(name="light", url=board.path), backoff=FAST)
    yield Rig(light, board.lit, board.unplug, board.plug_in, Inbox())
    light.stop()
    board.close()


def gpio_rig() -> Iterator[Rig]:
    lines = FakeLines()
    options = GpioLightOptions(name="light", chip="pinctrl-rp1", green=5, amber=6, red=13)
    light = GpioLight(options, open_lines=lines.open, backoff=FAST)
    names = {5: Lamp.GREEN, 6: Lamp.AMBER, 13: Lamp.RED}

    def pull() -> None:
        lines.gone, lines.levels = True, {}
        light.show(Signal(Lamp.DARK))  # an output cannot be listened to: the next word finds out

    def put() -> None:
        lines.gone = False

    def lit() -> tuple[Lamp, ...]:
        return tuple(names[offset] for offset, on in sorted(lines.levels.items()) if on)

    yield Rig(light, lit, pull, put, Inbox())
    light.stop()


@pytest.fixture(params=[serial_rig, gpio_rig], ids=["serial-light", "gpio-light"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    for rig in request.param():
        rig.light.start(rig.inbox.post)
        rig.inbox.wait_for_state(DeviceState.READY)
        yield rig


def test_one_lamp_is_lit_at_a_time(rig: Rig) -> None:
    for lamp in (Lamp.GREEN, Lamp.RED, Lamp.AMBER):
        rig.light.show(Signal(lamp))
        rig.wait_for(lamp)
    rig.light.show(Signal(Lamp.DARK))
    rig.wait_for()
    assert rig.light.kind is DeviceKind.LIGHT


def test_a_blinking_lamp_goes_dark_and_comes_again(rig: Rig) -> None:
    rig.light.show(Signal(Lamp.AMBER, blinking=True))
    rig.wait_for(Lamp.AMBER)
    rig.wait_for()
    rig.wait_for(Lamp.AMBER)


def test_a_light_that_comes_back_shows_what_it_should(rig: Rig) -> None:
    rig.light.show(Signal(Lamp.GREEN))
    rig.wait_for(Lamp.GREEN)
    rig.pull()
    rig.light.show(Signal(Lamp.AMBER, blinking=True))
    rig.inbox.wait_for_state(DeviceState.LOST)
    rig.light.show(Signal(Lamp.RED))
    rig.put()
    rig.inbox.wait_for_state(DeviceState.READY, 2)
    rig.wait_for(Lamp.RED)
    assert rig.inbox.states().count(DeviceState.LOST) == 1


def test_stop_leaves_the_lamps_dark(rig: Rig) -> None:
    rig.light.show(Signal(Lamp.RED))
    rig.wait_for(Lamp.RED)
    rig.light.stop()
    rig.light.stop()
    rig.wait_for()
    assert rig.inbox.states()[-1] is DeviceState.STOPPED


def test_the_relay_commands_are_those_of_the_board() -> None:
    assert lcus(1, True).hex(" ") == "a0 01 01 a2"
    assert lcus(3, False).hex(" ") == "a0 03 00 a3"


def test_broken_bytes_switch_nothing_at_the_far_end() -> None:
    board = LightSim()
    board._on_bytes(b"\xa0\x01\x01\xff" + b"noise" + lcus(2, True) + b"\xa0")
    assert board.lit() == (Lamp.AMBER,)
    board.close()


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"on": {"blue": "00"}, "off": {"blue": "00"}}, "is no lamp"),
        ({"on": {"red": "0g"}, "off": {"red": "00"}}, "non-hexadecimal"),
        ({"on": {"red": "01"}, "off": {}}, "the same lamps"),
    ],
)
def test_a_table_that_cannot_be_sent_is_refused(options: dict[str, object], fault: str) -> None:
    with pytest.raises(DeviceConfigError, match=fault):
        build_device({"protocol": "serial-light", "name": "l", "url": "/dev/ttyX", **options})


def test_two_lamps_on_one_line_are_refused() -> None:
    with pytest.raises(DeviceConfigError, match="of its own"):
        build_device({"protocol": "gpio-light", "name": "l", "chip": "c", "green": 5, "red": 5})


def test_a_chip_that_is_not_there_is_a_lost_light(tmp_path: object) -> None:
    light = build_device({"protocol": "gpio-light", "name": "l", "chip": "no-such", "red": 1})
    inbox = Inbox()
    light.start(inbox.post)
    inbox.wait_for_state(DeviceState.LOST)
    light.stop()
