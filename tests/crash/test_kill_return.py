"""`kill -9` while goods come back: they come back once, and the money for them goes once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale.events import Series
from kiosk.sale.evolve import replay
from kiosk.sale.returning import returnable, series_of
from kiosk.sale.state import Phase
from kiosk.sale.totals import totals
from tests.crash.test_kill import KILLED, Nursery, check_signatures, nursery_of
from tests.engine.models import Books, Papers


@pytest.fixture(scope="module")
def returning() -> Iterator[Nursery]:
    yield from nursery_of("tests.crash.return_victim")


def test_a_kiosk_killed_at_any_moment_of_a_return_gives_the_money_once(returning: Nursery) -> None:
    folder = returning.folder("whole")
    assert returning.life(folder) == 0
    check(folder, "never")
    names: list[str] = json.loads((folder / "moments.json").read_text())
    for event in ("ReturnBegun", "LineReturned", "RefundRequested", "RefundSettled"):
        assert any(event in name for name in names), event
    assert any("terminal.refund" in name for name in names)
    first = next(n for n, name in enumerate(names, 1) if "ReturnBegun" in name)
    for moment, name in enumerate(names[first - 1 :], first):
        folder = returning.folder(f"moment-{moment}")
        assert returning.life(folder, moment) == KILLED, name
        returning.life(folder, 3)
        assert returning.life(folder) == 0, name
        check(folder, f"{name} (moment {moment})")


def check(folder: Path, killed: str) -> None:
    """All goods are back, in one return that is numbered, signed and on paper."""
    with Journal.open(folder / "journal.sqlite", read_only=True) as journal:
        assert journal.verify().ok, killed
        records = journal.after(0, 10**6)
        ids = dict.fromkeys(one.sale_id for one in records if one.sale_id != REGISTER)
        sales = [replay(journal.events_of(sale_id)) for sale_id in ids]
    (bought,) = [sale for sale in sales if series_of(sale) is Series.SALE and sale.receipt_number]
    backs = [sale for sale in sales if sale.returned and sale.phase is Phase.CLOSED]
    assert [sale.receipt_number for sale in backs] == [1], f"killed {killed}"
    assert returnable(bought, sales) == (), f"killed {killed}"
    total = totals(bought).total_minor
    assert totals(backs[0]).total_minor == -total, f"killed {killed}"
    books = Books(folder / "books.jsonl")
    assert sum(entry.charged_minor for entry in books.refunds()) == total, f"killed {killed}"
    papers = [text for text in Papers(folder / "papers.jsonl").texts() if "RETURKVITTERING" in text]
    assert papers, f"killed {killed}"
    assert sum("KOPI" not in text for text in papers) <= 1, f"killed {killed}"
    check_signatures(records, killed)
