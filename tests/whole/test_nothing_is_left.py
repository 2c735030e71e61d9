"""What is killed leaves nothing behind: neither kiosk nor far end, neither broker nor server."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready
from kiosk.app.broker import mosquitto

GONE_WITHIN_S = 60.0
STORE = """
import sys
from pathlib import Path
from kiosk.app.store import Store

with Store(folder=Path(sys.argv[1])) as store:
    print(*(store.process_id(name) for name in ("kiosk", *store.far_ends)), flush=True)
    sys.stdin.read()
"""
FLEET = """
import sys
from pathlib import Path
from kiosk.app.own_fleet import OwnFleet

with OwnFleet(Path(sys.argv[1]), neighbours=1) as fleet:
    fleet.settle()
    print(*fleet.process_ids, flush=True)
    sys.stdin.read()
"""


def lives(pid: int) -> bool:
    """Whether a process is there, and no mere entry that nobody has asked about yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("program", "count"),
    [
        pytest.param(STORE, 5, id="store"),
        pytest.param(
            FLEET,
            5,
            id="fleet",
            marks=pytest.mark.skipif(mosquitto() is None, reason="mosquitto is not installed"),
        ),
    ],
)
def test_kill_9_of_who_started_them_ends_them_all(tmp_path: Path, program: str, count: int) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    pids = [int(word) for word in starter.stdout.readline().split()]
    assert len(pids) == count
    assert all(lives(pid) for pid in pids)
    os.kill(starter.pid, signal.SIGKILL)
    starter.communicate()
    deadline = Deadline(SYSTEM_CLOCK, GONE_WITHIN_S)
    while left := [pid for pid in pids if lives(pid)]:
        assert not deadline.passed(), f"still there: {left}"
        ready((), 0.05)
