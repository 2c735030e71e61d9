"""A till's ZVT driver and a terminal on one desk, over TCP or a serial cable; nothing mocked."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.contracts import DeviceState
from drivers.sim.zvt_terminal import ZvtTerminalSim
from drivers.terminal.zvt import ZvtTerminal
from drivers.terminal.zvt_memory import Memory
from drivers.terminal.zvt_options import ZvtOptions
from tests.drivers.terminal.desk import Desk

SECOND_S = 0.03
"""How long a second of the simulated terminal's own time-outs lasts."""
QUICK = {
    "answer_s": 2.0,
    "next_s": 20.0,
    "payment_s": 20.0,
    "abort_every_s": 0.1,
    "abort_grace_s": 0.3,
    "health_interval_s": 0.3,
    "reconnect_s": 0.1,
    "question_s": 5.0,
    "mute_s": 0.2,
    "status_wait_s": 0.02,
    "status_wait_max_s": 0.05,
    "settle_s": 0.1,
    "silence_s": 5.0,
    "resolve_s": 20.0,
}


@pytest.fixture
def zvt_sim(tmp_path: Path) -> Iterator[ZvtTerminalSim]:
    sim = ZvtTerminalSim(directory=tmp_path / "terminal", second_s=SECOND_S)
    sim.start()
    yield sim
    sim.stop()


@pytest.fixture
def zvt_serial_sim(tmp_path: Path) -> Iterator[ZvtTerminalSim]:
    sim = ZvtTerminalSim(
        directory=tmp_path / "terminal",
        second_s=SECOND_S,
        is_serial=True,
        serial_link=tmp_path / "tty-terminal",
    )
    sim.start()
    yield sim
    sim.stop()


def zvt_options_for(sim: ZvtTerminalSim, folder: Path, **more: Any) -> ZvtOptions:
    """Options of a till that was installed before its first payment."""
    state_file = folder / "terminal-1.json"
    Memory(state_file).speak_from("0000000000")
    usual = {"name": "terminal-1", "url": sim.url, "state_file": str(state_file), **QUICK}
    return ZvtOptions(**{**usual, **more})


@pytest.fixture
def make_zvt_options(zvt_sim: ZvtTerminalSim, tmp_path: Path) -> Callable[..., ZvtOptions]:
    return lambda **more: zvt_options_for(zvt_sim, tmp_path, **more)


@pytest.fixture
def make_zvt_desk() -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def make(sim: ZvtTerminalSim, options: ZvtOptions, **more: Any) -> Desk:
        desk = Desk(sim, ZvtTerminal(options, **more))
        desks.append(desk)
        desk.terminal.start(desk.post)
        return desk

    yield make
    for desk in desks:
        desk.terminal.stop()


@pytest.fixture
def zvt(zvt_sim, make_zvt_desk, make_zvt_options) -> Desk:
    """A desk over TCP whose terminal has made one payment long ago, and is ready."""
    desk = make_zvt_desk(zvt_sim, make_zvt_options())
    desk.wait_for_state(DeviceState.READY)
    return desk


@pytest.fixture
def make_desk(zvt_sim, make_zvt_desk, make_zvt_options):
    def make(**more):
        return make_zvt_desk(zvt_sim, make_zvt_options(**more))

    return make


@pytest.fixture
def plain(make_desk):
    desk = make_desk(goods_questions=0)
    desk.wait_for_state(DeviceState.READY)
    desk.pay(100, "000000000A")  # so that the terminal has a transaction to repeat
    return desk
