"""Paper that staff ask for: copies, once, also long after; X on screen and paper; the day's end."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from drivers.contracts import PrintOutcome
from kiosk.engine import staff_messages as s
from kiosk.engine.staff_view import StaffProblem, StaffStep, Tool, Why
from kiosk.fiscal.events import CopyAsked, XReportMade, ZReportMade
from kiosk.fiscal.figures import Figures
from kiosk.fiscal.saft.export import Period, export
from kiosk.fiscal.saft.verify import verify
from kiosk.sale import events as e
from tests.engine.bench import COLA, MILK, Bench
from tests.engine.conftest import cheap_hashes
from tests.engine.staffing import tool
from tests.fiscal.saft.test_export import XSD

KARI = ("20", "2580")


@pytest.fixture
def bench(make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A cash register with staff, and one sale that is over."""
    cheap_hashes(monkeypatch)
    made = make_bench(staffed=True, signed=True)
    return made.scan(MILK).pay_by_card().take_receipt().wait(12)


def figures(bench: Bench) -> Figures:
    """Return what the day's X says."""
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.X_REPORT), s.StaffLeavePressed())
    made = [x for x in bench.record() if isinstance(x, XReportMade)]
    return made[-1].report.figures


def copies(bench: Bench) -> list[str]:
    return [text for text in bench.world.papers.texts() if "KOPI" in text]


# --- copies -------------------------------------------------------------------------------------


def test_the_last_receipt_is_copied_in_two_taps_and_once(bench: Bench) -> None:
    bench.sign_in().send(s.ToolPressed(Tool.COPY))
    assert (bench.desk.step, bench.desk.entry) == (StaffStep.ITEM, "1")
    bench.send(s.StaffConfirmed())
    assert bench.desk.step is StaffStep.DESK
    assert len(copies(bench)) == 1
    bench.send(s.ToolPressed(Tool.COPY), s.StaffConfirmed())
    assert bench.desk.problem is StaffProblem.COPY_USED
    assert len(copies(bench)) == 1


def test_the_copy_names_who_asked_and_counts_in_the_days_figures(bench: Bench) -> None:
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffConfirmed(), s.StaffLeavePressed())
    started = [x for x in bench.record() if isinstance(x, e.PrintStarted)][-1]
    assert started.copy
    assert started.attendant_id.startswith("s-")
    assert (figures(bench).copies.number, figures(bench).copies.amount_minor) == (1, 2390)


def test_a_copy_of_yesterdays_sale_counts_today_and_not_yesterday(bench: Bench) -> None:
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.CLOSE_DAY), s.DayClosePressed())
    bench.send(s.StaffLeavePressed()).wait(24 * 3600)
    bench.scan(COLA).pay_by_card().take_receipt().wait(12)
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffDigitTyped("\b")).keys("1")
    bench.send(s.StaffLeavePressed())
    assert (figures(bench).copies.number, figures(bench).copies.amount_minor) == (1, 2390)
    (z,) = [x.report.figures for x in bench.record() if isinstance(x, ZReportMade)]
    assert z.copies.number == 0


def test_a_receipt_is_found_by_its_code_and_another_kiosks_is_not(bench: Bench) -> None:
    bench.sign_in().send(s.ToolPressed(Tool.COPY)).scan("SK1/NT-0477-04/1/20260302/2390")
    assert bench.desk.problem is StaffProblem.UNKNOWN_RECEIPT
    bench.scan("SK1/NT-0477-03/1/20260302/2390")
    assert len(copies(bench)) == 1


@pytest.mark.parametrize("text", ["0", "2", "99999999", "7038010001659"])
def test_a_number_that_was_never_given_prints_nothing(bench: Bench, text: str) -> None:
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffDigitTyped("\b")).keys(text)
    assert bench.desk.problem is StaffProblem.UNKNOWN_RECEIPT
    assert copies(bench) == []


def test_a_copy_that_surely_failed_may_be_tried_again_and_counts_once(bench: Bench) -> None:
    bench.world.printer.next_outcome = PrintOutcome.NOT_PRINTED
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffConfirmed())
    assert bench.desk.problem is StaffProblem.NOT_PRINTED
    bench.send(s.ToolPressed(Tool.COPY), s.StaffConfirmed(), s.StaffLeavePressed())
    assert len(copies(bench)) == 1
    assert figures(bench).copies.number == 1


def test_a_power_cut_while_a_copy_prints_counts_it_and_allows_no_second(bench: Bench) -> None:
    printer = bench.world.printer
    printer.print = lambda job: printer.papers.add(job)  # type: ignore[method-assign]
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffConfirmed())
    del printer.print  # type: ignore[attr-defined]
    bench.restart()
    assert figures(bench).copies.number == 1
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffConfirmed())
    assert bench.desk.problem is StaffProblem.COPY_USED
    assert len(copies(bench)) == 1
    (asked, *_) = [x for x in bench.record() if isinstance(x, CopyAsked)]
    assert asked.attendant_id


