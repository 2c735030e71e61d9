"""Sales by every means of payment with everything going wrong: the money is right.

Here three hundred of them; CI runs ten thousand, and `python -m tests.simulation.money --sales
1000000` as many as one likes. One day again: `KIOSK_SIM_SEED=17`.
"""

import os
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from kiosk.sale.attempts import counts
from kiosk.sale.events import Method, Outcome, PaymentSettled
from kiosk.sale.return_events import RefundSettled
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals
from tests.simulation.money import run_day
from tests.simulation.money_bench import memory
from tests.simulation.money_check import check_money
from tests.simulation.money_store import SALES_A_DAY, MoneyStore

SALES = int(os.environ.get("KIOSK_SIM_SALES", "300"))
ONE_SEED = os.environ.get("KIOSK_SIM_SEED")
SEEDS = [int(ONE_SEED)] if ONE_SEED else list(range(SALES // SALES_A_DAY))


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_end_of_the_day_every_provider_and_the_journal_agree(
    seed: int, catalog_path: Path
) -> None:
    run_day(seed, catalog_path)


@pytest.fixture(scope="module")
def day(catalog_path: Path) -> Iterator[MoneyStore]:
    with TemporaryDirectory(dir=memory(), prefix="kiosk-money-") as folder:
        made = MoneyStore(Path(folder), catalog_path, "money what for")
        made.run(2 * SALES_A_DAY)
        yield made


@pytest.fixture
def store(day: MoneyStore, monkeypatch: pytest.MonkeyPatch) -> MoneyStore:
    """The day with books of its own, that a test may spoil."""
    books = day.bench.world.books
    monkeypatch.setattr(books, "entries", deepcopy(books.entries))
    return day


def test_these_days_have_what_they_are_for(store: MoneyStore) -> None:
    """Every means pays, alone and mixed; some is declined, doubted and given back; power goes."""
    sales = checked(store).values()
    attempts = [attempt for sale in sales for attempt in sale.attempts]
    paid = [sale for sale in sales if sale.phase is Phase.CLOSED]
    mixtures = [{one.method for one in sale.attempts if counts(one)} for sale in paid]
    assert set().union(*mixtures) == {Method.CARD, *store.bench.world.payers}
    assert sum(len(mixture) > 1 for mixture in mixtures) >= 5
    ends = Counter(attempt.outcome for attempt in attempts)
    assert all(ends[end] for end in (Outcome.DECLINED, Outcome.CANCELLED, Outcome.REVERSED)), ends
    assert any(sale.phase is Phase.ABORTED for sale in sales)
    settled = [one.outcome for one in store.bench.record() if isinstance(one, PaymentSettled)]
    assert Outcome.UNKNOWN in settled
    assert store.cuts >= 10


def test_in_these_days_goods_come_back_in_every_way(store: MoneyStore) -> None:
    sales = checked(store)
    backs = [sale for sale in sales.values() if sale.returned and sale.phase is Phase.CLOSED]
    refunds = [one for sale in backs for one in sale.refunds if one.outcome is Outcome.APPROVED]
    assert {Method.CARD, Method.VIPPS} <= {refund.method for refund in refunds}
    assert any(len(sale.refunds) > 1 for sale in backs), "none in parts"
    originals = [sales[sale.returned[0].original_sale_id] for sale in backs]
    assert any(
        -totals(back).total_minor < totals(sale).total_minor
        for back, sale in zip(backs, originals, strict=True)
    ), "always all of it"
    assert Outcome.UNKNOWN in [
        one.outcome for one in store.bench.record() if isinstance(one, RefundSettled)
    ]
    assert any("refund" in name for name in store.power.names)


def checked(store: MoneyStore) -> dict[str, Sale]:
    return check_money(store.bench.journal, store.bench.world.books)


@pytest.mark.parametrize(
    "wrong",
    ["twice", "more", "unknown sale", "gone", "not taken", "refund twice", "refund lost", "other"],
)
def test_books_that_differ_from_the_journal_are_found(store: MoneyStore, wrong: str) -> None:
    """The check itself can fail: for each way in which money can be wrong."""
    checked(store)
    entries = store.bench.world.books.entries
    taken = [entry for entry in entries.values() if entry.state == "approved"]
    back = next(entry for entry in entries.values() if entry.state == "refunded")
    match wrong:
        case "twice":
            entries["again"] = replace(taken[0], service_id="again")
        case "more":
            taken[-1].charged_minor += 1
        case "unknown sale":
            taken[-1].sale_id = "another"
        case "gone":
            taken[-1].state = "reversed"
        case "not taken":
            next(entry for entry in taken if entry.captured_minor).captured_minor = 0
        case "refund twice":
            entries["again"] = replace(back, service_id="again")
        case "refund lost":
            del entries[back.service_id]
        case "other":
            back.of_transaction_id = taken[-1].transaction_id
    with pytest.raises(AssertionError):
        checked(store)
