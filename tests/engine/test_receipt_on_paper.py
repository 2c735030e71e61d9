"""The receipt question, and everything that can go wrong with paper."""

from drivers.contracts import PrintOutcome
from kiosk.engine import messages as m
from kiosk.engine.view import Notice, Screen, Tone
from kiosk.sale.events import Interest, Method, ReceiptAnswered, ReceiptChoice, SaleCompleted
from tests.engine.bench import COLA, MILK, Bench


def test_silence_is_paper(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card()
    assert bench.view.receipt is not None
    assert bench.view.receipt.seconds_left == 20
    bench.wait(19.5)
    assert bench.view.receipt is not None
    assert bench.view.receipt.seconds_left == 1
    bench.wait(0.5)
    assert bench.view.screen is Screen.THANKS
    assert len(bench.world.papers.ids()) == 1
    answer = next(event for event in bench.record() if isinstance(event, ReceiptAnswered))
    assert answer.actor == "kiosk"


def test_no_thanks_prints_nothing_and_may_become_paper(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card().take_receipt(ReceiptChoice.NONE)
    assert bench.world.papers.ids() == []
    bench.take_receipt(ReceiptChoice.PAPER)
    assert len(bench.world.papers.ids()) == 1
    bench.take_receipt(ReceiptChoice.PAPER).take_receipt(ReceiptChoice.NONE)
    assert len(bench.world.papers.ids()) == 1


def test_done_lets_the_next_shopper_in_at_once(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card().take_receipt().send(m.DonePressed())
    assert bench.view.screen is Screen.START


def test_a_scan_on_thanks_starts_the_next_sale(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card().take_receipt().scan(COLA)
    assert bench.view.screen is Screen.SCAN
    assert [line.name for line in bench.view.lines] == ["Cola uten sukker 1.5 l"]
    assert bench.kinds().count("SaleClosed") == 1


def test_a_scan_on_the_receipt_question_is_refused(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card()
    bench.send(bench.scan_event(COLA))
    assert bench.view.screen is Screen.RECEIPT
    assert bench.view.tone is Tone.REFUSED


def test_without_paper_no_payment_begins(bench: Bench) -> None:
    bench.scan(MILK)
    bench.world.printer.run_out()
    bench.pump()
    bench.to_terminal()
    assert (bench.view.screen, bench.view.notice) == (Screen.PAY, Notice.PAPER_OUT)
    assert bench.world.terminal.charges == 0
    assert [call.kind for call in bench.sale.interventions] == [Interest.DEVICE]
    bench.world.printer.refill()
    bench.pump()
    assert bench.view.notice is Notice.NONE
    bench.send(m.MethodChosen(Method.CARD))
    assert bench.world.terminal.charges == 1


def test_paper_that_runs_out_after_the_payment_owes_the_receipt(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.printer.run_out()
    bench.world.terminal.tap()
    bench.pump()
    bench.take_receipt()
    assert (bench.view.screen, bench.view.notice) == (Screen.THANKS, Notice.PAPER_OUT)
    assert bench.view.thanks is not None
    assert bench.view.thanks.printing
    bench.wait(300)
    assert bench.view.screen is Screen.THANKS
    assert not bench.world.scanner.enabled
    bench.world.printer.refill()
    bench.pump()
    assert len(bench.world.papers.ids()) == 1
    bench.wait(1)
    assert bench.view.screen is Screen.START


def test_paper_that_runs_out_in_mid_receipt_is_told_at_once(bench: Bench) -> None:
    printer = bench.world.printer
    printer.print = lambda _: None  # type: ignore[method-assign,assignment]
    bench.scan(MILK).pay_by_card()
    bench.send(m.ReceiptChosen(ReceiptChoice.PAPER))
    assert bench.view.screen is Screen.THANKS
    assert bench.view.notice is Notice.NONE
    printer.run_out()
    bench.pump()
    assert bench.view.notice is Notice.PAPER_OUT
    assert [call.detail for call in bench.engine.sale.interventions if call.open] == ["printer"]
    printer.refill()
    bench.pump()
    assert bench.view.notice is Notice.NONE
    assert not any(call.open for call in bench.engine.sale.interventions)


def test_a_print_that_surely_failed_is_printed_again_as_the_original(bench: Bench) -> None:
    bench.world.printer.next_outcome = PrintOutcome.NOT_PRINTED
    bench.scan(MILK).pay_by_card().take_receipt()
    assert bench.world.papers.ids() == []
    assert bench.view.notice is Notice.PAPER_OUT
    assert bench.view.help_called
    bench.wait(5)
    (text,) = bench.world.papers.texts()
    assert "KOPI" not in text
    assert bench.view.notice is Notice.NONE
    assert not bench.view.help_called


def test_a_print_in_doubt_is_followed_by_one_copy_marked_so(bench: Bench) -> None:
    bench.world.printer.next_outcome = PrintOutcome.IN_DOUBT
    bench.scan(MILK).pay_by_card().take_receipt().wait(60)
    first, second = bench.world.papers.texts()
    assert "KOPI" not in first
    assert "KOPI" in second


def test_receipt_numbers_follow_each_other(bench: Bench) -> None:
    for _ in range(3):
        bench.scan(MILK).pay_by_card().take_receipt().send(m.DonePressed())
    bench.scan(MILK).send(m.RemovePressed(1), m.LeavePressed())
    bench.scan(MILK).pay_by_card()
    numbers = [e.receipt_number for e in bench.record() if isinstance(e, SaleCompleted)]
    assert numbers == [1, 2, 3, 4]
