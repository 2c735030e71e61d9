"""`kill -9` at every commit and every effect of a sale paid by phone: reserved once, taken once."""

from collections.abc import Iterator

import pytest

from kiosk.journal import Journal
from kiosk.sale.evolve import replay
from tests.crash.test_kill import KILLED, Nursery, check, nursery_of
from tests.engine.models import Books


@pytest.fixture(scope="module")
def phones() -> Iterator[Nursery]:
    yield from nursery_of("tests.crash.wallet_victim")


def test_fault_24_a_kiosk_killed_at_any_moment_takes_what_was_reserved_once(
    phones: Nursery,
) -> None:
    names = phones.moments()
    assert sum("wallet.capture" in name for name in names) >= 2
    assert any("CaptureRequested" in name for name in names)
    assert any("PaymentCaptured" in name for name in names)
    for moment, name in enumerate(names, 1):
        folder = phones.folder(f"moment-{moment}")
        assert phones.life(folder, moment) == KILLED, name
        phones.life(folder, 4)
        assert phones.life(folder) == 0, name
        check(folder, f"{name} (moment {moment})")
        (entry,) = Books(folder / "books.jsonl").taken()
        assert entry.captured_minor == entry.charged_minor, f"killed {name}"
        with Journal.open(folder / "journal.sqlite", read_only=True) as journal:
            assert journal.sales_to_capture() == [], f"killed {name}"
            (sale_id,) = {r.sale_id for r in journal.after(0, 10**6) if r.sale_id.startswith("s")}
            sale = replay(journal.events_of(sale_id))
        assert [one.captured for one in sale.attempts if one.capture_due] == [True], name
