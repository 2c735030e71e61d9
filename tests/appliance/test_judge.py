"""The comparison of a journal with everybody else's books, on a sale that really went through."""

from pathlib import Path

import pytest

from kiosk.sale.state import Phase
from tests.appliance.judge import judge_books
from tests.crash.victim import live
from tests.engine.bench import build_catalog
from tests.engine.models import Books
from tests.simulation.power import Power

RECEIPT = "SALGSKVITTERING\nKvittering nr.                       1\nTotalt"
COPY = RECEIPT.replace("SALGSKVITTERING", "KOPI")


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[int]]:
    """A journal with one sale that is over, and what the terminal took for it."""
    folder = tmp_path_factory.mktemp("sold")
    build_catalog(folder)
    live(folder, Power())
    taken = [entry.charged_minor for entry in Books(folder / "books.jsonl").taken()]
    return folder / "journal.sqlite", taken


def faults(sold: tuple[Path, list[int]], taken: list[int], *papers: str) -> tuple[str, ...]:
    return judge_books(sold[0], taken, papers).faults


def test_a_sale_that_everybody_knows_of_is_right(sold: tuple[Path, list[int]]) -> None:
    verdict = judge_books(*sold, [RECEIPT])
    assert verdict.good
    assert (verdict.sold, verdict.phase) == (1, Phase.CLOSED)
    assert next(iter(verdict.items.values())) >= 2


def test_a_copy_beside_the_original_is_right(sold: tuple[Path, list[int]]) -> None:
    assert faults(sold, sold[1], RECEIPT, COPY) == ()
    assert faults(sold, sold[1], COPY) == ()


def test_money_that_is_missing_or_taken_twice_is_found(sold: tuple[Path, list[int]]) -> None:
    assert "taken []" in faults(sold, [], RECEIPT)[0]
    assert "taken" in faults(sold, sold[1] * 2, RECEIPT)[0]


def test_paper_that_is_missing_or_an_original_twice_is_found(sold: tuple[Path, list[int]]) -> None:
    assert faults(sold, sold[1]) == ("no paper of receipt 1",)
    assert faults(sold, sold[1], RECEIPT, RECEIPT) == ("two originals of receipt 1",)
    assert faults(sold, sold[1], RECEIPT.replace(" 1", "11")) == ("no paper of receipt 1",)
