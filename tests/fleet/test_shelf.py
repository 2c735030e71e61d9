"""The stores' shelves in real databases: once in the whole store, again for who asks again."""

import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kiosk.fleet.config import Retention
from kiosk.fleet.shelf import KEPT_MAX, Shelf, Verdict
from kiosk.fleet.store import retention
from kiosk.fleet.store.database import Database
from kiosk.telemetry.messages import ShelfOutcome, ShelfRequest
from kiosk.telemetry.topics import Address
from tests.fleet.words import AT

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, TWO = Address("naermat", "torshov", "kasse-1"), Address("naermat", "torshov", "kasse-2")
ELSEWHERE = Address("naermat", "bryggen", "kasse-1")
GONE, NEVER = (ShelfOutcome.GONE, b""), (ShelfOutcome.NEVER_THERE, b"")
KEPT, FULL = (ShelfOutcome.KEPT, b""), (ShelfOutcome.FULL, b"")


def yours(sale: bytes) -> Verdict:
    return ShelfOutcome.YOURS, sale


class Store:
    """The shelf, under a clock that stands."""

    def __init__(self, database: Database) -> None:
        self.now = NOON
        self.shelf = Shelf(database, lambda: self.now, ZoneInfo("Europe/Oslo"))

    def put(self, who: Address, sale_id: str, sale: bytes = b"milk", code: str = "") -> Verdict:
        request = ShelfRequest(
            at_utc=AT, id=f"put-{sale_id}", sale_id=sale_id, code=code, sale=sale
        )
        return self.shelf.verdict(who, request)

    def take(self, who: Address, sale_id: str, ask: str = "a-1", *, own: bool = False) -> Verdict:
        request = ShelfRequest(at_utc=AT, id=ask, sale_id=sale_id, own=own)
        return self.shelf.verdict(who, request)

    def type(self, who: Address, code: str, ask: str) -> Verdict:
        return self.shelf.verdict(who, ShelfRequest(at_utc=AT, id=ask, code=code))


@pytest.fixture
def store(database: Database) -> Store:
    return Store(database)


def test_who_asks_first_has_it_and_has_it_again_and_nobody_else(store: Store) -> None:
    assert store.put(ONE, "s-1") == KEPT
    assert store.take(TWO, "s-1") == yours(b"milk")
    assert store.take(TWO, "s-1") == store.take(TWO, "s-1", "a-2") == yours(b"milk")
    assert store.take(ONE, "s-1", own=True) == GONE
    assert store.put(ONE, "s-1") == KEPT
    assert store.take(ONE, "s-1", own=True) == GONE


def test_of_many_that_ask_at_once_exactly_one_gets_it(store: Store) -> None:
    for round_ in range(5):
        store.put(ONE, f"s-{round_}")
        said: list[ShelfOutcome] = []
        start = threading.Barrier(4)

        def ask(
            who: Address,
            sale_id: str = f"s-{round_}",
            start: threading.Barrier = start,
            said: list[ShelfOutcome] = said,
        ) -> None:
            start.wait()
            said.append(store.take(who, sale_id)[0])

        kiosks = [Address("naermat", "torshov", f"kasse-{number}") for number in range(4)]
        threads = [threading.Thread(target=ask, args=(who,)) for who in kiosks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(said) == [*[ShelfOutcome.GONE] * 3, ShelfOutcome.YOURS]


def test_digits_name_what_nobody_took_and_the_same_request_the_same_sale(store: Store) -> None:
    store.put(ONE, "s-1", b"milk", "123456")
    store.now += timedelta(minutes=1)
    store.put(ONE, "s-2", b"cola", "123456")
    assert store.type(TWO, "123456", "a-1") == yours(b"cola")
    assert store.type(TWO, "123456", "a-1") == yours(b"cola")
    assert store.type(ONE, "123456", "a-1") == yours(b"milk")
    assert store.type(ONE, "999999", "a-2") == store.type(ONE, "", "a-3") == GONE


def test_a_store_has_its_own_shelf(store: Store) -> None:
    store.put(ONE, "s-1", code="123456")
    assert store.take(ELSEWHERE, "s-1") == NEVER
    assert store.type(ELSEWHERE, "123456", "a-1") == GONE
    assert store.take(TWO, "s-1") == yours(b"milk")


def test_what_went_on_at_home_before_it_came_is_given_to_nobody(store: Store) -> None:
    assert store.take(ONE, "s-1", own=True) == NEVER
    assert store.put(ONE, "s-1") == KEPT
    assert store.take(TWO, "s-1") == GONE
    assert store.take(ONE, "s-1", "a-2", own=True) == NEVER


def test_who_asks_for_anothers_sale_too_early_takes_it_from_nobody(store: Store) -> None:
    assert store.take(TWO, "s-1") == NEVER
    assert store.put(ONE, "s-1") == KEPT
    assert store.take(ONE, "s-1", own=True) == yours(b"milk")


def test_the_day_ends_at_midnight_in_the_shop(store: Store, database: Database) -> None:
    store.put(ONE, "s-1")
    store.now = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
    assert store.take(TWO, "s-1") == yours(b"milk")
    store.now = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert store.take(TWO, "s-1") == NEVER
    assert store.take(ONE, "s-1", own=True) == GONE
    policy = Retention()
    assert retention.prune(database, policy, store.now)["aside"] == 0
    assert retention.prune(database, policy, NOON + timedelta(days=3))["aside"] == 1


def test_a_kiosk_that_runs_wild_fills_only_its_own_part(store: Store) -> None:
    for number in range(KEPT_MAX):
        assert store.put(ONE, f"s-{number}") == KEPT
    assert store.put(ONE, "one-more") == FULL
    assert store.take(ONE, "another", own=True) == FULL
    assert store.put(ONE, "s-1") == KEPT
    assert store.put(TWO, "s-of-two") == KEPT
