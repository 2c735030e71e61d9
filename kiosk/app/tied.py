"""Ends programs when the one that started them is gone, however it went.

A program of ours ties itself (`tie_to_starter`). For those that cannot, a broker for one, there is
a guard: `python -m kiosk.app.tied PID...`.
"""

import os
import signal
import stat
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

STDIN: Final = 0


def tie_to_starter() -> None:
    """Stop with SIGTERM when standard input, where it is a pipe, ends.

    The kernel closes a killed program's end of the pipe, so not even `kill -9` of a demonstration
    leaves its kiosk running. (PR_SET_PDEATHSIG would follow the thread that started us, not the
    program.) Where standard input is no pipe, as under systemd, nothing happens.
    """
    if stat.S_ISFIFO(os.fstat(STDIN).st_mode):
        threading.Thread(target=_wait_for_the_end, name="tied", daemon=True).start()


def _wait_for_the_end() -> None:
    _read_to_the_end()
    os.kill(os.getpid(), signal.SIGTERM)


def guard(pids: Sequence[int]) -> None:
    """Wait until standard input ends, then ask these programs to end.

    They are held by handles, not by numbers, which another program may have by then.
    """
    handles = []
    for pid in pids:
        with suppress(ProcessLookupError):
            handles.append(os.pidfd_open(pid))
    _read_to_the_end()
    for handle in handles:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(handle, signal.SIGTERM)


def _read_to_the_end() -> None:
    while os.read(STDIN, 4096):
        pass


if __name__ == "__main__":
    # Ctrl-C reaches everybody in the terminal; whoever started us ends the others, or dies of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    guard([int(word) for word in sys.argv[1:]])
