"""The lamp over the till says what the list of interventions says."""

import pytest

from drivers.light.contract import Lamp, Signal
from kiosk.engine import messages as m
from kiosk.engine.light import signal_of
from kiosk.engine.view import Screen
from kiosk.sale.events import Interest, Policy
from kiosk.sale.state import Intervention
from tests.engine.bench import BEER, MILK, Bench


def call(kind: Interest, policy: Policy = Policy.BEFORE_PAYMENT) -> Intervention:
    return Intervention(id="1", kind=kind, policy=policy, raised_at="")


@pytest.mark.parametrize(
    ("screen", "calls", "lamp", "blinking"),
    [
        (Screen.START, (), Lamp.GREEN, False),
        (Screen.SCAN, (call(Interest.AGE),), Lamp.AMBER, False),
        (Screen.NEEDS_STAFF, (call(Interest.AGE),), Lamp.RED, True),
        (Screen.SCAN, (call(Interest.HELP, Policy.NOTED),), Lamp.AMBER, True),
        (Screen.SCAN, (call(Interest.EXPIRED, Policy.NOTED),), Lamp.GREEN, False),
        (Screen.THANKS, (call(Interest.DEVICE, Policy.NOTED),), Lamp.AMBER, False),
        (Screen.BAG_WEIGHT, (), Lamp.GREEN, False),
        (Screen.BAG_WEIGHT, (call(Interest.WEIGHT),), Lamp.RED, True),
        (Screen.IN_DOUBT, (), Lamp.RED, True),
        (Screen.OUT_OF_ORDER, (), Lamp.RED, False),
        (Screen.CLOSED, (), Lamp.DARK, False),
    ],
)
def test_the_lamp_follows_from_screen_and_calls(
    screen: Screen, calls: tuple[Intervention, ...], lamp: Lamp, blinking: bool
) -> None:
    assert signal_of(screen, calls, help_called=False, attended=False) == Signal(lamp, blinking)
    assert not signal_of(screen, calls, help_called=False, attended=True).blinking


def test_a_call_lights_the_lamp_and_its_end_puts_it_out(bench: Bench) -> None:
    shown: list[Signal] = []
    bench.world.light.shown = shown
    bench.scan(MILK).send(m.HelpPressed()).send(m.HelpCancelled()).scan(BEER)
    bench.send(m.PayPressed())
    assert shown == [
        Signal(Lamp.AMBER, blinking=True),
        Signal(Lamp.GREEN),
        Signal(Lamp.AMBER),
        Signal(Lamp.RED, blinking=True),
    ]
