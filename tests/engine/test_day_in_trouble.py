"""The day's end when money, clock or hour are not as on other days."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from kiosk.engine import messages as m
from kiosk.engine.clock import ManualClock
from kiosk.fiscal.events import ClockWentBack, PriceListTaken, SaleSigned, ZReportMade
from kiosk.sale.events import Event, SaleCompleted
from tests.engine.bench import COLA, MILK, Bench, build_catalog


@contextmanager
def at(start: datetime) -> Iterator[None]:
    with patch("tests.engine.bench.ManualClock", lambda: ManualClock(start)):
        yield


def of(bench: Bench, kind: type[Event]) -> list[Event]:
    return [one for one in bench.record() if isinstance(one, kind)]


def days(bench: Bench) -> list[str]:
    return [one.report.business_day for one in of(bench, ZReportMade)]  # type: ignore[attr-defined]


def sell(bench: Bench, code: str = MILK) -> None:
    bench.scan(code).pay_by_card().take_receipt().send(m.DonePressed())


def test_no_z_while_a_payment_is_in_doubt_and_one_when_it_is_known(
    folder: Path, catalog_path: Path
) -> None:
    with at(datetime(2026, 3, 2, 22, 50, tzinfo=UTC)):
        bench = Bench(folder, catalog_path, signed=True)
    sell(bench)
    bench.scan(COLA).to_terminal()
    bench.world.terminal.tap()  # the terminal took it ...
    bench.world.terminal.reachable = False  # ... and nobody hears so
    bench.restart(down_s=60)
    for _ in range(8):  # over 23:55 and midnight
        bench.wait(600)
        bench.send(m.CloseDay())
    assert of(bench, ZReportMade) == []
    bench.world.terminal.reachable = True
    bench.wait(60)
    if not of(bench, SaleCompleted)[1:]:
        pytest.fail("the sale in doubt was not completed when the terminal came back")
    bench.take_receipt().send(m.DonePressed())
    bench.wait(120)
    (z,) = of(bench, ZReportMade)
    assert z.report.business_day == "2026-03-02"  # type: ignore[attr-defined]
    assert len(of(bench, SaleSigned)) == 2


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        # Summer time begins at 02:00 on the 29th: a night of 23 hours. Times in UTC.
        (datetime(2026, 3, 28, 20, 0, tzinfo=UTC), ["2026-03-28", "2026-03-29"]),
        # It ends at 03:00 on 25 October: a night of 25 hours.
        (datetime(2026, 10, 24, 20, 0, tzinfo=UTC), ["2026-10-24", "2026-10-25"]),
    ],
)
def test_each_day_has_one_z_when_the_clocks_change(
    folder: Path, catalog_path: Path, start: datetime, wanted: list[str]
) -> None:
    with at(start):
        bench = Bench(folder, catalog_path, signed=True)
    sell(bench)
    for _ in range(6 * 12):  # twelve hours, over the night
        bench.wait(600)
    assert days(bench) == wanted[:1]
    sell(bench)
    for _ in range(6 * 20):
        bench.wait(600)
    assert days(bench) == wanted


def test_a_clock_that_is_set_back_is_written_down_and_numbers_go_on(
    folder: Path, catalog_path: Path
) -> None:
    with at(datetime(2026, 3, 2, 12, 0, tzinfo=UTC)):
        bench = Bench(folder, catalog_path, signed=True)
    sell(bench)
    bench.clock._start -= timedelta(hours=2)
    sell(bench)
    assert len(of(bench, ClockWentBack)) == 1
    assert [one.number for one in of(bench, SaleSigned)] == [1, 2]  # type: ignore[attr-defined]
    assert bench.journal.verify().ok


def test_another_price_list_is_in_the_record_once(folder: Path, tmp_path: Path) -> None:
    path = build_catalog(tmp_path)
    bench = Bench(folder, path, signed=True)
    bench.restart()
    first = of(bench, PriceListTaken)
    assert [one.from_version for one in first] == [""]  # type: ignore[attr-defined]
    (tmp_path / "again").mkdir()
    products = (tmp_path / "products.csv").read_text("utf-8").replace("23.90", "24.90")
    other = build_catalog(tmp_path / "again", products)
    other.replace(path)
    bench.send(m.CatalogSwapped(), m.CatalogSwapped())
    taken = of(bench, PriceListTaken)[1:]
    assert len(taken) == 1
    assert taken[0].from_version == first[0].to_version  # type: ignore[attr-defined]
