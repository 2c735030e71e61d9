"""Every way a file can be wrong that we could think of, each told in words, none repaired."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.journal import Journal, JournalDamaged, JournalTooNew
from kiosk.journal import verify as verify_module
from kiosk.sale.events import SaleClosed

from .samples import AT, completed, item, started

NEVER_TOUCH = "Do not delete or move the file. Call support"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path, kiosk_id="SCO-03") as journal:
        for number in range(1, 41):
            sale_id = f"s{number:03}"
            journal.append(sale_id, 1, (started(sale_id), item(1), item(2)))
            journal.append(sale_id, 4, (completed(number), SaleClosed(at_utc=AT)))
    return path


def damaged_by(path: Path, *statements: str) -> None:
    """Change rows behind the journal's back, as a careless or dishonest hand would."""
    with sqlite3.connect(path, isolation_level=None) as db:
        triggers = [
            sql for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE type='trigger'")
        ]
        for name in ("event", "receipt"):
            for verb in ("UPDATE", "DELETE"):
                db.execute(f"DROP TRIGGER {name}_no_{verb}")
        for statement in statements:
            db.execute(statement)
        for sql in triggers:
            db.execute(sql)
    db.close()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE event SET body = CAST(replace(CAST(body AS TEXT), '3290', '1290') AS BLOB) "
         "WHERE seq = 7", "its content is not what was written (event 7, sale s002)"),
        ("UPDATE event SET sale_id = 's999' WHERE seq = 200", "(event 200, sale s999)"),
        ("UPDATE event SET at_utc = '' WHERE seq = 1", "(event 1, sale s001)"),
        ("UPDATE event SET version = 2 WHERE seq = 10", "(event 10, sale s002)"),
        ("UPDATE event SET hash = zeroblob(32) WHERE seq = 10", "(event 10, sale s002)"),
        ("DELETE FROM event WHERE seq = 100", "event 100 is missing (event 101, sale s021)"),
        ("DELETE FROM event WHERE seq = 1", "event 1 is missing (event 2, sale s001)"),
        ("DELETE FROM event WHERE seq > 190",
         "the newest events are missing (190 of 200 are left)"),
        ("DELETE FROM event", "the newest events are missing (0 of 200 are left)"),
        ("DELETE FROM head", "the note of its newest event is missing"),
    ],
)  # fmt: skip
def test_a_changed_row_keeps_the_kiosk_closed(path: Path, statement: str, words: str) -> None:
    damaged_by(path, statement)
    before = path.read_bytes()
    with pytest.raises(JournalDamaged) as caught:
        Journal.open(path)
    assert words in str(caught.value)
    assert NEVER_TOUCH in str(caught.value)
    assert path.read_bytes() == before


def test_a_row_moved_with_its_hashes_breaks_the_chain(path: Path) -> None:
    damaged_by(
        path,
        "DELETE FROM event WHERE seq = 50",
        "UPDATE event SET seq = seq - 1 WHERE seq > 50",
        "UPDATE head SET seq = seq - 1",
    )
    with pytest.raises(JournalDamaged, match="does not follow from the event before it"):
        Journal.open(path)


