"""Seeded days with wallets: reserved or taken, once, and nothing reserved is left untaken.

More of them: `KIOSK_SIM_SALES=20000 pytest tests/simulation`; one again: `KIOSK_SIM_SEED=17`.
"""

import os
from pathlib import Path

import pytest

from kiosk.sale.capture import RESERVES
from kiosk.sale.events import Method
from tests.simulation.phones import PhoneStore
from tests.simulation.test_store import SALES_A_DAY, all_sales, check, check_days

SALES = int(os.environ.get("KIOSK_SIM_SALES", "500"))
ONE_SEED = os.environ.get("KIOSK_SIM_SEED")
SEEDS = [int(ONE_SEED)] if ONE_SEED else list(range(SALES // SALES_A_DAY))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_phones_approved_is_taken_once_and_nothing_else(
    seed: int, folder: Path, catalog_path: Path
) -> None:
    (folder / "phones").mkdir()
    store = PhoneStore(folder, catalog_path, f"phones {seed}")
    try:
        store.run(SALES_A_DAY)
        store.bench.wait(3600)
        check(store)
        check_days(store)
        check_captures(store)
    except BaseException as error:
        error.add_note(f"seed {seed}, power cuts {store.cuts}, {store.power.names[-12:]}")
        raise


def check_captures(store: PhoneStore) -> None:
    """What wallets reserved for a sale that was completed is taken whole; all else is untouched."""
    assert store.bench.journal.sales_to_capture() == []
    books = store.bench.world.books.entries
    for sale in all_sales(store).values():
        for attempt in sale.attempts:
            entry = books.get(attempt.service_id)
            due = attempt.capture_due
            captured = entry.captured_minor if entry is not None else 0
            assert captured == (attempt.approved_minor if due else 0), attempt.id
            assert not due or attempt.method in RESERVES
            assert not due or attempt.captured is True


def test_shoppers_of_these_days_pay_by_every_method(folder: Path, catalog_path: Path) -> None:
    """The days above are worth nothing if nobody gets through by phone."""
    (folder / "phones").mkdir()
    store = PhoneStore(folder, catalog_path, "every method")
    store.run(60)
    paid = {
        attempt.method
        for sale in all_sales(store).values()
        for attempt in sale.attempts
        if attempt.outcome == "approved"
    }
    assert paid == {Method.CARD, Method.VIPPS, Method.KLARNA, Method.STREX}
