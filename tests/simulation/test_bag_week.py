"""A week at the bag scale keeps its promises: few calls for nothing, most thefts seen."""

import pytest

from tests.simulation.bag_week import THEFTS, run


@pytest.mark.parametrize("seed", [1, 2])
def test_few_calls_for_nothing_and_most_thefts_seen(seed: int) -> None:
    week = run(1500, seed)
    assert week.false_per_thousand < 4, f"seed {seed}: {week}"
    planted, caught = sum(week.planted.values()), sum(week.caught.values())
    assert caught > 0.6 * planted, f"seed {seed}: {week}"
    assert set(week.planted) == set(THEFTS)


def test_without_thefts_and_with_everything_known_nearly_nobody_is_called() -> None:
    early, whole = run(1000, 3), run(3000, 3)
    late = whole.false_calls - early.false_calls
    assert late < 0.004 * (whole.goods - early.goods)
