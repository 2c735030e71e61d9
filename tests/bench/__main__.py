"""`make bench`: the kiosk's budgets beside what this machine measures.

Nothing here is a test: a slow machine fails no build. The last run is kept in bench-out/last.json.
Figures of the whole kiosk are taken from outside, over the wire, from a process of its own. Each is
printed as soon as it is there; a part that fails or is not done in time loses only what is left of
it, and the command then ends with 1.
"""

import argparse
import json
import os
import platform
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.bench.bag import bag_figures
from tests.bench.budget import Figure
from tests.bench.catalogs import barcode_figures
from tests.bench.deltas import delta_figures
from tests.bench.disk import disk_figures
from tests.bench.fleet import fleet_figures
from tests.bench.fleet_live import live_figures
from tests.bench.fleet_web import fleet_web_figures
from tests.bench.journal import journal_figures
from tests.bench.payment import payment_figures
from tests.bench.saft import saft_figures
from tests.bench.staff import staff_figures
from tests.bench.whole import whole_kiosk_figures
from tests.bench.wire import wire_figures

OUT = Path("bench-out")
PARTS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "catalog": barcode_figures,
    "journal": journal_figures,
    "disk": disk_figures,
    "kiosk": whole_kiosk_figures,
    "staff": staff_figures,
    "payment": payment_figures,
    "bag": bag_figures,
    "wire": wire_figures,
    "saft": saft_figures,
    "ingest": fleet_figures,
    "live": live_figures,
    "pages": fleet_web_figures,
    "delta": delta_figures,
}
GROUPS = {"fleet": ["ingest", "live", "pages", "delta"]}
"""Parts that are asked for by one name."""
MINUTES = 30.0


class NotDone(Exception):
    """The part took longer than it may."""


def machine() -> str:
    """Name the machine in a line."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith(("model name", "Model"))
        ),
        platform.machine(),
    )
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


def main() -> None:
    """Measure the parts that are asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, *GROUPS, []], help="default: all")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="at most, for each part")
    asked = parser.parse_args()
    named = asked.parts or list(PARTS)
    chosen = dict.fromkeys(part for name in named for part in GROUPS.get(name, [name]))
    console = Console()
    OUT.mkdir(exist_ok=True)
    figures: list[Figure] = []
    failed: list[str] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for name in chosen:
            task = progress.add_task(f"measuring the {name}")
            try:
                with at_most(asked.minutes):
                    for figure in PARTS[name](OUT):
                        figures.append(figure)
                        progress.console.print(
                            f"{figure.what}: {figure.value:.3g} {figure.unit}; {figure.detail}"
                        )
            except Exception:
                failed.append(name)
                progress.console.print(traceback.format_exc(), style="red", markup=False)
            progress.remove_task(task)
    table = Table("What", "Budget", "Measured", "", "Detail", title=machine())
    for figure in figures:
        table.add_row(
            figure.what,
            f"{figure.budget:g} {figure.unit}",
            f"{figure.value:.3g} {figure.unit}",
            "within" if figure.within else "[bold red]OVER[/]",
            figure.detail,
        )
    console.print(table)
    record = {
        "machine": machine(),
        "load": os.getloadavg(),
        "not_whole": failed,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "figures": [asdict(figure) | {"within": figure.within} for figure in figures],
    }
    (OUT / "last.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    if failed:
        console.print(f"[bold red]Not whole: {', '.join(failed)}")
        sys.exit(1)


@contextmanager
def at_most(minutes: float) -> Iterator[None]:
    """Raise NotDone in what runs inside when it takes longer."""

    def ring(_number: int, _frame: FrameType | None) -> None:
        raise NotDone(f"not done in {minutes:g} minutes")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, minutes * 60)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main()
