"""Nothing has to be vacuumed at night: what is over leaves no holes in the journal's file."""

import sqlite3
from pathlib import Path

from kiosk.engine import messages as m
from tests.engine.bench import MILK, Bench

SALES = 60
HOLES_MAX = 2
"""Pages that the next sale takes first."""


def pages(path: Path, what: str) -> int:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as db:
        return int(db.execute(f"PRAGMA {what}").fetchone()[0])


def test_sales_that_are_over_leave_no_free_pages_behind(folder: Path, catalog_path: Path) -> None:
    bench = Bench(folder, catalog_path)
    for _ in range(SALES):
        bench.scan(MILK).pay_by_card().take_receipt().send(m.DonePressed())
    path = folder / "journal.sqlite"
    assert pages(path, "page_count") > SALES / 2
    assert pages(path, "freelist_count") <= HOLES_MAX
