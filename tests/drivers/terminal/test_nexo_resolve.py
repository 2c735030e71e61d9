"""Asking after a lost answer, with time under the test's thumb: 130 s pass in no time."""

import pytest

from drivers.errors import DeviceTimeout
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_dialog import Ends
from drivers.terminal.nexo_resolve import Found, NeverHeard, Patience, Resolver, Unresolved
from drivers.terminal.nexo_session import Diagnosed

ENDS = Ends(sale_id="KIOSK-01", poi_id="S1F2-1")
NOT_FOUND = m.StatusResponse(
    verdict=m.Verdict(result=m.Result.FAILURE, condition=m.Condition.NOT_FOUND)
)
IN_PROGRESS = m.StatusResponse(
    verdict=m.Verdict(result=m.Result.FAILURE, condition=m.Condition.IN_PROGRESS)
)
OK = m.DiagnosisResponse(verdict=m.Verdict(result=m.Result.SUCCESS), global_status="OK")
BUSY = m.DiagnosisResponse(verdict=m.Verdict(result=m.Result.FAILURE, condition=m.Condition.BUSY))
PAID = m.PaymentResponse(verdict=m.Verdict(result=m.Result.SUCCESS))
SILENCE = DeviceTimeout("no answer")


def repeated(service_id="S1", sale_id="KIOSK-01", poi_id="S1F2-1", category="Payment"):
    header = m.Header(
        category=category,
        service_id=service_id,
        sale_id=sale_id,
        poi_id=poi_id,
        message_type="Response",
    )
    verdict = m.Verdict(result=m.Result.SUCCESS)
    return m.StatusResponse(verdict=verdict, repeated_header=header, repeated=PAID)


class World:
    """A clock that only pauses move, and a dialog that says its lines; the last one for ever."""

    def __init__(self, statuses, health=OK):
        self.now_s = 0.0
        self.ends = ENDS
        self.statuses = list(statuses)
        self.health = health
        self.asked_at_s = []

    def monotonic_ns(self):
        return int(self.now_s * 1e9)

    def pause(self, seconds):
        assert seconds > 0
        self.now_s += seconds
        return False

    def call(self, request, *, timeout_s, digits=2):
        if isinstance(request, m.DiagnosisRequest):
            return self.health
        self.asked_at_s.append(self.now_s)
        line = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if isinstance(line, Exception):
            self.now_s += timeout_s
            raise line
        return line

    def resolve(self, **more):
        resolver = Resolver(
            self,
            session=Diagnosed(self),
            patience=Patience(),
            clock=self,
            pause=self.pause,
        )
        return resolver.resolve(m.Category.PAYMENT, "S1", digits=2, **more)


def test_fault_01_the_repeated_answer_is_the_answer():
    assert World([SILENCE, IN_PROGRESS, repeated()]).resolve() == Found(PAID)


def test_questions_are_two_to_five_seconds_apart():
    world = World([IN_PROGRESS] * 8 + [repeated()])
    world.resolve()
    gaps = [b - a for a, b in zip(world.asked_at_s, world.asked_at_s[1:], strict=False)]
    assert gaps[0] == 2.0
    assert all(2.0 <= gap <= 5.0 for gap in gaps)
    assert gaps[-1] == 5.0


def test_a_terminal_at_work_for_its_whole_120_seconds_is_waited_for():
    world = World([IN_PROGRESS] * 27 + [repeated()])
    assert world.resolve() == Found(PAID)
    assert world.now_s > 120


def test_a_terminal_that_is_at_work_for_ever_is_not_waited_for_for_ever():
    world = World([IN_PROGRESS])
    assert world.resolve() == Unresolved("NotSettled")
    assert 300 <= world.now_s < 310


def test_fault_03_silence_ends_as_unresolved_after_a_minute():
    world = World([SILENCE])
    assert world.resolve() == Unresolved("NoAnswer")
    assert 60 <= world.now_s < 80


def test_fault_08_not_found_must_stand_for_five_seconds():
    world = World([NOT_FOUND])
    assert world.resolve() == NeverHeard()
    assert world.asked_at_s == [0.0, 5.0]


def test_fault_08_not_found_that_does_not_stand_is_forgotten():
    world = World([NOT_FOUND, IN_PROGRESS, repeated()])
    assert world.resolve() == Found(PAID)


def test_fault_08_silence_between_two_not_founds_starts_anew():
    world = World([NOT_FOUND, SILENCE, NOT_FOUND, NOT_FOUND])
    assert world.resolve() == NeverHeard()
    assert len(world.asked_at_s) == 4


def test_fault_08_not_found_of_a_busy_terminal_stays_unresolved():
    assert World([NOT_FOUND], health=BUSY).resolve() == Unresolved("NotSettled")


def test_without_settling_one_not_found_of_an_idle_terminal_is_enough():
    world = World([NOT_FOUND])
    assert world.resolve(settle=False) == NeverHeard()
    assert world.asked_at_s == [0.0]


@pytest.mark.parametrize(
    "other",
    [
        repeated(service_id="S2"),
        repeated(sale_id="KIOSK-02"),
        repeated(poi_id="S1F2-2"),
        repeated(category="Reversal"),
        m.StatusResponse(verdict=m.Verdict(result=m.Result.SUCCESS)),
        None,
    ],
)
def test_fault_42_an_answer_about_something_else_is_silence(other):
    assert World([other]).resolve() == Unresolved("NoAnswer")


def test_stopping_ends_the_asking():
    world = World([IN_PROGRESS])
    world.pause = lambda seconds: True
    assert world.resolve() == Unresolved("Stopped")
    assert len(world.asked_at_s) == 1


def test_fault_08_a_pause_that_ends_early_does_not_shorten_the_settling():
    world = World([NOT_FOUND])
    whole_pause = world.pause
    world.pause = lambda seconds: whole_pause(seconds / 2)
    assert world.resolve() == NeverHeard()
    assert world.now_s >= 4.99
    assert len(world.asked_at_s) > 2
