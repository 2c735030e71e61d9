"""The export for the authority: sales a second, and memory that does not grow with the sales.

`SAFT_DAYS=365 python -m tests.bench saft` is the year of 500 sales a day; by default it is two days
and four, since the journal has to be made first, and what counts shows there too.
"""

import os
import time
import tracemalloc
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from kiosk.fiscal.saft.export import Period, export
from kiosk.fiscal.saft.verify import verify
from tests.bench.budget import Figure
from tests.fiscal.weeks import KEY, Shop

SALES_A_DAY: Final = 500
DAYS: Final = int(os.environ.get("SAFT_DAYS", "4"))
GROWTH: Final = 1.3
"""Twice the sales, and no more than so many times the memory."""


def saft_figures(out: Path) -> Iterator[Figure]:
    """Export half of the days, then all of them; check what came of it."""
    with TemporaryDirectory(dir=out) as folder:
        shop = Shop(Path(folder))
        peaks = [_peak_mb(shop, Path(folder) / "half", max(DAYS // 2, 1))]
        peaks.append(_peak_mb(shop, Path(folder) / "all", DAYS - max(DAYS // 2, 1)))
        began = time.perf_counter()
        made = _export(shop, Path(folder) / "timed")
        took_s = time.perf_counter() - began
        began = time.perf_counter()
        found = verify(made, keys={"1": KEY})
        checked_s = time.perf_counter() - began
        size_mb = sum(file.stat().st_size for file in made) / 1e6
        shop.close()
    sales = DAYS * SALES_A_DAY
    assert found.ok, found.in_words()
    yield Figure(
        what=f"saft export, memory of {DAYS} days over half of them",
        value=peaks[1] / peaks[0],
        unit="x",
        budget=GROWTH,
        detail=f"{peaks[0]:.1f} and {peaks[1]:.1f} MB at most",
    )
    yield Figure(
        what="saft export, a sale",
        value=1000 * took_s / sales,
        unit="ms",
        budget=10.0,
        detail=f"{sales} sales, {size_mb:.0f} MB; verify {1000 * checked_s / sales:.1f} ms a sale",
    )


def _peak_mb(shop: Shop, folder: Path, days: int) -> float:
    for _ in range(days):
        for _ in range(SALES_A_DAY):
            shop.sell()
        shop.now += timedelta(days=1)
    tracemalloc.start()
    _export(shop, folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def _export(shop: Shop, folder: Path) -> tuple[Path, ...]:
    all_days = Period(first=date(2026, 1, 1), last=shop.now.date() + timedelta(days=1))
    return tuple(export(shop.journal, all_days, folder, created=shop.now).files)
