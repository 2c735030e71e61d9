"""The simulated ZVT terminal as its own process: its books outlive its own death."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.contracts import DeviceState, PaymentOutcome
from drivers.sim.control import Remote, RemoteError
from drivers.sim.terminal_books import Books
from drivers.terminal.zvt import ZvtTerminal
from drivers.terminal.zvt_options import ZvtOptions
from tests.drivers.terminal.desk import Desk
from tests.drivers.terminal.zvt_desk import QUICK

ROOT = Path(__file__).parents[3]


@contextmanager
def terminal_process(directory, *more):
    control = directory / "control"
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "drivers.sim.zvt_terminal"),
            *("--directory", str(directory), "--control", str(control), *more),
        ],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout.readline() == b"ready\n"
        yield process, Remote(control)
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def options(directory, url, **more):
    state_file = str(directory / "state.json")
    usual = {"name": "terminal-1", "url": url, "state_file": state_file, **QUICK}
    return ZvtOptions(**{**usual, **more})


@contextmanager
def desk_at(directory, remote, **more):
    desk = Desk(remote, ZvtTerminal(options(directory, remote.state()["url"], **more)))
    desk.terminal.start(desk.post)
    try:
        yield desk
    finally:
        desk.terminal.stop()


@pytest.mark.parametrize("wire", ["tcp", "serial"])
def test_a_payment_at_a_terminal_in_another_process(tmp_path, wire):
    more = ("--serial", str(tmp_path / "tty")) if wire == "serial" else ()
    with terminal_process(tmp_path, *more) as (_, remote), desk_at(tmp_path, remote) as desk:
        assert desk.pay().outcome is PaymentOutcome.APPROVED
        assert [entry["amount_minor"] for entry in remote.books()] == [14_990]


def test_a_terminal_killed_after_the_charge_still_knows_it(tmp_path):
    with terminal_process(tmp_path) as (process, remote):
        url = remote.state()["url"]
        with desk_at(tmp_path, remote, goods_questions=0, silence_s=0.2) as desk:
            desk.wait_for_state(DeviceState.READY)
            desk.pay(100, "000000000A")
            remote.never_answer()
            desk.charge()
            remote.tap_card()
            wait_for_two_entries(tmp_path)
            process.kill()
            process.wait()
            assert desk.result().outcome is PaymentOutcome.UNKNOWN
    port = url.rpartition(":")[2]
    with (
        terminal_process(tmp_path, "--port", port) as (_, remote),
        desk_at(tmp_path, remote, goods_questions=0) as desk,
    ):
        assert desk.ask().outcome is PaymentOutcome.APPROVED
        assert len(remote.books()) == 2


def wait_for_two_entries(directory):
    def count():
        books = Books(directory / "zvt-books.jsonl")
        found = len(books.entries("approved"))
        books.close()
        return found

    assert any(count() == 2 for _ in range(2000))


def test_verbs_that_do_not_exist_are_refused_by_name(tmp_path):
    with terminal_process(tmp_path) as (_, remote), pytest.raises(RemoteError, match="tap_card"):
        remote.steal_money()
