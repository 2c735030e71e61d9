"""When a request about money may leave again, with time under the test's thumb."""

import pytest

from drivers.contracts import TerminalStep
from drivers.errors import DeviceTimeout
from drivers.terminal import nexo_model as m
from drivers.terminal.nexo_http import NeverSent
from drivers.terminal.nexo_model import Condition
from drivers.terminal.nexo_running import Running
from drivers.terminal.nexo_session import NotReady
from drivers.terminal.nexo_turn import Turn

PAID = m.PaymentResponse(verdict=m.Verdict(result=m.Result.SUCCESS))
BUSY_SESSION = NotReady("Busy", "at work")


def refused(condition):
    return m.PaymentResponse(verdict=m.Verdict(result=m.Result.FAILURE, condition=condition))


class World:
    """A clock that only pauses move, a session and a terminal that say their lines."""

    def __init__(self, lines, openings=(), busy_wait_s=20.0):
        self.now_s = 0.0
        self.lines = list(lines)
        self.openings = list(openings)
        self.sent = 0
        self.doubts = []
        self.steps = []
        self.running = Running("a1", "S1", lambda _, step, text: self.steps.append(step))
        self.turn = Turn(
            self, busy_wait_s=busy_wait_s, busy_pause_s=1.0, clock=self, pause=self.pause
        )

    def monotonic_ns(self):
        return int(self.now_s * 1e9)

    def pause(self, seconds):
        self.now_s += seconds
        return False

    def open(self):
        opening = self.openings.pop(0) if self.openings else None
        if opening is not None:
            raise opening

    def doubt(self, condition):
        self.doubts.append(condition)

    def send(self):
        self.sent += 1
        line = self.lines.pop(0) if len(self.lines) > 1 else self.lines[0]
        if isinstance(line, Exception):
            raise line
        return line

    def take(self):
        return self.turn.take(self.send, self.running)


def test_what_is_answered_is_sent_once():
    world = World([PAID])
    assert world.take() is PAID
    assert (world.sent, world.now_s) == (1, 0.0)


@pytest.mark.parametrize("condition", [c for c in Condition if c not in ("Busy", "LoggedOut")])
def test_every_other_condition_is_an_end(condition):
    world = World([refused(condition)])
    assert world.take().verdict.condition is condition
    assert world.sent == 1


@pytest.mark.parametrize("error", [DeviceTimeout("lost"), NeverSent("not reached")])
def test_fault_01_a_lost_answer_never_makes_it_leave_again(error):
    world = World([error])
    with pytest.raises(type(error)):
        world.take()
    assert world.sent == 1


def test_no_answer_at_all_never_makes_it_leave_again():
    world = World([None])
    assert world.take() is None
    assert world.sent == 1


def test_busy_is_tried_again_every_second():
    world = World([refused(Condition.BUSY)] * 3 + [PAID])
    assert world.take() is PAID
    assert (world.sent, world.now_s) == (4, 3.0)
    assert world.steps == [TerminalStep.BUSY] * 3


def test_fault_10_busy_for_ever_is_given_up():
    world = World([refused(Condition.BUSY)])
    with pytest.raises(NotReady) as raised:
        world.take()
    assert raised.value.code == "Busy"
    assert world.now_s == 20.0


def test_a_session_that_is_busy_is_waited_for_and_nothing_is_sent_meanwhile():
    world = World([PAID], openings=[BUSY_SESSION] * 4)
    assert world.take() is PAID
    assert (world.sent, world.now_s) == (1, 4.0)


def test_a_session_that_is_refused_sends_nothing():
    world = World([PAID], openings=[NotReady("OtherTerminal", "exchanged")])
    with pytest.raises(NotReady):
        world.take()
    assert world.sent == 0


def test_logged_out_is_tried_again_once_after_a_login():
    world = World([refused(Condition.LOGGED_OUT)])
    assert world.take().verdict.condition is Condition.LOGGED_OUT
    assert (world.sent, world.doubts) == (2, [Condition.LOGGED_OUT])


@pytest.mark.parametrize("condition", [Condition.BUSY, Condition.LOGGED_OUT])
def test_a_dialect_without_a_login_sends_nothing_again(condition):
    world = World([refused(condition)], busy_wait_s=0.0)
    assert world.take().verdict.condition is condition
    assert world.sent == 1


@pytest.mark.parametrize("condition", [Condition.BUSY, Condition.LOGGED_OUT])
def test_fault_11_what_is_unwanted_by_now_does_not_leave_again(condition):
    world = World([refused(condition), PAID])
    send = world.send

    def send_and_regret():
        answer = send()
        world.running.unwant()
        return answer

    with pytest.raises(NeverSent):
        world.turn.take(send_and_regret, world.running)
    assert world.sent == 1


def test_stopping_ends_the_waiting():
    world = World([refused(Condition.BUSY)])
    world.turn = Turn(world, busy_wait_s=20, busy_pause_s=1, clock=world, pause=lambda _: True)
    with pytest.raises(NotReady):
        world.take()
    assert world.sent == 1
