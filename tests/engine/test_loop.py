"""The inbox and the thread: bounded, prompt, and loud when it dies."""

import threading
from collections.abc import Iterator

import pytest

from drivers.contracts import (
    BarcodeScanned,
    DeviceEvent,
    DeviceKind,
    DeviceState,
    DeviceStateChanged,
    PrintDone,
    PrintOutcome,
    WeightRead,
)
from kiosk.engine.clock import SystemClock
from kiosk.engine.inbox import Inbox, InboxStuck, Losses
from kiosk.engine.loop import EngineThread
from kiosk.engine.messages import Message, PayPressed, Tick, Touched

PATIENCE_S = 60.0


def scan(number: int = 0) -> BarcodeScanned:
    return BarcodeScanned(device="scanner-1", text=str(number), at_monotonic_ns=number)


def weight(grams: int, device: str = "scale-1") -> WeightRead:
    return WeightRead(device=device, weight_g=grams, stable=True, at_monotonic_ns=0)


def state(number: int) -> DeviceEvent:
    return DeviceStateChanged(device=f"d{number}", kind=DeviceKind.SCANNER, state=DeviceState.READY)


def drained(inbox: Inbox) -> list[Message]:
    taken = []
    while (message := inbox.get(0)) is not None:
        taken.append(message)
    return taken


def test_messages_come_in_the_order_they_were_put() -> None:
    inbox = Inbox()
    for number in range(10):
        assert inbox.put(scan(number))
    assert drained(inbox) == [scan(number) for number in range(10)]


def test_of_weights_only_the_newest_of_each_scale_is_kept() -> None:
    inbox = Inbox(capacity=1)
    for grams in range(100):
        assert inbox.put(weight(grams))
    inbox.put(weight(5, "scale-2"))
    inbox.put(Touched())
    assert drained(inbox) == [Touched(), weight(99), weight(5, "scale-2")]


def test_scans_and_touches_that_do_not_fit_are_refused_and_counted() -> None:
    inbox = Inbox(capacity=2)
    assert [inbox.put(scan(n)) for n in range(4)] == [True, True, False, False]
    assert not inbox.put(PayPressed())
    assert inbox.losses == Losses(scans=2, touches=1)
    assert drained(inbox) == [scan(0), scan(1)]


def test_answers_and_states_have_room_of_their_own() -> None:
    inbox = Inbox(capacity=1, reserve=2)
    done = PrintDone(device="p", print_id="x", outcome=PrintOutcome.PRINTED)
    inbox.put(scan())
    assert inbox.put(done)
    assert inbox.put(state(1))
    with pytest.raises(InboxStuck):
        inbox.put(state(2))
    assert drained(inbox) == [scan(), done, state(1)]


def test_get_gives_up_at_its_deadline_and_at_once_when_it_has_passed() -> None:
    inbox = Inbox()
    assert inbox.get(-5) is None
    assert inbox.get(1) is None


def test_nothing_is_taken_after_the_stop() -> None:
    inbox = Inbox()
    inbox.put(scan())
    inbox.stop()
    assert not inbox.put(scan())
    assert inbox.get(None) is None


class Engine:
    """Notes what it is given."""

    def __init__(self, deadlines: Iterator[int | None]) -> None:
        self.deadlines = deadlines
        self.got: list[Message | str] = []
        self.seen = threading.Semaphore(0)
        self.poison: type[Message] | None = None

    def start(self) -> None:
        self.got.append("start")
        self.seen.release()

    def stop(self) -> None:
        self.got.append("stop")

    def handle(self, message: Message) -> None:
        if self.poison is not None and isinstance(message, self.poison):
            raise RuntimeError("the engine has a bug")
        self.got.append(message)
        self.seen.release()

    def deadline_ns(self) -> int | None:
        return next(self.deadlines)

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self.seen.acquire(timeout=PATIENCE_S)


def for_ever(value: int | None) -> Iterator[int | None]:
    while True:
        yield value


def test_the_thread_recovers_first_and_hands_over_what_comes() -> None:
    engine = Engine(for_ever(None))
    thread = EngineThread(engine, SystemClock())
    thread.send(PayPressed())
    thread.start()
    assert thread.post(scan(1))
    engine.wait_for(3)
    assert engine.got == ["start", PayPressed(), scan(1)]
    thread.stop()
    thread.stop()
    assert not thread.alive
    assert engine.got[3:] == ["stop"]
    assert thread.handled == 3


def test_a_deadline_becomes_a_tick() -> None:
    clock = SystemClock()

    def deadlines() -> Iterator[int | None]:
        yield clock.monotonic_ns() + 1_000_000
        yield from for_ever(None)

    engine = Engine(deadlines())
    thread = EngineThread(engine, clock)
    thread.start()
    engine.wait_for(2)
    assert engine.got == ["start", Tick()]
    thread.stop()


def test_a_thread_that_dies_says_so_and_takes_nothing_more() -> None:
    engine = Engine(for_ever(None))
    engine.poison = PayPressed
    deaths: list[BaseException] = []
    died = threading.Event()

    def note(error: BaseException) -> None:
        deaths.append(error)
        died.set()

    thread = EngineThread(engine, SystemClock(), died=note)
    thread.start()
    thread.send(PayPressed())
    assert died.wait(PATIENCE_S)
    assert str(deaths[0]) == "the engine has a bug"
    assert not thread.send(PayPressed())
    thread.stop()
    assert "stop" not in engine.got


def test_a_stuck_engine_ends_the_program_and_raises_into_no_driver() -> None:
    deaths: list[BaseException] = []
    thread = EngineThread(
        Engine(for_ever(None)),
        SystemClock(),
        inbox=Inbox(capacity=1, reserve=0),
        died=deaths.append,
    )
    assert thread.post(state(1))
    assert not thread.post(state(2))
    assert [type(error) for error in deaths] == [InboxStuck]
