"""`kiosk payments reconcile` on the journal of a real engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kiosk.app.payments_commands import payments_app
from kiosk.fiscal.events import REGISTER, TerminalDayEnded
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


def days(till: Bench) -> tuple[int, list[list[str]]]:
    arguments = ["terminal-days", "--journal", str(till.folder / "journal.sqlite")]
    result = CliRunner().invoke(payments_app, arguments)
    return result.exit_code, [line.split() for line in result.output.splitlines()]


def end_day(till: Bench, theirs_minor: int | None, *, z_number: int, done: bool = True) -> None:
    till.wait(1)
    ended = TerminalDayEnded(
        at_utc=till.clock.utc_now().isoformat(),
        device="terminal-1",
        z_number=z_number,
        done=done,
        ours_minor=5680,
        theirs_minor=theirs_minor,
        currency="NOK",
        reference="1000" if done else "",
        reason="" if done else "Busy",
    )
    till.journal.append(REGISTER, till.journal.length_of(REGISTER) + 1, (ended,))


@pytest.fixture
def register(folder: Path, catalog_path: Path) -> Iterator[Bench]:
    """The same two sales at a till that keeps days."""
    bench = Bench(folder, catalog_path, signed=True)
    for code in (MILK, COLA):
        bench.scan(code).pay_by_card().take_receipt().wait(13)
    yield bench
    bench.journal.close()


def test_a_terminals_day_that_agrees_is_a_line_without_its_payments(register: Bench) -> None:
    end_day(register, 5680, z_number=1)
    code, lines = days(register)
    assert code == 0
    assert lines[1][0] == "1"
    assert lines[1][3:] == ["1000", "56,80", "56,80", "agree"]
    assert len(lines) == 2


def test_a_day_that_differs_lists_our_payments_by_reference_and_changes_nothing(
    register: Bench,
) -> None:
    end_day(register, None, z_number=1, done=False)
    end_day(register, 3390, z_number=2)
    before = register.kinds()
    code, lines = days(register)
    assert code == 1
    assert lines[1][-3:] == ["not", "ended:", "Busy"]
    assert [line[:2] for line in lines[2:4]] == [["T0001", "23,90"], ["T0002", "32,90"]]
    assert lines[4][3:] == ["1000", "56,80", "33,90", "differ"]
    assert [line[0] for line in lines[5:7]] == ["T0001", "T0002"]
    assert register.kinds() == before


def test_a_record_without_a_terminals_day_says_so(till: Bench) -> None:
    assert days(till)[0] == 0
    assert days(till)[1][0][:2] == ["No", "end"]
