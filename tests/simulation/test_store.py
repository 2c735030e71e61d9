"""Thousands of sales with everything that can go wrong: the money is right at the end of each day.

More of them: `KIOSK_SIM_SALES=20000 pytest tests/simulation`; one again: `KIOSK_SIM_SEED=17`.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from kiosk.fiscal.events import REGISTER, SaleSigned, ZReportMade
from kiosk.sale.events import SaleCompleted
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals
from tests.simulation.store import Store

SALES = int(os.environ.get("KIOSK_SIM_SALES", "2000"))
SALES_A_DAY = 20
ONE_SEED = os.environ.get("KIOSK_SIM_SEED")
SEEDS = [int(ONE_SEED)] if ONE_SEED else list(range(SALES // SALES_A_DAY))


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_end_of_the_day_books_and_journal_agree(
    seed: int, folder: Path, catalog_path: Path
) -> None:
    store = Store(folder, catalog_path, seed)
    try:
        store.run(SALES_A_DAY)
        check(store)
        check_days(store)
    except BaseException as error:
        error.add_note(f"seed {seed}, power cuts {store.cuts}, {store.power.names[-12:]}")
        raise


def check(store: Store) -> None:
    journal, world = store.bench.journal, store.bench.world
    assert journal.verify().ok
    assert journal.open_sales() == []
    sales = all_sales(store)
    for sale in sales.values():
        taken = sum(entry.charged_minor for entry in world.books.taken(sale.id))
        assert sale.phase in (Phase.CLOSED, Phase.ABORTED), sale.id
        if sale.phase is Phase.ABORTED:
            assert taken == 0, f"sale {sale.id} is aborted, and {taken} was taken"
        else:
            assert taken == totals(sale).total_minor, f"sale {sale.id}: {taken} was taken"
            check_receipt(store, sale)
    check_books(store, sales)
    numbers = [e.receipt_number for e in store.bench.record() if isinstance(e, SaleCompleted)]
    assert numbers == list(range(1, len(numbers) + 1)), "receipt numbers have a gap"
    check_signatures(store)


def check_signatures(store: Store) -> None:
    """Each completed sale is signed, once, in the order of the record."""
    records = store.bench.journal.after(0, 10**9)
    completed = [record.seq for record in records if isinstance(record.event, SaleCompleted)]
    signed = [record.event for record in records if isinstance(record.event, SaleSigned)]
    assert [one.completed_seq for one in signed] == completed
    assert [one.number for one in signed] == list(range(1, len(signed) + 1))


def check_days(store: Store) -> None:
    """The Z reports have no gap, each is on paper at most once, and the last counts every sale."""
    made = [event.report for event in store.bench.record() if isinstance(event, ZReportMade)]
    sold = [sale for sale in all_sales(store).values() if sale.phase is Phase.CLOSED]
    papers = [text for text in store.bench.world.papers.texts() if "Z-RAPPORT" in text]
    assert [report.number for report in made] == list(range(1, len(made) + 1))
    assert len(papers) <= len(made)
    assert bool(made) is bool(sold)
    if made:
        total_minor = sum(totals(sale).total_minor for sale in sold)
        assert made[-1].figures.grand.sales_minor == total_minor
        assert sum(report.figures.total_minor for report in made) == total_minor


def all_sales(store: Store) -> dict[str, Sale]:
    ids = {record.sale_id for record in store.bench.journal.after(0, 10**9)} - {REGISTER}
    return {sale_id: replay(store.bench.journal.events_of(sale_id)) for sale_id in sorted(ids)}


def check_books(store: Store, sales: dict[str, Sale]) -> None:
    """Whatever the terminal knows of was in the record first."""
    requested = {attempt.service_id for sale in sales.values() for attempt in sale.attempts}
    assert set(store.bench.world.books.entries) <= requested


def check_receipt(store: Store, sale: Sale) -> None:
    """Who wanted paper got it: one original, and at most one copy, which says so.

    The law allows one copy: when the power went while the original and again while the copy was
    on its way, and the printer cannot tell, nobody may print a third time.
    """
    ids = {one.id for one in sale.prints}
    papers = [text for print_id, text in store.bench.world.papers.rows if print_id in ids]
    kinds = Counter("KOPI" in text for text in papers)
    assert kinds[False] <= 1, f"sale {sale.id}: {kinds[False]} originals"
    assert kinds[True] <= 1, f"sale {sale.id}: {kinds[True]} copies"
    if sale.receipt_choice == "paper":
        gave_up = [one.copy for one in sale.prints if one.in_doubt] == [False, True]
        assert papers or gave_up, f"sale {sale.id}: paid, and no receipt"
