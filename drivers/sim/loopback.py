"""Port numbers for far ends that are unplugged and plugged in again.

A port of the ephemeral range is no good: while the far end is away, the kernel may hand its number
to any outgoing connection, even to the driver that keeps calling it, which then talks to itself.
"""

import random
import socket

FIRST_PORT, LAST_PORT = 15_000, 31_999
"""Above the well-known ones, below Linux's ephemeral range (32768 to 60999)."""
TRIES = 200


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on and no connection will be given.

    Raises:
        OSError: when none was found in so many tries.
    """
    choose = random.SystemRandom()
    for _ in range(TRIES):
        port = choose.randint(FIRST_PORT, LAST_PORT)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise OSError(f"no free port between {FIRST_PORT} and {LAST_PORT} in {TRIES} tries")
