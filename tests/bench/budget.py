"""A figure beside its budget."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measurement: what, how much, of what, and how much it may be."""

    what: str
    value: float
    unit: str
    budget: float
    detail: str = ""

    @property
    def within(self) -> bool:
        """Whether the budget is kept."""
        return self.value <= self.budget


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the given percentile, interpolated; the values may be in any order."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def spread(values: Sequence[float]) -> str:
    """Return p50, p99 and the largest of the values, for people."""
    return (
        f"p50 {percentile(values, 50):.2f}, p99 {percentile(values, 99):.2f}, "
        f"max {max(values):.2f}, n {len(values)}"
    )
