"""After a power cut, and while the journal takes nothing: the sale and the money are right."""

import logging

import pytest

from drivers.contracts import DeviceState, Paper
from kiosk.engine import messages as m
from kiosk.engine.view import Screen
from kiosk.journal import JournalUnwritable
from kiosk.sale.commands import AddItem, StartSale
from kiosk.sale.decide import decide
from kiosk.sale.events import Event, Interest, Method, SaleAborted
from kiosk.sale.evolve import evolve
from kiosk.sale.state import NO_SALE, Phase
from tests.engine.bench import COLA, MILK, Bench


def test_a_sale_that_was_being_scanned_is_shown_again_as_it_was(bench: Bench) -> None:
    bench.scan(MILK, COLA)
    lines = bench.view.lines
    bench.restart()
    assert bench.view.screen is Screen.SCAN
    assert bench.view.lines == lines
    bench.pay_by_card().take_receipt()
    assert len(bench.world.papers.ids()) == 1


def test_a_shopper_who_is_gone_after_a_power_cut_is_found_out_by_silence(bench: Bench) -> None:
    bench.scan(MILK)
    bench.restart()
    bench.wait(90)
    assert bench.view.screen is Screen.START
    assert isinstance(bench.record()[-1], SaleAborted)


def test_a_payment_that_was_approved_meanwhile_is_asked_about_and_not_repeated(
    bench: Bench,
) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.tap(silent=True)
    bench.restart()
    assert bench.view.screen is Screen.RECEIPT
    assert (bench.world.terminal.charges, bench.world.terminal.asks) == (1, 1)


def test_a_payment_that_never_left_is_not_made_after_the_power_cut(bench: Bench) -> None:
    bench.scan(MILK)
    bench.world.terminal.charge = lambda _: None  # type: ignore[method-assign,assignment]
    bench.to_terminal()
    bench.restart()
    assert bench.view.screen is Screen.PAY
    assert bench.world.terminal.books.entries == {}


def test_a_payment_of_an_earlier_life_that_still_waits_for_a_card_can_be_stopped(
    bench: Bench,
) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.ask = lambda _: None  # type: ignore[method-assign,assignment]
    bench.restart()
    assert bench.view.screen is Screen.TERMINAL
    bench.send(m.AbortPaymentPressed())
    assert bench.view.screen is Screen.PAY
    assert bench.world.terminal.running is None


def test_the_shop_stays_closed_while_a_payment_of_an_earlier_life_is_in_doubt(
    bench: Bench,
) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.reachable = False
    bench.restart()
    assert bench.view.screen is Screen.IN_DOUBT
    assert not bench.world.scanner.enabled
    bench.world.terminal.tap(silent=True)
    bench.world.terminal.reachable = True
    bench.wait(10)
    assert bench.view.screen is Screen.RECEIPT


