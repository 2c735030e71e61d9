"""A store that is killed leaves neither kiosk nor far end behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from drivers.deadline import SYSTEM_CLOCK, Deadline, ready

GONE_WITHIN_S = 20.0
STORE = """
import sys
from pathlib import Path
from kiosk.app.store import Store

with Store(folder=Path(sys.argv[1])) as store:
    print(*(store.process_id(name) for name in ("kiosk", *store.far_ends)), flush=True)
    sys.stdin.read()
"""


def lives(pid: int) -> bool:
    """Whether a process is there, and no mere entry that nobody has asked about yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_kill_9_of_a_store_ends_its_kiosk_and_its_far_ends(tmp_path: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", STORE, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert starter.stdout is not None
    pids = [int(word) for word in starter.stdout.readline().split()]
    assert len(pids) == 5
    assert all(lives(pid) for pid in pids)
    os.kill(starter.pid, signal.SIGKILL)
    starter.communicate()
    deadline = Deadline(SYSTEM_CLOCK, GONE_WITHIN_S)
    while left := [pid for pid in pids if lives(pid)]:
        assert not deadline.passed(), f"still there: {left}"
        ready((), 0.05)