def test_who_wanted_no_receipt_gets_the_original_afterwards(
    make_bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch
) -> None:
    cheap_hashes(monkeypatch)
    bench = make_bench(staffed=True, signed=True)
    bench.scan(MILK).pay_by_card().take_receipt(e.ReceiptChoice.NONE).wait(12)
    bench.sign_in().send(s.ToolPressed(Tool.COPY), s.StaffConfirmed())
    assert copies(bench) == []
    assert len(bench.world.papers.texts()) == 1
    bench.send(s.ToolPressed(Tool.COPY), s.StaffConfirmed(), s.StaffLeavePressed())
    assert len(copies(bench)) == 1
    assert figures(bench).copies.number == 1


# --- X and Z ------------------------------------------------------------------------------------


def test_an_x_is_shown_journaled_and_printed_as_it_was_shown(bench: Bench) -> None:
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.X_REPORT))
    assert bench.desk.report is not None
    shown = [row.cells for row in bench.desk.report.rows]
    assert ("X-RAPPORT NR. 1",) in shown
    assert ("Kontantsalg", "23,90") in shown
    bench.send(s.ReportPrintPressed())
    assert "X-RAPPORT NR. 1" in bench.world.papers.texts()[-1]
    made = [x for x in bench.record() if isinstance(x, XReportMade)]
    assert len(made) == 1
    assert made[0].attendant_id.startswith("s-")


def test_the_day_is_closed_after_its_figures_were_seen_and_by_somebody(bench: Bench) -> None:
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.CLOSE_DAY))
    assert bench.desk.report is not None
    assert (bench.desk.report.closing, bench.desk.report.is_z) == (True, False)
    assert not [x for x in bench.record() if isinstance(x, ZReportMade)]
    bench.send(s.DayClosePressed())
    assert bench.desk.report.is_z
    bench.send(s.DayClosePressed())
    (made,) = [x for x in bench.record() if isinstance(x, ZReportMade)]
    assert made.attendant_id.startswith("s-")
    bench.send(s.StaffLeavePressed())
    assert any("Z-RAPPORT NR. 1" in text for text in bench.world.papers.texts())


def test_a_day_is_not_closed_twice_nor_with_a_sale_open(bench: Bench) -> None:
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.CLOSE_DAY), s.DayClosePressed())
    bench.send(s.StaffBackPressed(), s.ToolPressed(Tool.CLOSE_DAY), s.DayClosePressed())
    assert bench.desk.problem is StaffProblem.NO_Z
    bench.send(s.StaffLeavePressed()).scan(MILK).sign_in(*KARI)
    assert tool(bench, Tool.CLOSE_DAY) is Why.SALE_OPEN


def test_an_attendant_sees_no_figures_and_closes_no_day(bench: Bench) -> None:
    bench.sign_in()
    assert tool(bench, Tool.X_REPORT) is tool(bench, Tool.CLOSE_DAY) is Why.NO_RIGHT
    bench.send(s.ToolPressed(Tool.CLOSE_DAY), s.DayClosePressed(), s.ReportPrintPressed())
    assert bench.desk.report is None
    assert not [x for x in bench.record() if isinstance(x, ZReportMade | XReportMade)]


def test_without_a_signing_key_there_is_no_day(staffed: Bench) -> None:
    staffed.sign_in(*KARI)
    assert tool(staffed, Tool.X_REPORT) is Why.NO_REGISTER


def test_what_staff_did_stands_in_a_valid_export_under_their_ids(
    bench: Bench, tmp_path: Path
) -> None:
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.TRAINING), s.StaffLeavePressed())
    bench.scan(COLA).to_terminal().take_receipt().wait(12)
    bench.sign_in(*KARI).send(s.ToolPressed(Tool.TRAINING), s.ToolPressed(Tool.COPY))
    bench.send(s.StaffConfirmed(), s.ToolPressed(Tool.X_REPORT), s.StaffBackPressed())
    bench.send(s.StaffBackPressed(), s.ToolPressed(Tool.CLOSE_DAY), s.DayClosePressed())
    day = date(2026, 3, 2)
    created = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
    done = export(bench.journal, Period(first=day, last=day), tmp_path, created=created)
    findings = verify(done.files, schema=XSD if XSD.exists() else None)
    assert findings.ok, findings.in_words()
    text = done.files[0].read_text(encoding="utf-8")
    person = next(x for x in bench.record() if isinstance(x, CopyAsked)).attendant_id
    for code in ("TRAINON", "TRAINOFF", "COPYASKED", "XREP", "ZREP"):
        where = text.index(f"<eventType>{code}</eventType>")
        assert f"<empID>{person}</empID>" in text[where : where + 300], code
    assert "<eventType>COPYREC</eventType>" in text
    assert "<eventType>TRAINREC</eventType>" in text
