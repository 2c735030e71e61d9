"""At night the journal is checked and copied; what could be lost by that stays."""

import shutil
import sqlite3
from collections import namedtuple
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.app.cli import app
from kiosk.app.maintenance import MaintenanceFailed, maintain
from kiosk.journal import Journal
from kiosk.sale.events import SaleStarted

AT = "2026-11-21T12:00:00.000001+00:00"
TODAY = date(2026, 11, 21)


def start_sale(journal: Journal, sale_id: str) -> None:
    event = SaleStarted(at_utc=AT, sale_id=sale_id, kiosk_id="SCO-03", currency="NOK")
    journal.append(sale_id, 1, (event,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "journal.sqlite"
    with Journal.open(path, kiosk_id="SCO-03") as journal:
        start_sale(journal, "s1")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_copy_made_while_the_kiosk_sells_can_be_sold_on_from(path: Path, tmp_path: Path) -> None:
    with Journal.open(path) as kiosk:
        report = maintain(path, tmp_path / "copies", keep=14, today=TODAY)
        start_sale(kiosk, "s2")
    assert "Whole: every event is as it was written" in report
    copy = tmp_path / "copies" / "journal-2026-11-21.sqlite"
    assert names(copy.parent) == [copy.name]
    with Journal.open(copy, kiosk_id="SCO-03") as brought_back:
        assert brought_back.open_sales() == ["s1"]
        start_sale(brought_back, "s9")


def test_the_newest_copies_stay_and_other_files_are_let_be(path: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "journal-2020-01-01.sqlite.keep").touch()
    for day in range(4):
        report = maintain(path, copies, keep=2, today=TODAY + timedelta(days=day))
    assert names(copies) == [
        "journal-2020-01-01.sqlite.keep",
        "journal-2026-11-23.sqlite",
        "journal-2026-11-24.sqlite",
    ]
    assert "Deleted journal-2026-11-22.sqlite" in report


def test_a_second_run_on_a_day_takes_the_place_of_the_first(path: Path, tmp_path: Path) -> None:
    maintain(path, tmp_path / "copies", keep=2, today=TODAY)
    with Journal.open(path) as kiosk:
        start_sale(kiosk, "s2")
    maintain(path, tmp_path / "copies", keep=2, today=TODAY)
    copy = tmp_path / "copies" / "journal-2026-11-21.sqlite"
    assert names(copy.parent) == [copy.name]
    with Journal.open(copy, read_only=True) as opened:
        assert opened.count() == 2


def test_a_damaged_journal_is_told_and_older_copies_stay(path: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    maintain(path, copies, keep=1, today=TODAY)
    with sqlite3.connect(path) as db:
        db.execute("DROP TRIGGER event_no_UPDATE")
        db.execute("UPDATE event SET at_utc = '2020-01-01T00:00:00.000000+00:00'")
    with pytest.raises(MaintenanceFailed, match="damaged"):
        maintain(path, copies, keep=1, today=TODAY + timedelta(days=1))
    assert names(copies) == ["journal-2026-11-21.sqlite"]


def test_a_damaged_copy_never_gets_a_copys_name(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BadDisk(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **_: object) -> None:  # type: ignore[override]
            super().backup(target)
            target.execute("DROP TABLE receipt")

    connect = sqlite3.connect

    def connect_to_bad_disk(where: str | Path, **options: object) -> sqlite3.Connection:
        return connect(where, **{**options, "factory": BadDisk})  # type: ignore[call-overload]

    monkeypatch.setattr("kiosk.app.maintenance.sqlite3.connect", connect_to_bad_disk)
    with pytest.raises(MaintenanceFailed, match="tables have been changed"):
        maintain(path, tmp_path / "copies", keep=1, today=TODAY)
    assert names(tmp_path / "copies") == []


def test_a_copy_never_fills_the_disk(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(MaintenanceFailed, match="1000 bytes free"):
        maintain(path, tmp_path / "copies", keep=1, today=TODAY)
    assert names(tmp_path / "copies") == []


def test_the_command_says_what_is_wrong_and_ends_with_1(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    config.write_text(
        f'[kiosk]\nid = "A"\ntill = "1"\ndata_dir = "{tmp_path}"\n'
        '[shop]\nname = "a"\nlegal_name = "a"\naddress = "a"\norg_number = "999999999"\n'
    )
    result = CliRunner().invoke(app, ["maintain", "-c", str(config)])
    assert result.exit_code == 1
    assert "the file does not exist" in result.output
