"""A relay board with three lamps at the far end of a serial line.

It understands LCUS commands and nothing else; broken bytes switch nothing, as on the real board.

    python -m drivers.sim.light --link /run/x/light --control /run/x/light.sock
"""

import argparse
import threading
from pathlib import Path
from typing import Any, ClassVar

from drivers.light.contract import LAMPS, Lamp
from drivers.sim.control import run_far_end
from drivers.sim.line import PtyLine

COMMAND_BYTES = 4


class LightSim:
    """Three lamps that an onlooker can see."""

    VERBS: ClassVar[tuple[str, ...]] = ("plug_in", "unplug")

    def __init__(self, *, link: str | Path | None = None) -> None:
        self._lock = threading.Lock()
        self._lit = dict.fromkeys(LAMPS, False)
        self._heard = bytearray()
        self.switchings = 0
        self._line = PtyLine(self._on_bytes, link=link)
        self.path = self._line.path

    def plug_in(self) -> None:
        """Put the cable in."""
        self._line.plug_in()

    def unplug(self) -> None:
        """Pull the cable: the board loses its power, so the lamps go dark."""
        self._line.unplug()
        with self._lock:
            self._lit = dict.fromkeys(LAMPS, False)
            self._heard.clear()

    def lit(self) -> tuple[Lamp, ...]:
        """Return the lamps that shine."""
        with self._lock:
            return tuple(lamp for lamp, on in self._lit.items() if on)

    def state(self) -> dict[str, Any]:
        """What an onlooker sees."""
        return {
            "plugged_in": self._line.plugged_in,
            "lit": [lamp.value for lamp in self.lit()],
            "switchings": self.switchings,
        }

    def close(self) -> None:
        """End the line."""
        self._line.close()

    def _on_bytes(self, data: bytes) -> None:
        with self._lock:
            self._heard += data
            while len(self._heard) >= COMMAND_BYTES:
                frame = self._heard[:COMMAND_BYTES]
                whole = frame[0] == 0xA0 and sum(frame[:3]) & 0xFF == frame[3]
                if not whole or not 1 <= frame[1] <= len(LAMPS):
                    del self._heard[0]
                    continue
                del self._heard[:COMMAND_BYTES]
                self._lit[LAMPS[frame[1] - 1]] = bool(frame[2])
                self.switchings += 1


def main() -> None:
    """Run the board as a process of its own."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--link", required=True, help="the path that the driver opens")
    parser.add_argument("--control", required=True, help="the control socket's path")
    options = parser.parse_args()
    light = LightSim(link=options.link)
    try:
        run_far_end(light, options.control)
    finally:
        light.close()


if __name__ == "__main__":
    main()
