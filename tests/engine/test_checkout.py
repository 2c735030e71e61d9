"""From "pay" to the door, and everything that can go wrong with the money on the way."""

from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.contracts import (
    DeviceState,
    PaymentAnswered,
    PaymentOutcome,
    PaymentResult,
    TerminalStep,
)
from kiosk.engine import messages as m
from kiosk.engine.view import Notice, Screen, Tone, Unavailable
from kiosk.sale.events import Interest, Method, PaymentRequested
from kiosk.sale.state import Phase
from tests.engine.bench import BEER, COLA, MILK, Bench, build_catalog, config
from tests.engine.models import unknown


def test_a_sale_from_the_first_scan_to_the_receipt(bench: Bench) -> None:
    bench.scan(MILK, COLA).pay_by_card()
    assert bench.view.screen is Screen.RECEIPT
    assert bench.view.tone is Tone.APPROVED
    assert bench.view.receipt is not None
    assert (bench.view.receipt.amount_minor, bench.view.receipt.last_four) == (5680, "4321")
    bench.take_receipt()
    assert bench.view.screen is Screen.THANKS
    assert len(bench.world.papers.ids()) == 1
    assert "Lettmelk" in bench.world.papers.texts()[0]
    bench.wait(12)
    assert bench.view.screen is Screen.START
    assert bench.kinds()[-1] == "SaleClosed"


def test_the_request_is_in_the_record_before_it_is_with_the_terminal(bench: Bench) -> None:
    seen: list[int] = []
    charge = bench.world.terminal.charge

    def look_first(request: object) -> None:
        seen.append(bench.kinds().count("PaymentRequested"))
        charge(request)  # type: ignore[arg-type]

    bench.world.terminal.charge = look_first  # type: ignore[method-assign,assignment]
    bench.scan(MILK).to_terminal()
    assert seen == [1]


