"""A receipt for the phone: offered where it will be found, shown as a code, and the original."""

from collections.abc import Callable
from dataclasses import replace

from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.sale.commands import StartPrint
from kiosk.sale.events import PrintStarted, ReceiptAnswered, ReceiptChoice
from tests.engine.bench import MILK, Bench, config


class Links:
    """A store's server that can be there or not."""

    def __init__(self) -> None:
        self.there = True

    def offered(self) -> bool:
        return self.there

    def link(self, sale_id: str, at_utc: str) -> str:
        return f"https://kvittering.example/r/{sale_id}@{at_utc}"


def with_links(bench: Bench) -> Links:
    links = Links()
    bench.engine._till.receipts = links
    return links


def offered(bench: Bench) -> bool:
    assert bench.view.receipt is not None
    return bench.view.receipt.phone


def test_the_code_stands_on_the_last_screen_a_minute_and_nothing_is_printed(bench: Bench) -> None:
    with_links(bench)
    bench.scan(MILK).pay_by_card()
    assert offered(bench)
    bench.take_receipt(ReceiptChoice.PHONE)
    thanks = bench.view.thanks
    assert thanks is not None
    sale = bench.sale
    assert thanks.phone_code == f"https://kvittering.example/r/{sale.id}@{sale.completed_at}"
    bench.wait(59)
    assert bench.view.screen is Screen.THANKS
    bench.wait(2)
    assert bench.view.screen is Screen.START
    assert not any(isinstance(one, PrintStarted) for one in bench.record())


def test_without_a_server_nobody_is_offered_a_phone_nor_can_ask_for_it(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card()
    assert not offered(bench)
    bench.take_receipt(ReceiptChoice.PHONE)
    assert bench.view.screen is Screen.RECEIPT
    assert not any(isinstance(one, ReceiptAnswered) for one in bench.record())


def test_a_server_that_went_away_meanwhile_is_not_promised(bench: Bench) -> None:
    links = with_links(bench)
    bench.scan(MILK).pay_by_card()
    links.there = False
    bench.take_receipt(ReceiptChoice.PHONE)
    assert bench.view.screen is Screen.RECEIPT
    bench.take_receipt(ReceiptChoice.PAPER)
    assert bench.view.screen is Screen.THANKS


def test_paper_after_the_phone_is_the_one_copy(staffed: Bench) -> None:
    with_links(staffed)
    staffed.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.PHONE)
    staffed.engine._till.submit(_again(staffed))
    (print_,) = [one for one in staffed.record() if isinstance(one, PrintStarted)]
    assert print_.copy


def _again(bench: Bench) -> StartPrint:
    return StartPrint(at_utc=bench.sale.completed_at, print_id="p9", copy=True, attendant_id="kari")


def test_practice_has_no_receipt_for_a_phone(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(config=replace(config(), training=True))
    with_links(bench)
    bench.scan(MILK).send(m.PayPressed(), m.BagsConfirmed())
    bench.send(m.MethodChosen(bench.config.methods[0]))
    if bench.view.screen is Screen.RECEIPT:
        assert not offered(bench)
    bench.send(m.ReceiptChosen(ReceiptChoice.PHONE))
    assert not any(isinstance(one, ReceiptAnswered) for one in bench.record())
