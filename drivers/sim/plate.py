"""The plate of a scale and what lies on it, which the simulated scales of all protocols share."""

import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from drivers.deadline import SYSTEM_CLOCK, Clock
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
