"""When to try again: twice as late each time, and not all kiosks of a chain at the same moment."""

import random
from typing import Final

FIRST_S: Final = 1.0
MOST_S: Final = 120.0


class Backoff:
    """The waits between tries. After `reset` they begin small again."""

    def __init__(self, chance: random.Random, first_s: float = FIRST_S, most_s: float = MOST_S):
        self._chance = chance
        self._first_s = first_s
        self._most_s = most_s
        self._tries = 0

    def next_s(self) -> float:
        """Return how long to wait now: between half of the step and all of it."""
        step_s = min(self._most_s, self._first_s * 2 ** min(self._tries, 20))
        self._tries += 1
        return self._chance.uniform(step_s / 2, step_s)

    def reset(self) -> None:
        """Begin anew: it worked."""
        self._tries = 0
