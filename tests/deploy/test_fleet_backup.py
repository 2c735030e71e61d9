"""A copy of the fleet's database that can be put back, made while it is written."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest

from .conftest import ROOT, script

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)


@pytest.fixture
def backup(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return script(ROOT / "deploy/fleet-backup", monkeypatch)


def test_what_was_committed_is_in_the_copy_and_what_was_not_is_not(
    backup: ModuleType, tmp_path: Path
) -> None:
    path = tmp_path / "fleet.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY)")
        db.execute("INSERT INTO event VALUES (1)")
        db.execute("BEGIN")
        db.execute("INSERT INTO event VALUES (2)")
        copy = backup.back_up(path, tmp_path / "copies", NOW)
        db.execute("COMMIT")
    # Put back as the guide says.
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    path.write_bytes(copy.read_bytes())
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT seq FROM event").fetchall() == [(1,)]


def test_a_week_of_copies_is_kept(backup: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "fleet.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY)")
    for day in range(9):
        backup.back_up(path, tmp_path / "copies", NOW + timedelta(days=day))
    names = sorted(one.name for one in (tmp_path / "copies").iterdir())
    assert len(names) == 7
    assert names[0] == "fleet-2026-03-06T023000Z.sqlite"


def test_a_damaged_database_makes_no_copy(backup: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "fleet.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(sqlite3.Error):
        backup.back_up(path, tmp_path / "copies", NOW)
    assert not list((tmp_path / "copies").glob("*.sqlite"))
