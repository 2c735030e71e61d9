"""Ends this program when the one that started it is gone, however it went."""

import os
import signal
import stat
import threading
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
    while os.read(STDIN, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