def test_a_guard_that_was_taken_off_is_noticed(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER event_no_DELETE")
    db.close()
    with pytest.raises(JournalDamaged, match="tables have been changed"):
        Journal.open(path)


def cut_to(size: float) -> Callable[[Path], None]:
    return lambda path: os.truncate(path, int(path.stat().st_size * size))


def overwrite(content: bytes, at: int = 0) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(at)
            file.write(content)

    return change


def replace_by_other_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE t (a)")
    db.close()


def replace_by_other_journal(path: Path) -> None:
    other = path.parent / "other" / path.name
    Journal.open(other).close()
    shutil.copy(other, path)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Path.unlink, "the file is gone (journal "),
        (cut_to(0), "the file is empty"),
        (cut_to(0.5), "the file has been cut short"),
        (cut_to(0.99), "the file has been cut short"),
        (cut_to(0.0001), "the file is not a journal"),
        (overwrite(b"PK\x03\x04 a zip perhaps"), "the file is not a journal (it starts b'PK"),
        (overwrite(b"\xff" * 4096, at=8192), "is damaged: "),
        (replace_by_other_database, "the file is a database of another program"),
        (replace_by_other_journal, "another journal stands in its place"),
    ],
    ids=["gone", "empty", "half", "a page short", "5 bytes", "zip", "bad page", "foreign", "other"],
)
def test_a_file_that_is_not_the_journal_is_never_replaced(
    path: Path, change: Callable[[Path], None], words: str
) -> None:
    change(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(JournalDamaged) as caught:
        Journal.open(path)
    assert words in str(caught.value)
    assert NEVER_TOUCH in str(caught.value)
    assert (path.read_bytes() if path.exists() else None) == before


def test_a_flipped_byte_is_found_or_changes_nothing_of_the_record(path: Path) -> None:
    good = path.read_bytes()
    with Journal.open(path) as journal:
        events = journal.after(0, 1000)
    for at in range(20, len(good), 997):
        path.write_bytes(good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :])
        try:
            with Journal.open(path) as journal:
                report = journal.verify()
                assert not report.ok or journal.after(0, 1000) == events, f"byte {at}"
        except (JournalDamaged, JournalTooNew):
            continue


def test_a_newer_programs_journal_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 2")
    db.close()
    with pytest.raises(JournalTooNew, match="Install that version again"):
        Journal.open(path)


@pytest.fixture
def long_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A journal of years, in small: start looks at the newest 20 events only."""
    monkeypatch.setattr(verify_module, "START_ROWS", 20)
    monkeypatch.setattr(verify_module, "START_BYTES", 0)


@pytest.mark.usefixtures("long_journal")
def test_in_a_long_journal_old_damage_is_found_when_it_is_read_and_by_verify(path: Path) -> None:
    damaged_by(path, "UPDATE event SET version = 3 WHERE seq = 8")
    with Journal.open(path) as journal:
        with pytest.raises(JournalDamaged, match="event 8, sale s002"):
            journal.events_of("s002")
        with pytest.raises(JournalDamaged, match="event 8, sale s002"):
            journal.after(0, 100)
        assert len(journal.events_of("s001")) == 5
        report = journal.verify()
    assert not report.ok
    assert "event 8, sale s002: its content is not what was written" in report.in_words()
    assert "DAMAGED" in report.in_words()


@pytest.mark.usefixtures("long_journal")
@pytest.mark.parametrize("seq", [180, 181, 200])
def test_in_a_long_journal_new_damage_is_found_at_start(path: Path, seq: int) -> None:
    damaged_by(path, f"DELETE FROM event WHERE seq = {seq}")
    with pytest.raises(JournalDamaged, match="missing"):
        Journal.open(path)


def test_rows_that_repeat_the_record_must_agree_with_it(path: Path) -> None:
    damaged_by(
        path,
        "INSERT INTO open_sale VALUES ('s001', 0)",
        "DELETE FROM receipt WHERE number = 40",
    )
    with Journal.open(path) as journal:
        report = journal.verify()
    assert {fault.where for fault in report.faults} == {
        "list of open sales",
        "list of receipts",
    }


def test_a_disk_that_breaks_while_the_kiosk_sells_is_told_as_damage(path: Path) -> None:
    with Journal.open(path, read_only=True) as journal:
        overwrite(b"\xff" * (path.stat().st_size - 4096), at=4096)(path)
        with pytest.raises(JournalDamaged, match="cannot be read"):
            journal.events_of("s001")
        report = journal.verify()
        assert not report.ok
        assert report.faults


def test_a_service_counter_that_is_gone_is_not_begun_anew(path: Path) -> None:
    damaged_by(path, "DELETE FROM counter")
    with Journal.open(path) as journal, pytest.raises(JournalDamaged, match="counter"):
        journal.next_service_id()
