"""`make bench`: the kiosk's budgets beside what this machine measures.

Nothing here is a test: a slow machine fails no build. The last run is kept in bench-out/last.json.
Figures of the whole kiosk are taken from outside, over the wire, from a process of its own.
"""

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from tests.bench.bag import bag_figures
from tests.bench.budget import Figure
from tests.bench.catalogs import barcode_figures
from tests.bench.disk import disk_figures
from tests.bench.fleet import fleet_figures
from tests.bench.fleet_web import fleet_web_figures
from tests.bench.journal import journal_figures
from tests.bench.payment import payment_figures
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
    "fleet": fleet_figures,
    "pages": fleet_web_figures,
}


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
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all")
    chosen = parser.parse_args().parts or list(PARTS)
    console = Console()
    OUT.mkdir(exist_ok=True)
    figures: list[Figure] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        for name in chosen:
            task = progress.add_task(f"measuring the {name}")
            figures.extend(PARTS[name](OUT))
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
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "figures": [asdict(figure) | {"within": figure.within} for figure in figures],
    }
    (OUT / "last.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
