"""The whole kiosk, measured from outside over its wires."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.app.store import Store
from kiosk.app.store_config import Sections
from tests.bench.big_catalog import big_catalog, gtin13
from tests.bench.budget import Figure, percentile, spread

PRODUCTS = 100_000
LINES = 200
SCANS = 100
"""Measured with the sale at its full length: each is taken out again by the next."""
IDLE_S = 15.0
TICK_HZ = os.sysconf("SC_CLK_TCK")


def whole_kiosk_figures(out: Path) -> Iterator[Figure]:
    """Start a store with mock GL (our own share of the work), then with software GL."""
    yield from _run(out, "mock GL", {"KIVY_GL_BACKEND": "mock"}, 16.7, all_figures=True)
    yield from _run(out, "software GL", {}, 80.0, all_figures=False)


def _run(
    out: Path, gl: str, environment: dict[str, str], budget_ms: float, *, all_figures: bool
) -> Iterator[Figure]:
    environment = {"SDL_VIDEODRIVER": "offscreen", **environment}
    with TemporaryDirectory(dir=out) as name:
        folder = Path(name)
        data = folder / "data"
        data.mkdir()
        os.link(big_catalog(out, PRODUCTS), data / "catalog.sqlite")
        with Store(
            folder=folder,
            data=data,
            environment=environment,
            sections=Sections(selling="limit_total_minor = 100000000\n"),
        ) as store:
            pid = store.process_id("kiosk")
            if all_figures:
                yield Figure(
                    what="start to scannable, 100,000 products",
                    value=store.scannable_s,
                    unit="s",
                    budget=1.5,
                    detail="from the start of the process",
                )
                yield _idle(pid)
            latencies = _scan(store)
            yield Figure(
                what=f"scan to flipped frame, {LINES} lines, {gl}, p99",
                value=percentile(latencies, 99),
                unit="ms",
                budget=budget_ms,
                detail=spread(latencies),
            )
            memory = _resident_mb(pid)
            yield Figure(
                what=f"resident memory, 100,000 products, {LINES} lines, {gl}",
                value=memory,
                unit="MB",
                budget=200,
            )


def _scan(store: Store) -> list[float]:
    """Scan up to the full length, then go on; return the latencies at full length."""
    scanner = store.far_end("scanner")
    for number in range(LINES + SCANS):
        scanner.call("scan", gtin13(number * 7), aim="]E0")
        _until_shown(store, number + 1)
    return list(store.glass.remote.call("latencies"))[LINES:]


def _until_shown(store: Store, items: int, within_s: float = 20.0) -> None:
    """Wait until a frame has shown so many items; a look is one small message."""
    end = time.monotonic() + within_s
    while True:
        state = store.glass.state()
        if state["items"] >= items and state["shown_seq"] >= state["seq"]:
            return
        if time.monotonic() > end:
            raise TimeoutError(f"the kiosk did not show item {items} in time: {state}")
        time.sleep(0.005)


def _idle(pid: int) -> Figure:
    time.sleep(3)
    before = _cpu_ticks(pid)
    time.sleep(IDLE_S)
    share = (_cpu_ticks(pid) - before) / TICK_HZ / IDLE_S * 100
    return Figure(
        what="processor when nobody touches it, mock GL",
        value=share,
        unit="% of a core",
        budget=3,
        detail=f"over {IDLE_S:.0f} s",
    )


def _cpu_ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ValueError("no VmRSS")
