"""systemd hears READY, WATCHDOG and STOPPING over a real socket, and only when they are true."""

import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.watchdog import DEFAULT_TIMEOUT_S, Notifier, Watchdog, timeout_of
from kiosk.engine.clock import ManualClock


class Manager:
    """systemd's end of the socket."""

    def __init__(self, address: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._socket.bind(f"\0{address[1:]}" if address.startswith("@") else address)
        self.address = address

    def heard(self) -> list[str]:
        """Every line since the last time, in order."""
        lines: list[str] = []
        while True:
            try:
                lines += self._socket.recv(4096).decode().split("\n")
            except BlockingIOError:
                return lines

    def close(self) -> None:
        self._socket.close()


class Halves:
    """An engine and a screen that move when they are told to."""

    def __init__(self, notifier: Notifier) -> None:
        self.engine = self.screen = self.pokes = 0
        self.clock = ManualClock()
        self.watchdog = Watchdog(
            notifier,
            engine=lambda: self.engine,
            screen=lambda: self.screen,
            poke=self._poked,
            timeout_s=10.0,
            clock=self.clock,
        )

    def _poked(self) -> None:
        self.pokes += 1

    def moved(self, *, engine: int = 0, screen: int = 0) -> bool:
        """Move the counters and look, two seconds later."""
        self.clock.advance(2.0)
        self.engine += engine
        self.screen += screen
        return self.watchdog.look()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    manager = Manager(str(tmp_path / "notify"))
    yield manager
    manager.close()


@pytest.fixture
def halves(manager: Manager) -> Halves:
    return Halves(Notifier(manager.address))


def test_ready_is_said_once_and_only_when_both_have_moved(halves: Halves, manager: Manager) -> None:
    assert not halves.moved(engine=1)
    assert not halves.moved(engine=1)
    assert manager.heard() == []
    assert halves.moved(screen=1)
    assert manager.heard()[:2] == ["READY=1", "WATCHDOG=1"]
    assert halves.moved(engine=1, screen=1)
    assert manager.heard()[0] == "WATCHDOG=1"


@pytest.mark.parametrize(("stuck", "moves"), [("screen", "engine"), ("engine", "screen")])
def test_one_half_alone_feeds_nothing(
    halves: Halves, manager: Manager, caplog: pytest.LogCaptureFixture, stuck: str, moves: str
) -> None:
    halves.moved(engine=1, screen=1)
    manager.heard()
    with caplog.at_level(logging.ERROR):
        for _ in range(5):
            assert not halves.moved(**{moves: 1})
    assert manager.heard() == [f"STATUS=Stuck: {stuck} has not moved for 6 s"]
    assert [record.message for record in caplog.records] == [
        f"watchdog: {stuck} has not moved for 6 s"
    ]


def test_halves_that_move_in_turn_are_fed_for_together(halves: Halves, manager: Manager) -> None:
    halves.moved(engine=1, screen=1)
    manager.heard()
    assert not halves.moved(engine=1)
    assert halves.moved(screen=1)
    assert manager.heard()[0] == "WATCHDOG=1"


def test_a_half_that_was_stuck_and_moves_again_is_fed(halves: Halves, manager: Manager) -> None:
    halves.moved(engine=1, screen=1)
    for _ in range(4):
        halves.moved(engine=1)
    manager.heard()
    assert halves.moved(engine=1, screen=1)
    assert manager.heard()[0] == "WATCHDOG=1"


def test_an_engine_that_waits_for_a_shopper_is_given_something_to_handle(halves: Halves) -> None:
    for _ in range(3):
        halves.moved(screen=1)
    assert halves.pokes == 3


def test_a_message_that_did_not_arrive_is_sent_again_with_ready(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    address = str(tmp_path / "notify")
    halves = Halves(Notifier(address))  # nobody has bound it yet
    halves.moved(engine=1, screen=1)
    assert "systemd was not told" in caplog.text
    manager = Manager(address)
    halves.moved()
    assert manager.heard()[:2] == ["READY=1", "WATCHDOG=1"]
    manager.close()


def test_stopping_is_said_once(halves: Halves, manager: Manager) -> None:
    halves.watchdog.start()
    halves.watchdog.stop()
    halves.watchdog.stop()
    assert manager.heard() == ["STOPPING=1", "STATUS=Stopping"]


def test_an_abstract_socket_is_understood(tmp_path: Path) -> None:
    manager = Manager(f"@{tmp_path}/abstract")
    assert Notifier(manager.address).tell("READY=1")
    assert manager.heard() == ["READY=1"]
    manager.close()


def test_without_systemd_nothing_is_said_and_nothing_runs(caplog: pytest.LogCaptureFixture) -> None:
    halves = Halves(Notifier())
    halves.watchdog.start()
    halves.watchdog.stop()
    assert halves.pokes == 0
    assert not caplog.records


@pytest.mark.parametrize(
    ("given", "seconds"),
    [({"WATCHDOG_USEC": "10000000"}, 10.0), ({}, DEFAULT_TIMEOUT_S), ({"WATCHDOG_USEC": "x"}, 15)],
)
def test_the_time_out_is_systemds(given: dict[str, str], seconds: float) -> None:
    assert timeout_of(given) == seconds
