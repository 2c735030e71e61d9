"""States are told once each, whatever the inbox does."""

from drivers.announcer import StateAnnouncer
from drivers.contracts import DeviceKind, DeviceState, DeviceStateChanged
from tests.drivers.inbox import Inbox


def announcer_and_inbox() -> tuple[StateAnnouncer, Inbox]:
    inbox = Inbox()
    announcer = StateAnnouncer("device-1", DeviceKind.SCALE)
    announcer.attach(inbox.post)
    return announcer, inbox


def test_a_state_is_told_once() -> None:
    announcer, inbox = announcer_and_inbox()
    announcer.announce(DeviceState.LOST, "pulled")
    announcer.announce(DeviceState.LOST, "still pulled")
    announcer.announce(DeviceState.READY)
    announcer.settle()
    assert inbox.states() == [DeviceState.LOST, DeviceState.READY]
    assert inbox.of(DeviceStateChanged)[0].reason == "pulled"
    assert announcer.losses == 1


def test_only_the_last_state_is_owed_to_a_full_inbox() -> None:
    announcer, inbox = announcer_and_inbox()
    inbox.room = 0
    announcer.announce(DeviceState.LOST, "pulled")
    announcer.announce(DeviceState.READY)
    announcer.settle()
    assert inbox.states() == []
    inbox.room = None
    announcer.settle()
    announcer.settle()
    assert inbox.states() == [DeviceState.READY]


def test_nothing_is_told_before_somebody_listens() -> None:
    announcer = StateAnnouncer("device-1", DeviceKind.SCALE)
    announcer.announce(DeviceState.READY)
    inbox = Inbox()
    announcer.attach(inbox.post)
    announcer.settle()
    assert inbox.states() == [DeviceState.READY]
