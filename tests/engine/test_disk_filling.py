"""A disk that fills: the shopper who is here is served to the end, the next one is not begun."""

from pathlib import Path

import pytest

from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.sale.state import Phase
from tests.engine.bench import MILK, Bench


@pytest.fixture
def bench(folder: Path, catalog_path: Path) -> Bench:
    return Bench(folder, catalog_path)


def test_between_two_shoppers_the_till_shuts_and_opens_again(bench: Bench) -> None:
    bench.send(m.DiskFilling(on=True))
    assert bench.view.screen is Screen.OUT_OF_ORDER
    assert bench.view.out_of_order is not None
    assert (bench.view.out_of_order.fault, bench.view.out_of_order.can_start) == ("disk", False)
    bench.scan(MILK)
    assert bench.engine.sale.phase is Phase.NONE
    bench.send(m.DiskFilling(on=False))
    assert bench.view.screen is Screen.START
    bench.scan(MILK)
    assert bench.view.screen is Screen.SCAN


def test_who_is_here_pays_and_takes_the_receipt_first(bench: Bench) -> None:
    bench.scan(MILK).send(m.DiskFilling(on=True))
    assert bench.view.screen is Screen.SCAN
    bench.scan(MILK).pay_by_card().take_receipt().send(m.DonePressed())
    assert bench.view.screen is Screen.OUT_OF_ORDER


def test_a_touch_of_an_older_screen_begins_no_sale(bench: Bench) -> None:
    bench.send(m.DiskFilling(on=True), m.StartPressed(), m.Touched())
    assert bench.view.screen is Screen.OUT_OF_ORDER
