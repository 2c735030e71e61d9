"""What goes wrong over days and years, from the glass to the file for the authority.

Each is sold at the real engine with its journal, exported, and checked as an inspector would.
"""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine import staff_messages as s
from kiosk.engine.clock import ManualClock
from kiosk.engine.staff_view import Tool
from kiosk.fiscal.events import ClockWentBack, SaleSigned, ZReportMade
from kiosk.fiscal.saft.export import Period, export
from kiosk.fiscal.saft.findings import Findings
from kiosk.fiscal.saft.verify import verify
from kiosk.fiscal.signature import HmacKey
from kiosk.journal import Journal, JournalDamaged
from kiosk.journal.rebuild import SALES_A_DAY_MAX, Origin, rebuild
from kiosk.sale.events import SaleCompleted, Series
from kiosk.sale.return_events import LineReturned
from tests.engine.bench import BENCH_KEY, COLA, MILK, Bench
from tests.engine.conftest import cheap_hashes

SCHEMA = Path(__file__).parents[2].parent / "shared/data/saft"
SCHEMA /= "Norwegian_SAF-T_Cash_Register_Schema_v_1.00.xsd"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap_hashes(monkeypatch)


def kiosk(folder: Path, catalog: Path, start: datetime, **more: object) -> Bench:
    return Bench(folder, catalog, signed=True, clock=ManualClock(start), **more)  # type: ignore[arg-type]


def sell(bench: Bench, code: str = MILK) -> None:
    bench.scan(code).pay_by_card().take_receipt().send(m.DonePressed())


def hours(bench: Bench, count: int) -> None:
    for _ in range(6 * count):
        bench.wait(600)


def of(bench: Bench, kind: type) -> list:
    return [one for one in bench.record() if isinstance(one, kind)]


def checked(bench: Bench, out: Path, first: date, last: date) -> Findings:
    """Export a period and check it, with the official schema where it is at hand."""
    made = export(bench.journal, Period(first=first, last=last), out, created=bench.clock.utc_now())
    schema = SCHEMA if SCHEMA.exists() else None
    return verify(made.files, schema=schema, keys={"1": HmacKey(BENCH_KEY)})


def test_a_clock_set_back_before_the_last_signature_is_told_in_journal_and_file(
    folder: Path, catalog_path: Path, tmp_path: Path
) -> None:
    bench = kiosk(folder, catalog_path, datetime(2026, 3, 3, 12, tzinfo=UTC))
    sell(bench)
    bench.clock._start -= timedelta(days=1, hours=2)
    sell(bench)
    [back] = of(bench, ClockWentBack)
    assert (back.before[:10], back.after[:10]) == ("2026-03-03", "2026-03-02")
    assert [one.number for one in of(bench, SaleSigned)] == [1, 2]
    found = checked(bench, tmp_path / "out", date(2026, 3, 2), date(2026, 3, 3))
    assert found.ok, found.in_words()
    assert found.signatures == 2
    assert any("is of 2026-03-02" in remark for remark in found.remarks)


def test_two_exports_over_one_day_say_the_same(
    folder: Path, catalog_path: Path, tmp_path: Path
) -> None:
    bench = kiosk(folder, catalog_path, datetime(2026, 3, 2, 12, tzinfo=UTC))
    sell(bench)
    day = Period(first=date(2026, 3, 2), last=date(2026, 3, 2))
    texts = []
    for name in ("one", "two"):
        made = export(bench.journal, day, tmp_path / name, created=bench.clock.utc_now())
        texts.append([file.read_bytes() for file in made.files])
        bench.clock.advance(0)
    assert texts[0] == texts[1]
    sell(bench)  # a third, after one more sale, has it and changes nothing before it
    made = export(bench.journal, day, tmp_path / "three", created=bench.clock.utc_now())
    assert made.files[0].read_bytes().count(b"<cashtransaction>") == 2


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_journal_cut_in_the_middle_is_named_and_never_sold_on(
    folder: Path, catalog_path: Path, share: float
) -> None:
    bench = kiosk(folder, catalog_path, datetime(2026, 3, 2, 12, tzinfo=UTC))
    for _ in range(3):
        sell(bench)
    bench.journal.close()
    path = folder / "journal.sqlite"
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(JournalDamaged, match="cut short"):
        Journal.open(path)
    assert path.read_bytes() == whole[: int(len(whole) * share)], "nothing was mended"


