"""The terminal's rest at night."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from kiosk.engine.clock import ManualClock
from kiosk.engine.night import holds
from kiosk.sale.state import Phase
from tests.engine.bench import MILK, Bench, config
from tests.engine.models import TerminalModel, World

EVENING = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
"""Eleven in the evening in Oslo."""
HOUR_S = 3600


class RestingTerminal(TerminalModel):
    """Notes when it is let go and called back."""

    def __init__(self, world: World) -> None:
        super().__init__("terminal-1", world.events, world.books)
        self.told: list[bool] = []

    def allow_maintenance(self, on: bool) -> None:
        self.told.append(on)


def bench_of(folder: Path, catalog_path: Path, hours: tuple[time, time]) -> Bench:
    world = World()
    world.terminal = RestingTerminal(world)
    clock = ManualClock(EVENING)
    return Bench(folder, catalog_path, world=world, clock=clock, config=config(terminal_rest=hours))


@pytest.fixture
def bench(folder: Path, catalog_path: Path) -> Bench:
    return bench_of(folder, catalog_path, (time(3), time(4, 15)))


def told(bench: Bench) -> list[bool]:
    terminal = bench.world.terminal
    assert isinstance(terminal, RestingTerminal)
    return terminal.told


def test_fault_37_the_terminal_rests_in_its_hour_and_is_called_back(bench: Bench) -> None:
    bench.wait(3.9 * HOUR_S)
    assert told(bench) == []
    bench.wait(0.2 * HOUR_S)
    assert told(bench) == [True]
    bench.wait(HOUR_S)
    assert told(bench) == [True]
    bench.wait(0.3 * HOUR_S)
    assert told(bench) == [True, False]
    bench.wait(22 * HOUR_S)
    assert told(bench) == [True, False]
    bench.wait(HOUR_S)
    assert told(bench) == [True, False, True]


def test_fault_37_who_is_shopping_when_the_hour_comes_pays_first(bench: Bench) -> None:
    bench.wait(4 * HOUR_S - 30).scan(MILK).to_terminal()
    bench.wait(45)
    assert told(bench) == []
    bench.world.terminal.tap()
    bench.pump()
    bench.take_receipt().wait(120)
    assert bench.sale.phase is Phase.NONE
    assert told(bench) == [True]


def test_hours_that_are_none_never_begin(folder: Path, catalog_path: Path) -> None:
    bench = bench_of(folder, catalog_path, (time(3), time(3)))
    bench.wait(25 * HOUR_S)
    assert told(bench) == []


@pytest.mark.parametrize(
    ("hours", "now", "inside"),
    [
        ((time(3), time(4)), time(3), True),
        ((time(3), time(4)), time(4), False),
        ((time(23), time(1)), time(23, 30), True),
        ((time(23), time(1)), time(0, 30), True),
        ((time(23), time(1)), time(12), False),
        ((time(3), time(3)), time(3), False),
    ],
)
def test_hours_may_go_over_midnight(hours: tuple[time, time], now: time, inside: bool) -> None:
    assert holds(hours, now) is inside