def test_a_double_tap_on_pay_asks_for_the_money_once(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.send(m.MethodChosen(Method.CARD), m.PayPressed(), m.MethodChosen(Method.CARD))
    assert bench.world.terminal.charges == 1
    assert bench.kinds().count("PaymentRequested") == 1


def test_the_undo_stays_behind_with_the_list(bench: Bench) -> None:
    bench.scan(MILK, COLA).send(m.RemovePressed(2), m.PayPressed())
    assert bench.view.screen is Screen.BAGS
    assert bench.view.toast is None


def test_bags_are_asked_for_once_and_none_is_chosen_beforehand(bench: Bench) -> None:
    bench.scan(MILK).send(m.PayPressed())
    assert [bag.quantity for bag in bench.view.bags] == [0, 0]
    bench.send(m.BagPressed("900", 2), m.BagPressed("900", 2), m.BagPressed("no-bag", 1))
    assert [bag.quantity for bag in bench.view.bags] == [2, 0]
    bench.send(m.BagsConfirmed(), m.BagsConfirmed())
    assert bench.view.screen is Screen.PAY
    assert bench.view.totals.to_pay_minor == 2390 + 800
    bench.send(m.BackPressed(), m.PayPressed())
    assert bench.view.screen is Screen.PAY


def test_a_scan_on_the_bag_question_adds_and_the_question_stands(bench: Bench) -> None:
    bench.scan(MILK).send(m.PayPressed(), m.BagPressed("900", 1)).scan(COLA)
    assert bench.view.screen is Screen.BAGS
    assert [bag.quantity for bag in bench.view.bags] == [1, 0]
    assert len(bench.view.lines) == 2


def test_a_scan_on_the_pay_screen_adds_and_goes_back_to_the_list(bench: Bench) -> None:
    bench.scan(MILK).send(m.PayPressed(), m.BagsConfirmed()).scan(COLA)
    assert bench.view.screen is Screen.SCAN
    assert len(bench.view.lines) == 2


def test_a_scan_while_paying_is_refused_and_never_sold_later(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    assert not bench.world.scanner.enabled
    bench.send(bench.scan_event(COLA))  # it was on its way when the scanner was disabled
    assert bench.view.tone is Tone.REFUSED
    assert bench.world.scanner.error_tones == 1
    bench.world.terminal.red_key()
    bench.pump()
    assert len(bench.view.lines) == 1
    assert bench.world.scanner.enabled


def test_the_terminal_tells_its_own_state(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    assert bench.view.screen is Screen.TERMINAL
    assert bench.view.terminal is not None
    assert bench.view.terminal.step is TerminalStep.PRESENT_CARD
    assert bench.view.terminal.amount_minor == 2390


def test_declined_goes_back_to_the_ways_to_pay_and_says_nothing_was_taken(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.decline()
    bench.pump()
    assert (bench.view.screen, bench.view.notice) == (Screen.PAY, Notice.DECLINED)
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT
    assert len({entry.service_id for entry in bench.world.books.entries.values()}) == 2


def test_abort_is_a_wish_and_the_terminals_answer_counts(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.abort = lambda *_: None  # type: ignore[method-assign,assignment]
    bench.send(m.AbortPaymentPressed(), m.AbortPaymentPressed())
    assert bench.view.terminal is not None
    assert bench.view.terminal.aborting
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT


def test_a_cancelled_payment_changes_nothing(bench: Bench) -> None:
    bench.scan(MILK).to_terminal().send(m.AbortPaymentPressed())
    assert (bench.view.screen, bench.view.notice) == (Screen.PAY, Notice.CANCELLED)
    assert list(bench.world.books.taken()) == []


def test_a_lost_answer_is_asked_about_and_never_charged_again(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    terminal = bench.world.terminal
    attempt = bench.sale.attempts[0]
    terminal.tap(silent=True)
    terminal.reachable = False
    bench.send(
        PaymentAnswered(
            device="terminal-1", attempt_id=attempt.id, result=unknown(attempt.service_id)
        )
    )
    assert bench.view.screen is Screen.IN_DOUBT
    assert len(bench.view.doubt_code) == 4
    bench.send(m.MethodChosen(Method.CARD), m.BackPressed(), m.LeavePressed(), m.PayPressed())
    assert bench.view.screen is Screen.IN_DOUBT
    bench.wait(1.9)
    assert terminal.asks == 0
    bench.wait(2 + 4 + 8)
    assert terminal.asks == 3
    assert [call.kind for call in bench.sale.interventions] == [Interest.PAYMENT_IN_DOUBT]
    terminal.reachable = True
    bench.wait(16)
    assert bench.view.screen is Screen.RECEIPT
    assert terminal.charges == 1
    assert not any(call.open for call in bench.sale.interventions)


def test_staff_settle_a_payment_in_doubt(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.reachable = False
    attempt = bench.sale.attempts[0]
    bench.send(
        PaymentAnswered(
            device="terminal-1", attempt_id=attempt.id, result=unknown(attempt.service_id)
        )
    ).wait(60)
    call = bench.sale.interventions[0]
    bench.send(m.StaffSettled(call.id, approved=False, attendant_id="A7"))
    assert bench.sale.phase is Phase.OPEN
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
    assert bench.sale.phase is Phase.OPEN


def test_a_terminal_driver_that_says_nothing_is_asked(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.tap(silent=True)
    bench.wait(239)
    assert bench.view.screen is Screen.TERMINAL
    bench.wait(4)
    assert bench.view.screen is Screen.RECEIPT
    assert bench.world.terminal.charges == 1


@pytest.mark.parametrize(("charged", "currency"), [(2391, "NOK"), (239, "NOK"), (2390, "SEK")])
def test_another_amount_or_currency_goes_back_and_pays_for_nothing(
    bench: Bench, charged: int, currency: str
) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.tap(charged_minor=charged, currency=currency)
    bench.pump()
    assert (bench.view.screen, bench.view.notice) == (Screen.PAY, Notice.REVERSED)
    assert list(bench.world.books.taken()) == []
    assert "SaleCompleted" not in bench.kinds()
    bench.send(m.MethodChosen(Method.CARD))
    bench.world.terminal.tap()
    bench.pump()
    assert bench.view.screen is Screen.RECEIPT


def test_money_that_cannot_go_back_waits_for_staff(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    bench.world.terminal.reversal_works = False
    bench.world.terminal.tap(charged_minor=9999)
    bench.pump()
    assert bench.view.screen is Screen.NEEDS_STAFF
    bench.send(m.BackPressed(), m.PayPressed(), m.LeavePressed()).wait(300)
    assert bench.view.screen is Screen.NEEDS_STAFF
    call = next(call for call in bench.sale.interventions if call.open)
    bench.send(m.StaffSettled(call.id, approved=True, attendant_id="A7"))
    assert bench.view.screen in (Screen.PAY, Screen.SCAN)


def test_an_approval_that_comes_after_a_decline_is_not_lost(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    attempt = bench.sale.attempts[0]
    bench.world.terminal.decline()
    bench.pump()
    late = PaymentResult(
        service_id=attempt.service_id,
        outcome=PaymentOutcome.APPROVED,
        amount_minor=2390,
        currency="NOK",
        transaction_id="T9",
    )
    bench.send(PaymentAnswered(device="terminal-1", attempt_id=attempt.id, result=late))
    assert bench.view.screen is Screen.RECEIPT


def test_answers_that_come_twice_or_about_nothing_are_ignored(bench: Bench) -> None:
    bench.scan(MILK).pay_by_card()
    entry = next(bench.world.books.taken())
    attempt = bench.sale.attempts[0]
    twice = PaymentAnswered(
        device="terminal-1",
        attempt_id=attempt.id,
        result=PaymentResult(
            service_id=entry.service_id,
            outcome=PaymentOutcome.APPROVED,
            amount_minor=2390,
            currency="NOK",
            transaction_id=entry.transaction_id,
        ),
    )
    before = bench.record()
    foreign = PaymentAnswered(device="terminal-1", attempt_id="?", result=twice.result)
    bench.send(twice, foreign)
    assert bench.record() == before


def test_service_ids_are_never_used_twice(bench: Bench) -> None:
    bench.scan(MILK).to_terminal()
    for _ in range(4):
        bench.world.terminal.decline()
        bench.pump()
        bench.wait(20).send(m.StillHerePressed()).wait(41).send(m.MethodChosen(Method.CARD))
    ids = [e.service_id for e in bench.record() if isinstance(e, PaymentRequested)]
    assert len(set(ids)) == len(ids) == 5


def test_a_lost_terminal_is_shown_on_its_tile_and_cannot_be_chosen(bench: Bench) -> None:
    bench.scan(MILK).send(m.PayPressed(), m.BagsConfirmed())
    bench.world.terminal.say(DeviceState.LOST)
    bench.pump()
    assert [way.unavailable for way in bench.view.methods] == [Unavailable.TERMINAL_LOST]
    bench.send(m.MethodChosen(Method.CARD), m.MethodChosen(Method.VIPPS))
    assert bench.view.screen is Screen.PAY
    bench.world.terminal.say(DeviceState.READY)
    bench.pump()
    assert [way.unavailable for way in bench.view.methods] == [Unavailable.NONE]


def test_a_method_with_a_limit_is_offered_up_to_it(make_bench: Callable[..., Bench]) -> None:
    bench = make_bench(config=config(method_limits_minor={Method.CARD: 2390}))
    bench.scan(MILK).send(m.PayPressed(), m.BagsConfirmed())
    assert bench.view.methods[0].unavailable is Unavailable.NONE
    bench.scan(COLA).send(m.PayPressed())
    assert bench.view.methods[0].unavailable is Unavailable.OVER_LIMIT
    assert bench.view.methods[0].limit_minor == 2390


def test_an_item_that_needs_a_check_cannot_slip_past_from_the_pay_screen(bench: Bench) -> None:
    bench.scan(MILK).send(m.PayPressed(), m.BagsConfirmed()).scan(BEER)
    bench.send(m.MethodChosen(Method.CARD))
    assert bench.world.terminal.charges == 0
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.NEEDS_STAFF


FOR_NOTHING = """id,kind,title,products,quantity,pay_quantity,percent,price,valid_from,valid_to
P2,percent,Gratis i dag,100,,,100,,2026-01-01,2026-12-31
"""


def test_what_costs_nothing_gets_a_receipt_without_a_terminal(folder: Path, tmp_path: Path) -> None:
    bench = Bench(folder, build_catalog(tmp_path, promotions=FOR_NOTHING))
    bench.scan(MILK)
    bench.world.printer.run_out()
    bench.pump()
    bench.send(m.PayPressed(), m.BagsConfirmed())
    assert bench.view.notice is Notice.PAPER_OUT
    bench.world.printer.refill()
    bench.pump()
    bench.send(m.PayPressed())
    assert bench.view.screen is Screen.RECEIPT
    bench.take_receipt()
    assert len(bench.world.papers.ids()) == 1
    assert bench.world.terminal.charges == 0


def test_fault_21_after_three_declined_cards_the_tile_rests_a_minute_and_nobody_is_called(
    bench: Bench,
) -> None:
    bench.scan(MILK).to_terminal()
    for tried in range(3):
        if tried:
            bench.send(m.MethodChosen(Method.CARD))
        bench.world.terminal.decline()
        bench.pump()
    (card,) = bench.view.methods
    assert card.unavailable is Unavailable.RESTING
    bench.send(m.MethodChosen(Method.CARD), m.BackPressed(), m.PayPressed())
    assert bench.world.terminal.charges == 3
    assert bench.view.screen is Screen.PAY
    assert not bench.sale.interventions
    bench.wait(59)
    assert bench.view.methods[0].unavailable is Unavailable.RESTING
    bench.wait(1.1)
    assert bench.view.methods[0].unavailable is Unavailable.NONE
    bench.send(m.MethodChosen(Method.CARD))
    assert bench.world.terminal.charges == 4
