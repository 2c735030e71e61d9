"""As many sales as one has patience for: `python -m tests.simulation.money --sales 1000000`.

Each day has fifty sales and a seed; `--first 17 --sales 50` runs the day of seed 17 again. The
first day on which money is wrong ends the run, with its seed and the last moments before it.
Whoever stops it (Ctrl-C) is told what it came to until then.
"""

import argparse
import gc
import logging
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from kiosk.sale.attempts import counts
from kiosk.sale.state import Phase, Sale
from tests.engine.bench import build_catalog
from tests.simulation.money_bench import memory
from tests.simulation.money_check import check_money
from tests.simulation.money_store import SALES_A_DAY, MoneyStore


@dataclass(frozen=True, slots=True, kw_only=True)
class DayResult:
    """What one day came to."""

    seed: int
    sales: int = 0
    closed: int = 0
    split: int = 0
    """Sales that more than one means of payment paid."""
    returned: int = 0
    """Sales in which goods came back."""
    cuts: int = 0
    wrong: str = ""
    """Why the money is wrong; empty when it is right."""

    def __add__(self, other: "DayResult") -> "DayResult":
        return DayResult(
            seed=other.seed,
            sales=self.sales + other.sales,
            closed=self.closed + other.closed,
            split=self.split + other.split,
            returned=self.returned + other.returned,
            cuts=self.cuts + other.cuts,
            wrong=self.wrong or other.wrong,
        )


def run_day(seed: int, catalog_path: Path, sales: int = SALES_A_DAY) -> DayResult:
    """Run one day and check it.

    Raises:
        AssertionError: the money is wrong; the notes say the seed and what came last.
    """
    with TemporaryDirectory(dir=memory(), prefix="kiosk-money-") as folder:
        store = MoneyStore(Path(folder), catalog_path, f"money {seed}")
        try:
            store.run(sales)
            done = check_money(store.bench.journal, store.bench.world.books)
        except BaseException as error:
            error.add_note(f"seed {seed}, power cuts {store.cuts}, {store.power.names[-12:]}")
            raise
        finally:
            store.bench.journal.close()
        return counted(seed, sales, done.values(), store.cuts)


def counted(seed: int, shoppers: int, sales: Iterable[Sale], cuts: int) -> DayResult:
    """Return what a day came to."""
    over = [sale for sale in sales if sale.phase is Phase.CLOSED]
    return DayResult(
        seed=seed,
        sales=shoppers,
        closed=len(over),
        split=sum(len({a.method for a in one.attempts if counts(a)}) > 1 for one in over),
        returned=sum(bool(one.returned) for one in over),
        cuts=cuts,
    )


@cache
def catalog() -> Path:
    """Return this process's little shop."""
    return build_catalog(Path(mkdtemp(dir=memory(), prefix="kiosk-money-catalog-")))


def _begin() -> None:
    """Prepare a worker: no log of a million faults, and no search for garbage among modules."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who stops the run still hears what it came to
    run_day(-1, catalog(), sales=1)
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _day(seed: int) -> DayResult:
    try:
        return run_day(seed, catalog())
    except Exception as error:
        notes = "; ".join(getattr(error, "__notes__", []))
        return DayResult(seed=seed, wrong=f"{type(error).__name__}: {error} ({notes})")


class SpeedColumn(ProgressColumn):
    """Sales in a second, over the whole run."""

    def render(self, task: Task) -> Text:
        elapsed = task.elapsed or 0
        return Text(f"{task.completed / elapsed:.0f} sales/s" if elapsed else "")


def days(seeds: range, processes: int) -> Iterator[DayResult]:
    """Yield the days as they end, the workers each busy with one."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(processes, initializer=_begin) as pool:
        yield from pool.imap_unordered(_day, seeds)


def main() -> int:
    """Run, and return 1 when the money was wrong on any day."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sales", type=int, default=10_000, help="default: 10000")
    parser.add_argument("--first", type=int, default=0, help="seed of the first day, default 0")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    seeds = range(given.first, given.first + -(-given.sales // SALES_A_DAY))
    console, total, began = Console(), DayResult(seed=given.first), time.monotonic()
    columns = (TextColumn("sales"), BarColumn(), MofNCompleteColumn(), SpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("sales", total=len(seeds) * SALES_A_DAY)
        with suppress(KeyboardInterrupt):
            for day in days(seeds, given.processes):
                total += day
                bar.advance(task, day.sales)
                if day.wrong:
                    break
    if total.wrong:
        console.print(f"[red]The money is wrong.[/] {total.wrong}", soft_wrap=True)
        console.print(
            f"Again: python -m tests.simulation.money --first {total.seed} --sales {SALES_A_DAY}"
        )
        return 1
    speed = total.sales / (time.monotonic() - began)
    console.print(
        f"{total.sales} sales, {total.closed} paid, {total.split} of them by several means, "
        f"{total.returned} with goods that came back, {total.cuts} power cuts, "
        f"{speed:.0f} sales/s: books and journal agree."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
