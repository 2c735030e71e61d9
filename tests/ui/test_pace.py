"""Nothing moves on a panel that draws too slowly for movement."""

from kiosk.ui.pace import Pace


def test_a_fast_panel_moves() -> None:
    pace = Pace()
    for _ in range(20):
        pace.drawn(0.006)
    assert pace.moves


def test_a_slow_panel_shows_every_change_at_once() -> None:
    pace = Pace()
    for _ in range(20):
        pace.drawn(0.080)
    assert not pace.moves


def test_one_slow_frame_does_not_stop_movement() -> None:
    pace = Pace()
    for _ in range(20):
        pace.drawn(0.006)
    pace.drawn(0.100)
    assert pace.moves


def test_between_the_limits_it_stays_as_it_was() -> None:
    pace = Pace()
    for _ in range(20):
        pace.drawn(0.080)
    for _ in range(20):
        pace.drawn(0.035)
    assert not pace.moves
    for _ in range(20):
        pace.drawn(0.010)
    assert pace.moves


def test_movement_that_is_not_wanted_never_comes() -> None:
    assert not Pace(wanted=False).moves
