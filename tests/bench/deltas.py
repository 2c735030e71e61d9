"""A day's new prices on their way to a kiosk: bytes as a delta, and as the whole catalog."""

import csv
import gzip
import random
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.catalog.importer import import_file
from kiosk.telemetry.deltas import difference, patched
from tests.bench.big_catalog import gtin13, name_of
from tests.bench.budget import Figure

PRODUCTS = 20_000
CHANGED = 600
"""Prices that another day brings: three in a hundred."""
NEW, GONE = 30, 20
"""And goods; each that comes or goes moves the number of all that follow it."""


def delta_figures(out: Path) -> Iterator[Figure]:
    """Import one catalog and the next day's, and yield what the way between them weighs."""
    chance = random.Random(1)
    numbers = list(range(PRODUCTS))
    dearer = frozenset(chance.sample(numbers, CHANGED))
    others = [one for one in numbers if one not in chance.sample(numbers, GONE)]
    others += range(PRODUCTS, PRODUCTS + NEW)
    with TemporaryDirectory(dir=out) as name:
        folder = Path(name)
        today = _catalog(folder, numbers, frozenset())
        prices = _catalog(folder, numbers, dearer)
        goods = _catalog(folder, others, dearer)
    whole = len(prices)
    yield Figure(
        what=f"the catalog of {PRODUCTS:,} products, whole",
        value=whole / 1000,
        unit="kB",
        budget=20_000,
        detail=f"{len(gzip.compress(prices, 4)) / 1000:,.0f} kB as HTTP sends it, with gzip",
    )
    yield _figure(f"{CHANGED} new prices, as a delta", today, prices, 100)
    yield _figure(f"and {NEW} products more, {GONE} fewer", today, goods, 2_000)


def _figure(what: str, base: bytes, target: bytes, budget: float) -> Figure:
    began = time.perf_counter()
    delta = difference(base, target)
    made_s = time.perf_counter() - began
    began = time.perf_counter()
    assert patched(base, delta, len(target)) == target
    applied_s = time.perf_counter() - began
    return Figure(
        what=what,
        value=len(delta) / 1000,
        unit="kB",
        budget=budget,
        detail=f"{len(delta) / len(target):.2%} of the whole; made in {made_s * 1000:.0f} ms, "
        f"applied in {applied_s * 1000:.0f} ms",
    )


def _catalog(folder: Path, numbers: list[int], dearer: frozenset[int]) -> bytes:
    source, target = folder / "catalog.csv", folder / "catalog.sqlite"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["id", "name", "gtins", "price", "unit", "vat", "category"])
        for number in numbers:
            price = f"{10 + number % 90 + 3 * (number in dearer)},90"
            facts = [str(number + 1), name_of(number), gtin13(number)]
            writer.writerow([*facts, price, "piece", "31", "pantry"])
    report = import_file(source, target)
    if not report.imported:
        raise RuntimeError(report.in_words())
    return target.read_bytes()
