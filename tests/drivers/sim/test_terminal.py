"""The simulated terminal as its own process: its books outlive its own death."""

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.contracts import PaymentAnswered, PaymentOutcome
from drivers.sim.control import Remote, RemoteError
from drivers.sim.terminal_books import Books
from drivers.terminal.nexo import NexoTerminal
from drivers.terminal.nexo_xml_options import NexoXmlOptions
from drivers.terminal.nexo_xml_terminal import NexoXmlTerminal
from tests.drivers.terminal.desk import QUICK, WITHIN_S, Desk, make_options, passphrase_file, sim

__all__ = ["make_options", "passphrase_file", "sim"]
ROOT = Path(__file__).parents[3]


def terminal_process(directory, passphrase_file, port="0"):
    return far_end_process(
        "drivers.sim.terminal",
        directory,
        *("--directory", str(directory), "--passphrase-file", str(passphrase_file)),
        *("--port", port),
    )


@contextmanager
def far_end_process(module, directory, *arguments):
    control = directory / "control"
    process = subprocess.Popen(
        [sys.executable, "-m", module, "--control", str(control), *arguments],
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


def test_a_terminal_killed_after_the_charge_still_knows_it(tmp_path, passphrase_file, make_options):
    directory = tmp_path / "desk"
    directory.mkdir()
    with terminal_process(directory, passphrase_file) as (process, remote):
        url = remote.state()["url"]
        ca_file = str(directory / "terminal-root.pem")
        desk = Desk(None, NexoTerminal(make_options(url=url, ca_file=ca_file, silence_s=0.2)))
        desk.terminal.start(desk.post)
        remote.never_answer()
        desk.terminal.charge(desk.charge_request())
        remote.wait_for("card", WITHIN_S)
        remote.tap_card()
        assert [entry["amount_minor"] for entry in remote.books()] == [14_990]
        process.kill()
        process.wait()
        assert desk.result().outcome is PaymentOutcome.UNKNOWN
    # The same driver, the same pinned root, the same port: only the terminal is in its second life.
    with terminal_process(directory, passphrase_file, port=url.split(":")[2][:-5]) as (_, remote):
        result = desk.ask()
        assert (result.outcome, result.amount_minor) == (PaymentOutcome.APPROVED, 14_990)
        assert len(remote.books()) == 1
        desk.terminal.stop()
    assert sum(isinstance(event, PaymentAnswered) for event in desk.posted) == 2


def test_verbs_that_do_not_fit_are_refused(tmp_path, passphrase_file):
    with terminal_process(tmp_path, passphrase_file) as (_, remote):
        with pytest.raises(RemoteError, match="does not wait for a card"):
            remote.tap_card()
        with pytest.raises(RemoteError, match="no such verb"):
            remote.stop()


def test_a_torn_last_line_of_the_books_was_never_answered_for(tmp_path):
    path = tmp_path / "books.jsonl"
    books = Books(path)
    books.write("approved", transaction_id="T1", amount_minor=100)
    books.close()
    path.write_bytes(path.read_bytes() + b'{"kind": "appro')
    again = Books(path)
    assert [entry["transaction_id"] for entry in again.transactions()] == ["T1"]
    again.write("approved", transaction_id="T2", amount_minor=200)
    again.close()
    assert [entry["transaction_id"] for entry in Books(path).transactions()] == ["T1", "T2"]


def test_an_xml_terminal_killed_after_the_charge_still_knows_it(tmp_path):
    arguments = ("--directory", str(tmp_path / "desk"), "--serial-number", "1710000520")
    with far_end_process("drivers.sim.nexo_xml_terminal", tmp_path, *arguments) as (
        process,
        remote,
    ):
        url = remote.state()["url"]
        options = NexoXmlOptions(
            name="terminal-1",
            url=url,
            poi_id="NT-0477-03",
            sale_id="KIOSK-01",
            environment="test",
            **{**QUICK, "silence_s": 0.2},
        )
        desk = Desk(None, NexoXmlTerminal(options))
        desk.terminal.start(desk.post)
        remote.never_answer()
        desk.terminal.charge(desk.charge_request())
        remote.wait_for("card", WITHIN_S)
        remote.tap_card()
        process.kill()
        process.wait()
        assert desk.result().outcome is PaymentOutcome.UNKNOWN
    port = url.split(":")[2].partition("/")[0]
    with far_end_process("drivers.sim.nexo_xml_terminal", tmp_path, *arguments, "--port", port) as (
        _,
        remote,
    ):
        result = desk.ask()
        assert (result.outcome, result.amount_minor) == (PaymentOutcome.APPROVED, 14_990)
        assert len(remote.books()) == 1
        assert remote.state()["resets"] == 0
        desk.terminal.stop()
