"""Look-ups in catalogs of a size that no shop has."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

from kiosk.catalog import Catalog
from tests.bench.big_catalog import big_catalog, gtin13
from tests.bench.budget import Figure, percentile, spread

PRODUCTS = 1_000_000
LOOKUPS = 20_000


def barcode_figures(out: Path) -> Iterator[Figure]:
    """Look up random codes among a million products, and names among a hundred thousand."""
    catalog = Catalog.open(big_catalog(out, PRODUCTS))
    choose = random.Random(1)
    codes = [gtin13(choose.randrange(PRODUCTS)) for _ in range(LOOKUPS)]
    times: list[float] = []
    for code in codes:
        began = time.perf_counter()
        product = catalog.by_code(code)
        times.append((time.perf_counter() - began) * 1000)
        assert product is not None
    catalog.close()
    yield Figure(
        what=f"product by barcode, {PRODUCTS:,} products, p99",
        value=percentile(times, 99),
        unit="ms",
        budget=0.2,
        detail=spread(times),
    )
