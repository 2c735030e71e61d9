"""Deadlines on a clock from outside, and flags that wake a poll."""

import os
import threading

from drivers.deadline import Deadline, Flag, ready


class ManualClock:
    def __init__(self) -> None:
        self.now_ns = 0

    def monotonic_ns(self) -> int:
        return self.now_ns


def test_a_deadline_passes_with_its_clock_and_no_other() -> None:
    clock = ManualClock()
    deadline = Deadline(clock, 0.5)
    assert deadline.left_s() == 0.5
    clock.now_ns = 499_999_999
    assert not deadline.passed()
    clock.now_ns = 500_000_000
    assert deadline.passed()
    clock.now_ns = 900_000_000
    assert deadline.left_s() == 0


def test_a_flag_stays_up_until_it_is_cleared() -> None:
    flag = Flag()
    assert not flag.is_set()
    flag.clear()
    flag.set()
    flag.set()
    assert flag.is_set()
    assert flag.wait(10)
    flag.clear()
    assert not flag.is_set()


def test_a_flag_wakes_a_wait_in_another_thread() -> None:
    flag = Flag()
    threading.Timer(0.01, flag.set).start()
    assert flag.wait(10)


def test_what_is_readable_and_writable_is_told_apart() -> None:
    reading, writing = os.pipe()
    try:
        assert ready([reading], 0) == frozenset()
        assert ready([reading], 0, writable=[writing]) == {writing}
        os.write(writing, b"x")
        assert ready([reading], 10) == {reading}
    finally:
        os.close(reading)
        os.close(writing)


def test_a_negative_wait_is_none() -> None:
    assert ready([], -1) == frozenset()
