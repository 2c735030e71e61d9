"""Which sales are looked over, and how the rate follows what was found. Pure, without any person.

The rule:

1. Each kiosk keeps two numbers only: how many looks over there were, and how many found something
   that was not scanned. Both lose `FORGET` of themselves with each look, so the last hundred count
   most. Nothing is kept about a shopper, a card or a face.
2. The rate is `TARGET`-driven: rate = found share / TARGET * base, where the found share is that of
   the numbers above, pulled towards TARGET by `PRIOR` imaginary looks. It stays within LEAST and
   MOST: never no look at all, never everybody.
3. A sale is looked over with probability rate x risk. Risk is 1, and 1.5 for each of: many items
   removed (3 or more), many goods (more than 20), goods not put into the bag (2 or more). It never
   depends on who, when, or what is bought.
4. One look for a sale. The draw is made once, when the shopper goes to pay.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.sale.state import Sale

BASE: Final = 0.03
TARGET: Final = 0.05
LEAST, MOST = 0.005, 0.15
PRIOR: Final = 20
FORGET: Final = 0.01
EXTRA: Final = 1.5
REMOVED_MANY, GOODS_MANY, SKIPPED_MANY = 3, 20, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Looks over and finds, fading."""

    looks: float = 0.0
    finds: float = 0.0

    def after(self, *, found: bool) -> "Looks":
        """Return the numbers after one more look."""
        keep = 1 - FORGET
        return Looks(looks=self.looks * keep + 1, finds=self.finds * keep + (1 if found else 0))

    @property
    def rate(self) -> float:
        """How many of all sales are looked over, before the risk of each."""
        share = (self.finds + PRIOR * TARGET) / (self.looks + PRIOR)
        return min(max(BASE * share / TARGET, LEAST), MOST)


def risk(sale: Sale, skipped: int) -> float:
    """Return how much more than others this sale is worth a look; 1 is ordinary."""
    removed = sum(line.removed for line in sale.lines)
    goods = sum(line.quantity for line in sale.live_lines)
    signs = (removed >= REMOVED_MANY, goods > GOODS_MANY, skipped >= SKIPPED_MANY)
    return float(EXTRA ** sum(signs))


def is_chosen(looks: Looks, sale: Sale, skipped: int, draw: float) -> bool:
    """Return whether a sale is looked over; `draw` is uniform in [0, 1), and comes from outside."""
    return draw < min(looks.rate * risk(sale, skipped), MOST)
