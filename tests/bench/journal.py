"""The journal's append beside a bare append and fsync of the same bytes."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from kiosk.journal import Journal
from kiosk.journal.codec import encode
from kiosk.sale.events import PriceLookedUp, SaleStarted
from tests.bench.budget import Figure, percentile, spread

APPENDS = 400
AT = "2026-11-21T12:00:00.000000+00:00"


def journal_figures(out: Path) -> Iterator[Figure]:
    """Append the same events by turns to both, so that a slow moment of the disk hits both."""
    event = PriceLookedUp(at_utc=AT, product_id="4011", article_group="04006", price_minor=2690)
    with TemporaryDirectory(dir=out) as folder:
        journal = Journal.open(Path(folder) / "journal.sqlite")
        journal.append(
            "bench", 1, [SaleStarted(at_utc=AT, sale_id="bench", kiosk_id="k", currency="NOK")]
        )
        bare = os.open(Path(folder) / "bare", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        body = encode(event)[2]
        ours: list[float] = []
        plain: list[float] = []
        for turn in range(APPENDS):
            began = time.perf_counter()
            journal.append("bench", turn + 2, [event])
            ours.append((time.perf_counter() - began) * 1000)
            began = time.perf_counter()
            os.write(bare, body)
            os.fsync(bare)
            plain.append((time.perf_counter() - began) * 1000)
        os.close(bare)
        journal.close()
    yield Figure(
        what="journal append beside a bare fsync",
        value=percentile(ours, 50) / percentile(plain, 50),
        unit="x",
        budget=1.5,
        detail=f"ms: journal {spread(ours)}; bare {spread(plain)}",
    )
