"""Sales that are paid in parts, with everything that can go wrong.

As `test_store`: `KIOSK_SIM_SALES=20000`, and one day again with `KIOSK_SIM_SEED=17`; without them
twenty days.
"""

import os
from collections import Counter
from pathlib import Path

import pytest

from kiosk.sale.attempts import counts
from kiosk.sale.events import Method
from kiosk.sale.state import Phase, Sale
from tests.simulation.split_store import SplitStore
from tests.simulation.test_store import SALES_A_DAY, SEEDS, all_sales, check, check_days

DAYS = SEEDS if "KIOSK_SIM_SALES" in os.environ else SEEDS[:20]


@pytest.mark.parametrize("seed", DAYS)
def test_at_the_end_of_a_day_of_parts_all_books_and_the_journal_agree(
    seed: int, folder: Path, catalog_path: Path
) -> None:
    store = SplitStore(folder, catalog_path, f"split {seed}")
    try:
        store.run(SALES_A_DAY)
        check(store)
        check_days(store)
        check_slips(store)
    except BaseException as error:
        error.add_note(f"seed {seed}, power cuts {store.cuts}, {store.power.names[-12:]}")
        raise


def check_slips(store: SplitStore) -> None:
    """No voucher pays for two sales."""
    taken = Counter(
        entry.transaction_id.split("/")[1]
        for entry in store.bench.world.books.taken()
        if "/980" in entry.transaction_id
    )
    assert all(count == 1 for count in taken.values()), taken


def test_these_days_have_what_they_are_for(folder: Path, catalog_path: Path) -> None:
    """Among a day's sales some are paid in parts: else the days above prove nothing."""
    sales: list[Sale] = []
    for seed in ("split 1", "split 2", "split 3"):
        home = folder / seed
        home.mkdir()
        store = SplitStore(home, catalog_path, seed)
        store.run(3 * SALES_A_DAY)
        sales += all_sales(store).values()
    sold = [sale for sale in sales if sale.phase is Phase.CLOSED]
    mixtures = [{one.method for one in sale.attempts if counts(one)} for sale in sold]
    assert sum(len(mixture) > 1 for mixture in mixtures) >= 5
    assert {Method.GIFT_CARD, Method.DEPOSIT_VOUCHER, Method.CARD} <= set().union(*mixtures)
    assert any(sale.given_up is not None for sale in sales)
