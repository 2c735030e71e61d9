"""`kiosk payments reconcile` on the journal of a real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.app.payments_commands import payments_app
from tests.engine.bench import COLA, MILK, Bench
from tests.engine.conftest import catalog_path, folder

__all__ = ["catalog_path", "folder"]


@pytest.fixture
def till(folder: Path, catalog_path: Path) -> Iterator[Bench]:
    """Two sales by card: T0001 of 23.90 and T0002 of 32.90."""
    bench = Bench(folder, catalog_path)
    for code in (MILK, COLA):
        bench.scan(code).pay_by_card().take_receipt().wait(13)
    yield bench
    bench.journal.close()


def run(till: Bench, rows: str, *more: str) -> tuple[int, str]:
    report = till.folder / "report.csv"
    report.write_text(f"reference,amount\n{rows}", encoding="utf-8")
    journal = str(till.folder / "journal.sqlite")
    arguments = ["reconcile", str(report), "--method", "card", "--journal", journal, *more]
    result = CliRunner().invoke(payments_app, arguments)
    return result.exit_code, result.output


def test_a_report_that_agrees_is_told_in_a_line(till: Bench) -> None:
    code, said = run(till, "T0001,23.90\nT0002,32.90\n")
    assert (code, said.strip()) == (0, "2 agree, 0 differ. Ours 56,80, theirs 56,80.")


def test_each_difference_is_listed_and_nothing_is_changed(till: Bench) -> None:
    before = till.kinds()
    code, said = run(till, "T0001,24.90\nT0003,10\n")
    assert code == 1
    lines = [line.split()[:3] for line in said.splitlines()]
    assert ["T0001", "23,90", "24,90"] in lines
    assert ["T0002", "32,90", "0,00"] in lines
    assert ["T0003", "0,00", "10,00"] in lines
    assert "0 agree, 3 differ" in said
    assert till.kinds() == before


def test_only_the_day_and_the_method_that_were_asked_for_count(till: Bench) -> None:
    day = till.clock.utc_now().date().isoformat()
    assert run(till, "T0001,23.90\nT0002,32.90\n", "--day", day)[0] == 0
    assert run(till, "", "--day", "2020-01-01")[0] == 0
    assert run(till, "", "--method", "vipps")[0] == 0
    assert run(till, "")[0] == 1


@pytest.mark.parametrize(
    ("rows", "more"),
    [("T0001,1.2.3\n", ()), ("", ("--method", "cash")), ("", ("--journal", "/nowhere/j.sqlite"))],
)
def test_what_cannot_be_compared_is_refused(till: Bench, rows: str, more: tuple[str, ...]) -> None:
    code, said = run(till, rows, *more)
    assert code == 2
    assert said.strip()
