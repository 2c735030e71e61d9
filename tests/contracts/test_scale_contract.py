"""What every scale driver promises, by one set of tests for all of them.

The far ends answer on pseudo-terminals, byte for byte as the manuals say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from drivers.contracts import DeviceKind, DeviceState, Scale, WeightRead
from drivers.reader import Backoff
from drivers.scale.nci_ecr import NciEcrOptions, NciEcrScale
from drivers.scale.polling import Cadence
from drivers.scale.toledo8217 import Toledo8217Options, Toledo8217Scale
from drivers.sim.plate import ScaleSim
from drivers.sim.scale import NciScaleSim, ToledoScaleSim
from tests.drivers.inbox import Inbox

FAST = Backoff(first_s=0.02, limit_s=0.05)
QUICK = Cadence(watched_s=0.01, idle_s=0.02, answer_s=0.2)


@dataclass
class Bench:
    far_end: ScaleSim
    scale: Scale
    inbox: Inbox

    def start(self, *, watched: bool = True) -> None:
        self.scale.start(self.inbox.post)
        self.inbox.wait_for_state(DeviceState.READY)
        self.scale.watch(watched)

    def wait_for_weight(self, grams: int) -> WeightRead:
        def is_offered(inbox: Inbox) -> bool:
            return any(read.weight_g == grams for read in inbox.of(WeightRead))

        self.inbox.wait_until(is_offered, f"{grams} g")
        return next(read for read in self.inbox.of(WeightRead) if read.weight_g == grams)

    def wait_for_flag(self, flag: str) -> WeightRead:
        def is_raised(inbox: Inbox) -> bool:
            return any(getattr(read, flag) for read in inbox.of(WeightRead))

        self.inbox.wait_until(is_raised, flag)
        return next(read for read in self.inbox.of(WeightRead) if getattr(read, flag))


def toledo_bench() -> Bench:
    far_end = ToledoScaleSim()
    options = Toledo8217Options(name="scale-1", url=far_end.path)
    return Bench(far_end, Toledo8217Scale(options, cadence=QUICK, backoff=FAST), Inbox())


def nci_bench() -> Bench:
    far_end = NciScaleSim()
    options = NciEcrOptions(name="scale-1", url=far_end.path)
    return Bench(far_end, NciEcrScale(options, cadence=QUICK, backoff=FAST), Inbox())


def nci_general_bench() -> Bench:
    far_end = NciScaleSim(general=True)
    options = NciEcrOptions(name="scale-1", url=far_end.path)
    return Bench(far_end, NciEcrScale(options, cadence=QUICK, backoff=FAST), Inbox())


@pytest.fixture(
    params=[toledo_bench, nci_bench, nci_general_bench], ids=["8217", "nci-ecr", "nci-general"]
)
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made: Bench = request.param()
    yield made
    made.scale.stop()
    made.far_end.close()


def test_it_says_who_it_is(bench: Bench) -> None:
    assert (bench.scale.name, bench.scale.kind) == ("scale-1", DeviceKind.SCALE)


@pytest.mark.parametrize("grams", [1, 5, 512, 999, 1000, 14_995])
def test_a_stable_load_is_offered_in_grams(bench: Bench, grams: int) -> None:
    bench.start()
    bench.far_end.put_on(grams)
    read = bench.wait_for_weight(grams)
    assert read.stable
    flags = (read.in_motion, read.zero, read.error, read.under_zero, read.over_capacity)
    assert not any(flags)
    assert read.at_monotonic_ns > 0


def test_an_empty_plate_is_zero_grams_and_says_zero(bench: Bench) -> None:
    bench.start()
    assert bench.wait_for_weight(0).zero


def test_a_weight_is_offered_only_after_two_equal_stable_answers(bench: Bench) -> None:
    bench.far_end.put_on(512)
    bench.start()
    bench.wait_for_weight(512)
    reads = bench.inbox.of(WeightRead)
    assert (reads[0].weight_g, reads[0].stable) == (None, False)


def test_no_weight_is_offered_while_the_load_moves(bench: Bench) -> None:
    bench.start()
    bench.far_end.put_on(512, settle_after_readings=3)
    bench.wait_for_weight(512)
    moving = [read for read in bench.inbox.of(WeightRead) if read.in_motion]
    assert moving
    assert all(read.weight_g is None and not read.stable for read in moving)


def test_a_moving_load_never_shows_the_weight_from_before(bench: Bench) -> None:
    bench.far_end.put_on(512)
    bench.start()
    bench.wait_for_weight(512)
    bench.far_end.wobble()
    bench.wait_for_flag("in_motion")
    bench.inbox.clear()
    bench.wait_for_flag("in_motion")
    assert all(read.weight_g is None for read in bench.inbox.of(WeightRead))
    bench.far_end.settle()
    bench.wait_for_weight(512)


def test_too_heavy_and_less_than_nothing_are_states_without_weight(bench: Bench) -> None:
    bench.start()
    bench.far_end.overload()
    assert bench.wait_for_flag("over_capacity").weight_g is None
    bench.far_end.lift_plate()
    assert bench.wait_for_flag("under_zero").weight_g is None
    bench.far_end.take_off()
    bench.wait_for_weight(0)


def test_a_scale_that_cannot_find_zero_says_so(bench: Bench) -> None:
    bench.far_end.lose_zero()
    bench.start()
    assert bench.wait_for_flag("error").weight_g is None


def test_garbage_is_an_error_then_the_scale_goes_on(bench: Bench) -> None:
    bench.far_end.put_on(512)
    bench.start()
    bench.wait_for_weight(512)
    bench.inbox.clear()
    bench.far_end.mumble(b"\x02\x00\xff0.5\x11\r\x03")
    assert bench.wait_for_flag("error").weight_g is None
    bench.inbox.clear()
    bench.wait_for_weight(512)
    assert DeviceState.LOST not in bench.inbox.states()


def test_bytes_that_nobody_asked_for_are_no_weight(bench: Bench) -> None:
    bench.start()
    bench.wait_for_weight(0)
    bench.far_end.babble(b"\x0299.999\r\n99.999KG\r\nS00\r\x03")
    bench.far_end.put_on(512)
    bench.wait_for_weight(512)
    assert {read.weight_g for read in bench.inbox.of(WeightRead)} <= {None, 0, 512}


def test_one_unanswered_question_is_an_error_and_three_are_lost(bench: Bench) -> None:
    bench.start()
    bench.wait_for_weight(0)
    bench.far_end.hush(3)
    bench.wait_for_flag("error")
    bench.inbox.wait_for_state(DeviceState.LOST)
    bench.inbox.wait_for_state(DeviceState.READY, count=2)
    assert bench.inbox.states() == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_a_port_without_a_scale_is_never_ready(bench: Bench) -> None:
    bench.far_end.hush(4)
    bench.scale.start(bench.inbox.post)
    bench.inbox.wait_for_state(DeviceState.READY)
    assert bench.inbox.states() == [DeviceState.LOST, DeviceState.READY]


def test_pulling_the_cable_is_lost_once_and_plugging_in_is_ready_once(bench: Bench) -> None:
    bench.start()
    bench.far_end.unplug()
    bench.inbox.wait_for_state(DeviceState.LOST)
    bench.far_end.plug_in()
    bench.far_end.put_on(512)
    bench.inbox.wait_for_state(DeviceState.READY, count=2)
    bench.wait_for_weight(512)
    assert bench.inbox.states() == [DeviceState.READY, DeviceState.LOST, DeviceState.READY]


def test_an_unwatched_scale_is_asked_but_posts_no_weight(bench: Bench) -> None:
    bench.far_end.put_on(512)
    bench.start(watched=False)
    assert bench.far_end.wait_for_answers(4)
    assert bench.inbox.of(WeightRead) == []
    bench.scale.watch(True)
    bench.wait_for_weight(512)
    bench.scale.watch(False)


def test_an_old_weight_does_not_count_when_watching_begins(bench: Bench) -> None:
    bench.far_end.put_on(512)
    bench.start(watched=False)
    assert bench.far_end.wait_for_answers(4)
    bench.scale.watch(True)
    first, *_ = bench.inbox.wait_for(WeightRead)
    assert first.weight_g is None


def test_zero_makes_a_small_load_nothing(bench: Bench) -> None:
    bench.far_end.put_on(20)
    bench.start()
    bench.wait_for_weight(20)
    bench.scale.zero()
    bench.wait_for_weight(0)
    assert bench.far_end.zeroings == 1


def test_a_full_inbox_loses_readings_and_nothing_else(bench: Bench) -> None:
    bench.start()
    bench.wait_for_weight(0)
    bench.inbox.room = 0
    bench.inbox.wait_until(
        lambda _: bench.scale.statistics().counters.get("dropped_readings", 0) >= 2
    )
    bench.inbox.room = None
    bench.far_end.put_on(512)
    bench.wait_for_weight(512)


def test_stop_is_idempotent_and_posted(bench: Bench) -> None:
    bench.start()
    bench.scale.stop()
    bench.scale.stop()
    assert bench.inbox.states() == [DeviceState.READY, DeviceState.STOPPED]


@pytest.mark.parametrize("far_end_type", [ToledoScaleSim, NciScaleSim])
def test_a_scale_that_weighs_in_pounds_is_refused(far_end_type: type[ScaleSim]) -> None:
    far_end = far_end_type(pounds=True)
    far_end.put_on(1000)
    inbox = Inbox()
    scale: Scale
    if far_end_type is ToledoScaleSim:
        options = Toledo8217Options(name="scale-1", url=far_end.path)
        scale = Toledo8217Scale(options, cadence=QUICK, backoff=FAST)
    else:
        scale = NciEcrScale(NciEcrOptions(name="scale-1", url=far_end.path), cadence=QUICK)
    try:
        scale.watch(True)
        scale.start(inbox.post)
        inbox.wait_for_state(DeviceState.LOST)
        assert all(read.weight_g is None and read.error for read in inbox.of(WeightRead))
        assert DeviceState.READY not in inbox.states()
    finally:
        scale.stop()
        far_end.close()
