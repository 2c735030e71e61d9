"""Names for new things. Randomness comes in from outside, so a simulation can be run again."""

import random
import uuid
from typing import Protocol


class Ids(Protocol):
    """Where the engine gets names from. All are unique for ever, and at most 35 characters."""

    def sale_id(self) -> str:
        """Name a sale."""

    def attempt_id(self) -> str:
        """Name an attempt to pay."""

    def print_id(self) -> str:
        """Name one receipt on its way to paper."""

    def intervention_id(self) -> str:
        """Name something that needs a person."""

    def draw(self) -> float:
        """Draw a number, uniform in [0, 1): for random checks."""


class RandomIds:
    """Random names of 128 bits: no two kiosks and no two lives of a kiosk share one."""

    def sale_id(self) -> str:
        """Return a random name."""
        return uuid.uuid4().hex

    attempt_id = sale_id
    print_id = sale_id
    intervention_id = sale_id

    def draw(self) -> float:
        """Return a number that nobody can foresee."""
        return random.SystemRandom().random()


class SeededIds:
    """Names from a seed, for simulations; each life of a kiosk must get another seed."""

    def __init__(self, seed: int | str) -> None:
        self._random = random.Random(seed)

    def _name(self, kind: str) -> str:
        return f"{kind}-{self._random.getrandbits(64):016x}"

    def sale_id(self) -> str:
        """Return e.g. "sale-0f3a…"."""
        return self._name("sale")

    def attempt_id(self) -> str:
        """Return e.g. "attempt-0f3a…"."""
        return self._name("attempt")

    def print_id(self) -> str:
        """Return e.g. "print-0f3a…"."""
        return self._name("print")

    def intervention_id(self) -> str:
        """Return e.g. "call-0f3a…"."""
        return self._name("call")

    def draw(self) -> float:
        """Return the seed's next number."""
        return self._random.random()
