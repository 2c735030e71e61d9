"""A whole kiosk, as systemd would start it, says that it is up, that it lives and that it stops."""

import socket
from pathlib import Path

from drivers.deadline import SYSTEM_CLOCK, Deadline
from kiosk.app.store import Store

PATIENCE_S = 60.0


def hear(manager: socket.socket, wanted: str) -> list[str]:
    """Collect lines until one is `wanted`."""
    lines: list[str] = []
    deadline = Deadline(SYSTEM_CLOCK, PATIENCE_S)
    while wanted not in lines:
        manager.settimeout(deadline.left_s() or 0.001)
        try:
            lines += manager.recv(4096).decode().split("\n")
        except TimeoutError:
            raise AssertionError(f"{wanted} was never said, only {lines}") from None
    return lines


def test_a_whole_kiosk_says_ready_lives_and_stops(tmp_path: Path) -> None:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(address)
        environment = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "2500000"}
        with Store(folder=tmp_path, environment=environment):
            said = hear(manager, "READY=1")
            assert said.index("READY=1") < said.index("WATCHDOG=1")
            # It is fed while nobody touches it: two beats of the screen, and pokes of the engine.
            hear(manager, "WATCHDOG=1")
            hear(manager, "WATCHDOG=1")
        hear(manager, "STOPPING=1")
