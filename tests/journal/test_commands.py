from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.journal import Journal
from kiosk.journal.commands import journal_app

from .samples import EVERY_EVENT, completed, started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append("s1", 1, EVERY_EVENT)
        journal.append("77", 1, (started("77"), completed(2)))
    return path


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(journal_app, arguments)
    return result.exit_code, result.output


def test_verify_says_that_all_is_whole_beside_a_running_kiosk(path: Path) -> None:
    with Journal.open(path):
        code, output = run("verify", "--journal", str(path))
    assert code == 0
    assert f"{len(EVERY_EVENT) + 2} events of 2 sales" in output
    assert "Whole: every event is as it was written" in output
    assert "Receipts 1 to 2 without a gap." in output
    assert "Not ended: 77" in output


def test_verify_of_a_damaged_journal_lists_the_faults_and_fails(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"price_minor":6580,"entry"', b'"price_minor":1580,"entry"'))
    code, output = run("verify", "--journal", str(path))
    assert code == 1
    assert "DAMAGED, faults: 1." in output
    assert "event 2, sale s1: its content is not what was written" in output


@pytest.mark.parametrize("command", [("verify",), ("show", "s1")])
def test_a_journal_that_is_not_there_is_told_and_not_made(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    code, output = run(*command, "--journal", str(tmp_path / "none.sqlite"))
    assert code == 1
    assert "the file does not exist" in output
    assert list(tmp_path.iterdir()) == []


def test_show_tells_a_sale_from_start_to_end(path: Path) -> None:
    code, output = run("show", "s1", "--journal", str(path))
    assert code == 0
    lines = output.splitlines()
    assert lines[0] == "Sale s1, kiosk SCO-03, NOK"
    assert len(lines) == 1 + len(EVERY_EVENT)
    assert lines[2].startswith("   2  2026-11-21 12:00:00.000  ItemAdded")
    assert "Pilsner 0,5 l [20114], unit price 32,90" in lines[2]
    assert "price 65,80" in lines[2]
    assert "method card, amount 69,80" in output
    assert "last four 4242" in output


def test_show_finds_a_sale_by_its_receipt_but_first_by_its_id(path: Path) -> None:
    assert run("show", "1", "--journal", str(path))[1].startswith("Sale s1")
    assert run("show", "2", "--journal", str(path))[1].startswith("Sale 77")
    assert run("show", "77", "--journal", str(path))[1].startswith("Sale 77")


def test_show_of_an_unknown_sale_says_so(path: Path) -> None:
    code, output = run("show", "s9", "--journal", str(path))
    assert code == 1
    assert "no sale or receipt s9" in output
