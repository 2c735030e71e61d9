"""The shelf in a file: real SQLite, real threads, two kiosks that ask at once."""

import queue
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app.shared_shelf import SharedShelf
from kiosk.engine.shelf import Claim, SetAside, ShelfAnswered, ShelfOutcome, short_code
from kiosk.sale.events import Entry
from kiosk.sale.product import Product, Unit
from kiosk.sale.state import Line

MILK = Product(
    id="100",
    name="Lettmelk 1 l",
    unit=Unit.PIECE,
    unit_price_minor=2390,
    vat_rate_bp=1500,
    vat_code="31",
)
ANSWER_S = 60


class Kiosk:
    """One kiosk's way to the shelf, and what it was answered."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.shelf = SharedShelf(path)
        self.answers: queue.Queue[ShelfAnswered] = queue.Queue()
        self.asked = 0
        self.shelf.start(self.answers.put)

    def ask(self, sale_id: str = "", code: str = "", *, own: bool = False) -> None:
        self.asked += 1
        claim_id = f"{self.name}-{self.asked}"
        self.shelf.take(
            Claim(claim_id=claim_id, kiosk_id=self.name, sale_id=sale_id, code=code, own=own)
        )

    def answer(self) -> ShelfAnswered:
        return self.answers.get(timeout=ANSWER_S)


@pytest.fixture
def kiosks(tmp_path: Path) -> Iterator[tuple[Kiosk, Kiosk]]:
    path = tmp_path / "shelf.sqlite"
    both = Kiosk(path, "03"), Kiosk(path, "04")
    yield both
    for one in both:
        one.shelf.stop()


def aside(sale_id: str) -> SetAside:
    line = Line(
        id=1,
        product=MILK,
        quantity=2,
        weight_g=None,
        tare_g=0,
        price_minor=4780,
        entry=Entry.SCANNED,
    )
    return SetAside(
        sale_id=sale_id,
        kiosk_id="03",
        at_utc="2026-03-02T09:00:00.000000+00:00",
        code=short_code(sale_id),
        training=False,
        lines=(line,),
    )


def test_what_is_put_is_given_whole_by_id_and_by_digits(kiosks: tuple[Kiosk, Kiosk]) -> None:
    one, two = kiosks
    one.shelf.put(aside("sale-1"))
    one.shelf.put(aside("sale-2"))
    one.ask("sale-1")
    assert one.answer().aside == aside("sale-1")
    two.ask(code=short_code("sale-2"))
    assert two.answer().aside == aside("sale-2")


@pytest.mark.parametrize("round_", range(10))
def test_of_two_that_ask_at_once_exactly_one_gets_it(
    kiosks: tuple[Kiosk, Kiosk], round_: int
) -> None:
    sale_id = f"sale-{round_}"
    for one in kiosks:
        one.shelf.put(aside(sale_id))
    for one in kiosks:
        one.ask(sale_id)
    outcomes = sorted(one.answer().outcome for one in kiosks)
    assert outcomes == [ShelfOutcome.GONE, ShelfOutcome.YOURS]


def test_the_same_kiosk_is_given_it_again_and_a_put_again_brings_nothing_back(
    kiosks: tuple[Kiosk, Kiosk],
) -> None:
    one, two = kiosks
    one.shelf.put(aside("sale-1"))
    one.ask("sale-1")
    one.shelf.put(aside("sale-1"))
    one.ask("sale-1")
    assert [one.answer().outcome for _ in range(2)] == [ShelfOutcome.YOURS] * 2
    two.ask("sale-1")
    assert two.answer().outcome is ShelfOutcome.GONE


def test_who_asks_for_anothers_sale_before_it_came_takes_it_from_nobody(
    kiosks: tuple[Kiosk, Kiosk],
) -> None:
    one, two = kiosks
    two.ask("sale-1")
    assert two.answer().outcome is ShelfOutcome.NEVER_THERE
    one.shelf.put(aside("sale-1"))
    one.ask("sale-1", own=True)
    assert one.answer().outcome is ShelfOutcome.YOURS


def test_what_goes_on_at_home_before_it_came_is_never_given_to_another(
    kiosks: tuple[Kiosk, Kiosk],
) -> None:
    one, two = kiosks
    one.ask("sale-1", own=True)
    assert one.answer().outcome is ShelfOutcome.NEVER_THERE
    one.shelf.put(aside("sale-1"))
    one.ask("sale-1")
    assert one.answer().outcome is ShelfOutcome.NEVER_THERE
    two.ask("sale-1")
    assert two.answer().outcome is ShelfOutcome.GONE


def test_digits_that_are_nobodys_are_gone_and_mark_nothing(kiosks: tuple[Kiosk, Kiosk]) -> None:
    one, _ = kiosks
    one.ask(code="000000")
    assert one.answer().outcome is ShelfOutcome.GONE


def test_a_file_that_is_none_is_a_store_that_cannot_be_reached(tmp_path: Path) -> None:
    (tmp_path / "shelf.sqlite").write_bytes(b"this is no database" * 100)
    kiosk = Kiosk(tmp_path / "shelf.sqlite", "03")
    kiosk.shelf.put(aside("sale-1"))
    kiosk.ask("sale-1")
    assert kiosk.answer().outcome is ShelfOutcome.UNREACHABLE
    kiosk.shelf.stop()


def test_what_was_taken_is_on_the_disk_before_it_is_told(tmp_path: Path) -> None:
    path = tmp_path / "shelf.sqlite"
    kiosk = Kiosk(path, "03")
    kiosk.shelf.put(aside("sale-1"))
    kiosk.ask("sale-1")
    kiosk.answer()
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT taken_by FROM aside").fetchall() == [("03",)]
    db.close()
    kiosk.shelf.stop()
