"""The cable between the machines of the store, which nothing else is on."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

CLONE_NEWNET: Final = 0x40000000
NETWORK: Final = "192.0.2"
"""For documentation (RFC 5737), so nobody's."""
HERE: Final = f"{NETWORK}.1"
"""This program's own address on it."""
BRIDGE: Final = "wire"
LAY: Final = f"""
ip link set lo up
ip link add {BRIDGE} type bridge
ip address add {HERE}/24 dev {BRIDGE}
ip link set {BRIDGE} up
"""


@contextmanager
def network_of_its_own() -> Iterator[None]:
    """Put this thread, and what it starts, into a network that has nothing yet but itself.

    So two runs do not disturb each other, and the machine around never sees the bridge.

    Raises:
        OSError: this needs root.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        _demand(libc.unshare(CLONE_NEWNET))
        try:
            subprocess.run(["sh", "-euc", LAY], check=True)
            yield
        finally:
            _demand(libc.setns(before, CLONE_NEWNET))
    finally:
        os.close(before)


def _demand(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
