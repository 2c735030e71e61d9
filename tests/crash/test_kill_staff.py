"""`kill -9` while an attendant works: the session is gone, what was decided stands, once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.fiscal.events import REGISTER
from kiosk.journal import Journal
from kiosk.sale import events as e
from kiosk.sale.evolve import replay
from kiosk.sale.state import Phase, Sale
from tests.crash.test_kill import KILLED, Nursery, nursery_of
from tests.engine.models import Books, Papers


@pytest.fixture(scope="module")
def staffed() -> Iterator[Nursery]:
    yield from nursery_of("tests.crash.staff_victim")


def whole(nursery: Nursery) -> list[str]:
    """Live one life to its end, and return the moments that it passed."""
    folder = nursery.folder("whole")
    assert nursery.life(folder) == 0
    check(folder, "never")
    names: list[str] = json.loads((folder / "moments.json").read_text())
    return names


def test_a_kiosk_killed_at_any_moment_of_an_attendants_work_does_each_thing_once(
    staffed: Nursery,
) -> None:
    names = whole(staffed)
    for event in ("InterventionResolved", "SaleAborted", "SaleStarted", "SaleResumed", "CopyAsked"):
        assert any(event in name for name in names), event
    first = next(i for i, name in enumerate(names) if "PaymentRequested" in name)
    last = next(i for i, name in enumerate(names) if "SaleClosed" in name)
    for moment, name in enumerate(names, 1):
        if first < moment <= last:
            continue  # the money in between is `test_kill`'s
        folder = staffed.folder(f"moment-{moment}")
        assert staffed.life(folder, moment) == KILLED, name
        staffed.life(folder, 3)
        assert staffed.life(folder) == 0, name
        check(folder, f"{name} (moment {moment})")


def check(folder: Path, killed: str) -> None:
    """Set aside once, taken up once, paid once, copied at most once, and by somebody."""
    with Journal.open(folder / "journal.sqlite", read_only=True) as journal:
        records = journal.after(0, 10**6)
        ids = dict.fromkeys(one.sale_id for one in records if one.sale_id != REGISTER)
        sales = [replay(journal.events_of(sale_id)) for sale_id in ids]
    done = [sale for sale in sales if sale.phase is Phase.CLOSED]
    goes_on = [sale for sale in sales if sale.resumes]
    assert len(done) == len(goes_on) == 1, f"killed {killed}"
    (sale,) = done
    assert sorted(line.product.id for line in sale.live_lines) == ["100", "102", "900"], killed
    check_aside(sales, sale, killed)
    check_approvals(sale, [one.event for one in records], killed)
    money = [entry for entry in Books(folder / "books.jsonl").taken() if entry.sale_id == sale.id]
    assert len(money) == 1, f"killed {killed}"
    copies = [text for text in Papers(folder / "papers.jsonl").texts() if "KOPI" in text]
    assert len(copies) <= 1, f"killed {killed}"


def check_aside(sales: list[Sale], sale: Sale, killed: str) -> None:
    (aside,) = [one for one in sales if one.id == sale.resumes]
    assert aside.resumed_into == sale.id, f"killed {killed}"


def check_approvals(sale: Sale, events: list[e.Event], killed: str) -> None:
    """Nobody's approval is anybody's: each has its person, and each age was seen in its sale."""
    ages = [i for i in sale.interventions if i.kind is e.Interest.AGE]
    assert any(one.approved and one.attendant_id.startswith("s-") for one in ages), killed
    for event in events:
        if isinstance(event, e.InterventionResolved) and event.approved and event.where == "kiosk":
            assert event.attendant_id.startswith("s-"), f"killed {killed}"
