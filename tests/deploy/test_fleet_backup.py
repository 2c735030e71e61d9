"""A copy of the fleet's database that can be put back, made while it is written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import psycopg
import pytest

from tests.fleet import postgres

from .conftest import ROOT, script

NOW = datetime(2026, 3, 4, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def pg() -> Iterator[str]:
    if reason := postgres.why_not():
        pytest.skip(reason)
    with postgres.running() as url:
        yield url


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
        db.execute("INSERT INTO event VALUES (3)")
    backup.restore(copy, str(path))
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


def test_a_damaged_copy_is_not_put_back(backup: ModuleType, tmp_path: Path) -> None:
    path, copy = tmp_path / "fleet.sqlite", tmp_path / "copy.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE event (seq INTEGER PRIMARY KEY)")
    before = path.read_bytes()
    copy.write_bytes(before[:4096] + b"\xff" * (len(before) - 4096))
    with pytest.raises((sqlite3.Error, backup.BackupError)):
        backup.restore(copy, str(path))
    assert path.read_bytes() == before


def test_which_database_it_is_stands_in_the_servers_own_file(
    backup: ModuleType, tmp_path: Path
) -> None:
    config = tmp_path / "fleet.toml"
    config.write_text('data_dir = "/srv/fleet"\n')
    assert backup.configured(config) == ("/srv/fleet/fleet.sqlite", Path("/srv/fleet/copies"))
    config.write_text('database = "postgresql:///fleet?host=/run/postgresql"\n')
    url, folder = backup.configured(config)
    assert (backup.address(url), folder.name) == (url, "copies")


def test_postgresql_is_dumped_and_put_back_as_it_was(
    backup: ModuleType, pg: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    binaries = postgres.binaries()
    monkeypatch.setenv("PATH", f"{binaries}:/usr/bin:/bin")
    url = postgres.fresh(pg, "backed_up")
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("CREATE TABLE event (seq int PRIMARY KEY, body text)")
        db.execute("INSERT INTO event VALUES (1, 'Nærmat')")
        copy = backup.back_up(url, tmp_path / "copies", NOW)
        db.execute("INSERT INTO event VALUES (2, 'later')")
        db.execute("CREATE TABLE later (seq int)")
    backup.restore(copy, url)
    with psycopg.connect(url) as db:
        assert db.execute("SELECT seq, body FROM event").fetchall() == [(1, "Nærmat")]
    torn = tmp_path / "torn.dump"
    torn.write_bytes(copy.read_bytes()[:-200])
    with pytest.raises(backup.BackupError, match="pg_restore"):
        backup.restore(torn, url)
    with psycopg.connect(url) as db:
        assert db.execute("SELECT count(*) FROM event").fetchone() == (1,), "in one transaction"


def test_a_server_that_is_away_makes_no_copy(
    backup: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{postgres.binaries()}:/usr/bin:/bin")
    with pytest.raises(backup.BackupError):
        backup.back_up(f"postgresql:///fleet?host={tmp_path}", tmp_path / "copies", NOW)
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_damaged_database_makes_no_copy(backup: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "fleet.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(sqlite3.Error):
        backup.back_up(path, tmp_path / "copies", NOW)
    assert not list((tmp_path / "copies").glob("*.sqlite"))
