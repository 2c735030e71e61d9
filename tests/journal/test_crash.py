"""Real processes that are killed, locked out, or run out of disk."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.journal import Journal

REPOSITORY = Path(__file__).parents[2]

PREAMBLE = """
import os, resource, signal, sys
from kiosk.journal import Journal, JournalError
from kiosk.sale.events import SaleStarted, BagsAnswered
def started(sale_id):
    return SaleStarted(at_utc="2026-11-21", sale_id=sale_id, kiosk_id="K", currency="NOK")
journal = Journal.open(sys.argv[1])
"""

APPEND_FOR_EVER = """
number = journal.count()
while True:
    number += 1
    sale_id = f"s{number}"
    journal.append(sale_id, 1, (started(sale_id), *[BagsAnswered(at_utc=str(number))] * 2))
    print("sale", sale_id, flush=True)
    print("service", journal.next_service_id(), flush=True)
"""

FILL_THE_DISK = """
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
number = 0
try:
    while True:
        number += 1
        journal.append(f"s{number}", 1, (started(f"s{number}"), BagsAnswered(at_utc="x" * 5000)))
except JournalError as error:
    print(type(error).__name__, error, flush=True)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
print("kept", number - 1, flush=True)
os._exit(0)
"""


def started_process(script: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + script, str(path)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_what_was_acknowledged_survives_kill_9_at_any_moment(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    services: list[str] = []
    sales: list[str] = []
    for lines_before_kill in (1, 2, 7, 40):
        process = started_process(APPEND_FOR_EVER, path)
        assert process.stdout is not None
        lines = [process.stdout.readline().split() for _ in range(lines_before_kill)]
        process.send_signal(signal.SIGKILL)
        lines += [line.split() for line in process.communicate(timeout=30)[0].splitlines()]
        whole = [line for line in lines if len(line) == 2]
        services += [text for kind, text in whole if kind == "service"]
        sales += [text for kind, text in whole if kind == "sale"]
        with Journal.open(path) as journal:
            report = journal.verify()
            assert report.ok, report.in_words()
            for sale_id in sales:
                assert len(journal.events_of(sale_id)) == 3, sale_id
            services.append(journal.next_service_id())
    assert len(set(services)) == len(services), "a service id was used twice"


def test_another_process_cannot_write_and_the_lock_ends_with_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path):
        second = started_process("", path)
        _, errors = second.communicate(timeout=30)
        assert second.returncode != 0
        assert "JournalBusy" in errors
        assert "already open for writing in another program: is the kiosk running" in errors
    owner = started_process("print('open', flush=True); sys.stdin.read()", path)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "open\n"
    owner.send_signal(signal.SIGKILL)
    owner.communicate(timeout=30)
    Journal.open(path).close()


def test_a_full_disk_is_told_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    process = started_process(FILL_THE_DISK, path)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert output.startswith("JournalUnwritable Nothing was written to the journal")
    assert re.search(r"the disk (is full|reports an error or is full)", output), output
    kept = int(output.split()[-1])
    assert kept >= 3
    with Journal.open(path) as journal:
        assert journal.verify().ok
        assert len(journal.open_sales()) == kept
        assert journal.count() == 2 * kept


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Exception, match="Correct the folder, its owner or the disk"):
        Journal.open(tmp_path / "journal.sqlite")


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(Exception, match="Correct the folder, its owner or the disk"):
        Journal.open(tmp_path / "data" / "journal.sqlite")


@pytest.mark.parametrize("leftover", [b"", b"half a database"])
def test_a_draft_left_by_a_power_cut_while_making_it_is_no_obstacle(
    tmp_path: Path, leftover: bytes
) -> None:
    (tmp_path / "journal.sqlite.new").write_bytes(leftover)
    with Journal.open(tmp_path / "journal.sqlite") as journal:
        assert journal.count() == 0
    assert not (tmp_path / "journal.sqlite.new").exists()


def test_a_power_cut_between_the_journal_and_its_note_is_made_good(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    Journal.open(path).close()
    lock = tmp_path / "journal.sqlite.lock"
    noted = lock.read_bytes()
    lock.write_bytes(b"")
    Journal.open(path).close()
    assert lock.read_bytes() == noted
