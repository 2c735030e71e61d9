"""`kill -9` at every commit and every effect of a sale paid in parts, and of one given up."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale.attempts import counts
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale
from kiosk.sale.totals import totals
from tests.crash.test_kill import KILLED, Nursery, check_papers, nursery_of
from tests.engine.models import Books, Papers

BOOKS = ("books.jsonl", "giftcards.jsonl", "vouchers.jsonl")


@pytest.fixture(scope="module")
def parts() -> Iterator[Nursery]:
    yield from nursery_of("tests.crash.split_victim")


def the_sale(folder: Path, name: str) -> Sale:
    with Journal.open(folder / "journal.sqlite", read_only=True) as journal:
        assert journal.verify().ok, name
        ids = {record.sale_id for record in journal.after(0, 10**6)} - {REGISTER}
        sales = [replay(journal.events_of(sale_id)) for sale_id in sorted(ids)]
    assert len(sales) == 1, f"killed {name}: {len(sales)} sales"
    return sales[0]


def held(folder: Path) -> list[int]:
    """All that any provider has taken and not given back, by their own books."""
    return [entry.charged_minor for book in BOOKS for entry in Books(folder / book).taken()]


def check_sold(folder: Path, name: str) -> None:
    """Paid in full by exactly the parts in the journal, and on paper."""
    sale = the_sale(folder, name)
    assert sale.phase is Phase.CLOSED, f"killed {name}"
    assert sum(held(folder)) == totals(sale).total_minor, f"killed {name}: {held(folder)}"
    paid = sorted(one.approved_minor for one in sale.attempts if counts(one))
    assert paid == sorted(held(folder)), f"killed {name}"
    check_papers(sale, Papers(folder / "papers.jsonl"), name)


def check_given_up(folder: Path, name: str) -> None:
    """Over, without a receipt, and nobody's money is left anywhere."""
    sale = the_sale(folder, name)
    assert sale.phase is Phase.ABORTED, f"killed {name}"
    assert held(folder) == [], f"killed {name}: {held(folder)} was kept"
    assert sale.receipt_number == 0, f"killed {name}"


def whole_life(nursery: Nursery, name: str, *, walks_away: bool) -> list[str]:
    folder = nursery.folder(name)
    if walks_away:
        (folder / "walks-away").touch()
    assert nursery.life(folder) == 0
    (check_given_up if walks_away else check_sold)(folder, "never")
    names: list[str] = json.loads((folder / "moments.json").read_text())
    return names


@pytest.mark.parametrize("walks_away", [False, True], ids=["sold", "given up"])
def test_fault_05_a_kiosk_killed_at_any_moment_of_parts_takes_each_once_or_none(
    parts: Nursery, walks_away: bool
) -> None:
    word = "gone" if walks_away else "sold"
    names = whole_life(parts, f"whole-{word}", walks_away=walks_away)
    assert sum(".charge" in name for name in names) >= 2 * (2 if walks_away else 3)
    if walks_away:
        assert any("SaleGivenUp" in name for name in names)
        assert sum(".reverse" in name for name in names) >= 2 * 2
    for moment, name in enumerate(names, 1):
        folder = parts.folder(f"{word}-{moment}")
        if walks_away:
            (folder / "walks-away").touch()
        assert parts.life(folder, moment) == KILLED, name
        parts.life(folder, 4)  # the restart is cut short too, where it gets that far
        assert parts.life(folder) == 0, name
        (check_given_up if walks_away else check_sold)(folder, f"{name} (moment {moment})")
