"""The bag scale over a simulated week: what it costs the honest, and what it sees of the others.

The noise is written down, and explained, in `tests.simulation.bag_week`.
"""

from collections.abc import Iterator
from pathlib import Path

from tests.bench.budget import Figure
from tests.simulation.bag_week import THEFTS, run

SALES = 10_000
SEED = 1


def bag_figures(_out: Path) -> Iterator[Figure]:
    """Let a week of sales happen; the same seed gives the same week."""
    week = run(SALES, SEED)
    yield Figure(
        what=f"bag scale, {SALES:,} sales: honest sales with a call, for each 1,000 goods",
        value=week.false_per_thousand,
        unit="",
        budget=2,
        detail=f"{week.goods} goods, seed {SEED}",
    )
    yield Figure(
        what="bag scale: questions to honest shoppers, for each 1,000 goods",
        value=week.asked_per_thousand,
        unit="",
        budget=30,
        detail="own bags and things in the hand included",
    )
    yield Figure(
        what="bag scale: planted thefts that nobody was called to",
        value=week.missed_percent,
        unit="%",
        budget=20,
        detail=", ".join(f"{x} {week.caught[x]} of {week.planted[x]} seen" for x in THEFTS),
    )