@pytest.mark.parametrize(
    ("start", "paid_on", "day"),
    [
        # 23:50 local; it is paid at 03:20 summer time, after an hour that there is not.
        (datetime(2026, 3, 28, 22, 50, tzinfo=UTC), "2026-03-29T03:20", date(2026, 3, 28)),
        # 23:50 summer time; paid at 02:20, in the hour that comes twice.
        (datetime(2026, 10, 24, 21, 50, tzinfo=UTC), "2026-10-25T02:20", date(2026, 10, 24)),
    ],
    ids=["summer time begins", "summer time ends"],
)
def test_a_sale_across_midnight_and_the_change_of_clocks_has_one_place(
    folder: Path, catalog_path: Path, tmp_path: Path, start: datetime, paid_on: str, day: date
) -> None:
    bench = kiosk(folder, catalog_path, start)
    bench.scan(MILK)
    bench.clock.advance(150 * 60)
    bench.scan(COLA).pay_by_card().take_receipt().send(m.DonePressed())
    [signed] = of(bench, SaleSigned)
    assert f"{signed.date}T{signed.time[:5]}" == paid_on
    hours(bench, 2)
    assert [one.report.business_day for one in of(bench, ZReportMade)] == [day.isoformat()]
    found = checked(bench, tmp_path / "out", day, day + timedelta(days=1))
    assert found.ok, found.in_words()
    assert (found.sales, found.z_reports) == (1, 1)


def test_goods_of_last_years_receipt_come_back_at_the_rate_of_that_day(
    folder: Path, catalog_path: Path, tmp_path: Path, quick: None
) -> None:
    bench = kiosk(folder, catalog_path, datetime(2026, 3, 2, 12, tzinfo=UTC), staffed=True)
    sell(bench, COLA)
    hours(bench, 14)
    bench.clock.advance(370 * 24 * 3600)
    sell(bench, MILK)
    bench.sign_in("20", "2580").send(s.ToolPressed(Tool.RETURN)).keys("1")
    bench.send(s.ReturnAllPressed(), s.ReturnPressed(), s.ReasonChosen("damaged"))
    bench.send(s.RefundPressed(), s.StaffLeavePressed()).wait(15)
    [line] = of(bench, LineReturned)
    assert (line.original_at_utc[:4], line.product.vat_rate_bp) == ("2026", 1500)
    assert of(bench, SaleCompleted)[-1].series is Series.RETURN
    paper = bench.world.printer.papers.texts()[-1]
    assert "kvittering 1 av 02.03.2026" in " ".join(paper.split())
    hours(bench, 14)
    today = bench.clock.utc_now().date()
    found = checked(bench, tmp_path / "out", today - timedelta(days=2), today)
    assert found.ok, found.in_words()


def test_a_kiosk_on_new_hardware_sells_on_and_its_file_states_the_gap(
    folder: Path, catalog_path: Path, tmp_path: Path
) -> None:
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    old = kiosk(folder, catalog_path, start)
    sell(old)
    hours(old, 14)  # a Z
    sell(old)
    kept = [row._replace(prev_hash=b"") for row in old.journal.rows_after(0, 10_000)]
    sell(old)  # nobody ever hears of this one: its disk dies
    old.journal.close()

    new_folder = tmp_path / "new"
    later = old.clock.utc_now() + timedelta(hours=3)
    origin = Origin(journal_id=old.journal.journal_id, kiosk_id="")
    rebuild(new_folder / "journal.sqlite", origin, lambda _after: kept, now=later)
    new = kiosk(new_folder, catalog_path, later, seed=2)
    sell(new)
    hours(new, 20)
    due = 2 + SALES_A_DAY_MAX + 1
    assert [one.receipt_number for one in of(new, SaleCompleted)] == [1, 2, due]
    assert [one.number for one in of(new, SaleSigned)] == [1, 2, due]
    assert [one.report.number for one in of(new, ZReportMade)] == [1, 4]
    assert new.journal.verify().ok
    found = checked(new, tmp_path / "out", date(2026, 3, 2), date(2026, 3, 4))
    assert found.ok, found.in_words()
    assert found.signatures == 3
    assert [remark for remark in found.remarks if "left out" in remark] == [
        "Z reports 2 to 3 are left out: the record was restored, and says so.",
        f"Sales 3 to {due - 1} are left out: the record was restored, and says so.",
    ]
    [file] = (tmp_path / "out").iterdir()
    silent = tmp_path / "silent.xml"
    silent.write_bytes(file.read_bytes().replace(b"left out: ", b"all is well: "))
    words = verify([silent], keys={"1": HmacKey(BENCH_KEY)}).in_words()
    assert "a sale is missing: number 3 was due" in words
    assert "it comes after number 1: a gap, or one twice" in words
