"""Scales at the far end of a serial line, and the plate that goods are put on.

They answer byte for byte as the manuals of the protocols say (see the drivers' codecs for the
frames and their sources), and only when they are asked.

    python -m drivers.sim.scale --protocol toledo-8217 --link /run/x/scale --control /run/x/s.sock
"""

import argparse
from typing import Any, ClassVar

from drivers.sim.control import run_far_end
from drivers.sim.plate import Plate, ScaleSim


class ToledoScaleSim(ScaleSim):
    """Mettler-Toledo 8217."""

    _echoing = False

    def obey(self, heard: bytearray) -> bytes | None:
        """One letter is one request, but for the echo test, which lasts from E to F."""
        letter = chr(heard.pop(0))
        if self._echoing:
            self._echoing = letter != "F"
            return letter.encode("latin-1") if self._echoing else b""
        match letter:
            case "E":
                self._echoing = True
                return b"\x02E\r"
            case "W":
                return self._weight()
            case "Z":
                self.set_zero()
                return self._status(self.look())
            case "T":
                self.press_tare()
                return self._status(self.look())
            case "C":
                self._tare_g = 0
                return self._status(self.look())
            case "A":
                return b"\x02\r"
            case "B":
                return b"\x02?@\r"
            case _:
                return b""

    def _weight(self) -> bytes:
        plate = self.weigh()
        if plate.in_motion or plate.over_capacity or plate.grams < 0 or self._zero_lost:
            return self._status(plate)
        net = b"N" if plate.net else b""
        if self._pounds:
            return b"\x02%05.2f%s\r" % (plate.grams / 453.59237, net)
        return b"\x02%02d.%03d%s\r" % (*divmod(plate.grams, 1000), net)

    def _status(self, plate: Plate) -> bytes:
        bits = 0x40
        bits |= 0x01 if plate.in_motion else 0
        bits |= 0x02 if plate.over_capacity else 0
        bits |= 0x04 if plate.grams < 0 else 0
        bits |= 0x08 if self._zero_lost else 0
        bits |= 0x10 if plate.grams == 0 and not plate.in_motion else 0
        return b"\x02?%c\r" % bits


class NciScaleSim(ScaleSim):
    """NCI / Weigh-Tronix ECR; `general` speaks the NCI variant without "S", in small letters."""

    def __init__(self, *, general: bool = False, **keywords: Any) -> None:
        self._general = general
        self._fault_bits = (0, 0)
        super().__init__(**keywords)

    VERBS: ClassVar[tuple[str, ...]] = (*ScaleSim.VERBS, "break_memory", "repair")

    def break_memory(self) -> None:
        """A RAM error, as its self-test reports."""
        with self._lock:
            self._fault_bits = (0x04, 0)

    def repair(self) -> None:
        """Everything works again."""
        with self._lock:
            self._fault_bits = (0, 0)

    def obey(self, heard: bytearray) -> bytes | None:
        """One letter and CR are one request."""
        end = heard.find(b"\r")
        if end < 0:
            return None
        request = bytes(heard[:end])
        del heard[: end + 1]
        match request:
            case b"W":
                return self._weight()
            case b"S":
                return self._status(self.look())
            case b"Z":
                self.set_zero()
                return self._status(self.look())
            case _:
                return b"\n?\r\x03"

    def _weight(self) -> bytes:
        plate = self.weigh()
        status = self._status(plate)
        hindered = plate.in_motion or plate.over_capacity or plate.grams < 0 or self._zero_lost
        if hindered and not self._general:
            return status
        return b"\n" + self._digits(plate) + b"\r" + status

    def _digits(self, plate: Plate) -> bytes:
        if self._zero_lost:
            return b"------"
        if plate.over_capacity:
            return b"^^^^^^"
        sign = b"-" if plate.grams < 0 else b""
        if self._pounds:
            unit = b"lb" if self._general else b"LB"
            return sign + b"%06.2f%s" % (abs(plate.grams) / 453.59237, unit)
        unit = b"kg" if self._general else b"KG"
        return sign + b"%02d.%03d%s" % (*divmod(abs(plate.grams), 1000), unit)

    def _status(self, plate: Plate) -> bytes:
        h1, h2 = 0x30 | self._fault_bits[0], 0x30 | self._fault_bits[1]
        h1 |= 0x01 if plate.in_motion else 0
        h1 |= 0x02 if plate.grams == 0 else 0
        h2 |= 0x01 if plate.grams < 0 else 0
        h2 |= 0x02 if plate.over_capacity else 0
        status = bytes((h1, h2))
        if self._zero_lost or plate.net:
            h3 = 0x30 | (0x08 if self._zero_lost else 0) | (0x04 if plate.net else 0)
            status = bytes((h1, h2 | 0x40, h3))
        return b"\n" + (b"" if self._general else b"S") + status + b"\r\x03"


def main() -> None:
    """Run one in its own process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--protocol", choices=("toledo-8217", "nci-ecr"), default="toledo-8217")
    parser.add_argument("--link", required=True, help="the path that the driver opens")
    parser.add_argument("--control", required=True, help="the control socket's path")
    parser.add_argument("--interval", type=int, default=1, help="scale interval in grams")
    options = parser.parse_args()
    scale_type = ToledoScaleSim if options.protocol == "toledo-8217" else NciScaleSim
    scale = scale_type(link=options.link, interval_g=options.interval)
    try:
        run_far_end(scale, options.control)
    finally:
        scale.close()


if __name__ == "__main__":
    main()
