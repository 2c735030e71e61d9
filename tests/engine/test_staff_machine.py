"""What staff set on the machine, volume and touch: it outlives the program, and a slip."""

from collections.abc import Callable
from random import Random

import pytest

from kiosk.engine import staff_messages as s
from kiosk.engine import touch
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool
from kiosk.engine.view import Tone
from kiosk.fiscal.events import KioskAdjusted
from tests.engine.bench import Bench
from tests.engine.conftest import cheap_hashes
from tests.engine.staffing import begin_register

PER = ("30", "3690")


@pytest.fixture
def bench(make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> Bench:
    cheap_hashes(monkeypatch)
    made = make_bench(staffed=True, bagging=True)  # a bench with a memory
    begin_register(made)
    return made.sign_in(*PER)


def askew(place: touch.Place) -> touch.Place:
    """Return where a panel says a finger is that is turned, stretched and moved a little."""
    x, y = place
    return 1.04 * x - 0.02 * y + 0.015, 0.03 * x + 0.97 * y - 0.02


def touched(bench: Bench, *places: touch.Place) -> Bench:
    return bench.send(*(s.TouchPointMet(*place) for place in places))


def test_each_step_of_the_volume_is_heard_kept_and_recorded(bench: Bench) -> None:
    bench.send(s.ToolPressed(Tool.VOLUME))
    assert bench.desk.volume_percent == 60
    before = bench.view.tone_seq
    bench.send(s.VolumePressed(70))
    assert (bench.view.volume_percent, bench.view.tone) == (70, Tone.ADDED)
    assert bench.view.tone_seq == before + 1
    adjusted = bench.record()[-1]
    assert isinstance(adjusted, KioskAdjusted)
    assert (adjusted.setting, adjusted.value) == ("volume", "70")
    assert adjusted.attendant_id.startswith("s-")
    bench.restart()
    assert bench.view.volume_percent == 70


@pytest.mark.parametrize(("wanted", "got"), [(-10, 0), (0, 0), (100, 100), (250, 100)])
def test_the_volume_stays_within_what_can_be_heard(bench: Bench, wanted: int, got: int) -> None:
    bench.send(s.ToolPressed(Tool.VOLUME), s.VolumePressed(wanted))
    assert bench.view.volume_percent == got


def test_nobody_sets_the_volume_from_another_page(bench: Bench) -> None:
    bench.send(s.VolumePressed(10))
    assert bench.view.volume_percent == 60


def test_four_points_and_a_proof_put_a_panel_right_for_good(bench: Bench) -> None:
    bench.send(s.ToolPressed(Tool.TOUCH))
    touched(bench, *(askew(point) for point in touch.POINTS))
    assert bench.desk.touch_points == 4
    assert bench.view.touch == touch.AS_IT_IS
    touched(bench, askew(touch.PROOF))
    assert bench.desk.step is StaffStep.MORE
    bench.restart()
    x, y = touch.mapped(bench.view.touch, *askew((0.3, 0.7)))
    assert (round(x, 6), round(y, 6)) == (0.3, 0.7)


def test_a_proof_that_fails_changes_nothing_and_begins_anew(bench: Bench) -> None:
    bench.send(s.ToolPressed(Tool.TOUCH))
    first, *rest = (askew(point) for point in touch.POINTS)
    touched(bench, (first[0] + 0.2, first[1]), *rest, askew(touch.PROOF))
    assert (bench.desk.touch_points, bench.desk.problem) == (0, StaffProblem.TOUCH_OFF)
    assert bench.view.touch == touch.AS_IT_IS


def test_a_touch_that_was_not_aimed_is_not_taken(bench: Bench) -> None:
    bench.send(s.ToolPressed(Tool.TOUCH))
    touched(bench, (0.9, 0.9))
    assert (bench.desk.touch_points, bench.desk.problem) == (0, StaffProblem.TOUCH_OFF)


@pytest.mark.parametrize("seed", range(20))
def test_a_shaking_hand_is_averaged_out(seed: int) -> None:
    hand = Random(seed)

    def shaken(place: touch.Place) -> touch.Place:
        x, y = askew(place)
        return x + hand.uniform(-0.005, 0.005), y + hand.uniform(-0.005, 0.005)

    found = touch.found([shaken(point) for point in touch.POINTS])
    assert found is not None
    for place in [(0.1, 0.9), (0.5, 0.5), (0.8, 0.2)]:
        x, y = touch.mapped(found, *askew(place))
        assert abs(x - place[0]) < 0.01, f"seed {seed}"
        assert abs(y - place[1]) < 0.01, f"seed {seed}"


def test_four_touches_of_one_place_give_no_map() -> None:
    assert touch.found([(0.5, 0.5)] * 4) is None
