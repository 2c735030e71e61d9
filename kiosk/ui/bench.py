"""Measure the screen's share of scan to frame: from a new view to the end of the flip.

python -m kiosk.ui.bench [--lines 3,200] [--scans 120]; with KIVY_GL_BACKEND=mock only Python and
the canvas are measured, as on a machine whose GPU costs nothing.
"""

import argparse
import os
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from kiosk.engine.view import LineView, View
from kiosk.sale.product import Unit
from kiosk.ui.easel import Easel
from kiosk.ui.samples import SCAN

PICTURES = ("milk", "bread", "banana", "carrot", "tomato", "cheese", "dish_soap", "coffee")


def line(line_id: int) -> LineView:
    """Return a line that differs from its neighbours."""
    quantity = 1 + line_id % 3
    price = 990 + 37 * (line_id % 97)
    return LineView(
        line_id=line_id, name=f"Vare {line_id} 500 g", picture=PICTURES[line_id % len(PICTURES)],
        category="", unit=Unit.PIECE, quantity=quantity, weight_g=None, unit_price_minor=price,
        amount_minor=price * quantity, deposit_minor=300 if line_id % 5 == 0 else 0,
    )  # fmt: skip


def scans(lines: int, count: int) -> Iterator[View]:
    """Yield the views of `count` scans into a sale that has `lines` lines."""
    shown = tuple(line(number) for number in range(1, lines + 1))
    total = sum(part.amount_minor for part in shown)
    for number in range(lines + 1, lines + count + 1):
        # The oldest goes as the newest comes, so that the sale keeps its size.
        shown = (*shown[1:], line(number))
        total += shown[-1].amount_minor
        yield replace(
            SCAN, seq=number, lines=shown, open_line_id=number, added_line_id=number, toast=None,
            totals=replace(SCAN.totals, item_count=len(shown), to_pay_minor=total),
        )  # fmt: skip


def measure(easel: Easel, lines: int, count: int) -> list[float]:
    """Return the milliseconds from view to flipped frame of each scan."""
    times_ms = []
    for view in scans(lines, count):
        start_ns = time.perf_counter_ns()
        easel.app.show(view)
        easel.turn(1)
        times_ms.append((time.perf_counter_ns() - start_ns) / 1e6)
    return times_ms


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", default="3,200")
    parser.add_argument("--scans", type=int, default=120)
    parser.add_argument("--motion", action="store_true", help="with the line sliding in")
    asked = parser.parse_args()
    easel = Easel(1080, 1920, motion=asked.motion)
    backend = os.environ.get("KIVY_GL_BACKEND", "software or hardware GL")
    measure(easel, 3, 10)  # the first frames build the screen
    for lines in (int(part) for part in asked.lines.split(",")):
        times_ms = sorted(measure(easel, lines, asked.scans))
        print(
            f"{lines:4d} lines, {backend}: p50 {statistics.median(times_ms):.1f} ms, "
            f"p99 {times_ms[int(len(times_ms) * 0.99) - 1]:.1f} ms, max {times_ms[-1]:.1f} ms"
        )


if __name__ == "__main__":
    main()
