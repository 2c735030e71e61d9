"""Copies beside a kiosk that sells, and a kiosk that goes on from one without a number twice."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.app.journal_commands import journal_app
from kiosk.journal import Journal
from kiosk.journal.copies import CopyRefused, Head, copy_journal, restore
from kiosk.sale.events import Series

from .samples import EVERY_EVENT, completed, started


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "old" / "journal.sqlite"
    with Journal.open(path, kiosk_id="NT-0477-03") as journal:
        journal.append("s1", 1, EVERY_EVENT)
        journal.append("77", 1, (started("77"), completed(2)))
    return path


def end_of(path: Path) -> Head:
    with Journal.open(path, read_only=True) as journal:
        report = journal.verify()
    return Head(report.events, report.last_hash)


def test_a_copy_is_made_beside_the_writer_and_is_whole(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as journal:
        journal.append("88", 1, (started("88"),))
        report = copy_journal(path, tmp_path / "copy.sqlite")
        journal.append("88", 2, (completed(3),))
    assert report.ok
    assert (report.receipts, report.open_sales) == (2, ("77", "88"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.sqlite", "old"]


def test_a_copy_never_takes_the_place_of_a_file(path: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.sqlite").write_text("something dear")
    with pytest.raises(CopyRefused, match="is there already"):
        copy_journal(path, tmp_path / "copy.sqlite")
    assert (tmp_path / "copy.sqlite").read_text() == "something dear"


def test_new_hardware_goes_on_with_the_next_numbers(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as journal:
        used = {journal.next_service_id() for _ in range(5)}
    copy, new = tmp_path / "copy.sqlite", tmp_path / "new" / "journal.sqlite"
    copy_journal(path, copy)
    restore(copy, new, end_of(path))
    with Journal.open(new, kiosk_id="NT-0477-03") as journal:
        assert journal.last_number(Series.SALE) == 2
        assert journal.next_service_id() not in used
        journal.append("99", 1, (started("99"), completed(3)))
        assert journal.verify().ok


def test_service_ids_that_no_copy_knows_are_not_given_again(path: Path, tmp_path: Path) -> None:
    copy, new = tmp_path / "copy.sqlite", tmp_path / "new" / "journal.sqlite"
    copy_journal(path, copy)
    with Journal.open(path) as journal:  # the counter is no event: the end does not show it
        later = {journal.next_service_id() for _ in range(50)}
    restore(copy, new, end_of(path), now=datetime.now(UTC) + timedelta(minutes=1))
    with Journal.open(new) as journal:
        assert not later & {journal.next_service_id() for _ in range(50)}


def test_a_copy_after_which_something_was_sold_is_not_gone_on_from(
    path: Path, tmp_path: Path
) -> None:
    copy, new = tmp_path / "copy.sqlite", tmp_path / "new" / "journal.sqlite"
    copy_journal(path, copy)
    with Journal.open(path) as journal:
        journal.append("99", 1, (started("99"), completed(3)))
    with pytest.raises(CopyRefused, match="2 events came after it"):
        restore(copy, new, end_of(path))
    assert not new.exists()


@pytest.mark.parametrize("there", ["journal.sqlite", "journal.sqlite.lock"])
def test_a_journal_is_never_put_in_place_of_another(path: Path, tmp_path: Path, there: str) -> None:
    copy, new = tmp_path / "copy.sqlite", tmp_path / "new" / "journal.sqlite"
    copy_journal(path, copy)
    new.parent.mkdir()
    (new.parent / there).write_text("another")
    with pytest.raises(CopyRefused, match="never put in place"):
        restore(copy, new, end_of(path))
    assert (new.parent / there).read_text() == "another"


def test_a_copy_that_was_changed_is_refused(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    copy_journal(path, copy)
    content = copy.read_bytes()
    copy.write_bytes(content.replace(b'"price_minor":6580,"entry"', b'"price_minor":1580,"entry"'))
    with pytest.raises(CopyRefused, match="DAMAGED"):
        restore(copy, tmp_path / "new" / "journal.sqlite", end_of(path))


@pytest.mark.parametrize("share", [0.3, 0.7, 0.99])
def test_a_journal_cut_in_the_middle_is_never_copied(
    path: Path, tmp_path: Path, share: float
) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises((CopyRefused, sqlite3.DatabaseError)):
        copy_journal(path, tmp_path / "copy.sqlite")
    assert not (tmp_path / "copy.sqlite").exists()


def test_the_commands_hand_the_end_from_one_to_the_other(path: Path, tmp_path: Path) -> None:
    copy, new = tmp_path / "copy.sqlite", tmp_path / "new" / "journal.sqlite"
    run = CliRunner().invoke
    backed_up = run(journal_app, ["backup", str(copy), "--journal", str(path)])
    assert backed_up.exit_code == 0, backed_up.output
    end = backed_up.output.strip().rpartition("End of the record: ")[2]
    assert run(journal_app, ["verify", str(copy)]).exit_code == 0
    wrong = run(journal_app, ["restore", str(copy), "--end", "7", "--journal", str(new)])
    assert wrong.exit_code == 1
    done = run(journal_app, ["restore", str(copy), "--end", end, "--journal", str(new)])
    assert done.exit_code == 0, done.output
    assert end_of(new) == end_of(path)
