from pathlib import Path

from typer.testing import CliRunner

from kiosk.app.report_commands import report_app
from kiosk.fiscal.layout import ColumnsRow, Size, TextRow
from kiosk.fiscal.reprint import AGAIN, lay_out_again, z_report, z_reports

from .weeks import Shop, live_through


def lived(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path, seed=3)
    live_through(shop, 5)
    return shop


def test_an_old_z_is_the_same_report_again(tmp_path: Path) -> None:
    shop = lived(tmp_path)
    assert z_reports(shop.journal) == tuple(shop.z)
    assert z_report(shop.journal, 2) == shop.z[1]
    assert z_report(shop.journal, 99) is None


def test_a_z_that_is_printed_again_says_so_larger_than_anything_else(tmp_path: Path) -> None:
    shop = lived(tmp_path)
    rows = lay_out_again(shop.journal, shop.z[0], shop.now)
    large = [row for row in rows if isinstance(row, TextRow | ColumnsRow) if row.size is Size.LARGE]
    assert large == [TextRow(AGAIN, Size.LARGE, centered=True)]
    assert any(isinstance(row, TextRow) and "Z-RAPPORT NR. 1" in row.text for row in rows)


def test_the_command_lists_all_and_shows_one(tmp_path: Path) -> None:
    shop = lived(tmp_path)
    shop.close()
    journal = ["--journal", str(tmp_path / "journal.sqlite")]
    listed = CliRunner().invoke(report_app, ["list", *journal])
    assert listed.exit_code == 0
    assert len(listed.output.splitlines()) == len(shop.z)
    shown = CliRunner().invoke(report_app, ["show", "1", "--columns", "32", *journal])
    assert shown.exit_code == 0, shown.output
    assert "Z-RAPPORT NR. 1" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 32
    missing = CliRunner().invoke(report_app, ["show", "99", *journal])
    assert missing.exit_code == 1
