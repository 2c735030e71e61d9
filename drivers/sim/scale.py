"""Scales at the far end of a serial line, and the plate that goods are put on.

They answer byte for byte as the manuals of the protocols say (see the drivers' codecs for the
frames and their sources), and only when they are asked.

    python -m drivers.sim.scale --protocol toledo-8217 --link /run/x/scale --control /run/x/s.sock
"""

import argparse
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from drivers.deadline import SYSTEM_CLOCK, Clock
from drivers.sim.control import run_far_end
from drivers.sim.line import PtyLine

CAPACITY_G = 15_000
ZERO_RANGE_G = CAPACITY_G * 2 // 100
"""OIML R 76: zero may be set within 2 % of the capacity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """What the load cell feels at one moment."""

    grams: int
    """Less the zero that was set and the tare; negative when goods that were zeroed are gone."""
    net: bool = False
    in_motion: bool = False
    over_capacity: bool = False


class ScaleSim(ABC):
    """The plate and the cable, which all protocols share."""

    VERBS: ClassVar[tuple[str, ...]] = (
        "put_on",
        "take_off",
        "wobble",
        "settle",
        "overload",
        "lift_plate",
        "mumble",
        "hush",
        "babble",
        "lose_zero",
        "press_tare",
        "replay_weights",
        "unplug",
        "plug_in",
    )

    def __init__(
        self,
        *,
        link: str | Path | None = None,
        interval_g: int = 1,
        pounds: bool = False,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        self._clock = clock
        self._interval_g = interval_g
        self._pounds = pounds
        self._lock = threading.Condition(threading.RLock())
        self._load_g = 0
        self._zero_g = 0
        self._tare_g = 0
        self._moving_until_ns = 0
        self._moving_answers = 0
        self._moving = False
        self._zero_lost = False
        self._replayed: list[int] = []
        self._garbage: list[bytes] = []
        self._silent_answers = 0
        self._answers = 0
        self._zeroings = 0
        self._heard = bytearray()
        self._line = PtyLine(self._on_bytes, link=link)
        self.path = self._line.path

    # --- the world ------------------------------------------------------------------------------

    def put_on(
        self, grams: int, *, settle_after_ms: int = 0, settle_after_readings: int = 0
    ) -> None:
        """Let this be the load from now on; it moves for a while, or for so many answers."""
        with self._lock:
            self._load_g = grams
            self._moving = False
            self._moving_until_ns = self._clock.monotonic_ns() + settle_after_ms * 1_000_000
            self._moving_answers = settle_after_readings

    def take_off(self) -> None:
        """Leave the plate empty and still."""
        self.put_on(0)

    def wobble(self) -> None:
        """Touch the plate: it moves until `settle`, `put_on` or `take_off`."""
        with self._lock:
            self._moving = True

    def settle(self) -> None:
        """Let go of the plate: it is still."""
        self.put_on(self._load_g)

    def overload(self) -> None:
        """Put on more than it can weigh."""
        self.put_on(CAPACITY_G + 1000)

    def lift_plate(self) -> None:
        """Take away the plate itself: less than nothing."""
        self.put_on(-800)

    def press_tare(self) -> None:
        """Press its own tare key: what lies on it counts no more, and weights are net."""
        with self._lock:
            self._tare_g = self._load_g - self._zero_g

    def replay_weights(self, grams: list[int]) -> None:
        """Answer these weights in turn, each stable; the last one stays on."""
        with self._lock:
            self._replayed = list(grams)
            self._load_g = grams[-1]

    def lose_zero(self, lost: bool = True) -> None:
        """It was switched on with a load, and cannot find its zero (or found it again)."""
        with self._lock:
            self._zero_lost = lost

    def mumble(self, garbage: bytes | str = b"\x02\x7f0.\x15", answers: int = 1) -> None:
        """Answer garbage so many times (as text: latin-1)."""
        data = garbage.encode("latin-1") if isinstance(garbage, str) else garbage
        with self._lock:
            self._garbage += [data] * answers

    def hush(self, answers: int = 1) -> None:
        """Leave so many requests unanswered; a very large number is a dead scale."""
        with self._lock:
            self._silent_answers = answers

    def babble(self, data: bytes | str) -> None:
        """Say something that nobody asked for."""
        self._line.write(data.encode("latin-1") if isinstance(data, str) else data)

    def unplug(self) -> None:
        """Pull the cable."""
        self._line.unplug()

    def plug_in(self) -> None:
        """Put the cable in."""
        with self._lock:
            self._heard.clear()
        self._line.plug_in()

    # --- the onlooker ---------------------------------------------------------------------------

    @property
    def answers(self) -> int:
        """How many weight requests were answered or left unanswered on purpose."""
        with self._lock:
            return self._answers

    @property
    def zeroings(self) -> int:
        """How many times zero was set."""
        with self._lock:
            return self._zeroings

    def wait_for_answers(self, count: int, within_s: float = 5.0) -> bool:
        """Wait until so many requests were answered in all; False when that is late."""
        with self._lock:
            return self._lock.wait_for(lambda: self._answers >= count, within_s)

    def state(self) -> dict[str, Any]:
        """What an onlooker would see."""
        with self._lock:
            return {
                "plugged_in": self._line.plugged_in,
                "load_g": self._load_g,
                "in_motion": self._in_motion(),
                "answers": self._answers,
                "zeroings": self._zeroings,
            }

    def close(self) -> None:
        """Take it away for good."""
        self._line.close()

    # --- the scale ------------------------------------------------------------------------------

    @abstractmethod
    def obey(self, heard: bytearray) -> bytes | None:
        """Take one request off the front of `heard` and return the answer; None: not whole yet."""

    def weigh(self) -> Plate:
        """What the load cell feels now; counts as one answer."""
        in_motion = self._in_motion()
        self._moving_answers = max(0, self._moving_answers - 1)
        self._answers += 1
        self._lock.notify_all()
        if self._replayed:
            self._load_g = self._replayed.pop(0)
        return replace(self.look(), in_motion=in_motion)

    def look(self) -> Plate:
        """What the load cell feels now."""
        interval = self._interval_g
        gross_g = (self._load_g - self._zero_g + interval // 2) // interval * interval
        return Plate(
            grams=gross_g - self._tare_g,
            net=self._tare_g != 0,
            in_motion=self._in_motion(),
            over_capacity=gross_g > CAPACITY_G,
        )

    def set_zero(self) -> None:
        """Its zero key: works near zero and in peace only."""
        if abs(self._load_g) <= ZERO_RANGE_G and not self._in_motion():
            self._zero_g = self._load_g
            self._tare_g = 0
            self._zeroings += 1
            self._zero_lost = False
            self._lock.notify_all()

    def _in_motion(self) -> bool:
        late = self._clock.monotonic_ns() >= self._moving_until_ns
        return self._moving or self._moving_answers > 0 or not late

    def _on_bytes(self, data: bytes) -> None:
        with self._lock:
            self._heard += data
            answers = []
            while self._heard and (answer := self.obey(self._heard)) is not None:
                answers.append(self._spoiled(answer))
        # Outside the lock: writing may wait for a driver that does not read.
        for answer in answers:
            if answer:
                self._line.write(answer)

    def _spoiled(self, answer: bytes) -> bytes:
        if answer and self._silent_answers > 0:
            self._silent_answers -= 1
            return b""
        if answer and self._garbage:
            return self._garbage.pop(0)
        return answer


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
