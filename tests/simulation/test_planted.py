"""The simulation can fail: defects planted in the kiosk are found within some hundred sales."""

import pytest

from tests.simulation.planted import DEFECTS, find

KEPT = (
    "charge_again_after_a_power_cut",
    "cancel_is_a_result",
    "the_request_is_written_after_it_left",
    "a_reversal_is_only_written_down",
    "an_unknown_refund_was_not_made",
)
"""One of each kind; `python -m tests.simulation.planted` plants all of them."""


@pytest.mark.parametrize("name", KEPT)
def test_a_planted_defect_is_found(name: str) -> None:
    assert find(name, days=40) is not None, DEFECTS[name].__doc__
