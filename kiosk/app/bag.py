"""What lies on the simulated bag scale, thing by thing: the hands of whoever plays the shopper."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from drivers.sim.control import Remote
from kiosk.app.weights import SPREAD

SETTLES_MS: Final = 250
"""So long the plate moves after something was put down or taken up."""
NOISE_G: Final = 1.5
"""Standard deviation of what the load cell adds to each new load."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing in the bag."""

    id: int
    name: str
    grams: float


class Bag:
    """Things on a bag scale. Each piece weighs its own, and the scale is off by a little.

    The noise: a piece weighs its product's mean with a spread of `SPREAD`, each new load is off by
    a spread of `NOISE_G`; both are normally distributed. The scale itself shows whole 5 g.
    """

    def __init__(self, scale: Remote, source: random.Random) -> None:
        self._scale = scale
        self._source = source
        self._ids = itertools.count(1)
        self._things: dict[int, Thing] = {}

    def __iter__(self) -> Iterator[Thing]:
        return iter(tuple(self._things.values()))

    def put_piece(self, name: str, mean_g: float) -> Thing:
        """Put a piece of a product down whose pieces weigh `mean_g` on the average."""
        return self.put(name, max(1.0, self._source.gauss(1, SPREAD) * mean_g))

    def put(self, name: str, grams: float) -> Thing:
        """Put something down that weighs exactly this."""
        thing = Thing(id=next(self._ids), name=name, grams=grams)
        self._things[thing.id] = thing
        self._weigh()
        return thing

    def take(self, thing_id: int) -> bool:
        """Take something up again; False when it does not lie there."""
        if self._things.pop(thing_id, None) is None:
            return False
        self._weigh()
        return True

    def clear(self) -> None:
        """Take the bag away with all that is in it."""
        self._things.clear()
        self._scale.call("take_off")

    def _weigh(self) -> None:
        grams = sum(thing.grams for thing in self._things.values())
        noisy = self._source.gauss(grams, NOISE_G) if self._things else 0.0
        self._scale.call("put_on", max(0, round(noisy)), settle_after_ms=SETTLES_MS)
