"""The reader thread's life: lost and back once each, back-off, crash, stop."""

import threading
from collections.abc import Callable, Iterator

import pytest

from drivers.contracts import DeviceKind, DeviceState
from drivers.errors import DeviceClosed, DeviceLost
from drivers.reader import Backoff, ReaderThread
from tests.drivers.inbox import Inbox

FAST = Backoff(first_s=0.001, limit_s=0.002)


class Scripted(ReaderThread):
    """A device whose hooks do what the test says."""

    def __init__(self, **keywords: object) -> None:
        super().__init__("device-1", DeviceKind.SCANNER, backoff=FAST, **keywords)  # type: ignore[arg-type]
        self.on_connect: Callable[[], None] = lambda: None
        self.on_step: Callable[[], None] = lambda: None
        self.calls: list[str] = []

    def connect(self) -> None:
        self.calls.append("connect")
        self.on_connect()

    def step(self) -> None:
        self.on_step()
        self.stopping.wait(0.001)

    def disconnect(self) -> None:
        self.calls.append("disconnect")


@pytest.fixture
def device() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.stop()


def fail_times(count: int) -> Callable[[], None]:
    left = [count]

    def hook() -> None:
        if left[0]:
            left[0] -= 1
            raise DeviceLost("pulled")

    return hook


def test_failing_to_connect_often_is_one_loss(device: Scripted) -> None:
    device.on_connect = fail_times(5)
    inbox = Inbox()
    device.start(inbox.post)
    inbox.wait_for_state(DeviceState.READY)
    assert inbox.states() == [DeviceState.LOST, DeviceState.READY]
    assert device.calls.count("connect") == 6
    assert device.calls.count("disconnect") == 5


def test_each_loss_is_disconnected_before_the_next_attempt(device: Scripted) -> None:
    device.on_step = fail_times(3)
    inbox = Inbox()
    device.start(inbox.post)
    inbox.wait_for_state(DeviceState.READY, count=4)
    assert device.calls == ["connect", "disconnect"] * 3 + ["connect"]
    assert inbox.states() == [DeviceState.READY, DeviceState.LOST] * 3 + [DeviceState.READY]
    assert device.statistics().counters["losses"] == 3


def test_a_state_that_did_not_fit_into_the_inbox_is_posted_later(device: Scripted) -> None:
    inbox = Inbox()
    inbox.room = 0
    device.start(inbox.post)
    while device.state is not DeviceState.READY:
        threading.Event().wait(0.001)
    assert inbox.states() == []
    inbox.room = None
    inbox.wait_for_state(DeviceState.READY)
    assert inbox.states() == [DeviceState.READY]


@pytest.mark.parametrize("where", ["on_connect", "on_step"])
def test_a_crash_is_a_fault_and_reaches_the_thread_hook(
    device: Scripted, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[type[BaseException] | None] = []
    hooked = threading.Event()

    def hook(arguments: threading.ExceptHookArgs) -> None:
        seen.append(arguments.exc_type)
        hooked.set()

    monkeypatch.setattr(threading, "excepthook", hook)

    def crash() -> None:
        raise ZeroDivisionError("defect")

    setattr(device, where, crash)
    inbox = Inbox()
    device.start(inbox.post)
    inbox.wait_for_state(DeviceState.FAULT)
    assert hooked.wait(10)
    assert seen == [ZeroDivisionError]
    assert device.calls[-1] == "disconnect"


def test_a_crash_goes_to_the_given_handler_instead() -> None:
    crashes: list[BaseException] = []
    crashed = threading.Event()

    def on_crash(error: BaseException) -> None:
        crashes.append(error)
        crashed.set()

    device = Scripted(on_crash=on_crash)

    def crash() -> None:
        raise ZeroDivisionError("defect")

    device.on_step = crash
    device.start(Inbox().post)
    assert crashed.wait(10)
    assert isinstance(crashes[0], ZeroDivisionError)
    device.stop()


def test_stop_ends_the_wait_for_the_next_attempt() -> None:
    device = Scripted()
    device._backoff = Backoff(first_s=3600, limit_s=3600)
    device.on_connect = fail_times(10**6)
    inbox = Inbox()
    device.start(inbox.post)
    inbox.wait_for_state(DeviceState.LOST)
    device.stop()
    inbox.wait_for_state(DeviceState.STOPPED)
    assert inbox.states() == [DeviceState.LOST, DeviceState.STOPPED]


def test_a_device_starts_only_once(device: Scripted) -> None:
    device.start(Inbox().post)
    with pytest.raises(DeviceClosed, match="only once"):
        device.start(Inbox().post)


def test_a_loss_while_stopping_is_not_announced(device: Scripted) -> None:
    inbox = Inbox()
    reading = threading.Event()

    def lose_when_stopped() -> None:
        reading.set()
        device.stopping.wait(10)
        raise DeviceLost("closed under our feet")

    device.on_step = lose_when_stopped
    device.start(inbox.post)
    assert reading.wait(10)
    device.stop()
    assert inbox.states() == [DeviceState.READY, DeviceState.STOPPED]


def test_back_off_doubles_up_to_its_limit() -> None:
    backoff = Backoff(first_s=0.2, limit_s=5.0)
    assert [backoff.after(n) for n in range(1, 8)] == [0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]
    assert backoff.after(10**9) == 5.0