def test_a_paid_sale_gets_its_number_and_its_receipt_after_the_power_cut(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card()
    bench.restart()
    assert bench.view.screen is Screen.RECEIPT
    bench.wait(40)
    assert len(bench.world.papers.ids()) == 1
    assert bench.view.screen is Screen.START


def test_a_receipt_that_the_printer_can_prove_is_not_printed_again(bench: Bench) -> None:
    bench.world.printer.can_tell = True
    bench.world.printer._done = lambda *_: None  # type: ignore[method-assign,assignment]
    bench.scan(MILK).pay_by_card().take_receipt()
    del bench.world.printer._done
    bench.restart()
    bench.wait(13)
    assert len(bench.world.papers.ids()) == 1
    assert bench.view.screen is Screen.START


def test_a_receipt_that_nobody_can_prove_is_followed_by_a_copy(bench: Bench) -> None:
    bench.world.printer._done = lambda *_: None  # type: ignore[method-assign,assignment]
    bench.scan(MILK).pay_by_card().take_receipt()
    del bench.world.printer._done
    bench.restart()
    assert ["KOPI" in text for text in bench.world.papers.texts()] == [False, True]


def test_settings_and_help_of_the_last_shopper_do_not_outlive_the_power(bench: Bench) -> None:
    bench.send(m.LanguageChosen("en")).scan(MILK)
    bench.restart()
    assert bench.view.settings.language == "nb"


def started(sale_id: str, bench: Bench) -> list[Event]:
    sale, events = NO_SALE, []
    product = bench.engine._till.catalog.by_code(MILK)
    assert product is not None
    now = "2026-03-02T09:00:00.000000+00:00"
    for command in (
        StartSale(at_utc=now, sale_id=sale_id, kiosk_id="NT-0477-03"),
        AddItem(at_utc=now, product=product, today="2026-03-02"),
    ):
        for event in decide(sale, command):
            sale = evolve(sale, event)
            events.append(event)
    return events


def test_several_open_sales_are_settled_one_after_another(bench: Bench) -> None:
    """This cannot happen, and if it does no sale is lost."""
    bench.scan(COLA).to_terminal()
    bench.world.terminal.tap(silent=True)
    for name in ("older", "newer"):
        bench.journal.append(name, 1, started(name, bench))
    bench.restart()
    assert bench.view.screen is Screen.RECEIPT
    bench.take_receipt().send(m.DonePressed())
    assert bench.sale.id == "newer"
    assert bench.view.screen is Screen.SCAN
    assert bench.journal.open_sales() == ["newer"]


class FullDisk:
    """Makes appends fail as on a full disk, after some that still fit."""

    def __init__(self, bench: Bench, fits: int = 0) -> None:
        self.full = True
        self.fits = fits
        for name in ("append", "next_service_id"):
            setattr(bench.journal, name, self._guarded(getattr(bench.journal, name)))

    def _guarded(self, call):  # type: ignore[no-untyped-def]
        def guarded(*args):  # type: ignore[no-untyped-def]
            if self.full and self.fits <= 0:
                raise JournalUnwritable("the disk is full")
            self.fits -= 1
            return call(*args)

        return guarded


@pytest.mark.parametrize("fits", [0, 1, 2])
def test_a_journal_that_takes_nothing_stops_the_kiosk_before_money_moves(
    bench: Bench, fits: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Bags, service id and request are three commits; the charge comes only after the last."""
    bench.scan(MILK).send(m.PayPressed())
    disk = FullDisk(bench, fits)
    with caplog.at_level(logging.ERROR):
        bench.send(m.BagsConfirmed(), m.MethodChosen(Method.CARD))
    assert bench.view.screen is Screen.OUT_OF_ORDER
    assert bench.view.out_of_order is not None
    assert bench.view.out_of_order.fault == "journal"
    assert bench.world.terminal.charges == 0
    assert not bench.world.scanner.enabled
    assert "the disk is full" in caplog.text
    bench.send(bench.scan_event(COLA), m.PayPressed(), m.StartPressed()).wait(60)
    assert bench.view.screen is Screen.OUT_OF_ORDER
    disk.full = False
    bench.wait(10)
    assert bench.view.screen is Screen.SCAN
    assert [line.name for line in bench.view.lines] == ["Lettmelk 1 l"]
    bench.pay_by_card()
    assert bench.view.screen is Screen.RECEIPT


def test_an_approval_that_could_not_be_written_down_is_asked_for_again(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    disk = FullDisk(bench)
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.OUT_OF_ORDER
    disk.full = False
    bench.wait(10)
    assert bench.view.screen is Screen.RECEIPT
    assert bench.world.terminal.charges == 1


def test_devices_are_heard_while_the_journal_is_out(bench: Bench) -> None:
    bench.scan(MILK)
    disk = FullDisk(bench)
    bench.scan(COLA)
    bench.world.printer.run_out()
    bench.pump()
    disk.full = False
    bench.wait(10).to_terminal()
    assert bench.world.printer.paper is Paper.OUT
    assert bench.world.terminal.charges == 0
    assert bench.sale.phase is Phase.OPEN


def test_nothing_is_asked_before_the_drivers_have_started(bench: Bench) -> None:
    """The engine recovers first; the terminal's driver is started a moment later."""
    bench.scan(MILK).to_terminal()
    bench.world.terminal.tap(silent=True)
    start = bench.world.terminal.start
    bench.world.terminal.start = lambda _post: None  # type: ignore[method-assign,assignment]
    bench.restart()
    bench.wait(30)
    assert bench.world.terminal.asks == 0
    assert bench.view.screen is Screen.TERMINAL
    start(lambda _event: True)
    bench.pump()
    assert bench.world.terminal.asks == 1
    assert bench.view.screen is Screen.RECEIPT


def test_a_terminal_that_comes_back_is_asked_at_once(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.tap(silent=True)
    bench.world.terminal.reachable = False
    bench.restart()
    bench.wait(100)
    bench.world.terminal.say(DeviceState.LOST)
    bench.world.terminal.reachable = True
    bench.world.terminal.say(DeviceState.READY)
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT


def test_help_that_was_called_is_still_called_after_the_power_cut(bench: Bench) -> None:
    bench.scan(MILK).send(m.HelpPressed())
    bench.restart()
    assert bench.view.help_called
    bench.send(m.HelpCancelled())
    assert not bench.view.help_called
    assert not any(call.open for call in bench.sale.interventions)


@pytest.mark.parametrize("paid", [True, False])
def test_a_person_can_settle_a_payment_of_an_earlier_life_whose_driver_says_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, paid: bool
) -> None:
    bench.scan(MILK).to_terminal()
    monkeypatch.setattr(bench.world.terminal, "ask", lambda _request: None)
    bench.restart()
    bench.wait(4 * 300)
    (call,) = [one for one in bench.sale.interventions if one.open]
    assert call.kind is Interest.PAYMENT_IN_DOUBT
    bench.send(m.StaffSettled(call.id, approved=paid, attendant_id="A7"))
    assert bench.sale.phase is (Phase.COMPLETED if paid else Phase.OPEN)
    assert bench.world.terminal.charges == 1
