"""A barcode scanner at the far end of a serial line.

It beeps, goes dark and wakes up on the maker's own bytes, as listed with the drivers' profiles:
`D` and `E` for Datalogic, SYN U CR and SYN T CR for Honeywell. While it is dark it reads nothing.

    python -m drivers.sim.scanner --link /run/x/scanner --control /run/x/scanner.sock
"""

import argparse
import threading
from pathlib import Path
from typing import Any, ClassVar

from drivers.scanner.profiles import PROFILES
from drivers.sim.control import run_far_end
from drivers.sim.line import PtyLine

COMMAND_BYTES_MAX = 64


class SerialScannerSim:
    """The scanner, and the hand that holds goods before it."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "scan",
        "send",
        "unplug",
        "plug_in",
        "restart",
        "forget_tones",
    )

    def __init__(
        self,
        *,
        link: str | Path | None = None,
        profile: str = "datalogic",
        aim_id: bool = True,
        prefix: bytes = b"",
        suffix: bytes = b"\r",
    ) -> None:
        self._commands = {
            "enable": PROFILES[profile].enable,
            "disable": PROFILES[profile].disable,
            "good_read": PROFILES[profile].good_read,
            "error": PROFILES[profile].error_tone,
        }
        self._error_disables = PROFILES[profile].error_tone_disables
        self._aim_id = aim_id
        self._prefix = prefix
        self._suffix = suffix
        self._lock = threading.Condition()
        self._heard = bytearray()
        self._unknown = bytearray()
        self._lit = True
        self._enables = 0
        self._disables = 0
        self._tones: list[str] = []
        self._line = PtyLine(self._on_bytes, link=link)
        self.path = self._line.path

    # --- the world ------------------------------------------------------------------------------

    def scan(self, text: str, aim: str = "") -> bool:
        """Hold a code before the window. False: the scanner is dark, or its cable is out.

        `aim` is the AIM identifier, sent only by a scanner that is set to send them.
        """
        with self._lock:
            if not self._lit:
                return False
        label = (aim if self._aim_id else "") + text
        return self._line.write(self._prefix + label.encode() + self._suffix)

    def send(self, data: bytes | str) -> bool:
        """Send bytes as they are (as text: latin-1): noise, halves of codes."""
        return self._line.write(data.encode("latin-1") if isinstance(data, str) else data)

    def unplug(self) -> None:
        """Pull the cable; the scanner loses its power."""
        self._line.unplug()
        with self._lock:
            self._lit = True
            self._heard.clear()

    def plug_in(self) -> None:
        """Put the cable in; the scanner starts lit, as scanners do."""
        self._line.plug_in()

    def restart(self) -> None:
        """Unplug and plug in at once."""
        self.unplug()
        self.plug_in()

    def forget_tones(self) -> None:
        """Start listening anew."""
        with self._lock:
            self._tones.clear()

    # --- the onlooker ---------------------------------------------------------------------------

    @property
    def heard_tones(self) -> list[str]:
        """The tones so far: "good_read" and "error"."""
        with self._lock:
            return list(self._tones)

    @property
    def lit(self) -> bool:
        """Whether it reads codes now."""
        with self._lock:
            return self._lit

    def wait_for(self, lit: bool | None = None, tones: int = 0, within_s: float = 5.0) -> bool:
        """Wait until it is lit (or dark) and has sounded so many tones; False when it is late."""
        with self._lock:
            return self._lock.wait_for(
                lambda: (lit is None or self._lit is lit) and len(self._tones) >= tones, within_s
            )

    def state(self) -> dict[str, Any]:
        """What an onlooker would see and hear."""
        with self._lock:
            return {
                "plugged_in": self._line.plugged_in,
                "lit": self._lit,
                "tones": list(self._tones),
                "unknown_bytes": self._unknown.hex(" "),
            }

    def close(self) -> None:
        """Take it away for good."""
        self._line.close()

    # --- the scanner ----------------------------------------------------------------------------

    def _on_bytes(self, data: bytes) -> None:
        with self._lock:
            self._heard += data
            while self._heard and self._obey_first():
                pass
            self._lock.notify_all()

    def _obey_first(self) -> bool:
        """Obey the command at the front of what was heard; False if it is not whole yet."""
        for name, command in self._commands.items():
            if command and self._heard.startswith(command):
                del self._heard[: len(command)]
                self._obey(name)
                return True
        begun = any(command.startswith(self._heard) for command in self._commands.values())
        if begun and len(self._heard) < COMMAND_BYTES_MAX:
            return False
        self._unknown.append(self._heard.pop(0))
        return True

    def _obey(self, name: str) -> None:
        match name:
            case "enable":
                self._lit = True
            case "disable":
                self._lit = False
            case tone:
                self._tones.append(tone)
                if tone == "error" and self._error_disables:
                    self._lit = False


def main() -> None:
    """Run one in its own process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--link", required=True, help="the path that the driver opens")
    parser.add_argument("--control", required=True, help="the control socket's path")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="datalogic")
    parser.add_argument("--no-aim", action="store_true", help="send no AIM identifiers")
    options = parser.parse_args()
    scanner = SerialScannerSim(
        link=options.link, profile=options.profile, aim_id=not options.no_aim
    )
    try:
        run_far_end(scanner, options.control)
    finally:
        scanner.close()


if __name__ == "__main__":
    main()
