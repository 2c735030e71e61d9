"""The worker: jobs in order, a bounded queue, a chore when idle, a stop that ends waits."""

import threading
from collections.abc import Iterator

import pytest

from drivers.errors import DeviceClosed
from drivers.worker import Worker

WAIT_S = 60.0


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("printer-1", capacity=3)
    yield made
    made.stop()


def test_jobs_are_done_one_after_the_other_in_order(worker: Worker) -> None:
    done: list[int] = []
    finished = threading.Event()
    assert worker.submit(lambda: done.append(1))
    assert worker.submit(lambda: done.append(2))
    assert worker.submit(finished.set)
    worker.start()
    assert finished.wait(WAIT_S)
    assert done == [1, 2]


def test_a_full_queue_says_no(worker: Worker) -> None:
    assert [worker.submit(lambda: None) for _ in range(5)] == [True, True, True, False, False]
    assert worker.pending() == 3


def test_a_stopped_worker_says_no_and_counts_what_it_dropped(worker: Worker) -> None:
    worker.submit(lambda: None)
    assert worker.stop() == 1
    assert worker.stop() == 0
    assert not worker.submit(lambda: None)


def test_stop_ends_a_job_that_waits_on_the_stop_flag(worker: Worker) -> None:
    started, ended = threading.Event(), threading.Event()

    def job() -> None:
        started.set()
        worker.stopping.wait(3600)
        ended.set()

    worker.submit(job)
    worker.start()
    assert started.wait(WAIT_S)
    worker.stop()
    assert ended.wait(WAIT_S)


def test_the_chore_runs_when_there_is_no_job_and_jobs_still_run() -> None:
    chores = threading.Semaphore(0)
    worker = Worker("printer-1", idle=chores.release, idle_every_s=0.001)
    worker.start()
    assert chores.acquire(timeout=WAIT_S)
    assert chores.acquire(timeout=WAIT_S)
    done = threading.Event()
    worker.submit(done.set)
    assert done.wait(WAIT_S)
    worker.stop()


def test_a_crash_goes_to_the_given_handler() -> None:
    crashes: list[BaseException] = []
    crashed = threading.Event()

    def on_crash(error: BaseException) -> None:
        crashes.append(error)
        crashed.set()

    worker = Worker("printer-1", on_crash=on_crash)
    worker.submit(lambda: [].pop())
    worker.start()
    assert crashed.wait(WAIT_S)
    assert isinstance(crashes[0], IndexError)
    worker.stop()


def test_a_worker_starts_only_once(worker: Worker) -> None:
    worker.start()
    with pytest.raises(DeviceClosed, match="only once"):
        worker.start()
