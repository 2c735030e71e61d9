"""What is particular to one scale, and what both do that the contract does not ask."""

from collections.abc import Iterator

import pytest

from drivers.contracts import DeviceState, WeightRead
from drivers.reader import Backoff
from drivers.scale.nci_ecr import NciEcrOptions, NciEcrScale
from drivers.scale.polling import Cadence
from drivers.scale.toledo8217 import Toledo8217Options, Toledo8217Scale
from drivers.sim.scale import NciScaleSim, ToledoScaleSim
from tests.drivers.inbox import Inbox

FAST = Backoff(first_s=0.02, limit_s=0.05)
QUICK = Cadence(watched_s=0.01, idle_s=0.02, answer_s=0.2)


@pytest.fixture
def nci() -> Iterator[tuple[NciScaleSim, NciEcrScale, Inbox]]:
    far_end = NciScaleSim()
    options = NciEcrOptions(name="scale-1", url=far_end.path)
    scale = NciEcrScale(options, cadence=QUICK, backoff=FAST)
    yield far_end, scale, Inbox()
    scale.stop()
    far_end.close()


@pytest.fixture
def toledo() -> Iterator[tuple[ToledoScaleSim, Toledo8217Scale, Inbox]]:
    far_end = ToledoScaleSim()
    options = Toledo8217Options(name="scale-1", url=far_end.path)
    scale = Toledo8217Scale(options, cadence=QUICK, backoff=FAST)
    yield far_end, scale, Inbox()
    scale.stop()
    far_end.close()


def test_a_broken_scale_is_a_fault_until_it_is_repaired(
    nci: tuple[NciScaleSim, NciEcrScale, Inbox],
) -> None:
    far_end, scale, inbox = nci
    scale.watch(True)
    scale.start(inbox.post)
    inbox.wait_for_state(DeviceState.READY)
    far_end.break_memory()
    inbox.wait_for_state(DeviceState.FAULT)
    far_end.repair()
    inbox.wait_for_state(DeviceState.READY, count=2)
    assert inbox.states() == [DeviceState.READY, DeviceState.FAULT, DeviceState.READY]


def test_a_scale_that_is_broken_from_the_start_is_never_ready(
    nci: tuple[NciScaleSim, NciEcrScale, Inbox],
) -> None:
    far_end, scale, inbox = nci
    far_end.break_memory()
    answered = far_end.answers
    scale.start(inbox.post)
    inbox.wait_for_state(DeviceState.FAULT)
    assert far_end.wait_for_answers(answered + 4)
    assert inbox.states() == [DeviceState.FAULT]


def test_a_tare_on_the_scale_itself_shows_as_net(
    toledo: tuple[ToledoScaleSim, Toledo8217Scale, Inbox],
) -> None:
    far_end, scale, inbox = toledo
    far_end.put_on(100)
    far_end.press_tare()
    far_end.put_on(612)
    scale.watch(True)
    scale.start(inbox.post)
    inbox.wait_until(lambda box: any(read.weight_g == 512 for read in box.of(WeightRead)))
    assert all(read.net for read in inbox.of(WeightRead) if read.weight_g == 512)


def test_a_load_that_changes_between_two_stable_answers_is_not_offered(
    toledo: tuple[ToledoScaleSim, Toledo8217Scale, Inbox],
) -> None:
    far_end, scale, inbox = toledo
    far_end.replay_weights([400, 401, 402, 500, 500])
    scale.watch(True)
    scale.start(inbox.post)
    inbox.wait_until(lambda box: any(read.weight_g for read in box.of(WeightRead)))
    offered = [read.weight_g for read in inbox.of(WeightRead) if read.weight_g]
    assert offered[0] == 500


def test_a_scale_stops_while_it_waits_for_an_answer(
    toledo: tuple[ToledoScaleSim, Toledo8217Scale, Inbox],
) -> None:
    far_end, scale, inbox = toledo
    far_end.hush(10**6)
    scale.start(inbox.post)
    far_end.wait_for_answers(1)
    scale.stop()
    inbox.wait_for_state(DeviceState.STOPPED)
    assert DeviceState.READY not in inbox.states()


def test_an_answer_in_pieces_is_put_together(
    toledo: tuple[ToledoScaleSim, Toledo8217Scale, Inbox],
) -> None:
    far_end, scale, inbox = toledo
    far_end.hush(1)
    scale.watch(True)
    scale.start(inbox.post)
    assert far_end.wait_for_answers(1)
    far_end.babble(b"\x0200.")
    far_end.babble(b"512\r")
    inbox.wait_for_state(DeviceState.READY)
    assert inbox.of(WeightRead)[0].error is False
