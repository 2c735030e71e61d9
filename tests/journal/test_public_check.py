"""The chain as the README describes it, checked by a program that knows nothing of ours."""

import hashlib
import sqlite3
import struct
from pathlib import Path

import pytest

from kiosk.journal import Journal

from .samples import EVERY_EVENT, completed, started


def first_fault(path: Path) -> int | None:
    """Return the number of the first row that is not what was written; None when all are."""
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    try:
        (journal_id,) = db.execute("SELECT value FROM meta WHERE name = 'journal_id'").fetchone()
        before = hashlib.sha256(b"selvkasse journal " + journal_id.encode()).digest()
        rows = db.execute(
            "SELECT seq, sale_id, sale_seq, kind, version, body, at_utc, prev_hash, hash "
            "FROM event ORDER BY seq"
        )
        for due, row in enumerate(rows, 1):
            seq, sale_id, sale_seq, kind, version, body, at_utc, prev_hash, digest = row
            texts = [sale_id.encode(), kind.encode(), at_utc.encode(), bytes(body)]
            numbers = [seq, sale_seq, version, *map(len, texts)]
            content = before + struct.pack(">7q", *numbers) + b"".join(texts)
            expected = hashlib.sha256(content).digest()
            if (seq, prev_hash, digest) != (due, before, expected):
                return due
            before = digest
        head = db.execute("SELECT seq, hash FROM head").fetchone()
        return None if head == (due, before) else due + 1
    finally:
        db.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path) as journal:
        journal.append("s1", 1, EVERY_EVENT)
        journal.append("77", 1, (started("77"), completed(2)))
    return path


def test_another_program_finds_a_whole_journal_whole(path: Path) -> None:
    assert first_fault(path) is None


def test_another_program_finds_the_changed_row(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content.replace(b'"price_minor":6580,"entry"', b'"price_minor":1580,"entry"'))
    assert first_fault(path) == 2


def test_another_program_finds_a_tail_that_was_cut_off(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("DROP TRIGGER event_no_DELETE")
    (last,) = db.execute("SELECT max(seq) FROM event").fetchone()
    db.execute("DELETE FROM event WHERE seq = ?", (last,))
    db.commit()
    db.close()
    assert first_fault(path) == last
